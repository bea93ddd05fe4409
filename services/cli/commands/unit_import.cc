#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/input/csv.h"
#include "services/cli/render/bar.h"
#include "services/cli/render/format.h"

// dondoc unit import: the register of a department from a table, all rows checked before the first
// one is sent. Importing the same file again changes nothing, so an import that was cut short is
// finished by repeating it.
namespace dondoc::cli {
namespace {

namespace pb = registry::v1;
using Stub = pb::RegistryService::Stub;

constexpr size_t kFileBytesMax = 4 * 1024 * 1024;

const CsvForm& UnitForm() {
  static const auto* const kForm =
      new CsvForm{.required = {"id", "name", "kind", "valid_from"},
                  .optional = {"parent", "aliases", "email", "decision", "illustrative"}};
  return *kForm;
}

struct ImportOptions {
  std::string file;
  bool validate_only = false;
};

struct UnitRow {
  int line = 0;
  pb::Unit unit;
};

absl::Status ValueInvalid(absl::string_view column, const std::string& value,
                          absl::string_view allowed) {
  return Refuse(absl::StatusCode::kInvalidArgument, "CSV_VALUE_INVALID",
                {.vi = absl::StrCat("Không hiểu \"", value, "\": chọn một trong ", allowed, "."),
                 .en = absl::StrCat(column, " is one of ", allowed)},
                {{"value", value}});
}

absl::StatusOr<pb::UnitKind> ReadKind(const std::string& word) {
  const std::map<std::string, int> kinds =
      ChoicesOf(*google::protobuf::GetEnumDescriptor<pb::UnitKind>());
  const auto found = kinds.find(word);
  if (found != kinds.end()) return static_cast<pb::UnitKind>(found->second);
  return ValueInvalid("kind", word,
                      absl::StrJoin(kinds, "|", [](std::string* out, const auto& kind) {
                        absl::StrAppend(out, kind.first);
                      }));
}

absl::StatusOr<bool> ReadYesNo(const std::string& word) {
  if (word == "yes") return true;
  if (word.empty() || word == "no") return false;
  return ValueInvalid("illustrative", word, "yes|no");
}

// Reads one row; a refusal names the line and the column.
absl::StatusOr<UnitRow> ReadRow(const CsvRow& row) {
  UnitRow result{.line = row.line(), .unit = {}};
  pb::Unit& unit = result.unit;
  const auto in = [&row](absl::string_view column, const absl::Status& why) {
    return RowInvalid(row.line(), column, why);
  };
  const auto name = UnitName({.field = "id", .text = row["id"]});
  if (!name.ok()) return in("id", name.status());
  const auto parent = UnitNameOrNone({.field = "parent", .text = row["parent"]});
  if (!parent.ok()) return in("parent", parent.status());
  const auto kind = ReadKind(row["kind"]);
  if (!kind.ok()) return in("kind", kind.status());
  const auto valid_from = ReadDate({.field = "valid_from", .text = row["valid_from"]});
  if (!valid_from.ok()) return in("valid_from", valid_from.status());
  const auto illustrative = ReadYesNo(row["illustrative"]);
  if (!illustrative.ok()) return in("illustrative", illustrative.status());

  unit.set_name(*name);
  unit.set_display_name(row["name"]);
  unit.set_kind(*kind);
  unit.set_parent(*parent);
  unit.set_valid_from(*valid_from);
  unit.set_email(row["email"]);
  unit.set_decision(row["decision"]);
  unit.set_illustrative(*illustrative);
  for (const absl::string_view alias :
       absl::StrSplit(row["aliases"], '|', absl::SkipWhitespace())) {
    unit.add_aliases(std::string(absl::StripAsciiWhitespace(alias)));
  }
  return result;
}

absl::Status IdRepeated(int line, int first_line, const pb::Unit& unit) {
  return RowInvalid(line, "id",
                    Refuse(absl::StatusCode::kInvalidArgument, "CSV_ID_REPEATED",
                           {.vi = absl::StrCat("mã \"", ShortName(unit.name()), "\" đã có ở dòng ",
                                               first_line, "."),
                            .en = "the id stands twice"}));
}

absl::Status ParentUnknown(int line, const pb::Unit& unit) {
  return RowInvalid(line, "parent",
                    Refuse(absl::StatusCode::kInvalidArgument, "CSV_PARENT_UNKNOWN",
                           {.vi = absl::StrCat("chưa có đơn vị \"", ShortName(unit.parent()),
                                               "\"; đặt dòng của đơn vị đó lên trên dòng này."),
                            .en = "unknown parent; put its row above this one"}));
}

absl::Status OtherUnitExists(int line, const pb::Unit& unit) {
  return RowInvalid(
      line, "id",
      Refuse(absl::StatusCode::kAlreadyExists, "CSV_UNIT_DIFFERS",
             {.vi = absl::StrCat("đơn vị \"", ShortName(unit.name()),
                                 "\" đã có và khác với dòng này; sửa bằng: dondoc unit update."),
              .en = "the unit exists and is not as this row says; use dondoc unit update"}));
}

// Whether the register holds what the row says. What came later (a new version, a dissolution) is
// no difference.
bool SameAsRow(const pb::Unit& existing, const pb::Unit& row) {
  pb::Unit compared = existing;
  compared.clear_etag();
  compared.clear_valid_to();
  compared.clear_successor();
  compared.set_decision(row.decision());
  return compared.SerializeAsString() == row.SerializeAsString();
}

// The rows that have to be sent, after all of them were checked against each other and the
// register.
absl::StatusOr<std::vector<UnitRow>> NewRows(const std::vector<CsvRow>& rows,
                                             const pb::ListUnitsResponse& register_units) {
  std::map<std::string, const pb::Unit*> existing;
  for (const pb::Unit& unit : register_units.units()) existing[unit.name()] = &unit;
  std::map<std::string, int> lines;
  std::vector<UnitRow> fresh;
  for (const CsvRow& csv_row : rows) {
    ASSIGN_OR_RETURN(UnitRow row, ReadRow(csv_row));
    const auto [first, is_first] = lines.emplace(row.unit.name(), row.line);
    if (!is_first) return IdRepeated(row.line, first->second, row.unit);
    const std::string& parent = row.unit.parent();
    if (!parent.empty() && !lines.contains(parent) && !existing.contains(parent)) {
      return ParentUnknown(row.line, row.unit);
    }
    const auto found = existing.find(row.unit.name());
    if (found == existing.end()) {
      fresh.push_back(std::move(row));
    } else if (!SameAsRow(*found->second, row.unit)) {
      return OtherUnitExists(row.line, row.unit);
    }
  }
  return fresh;
}

// The service's refusal of one row, with its line and how much was added before it.
absl::Status RefusedRow(int line, size_t added, const absl::Status& why) {
  Details details = DetailsOf(why);
  details["row"] = absl::StrCat(line);
  details["added"] = absl::StrCat(added);
  return RefuseWithMessage(why.code(), ReasonOf(why),
                           absl::StrCat("Dòng ", line, ": ", why.message()), details);
}

// One request_id cannot stand for many writes; and none is needed, because repeating is safe.
absl::Status CheckNoRequestId(const Session& session) {
  if (session.settings().request_id.empty()) return absl::OkStatus();
  return Refuse(absl::StatusCode::kInvalidArgument, "REQUEST_ID_NOT_WANTED",
                {.vi = "unit import không nhận --request-id; nhập lại cùng tệp là an toàn.",
                 .en = "leave --request-id out; importing the same file again is safe"},
                {{"field", "--request-id"}});
}

absl::Status ImportUnits(Session& session, const ImportOptions& options) {
  RETURN_IF_ERROR(CheckNoRequestId(session));
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(options.file, kFileBytesMax));
  ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ReadCsv(bytes, UnitForm()));
  const Client<pb::RegistryService> registry(session.registry());
  ASSIGN_OR_RETURN(const pb::ListUnitsResponse existing,
                   registry.ListAll(&Stub::ListUnits, pb::ListUnitsRequest()));
  ASSIGN_OR_RETURN(const std::vector<UnitRow> fresh, NewRows(rows, existing));

  pb::ListUnitsResponse added;
  if (!options.validate_only) {
    ProgressBar bar(session.console(), "Nhập đơn vị", static_cast<int64_t>(fresh.size()));
    for (const UnitRow& row : fresh) {
      pb::AddUnitRequest request;
      *request.mutable_unit() = row.unit;
      const absl::StatusOr<pb::AddUnitResponse> response = registry.Call(&Stub::AddUnit, request);
      if (!response.ok()) {
        return RefusedRow(row.line, static_cast<size_t>(added.units_size()), response.status());
      }
      *added.add_units() = response->unit();
      bar.Set(added.units_size());
    }
  }
  if (session.json()) return session.PrintJson(added);
  const std::string there = absl::StrCat(rows.size() - fresh.size(), " đã có");
  if (options.validate_only) {
    session.PrintDone(
        {.vi = absl::StrCat(fresh.size(), " đơn vị nhập được, ", there, "; chưa lưu gì"),
         .en = "valid; nothing was kept"});
  } else {
    session.PrintDone(
        {.vi = absl::StrCat("Đã thêm ", fresh.size(), " đơn vị, ", there), .en = "units imported"});
  }
  return absl::OkStatus();
}

}  // namespace

void AddUnitImport(Tree& tree, CLI::App& unit) {
  CLI::App& import = tree.Verb<ImportOptions>(
      unit, "import", {.vi = "Nhập đơn vị từ tệp CSV", .en = "import units from a table"},
      [](CLI::App& cli, ImportOptions& options) {
        cli.add_option("file", options.file, Help("Tệp CSV, UTF-8", "the table"))
            ->required()
            ->type_name(kFileType);
        cli.add_flag("--validate-only", options.validate_only,
                     Help("Chỉ kiểm tra, không lưu", "check every row, keep nothing"));
      },
      ImportUnits);
  import.footer(
      "Cột (columns): id, name, kind, valid_from; không bắt buộc (optional): parent, aliases "
      "(cách\n"
      "nhau bằng |), email, decision, illustrative (yes|no). Dòng bắt đầu bằng # là ghi chú. Đơn "
      "vị\n"
      "đã có và giống hệt thì được bỏ qua (units that exist as given are passed over).");
}

}  // namespace dondoc::cli
