#include <google/protobuf/struct.pb.h>

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/store/database.h"
#include "libs/store/move.h"
#include "services/cli/admin/admin.h"
#include "services/cli/render/bar.h"
#include "services/cli/render/json.h"
#include "services/cli/render/table.h"

// dondoc-admin migrate: a service outgrows one machine.
namespace dondoc::cli::admin {
namespace {

absl::Status OnlyThisWay() {
  return Refuse(absl::StatusCode::kInvalidArgument, "MIGRATE_ONLY_TO_POSTGRESQL",
                {.vi = "Chỉ chuyển từ --from sqlite:<tệp> sang --to postgresql://….",
                 .en = "the way is --from sqlite:<file> --to postgresql://…"});
}

absl::Status Print(const Options& options, const Console& console, const store::Moved& moved) {
  int64_t rows = 0;
  for (const store::Moved::Table& table : moved.tables) rows += table.rows;
  if (options.json) {
    google::protobuf::Struct document;
    auto& fields = *document.mutable_fields();
    fields["database"].set_string_value(store::SafeUrl(options.to));
    fields["sequence"].set_string_value(absl::StrCat(moved.last_sequence));
    fields["hash"].set_string_value(moved.last_hash);
    auto& tables = *fields["tables"].mutable_list_value();
    for (const store::Moved::Table& table : moved.tables) {
      auto& columns = *tables.add_values()->mutable_struct_value()->mutable_fields();
      columns["name"].set_string_value(table.name);
      columns["rows"].set_string_value(absl::StrCat(table.rows));
      columns["sha256"].set_string_value(table.sha256);
    }
    ASSIGN_OR_RETURN(const std::string line, ToJsonLine(document));
    console.out << line << '\n';
    return absl::OkStatus();
  }
  Table table({{.title = "Bảng"},
               {.title = "Dòng", .align = Align::kRight},
               {.title = "SHA-256", .width_min = 12}});
  for (const store::Moved::Table& one : moved.tables) {
    table.Add({one.name, absl::StrCat(one.rows), one.sha256});
  }
  table.Print(console);
  Facts facts;
  facts.Add("Nơi đến (target)", store::SafeUrl(options.to));
  facts.Add("Sự kiện (events)", absl::StrCat(moved.last_sequence));
  facts.Add("Chuỗi băm (hash)", moved.last_hash);
  facts.Print(console);
  console.out
      << Paint(console.out_colour, Style::kGood, "✓") << " Đã chuyển " << rows
      << " dòng; số dòng, nội dung và chuỗi băm hai bên giống nhau (moved; counts, contents "
         "and the chain of hashes are the same on both sides)\n";
  return absl::OkStatus();
}

}  // namespace

absl::Status MigrateDatabase(const Options& options, const Console& console) {
  absl::string_view file = options.from;
  if (!absl::ConsumePrefix(&file, "sqlite:") || file.empty() ||
      !absl::StartsWith(options.to, "postgres")) {
    return OnlyThisWay();
  }
  std::optional<ProgressBar> bar;
  const auto moved =
      store::MoveToPostgres(std::string(file), options.to, [&](int64_t done, int64_t total) {
        if (!bar) bar.emplace(console, "Chuyển dữ liệu (moving)", total);
        bar->Set(done);
      });
  bar.reset();
  RETURN_IF_ERROR(moved.status());
  return Print(options, console, *moved);
}

}  // namespace dondoc::cli::admin
