#include <google/protobuf/struct.pb.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/admin/facts.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/store/database_file.h"
#include "libs/store/postgres_connection.h"
#include "services/cli/admin/admin.h"
#include "services/cli/render/json.h"
#include "services/cli/render/table.h"

// dondoc-admin audit verify --file, copy: a database as a file.
namespace dondoc::cli::admin {
namespace {

struct FileFacts {
  dondoc::admin::LogEnd log;
  std::vector<dondoc::admin::SchemaStep> schema;
};

FileFacts FactsOf(store::Snapshot& snapshot) {
  return {.log = dondoc::admin::ReadLogEnd(snapshot),
          .schema = dondoc::admin::ReadSchema(snapshot)};
}

absl::StatusOr<FileFacts> ReadFacts(store::DatabaseFile& file) {
  FileFacts facts;
  RETURN_IF_ERROR(file.Read([&](store::Snapshot& snapshot) {
    facts = FactsOf(snapshot);
    return absl::OkStatus();
  }));
  return facts;
}

// "bus:1 registry:3 store:2": the last step of each part.
std::string SchemaVersions(const FileFacts& facts) {
  std::map<std::string, int> last;
  for (const auto& step : facts.schema) last[step.component] = step.number;
  std::string text;
  for (const auto& [component, number] : last) {
    absl::StrAppend(&text, text.empty() ? "" : " ", component, ":", number);
  }
  return text;
}

absl::Status Print(const Options& options, const Console& console, const std::string& path,
                   const FileFacts& facts) {
  if (options.json) {
    google::protobuf::Struct document;
    auto& fields = *document.mutable_fields();
    fields["file"].set_string_value(path);
    fields["sequence"].set_string_value(absl::StrCat(facts.log.sequence));
    fields["hash"].set_string_value(facts.log.hash);
    fields["schema"].set_string_value(SchemaVersions(facts));
    ASSIGN_OR_RETURN(const std::string line, ToJsonLine(document));
    console.out << line << '\n';
    return absl::OkStatus();
  }
  Facts table;
  table.Add("Tệp (file)", path);
  table.Add("Sự kiện (events)", absl::StrCat(facts.log.sequence));
  table.Add("Chuỗi băm (hash)", facts.log.hash);
  table.Add("Lược đồ (schema)", SchemaVersions(facts));
  table.Print(console);
  return absl::OkStatus();
}

// Everything that can be checked in a file: its pages, and the chain through its log.
absl::StatusOr<FileFacts> Check(const std::string& path) {
  ASSIGN_OR_RETURN(store::DatabaseFile file, store::DatabaseFile::Open(path));
  RETURN_IF_ERROR(file.CheckPages());
  RETURN_IF_ERROR(file.Read([](store::Snapshot& snapshot) { return store::VerifyLog(snapshot); }));
  return ReadFacts(file);
}

}  // namespace

absl::Status VerifyFile(const Options& options, const Console& console) {
  ASSIGN_OR_RETURN(const FileFacts facts, Check(options.file));
  return Print(options, console, options.file, facts);
}

absl::Status VerifyDatabase(const Options& options, const Console& console) {
  ASSIGN_OR_RETURN(const auto connector, store::PostgresConnector::For(options.database));
  ASSIGN_OR_RETURN(const auto connection, connector->Connect());
  FileFacts facts;
  try {
    connection->session << "set statement_timeout = 0";
    connection->session << "begin isolation level repeatable read read only";
    store::Snapshot snapshot(connection->sql, absl::Now());
    RETURN_IF_ERROR(store::VerifyLog(snapshot));
    facts = FactsOf(snapshot);
    if (options.sequence > 0) {
      ASSIGN_OR_RETURN(facts.log, dondoc::admin::ReadLogAt(snapshot, options.sequence));
    }
    connection->session << "commit";
  } catch (const soci::soci_error& failure) {
    return absl::UnavailableError(absl::StrCat(connector->name(), ": ", failure.what()));
  }
  return Print(options, console, store::SafeUrl(options.database), facts);
}

absl::Status CopyFile(const Options& options, const Console& console) {
  ASSIGN_OR_RETURN(store::DatabaseFile file, store::DatabaseFile::Open(options.file));
  RETURN_IF_ERROR(file.CopyTo(options.target));
  ASSIGN_OR_RETURN(const FileFacts facts, Check(options.target));
  return Print(options, console, options.target, facts);
}

}  // namespace dondoc::cli::admin
