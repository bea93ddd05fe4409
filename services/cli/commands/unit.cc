#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/registry_words.h"

namespace dondoc::cli {
namespace {

namespace pb = registry::v1;
using Stub = pb::RegistryService::Stub;

Client<pb::RegistryService> Registry(Session& session) {
  return Client<pb::RegistryService>(session.registry());
}

struct ListOptions {
  std::string as_of;
};

// The units as a tree, each below its parent. A unit whose parent is not in the list is a root, so
// nothing is lost when the list is of one day.
class UnitTree {
 public:
  explicit UnitTree(const pb::ListUnitsResponse& units) {
    std::set<std::string> names;
    for (const pb::Unit& unit : units.units()) names.insert(unit.name());
    for (const pb::Unit& unit : units.units()) {
      children_[names.contains(unit.parent()) ? unit.parent() : ""].push_back(&unit);
    }
  }

  void AddTo(Table& table) const { AddBelow("", "", table); }

 private:
  // `indent` is what stands before the branch of each unit below `parent`.
  void AddBelow(const std::string& parent, const std::string& indent, Table& table) const {
    const auto found = children_.find(parent);
    if (found == children_.end()) return;
    for (const pb::Unit* unit : found->second) {
      const bool last = unit == found->second.back();
      const std::string branch = parent.empty() ? "" : last ? "└─ " : "├─ ";
      AddRow(*unit, absl::StrCat(indent, branch), table);
      const std::string below = parent.empty() ? "" : last ? "   " : "│  ";
      AddBelow(unit->name(), absl::StrCat(indent, below), table);
    }
  }

  static void AddRow(const pb::Unit& unit, const std::string& branch, Table& table) {
    const bool dissolved = !unit.valid_to().empty();
    std::vector<std::string> notes;
    if (dissolved) notes.push_back(absl::StrCat("đến ", ShowDate(unit.valid_to())));
    if (!unit.successor().empty()) {
      notes.push_back(absl::StrCat("→ ", ShortName(unit.successor())));
    }
    if (unit.illustrative()) notes.emplace_back("minh hoạ");
    table.Add(
        {Cell(std::vector<Span>{{branch, Style::kFaint},
                                {unit.display_name(), dissolved ? Style::kFaint : Style::kPlain}}),
         ShortName(unit.name()), InWords(kUnitKindWords, unit.kind()), ShowDate(unit.valid_from()),
         Cell(absl::StrJoin(notes, ", "), Style::kFaint)});
  }

  std::map<std::string, std::vector<const pb::Unit*>> children_;
};

absl::Status ListUnits(Session& session, const ListOptions& options) {
  pb::ListUnitsRequest request;
  request.set_as_of(options.as_of);
  ASSIGN_OR_RETURN(const pb::ListUnitsResponse response,
                   Registry(session).ListAll(&Stub::ListUnits, request));
  if (session.json()) return session.PrintJson(response);
  if (response.units().empty()) {
    session.PrintNote(
        {.vi = "Chưa có đơn vị; nhập bằng: dondoc unit import units.csv", .en = "no unit yet"});
    return absl::OkStatus();
  }
  Table table({{.title = "Đơn vị", .width_min = 24},
               {.title = "Mã"},
               {.title = "Loại", .width_min = 8, .lines_max = 2},
               {.title = "Từ ngày", .optional = true},
               {.title = "Ghi chú", .width_min = 8, .lines_max = 3}});
  UnitTree(response).AddTo(table);
  table.Print(session.console());
  return absl::OkStatus();
}

struct ShowOptions {
  std::string unit;
};

absl::StatusOr<pb::Unit> GetUnit(Session& session, const std::string& name) {
  pb::GetUnitRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(pb::GetUnitResponse response, Registry(session).Call(&Stub::GetUnit, request));
  return std::move(*response.mutable_unit());
}

void PrintUnit(const Console& console, const pb::Unit& unit) {
  Facts facts;
  facts.Add("Mã", ShortName(unit.name()));
  facts.Add("Tên", Cell(unit.display_name(), Style::kStrong));
  facts.Add("Tên khác", absl::StrJoin(unit.aliases(), ", "));
  facts.Add("Loại", InWords(kUnitKindWords, unit.kind()));
  facts.Add("Trực thuộc", ShortName(unit.parent()));
  facts.Add("Từ ngày", ShowDate(unit.valid_from()));
  facts.Add("Đến ngày", unit.valid_to().empty()
                            ? ""
                            : absl::StrCat(ShowDate(unit.valid_to()), " (không kể ngày này)"));
  facts.Add("Kế thừa", ShortName(unit.successor()));
  facts.Add("Quyết định", unit.decision());
  facts.Add("E-mail", unit.email());
  facts.Add("Dữ liệu", unit.illustrative() ? "minh hoạ (illustrative)" : "");
  facts.Add("Phiên bản", unit.etag());
  facts.Print(console);
}

absl::Status ShowUnit(Session& session, const ShowOptions& options) {
  ASSIGN_OR_RETURN(const std::string name, UnitName({.field = "UNIT", .text = options.unit}));
  pb::GetUnitResponse response;
  ASSIGN_OR_RETURN(*response.mutable_unit(), GetUnit(session, name));
  if (session.json()) return session.PrintJson(response);
  PrintUnit(session.console(), response.unit());
  return absl::OkStatus();
}

struct AddOptions {
  std::string unit;
  std::string name;
  pb::UnitKind kind = pb::UNIT_KIND_UNSPECIFIED;
  std::string parent;
  std::string valid_from;
  std::vector<std::string> aliases;
  std::string email;
  std::string decision;
  bool illustrative = false;
};

absl::Status AddUnit(Session& session, const AddOptions& options) {
  pb::AddUnitRequest request;
  pb::Unit& unit = *request.mutable_unit();
  ASSIGN_OR_RETURN(*unit.mutable_name(), UnitName({.field = "UNIT", .text = options.unit}));
  ASSIGN_OR_RETURN(*unit.mutable_parent(),
                   UnitNameOrNone({.field = "--parent", .text = options.parent}));
  unit.set_display_name(options.name);
  unit.set_kind(options.kind);
  unit.set_valid_from(options.valid_from);
  for (const std::string& alias : options.aliases) unit.add_aliases(alias);
  unit.set_email(options.email);
  unit.set_decision(options.decision);
  unit.set_illustrative(options.illustrative);
  ASSIGN_OR_RETURN(const pb::AddUnitResponse response,
                   Registry(session).Call(&Stub::AddUnit, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = "Đã thêm đơn vị", .en = "unit added"});
  PrintUnit(session.console(), response.unit());
  return absl::OkStatus();
}

// Holds what was given: an option that was left out keeps the unit as it is.
struct UpdateOptions {
  std::string unit;
  std::string name;
  std::string parent;
  std::vector<std::string> aliases;
  std::string email;
  std::string decision;
  std::string etag;
};

absl::Status UpdateUnit(Session& session, const UpdateOptions& options) {
  ASSIGN_OR_RETURN(const std::string name, UnitName({.field = "UNIT", .text = options.unit}));
  pb::UpdateUnitRequest request;
  pb::Unit& unit = *request.mutable_unit();
  // The service takes the whole unit. Its etag goes back with it, so that a change that somebody
  // makes between this read and the write is noticed and not undone.
  ASSIGN_OR_RETURN(unit, GetUnit(session, name));
  if (!options.etag.empty()) unit.set_etag(options.etag);
  if (!options.name.empty()) unit.set_display_name(options.name);
  if (!options.parent.empty()) {
    ASSIGN_OR_RETURN(*unit.mutable_parent(),
                     UnitName({.field = "--parent", .text = options.parent}));
  }
  if (!options.aliases.empty()) unit.clear_aliases();
  for (const std::string& alias : options.aliases) unit.add_aliases(alias);
  if (!options.email.empty()) unit.set_email(options.email);
  if (!options.decision.empty()) unit.set_decision(options.decision);
  ASSIGN_OR_RETURN(const pb::UpdateUnitResponse response,
                   Registry(session).Call(&Stub::UpdateUnit, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = "Đã sửa đơn vị", .en = "unit updated"});
  PrintUnit(session.console(), response.unit());
  return absl::OkStatus();
}

struct DissolveOptions {
  std::string unit;
  std::string date;
  std::string successor;
  std::string decision;
  std::string etag;
};

absl::Status DissolveUnit(Session& session, const DissolveOptions& options) {
  pb::DissolveUnitRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), UnitName({.field = "UNIT", .text = options.unit}));
  ASSIGN_OR_RETURN(*request.mutable_successor(),
                   UnitNameOrNone({.field = "--successor", .text = options.successor}));
  request.set_valid_to(options.date);
  request.set_decision(options.decision);
  request.set_etag(options.etag);
  ASSIGN_OR_RETURN(const pb::DissolveUnitResponse response,
                   Registry(session).Call(&Stub::DissolveUnit, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat("Đã giải thể ", response.unit().display_name(), " từ ngày ",
                                        ShowDate(response.unit().valid_to())),
                     .en = "unit dissolved"});
  Facts facts;
  facts.Add("Kế thừa", ShortName(response.unit().successor()));
  facts.Add("Việc chuyển sang", absl::StrCat(response.assignments_moved()));
  facts.Add("Việc nhập vào việc đã có", absl::StrCat(response.assignments_merged()));
  facts.Print(session.console());
  return absl::OkStatus();
}

void AddUnitArgument(CLI::App& cli, std::string& unit) {
  cli.add_option("unit", unit, Help("Mã đơn vị, ví dụ van-phong", "id of the unit"))->required();
}

void DeclareAdd(CLI::App& cli, AddOptions& options) {
  AddUnitArgument(cli, options.unit);
  cli.add_option("--name", options.name, Help("Tên đơn vị", "display name"))->required();
  AddChoice(cli, "--kind", options.kind, Help("Loại đơn vị", "kind"))->required();
  AddDate(cli, "--valid-from", options.valid_from, Help("Có từ ngày", "exists from"))->required();
  cli.add_option("--parent", options.parent, Help("Trực thuộc đơn vị", "unit above"));
  AddRepeated(cli, "--alias", options.aliases, Help("Tên khác trong văn bản", "other spelling"));
  cli.add_option("--email", options.email, Help("Nơi nhận thông báo", "where notices go"));
  cli.add_option("--decision", options.decision, Help("Quyết định thành lập", "decision"));
  cli.add_flag("--illustrative", options.illustrative,
               Help("Dữ liệu minh hoạ", "invented to show the system"));
}

void DeclareUpdate(CLI::App& cli, UpdateOptions& options) {
  AddUnitArgument(cli, options.unit);
  cli.add_option("--name", options.name, Help("Tên mới", "display name"));
  cli.add_option("--parent", options.parent, Help("Trực thuộc đơn vị", "unit above"));
  AddRepeated(cli, "--alias", options.aliases,
              Help("Tên khác; thay tất cả tên khác đang có", "replaces all aliases"));
  cli.add_option("--email", options.email, Help("Nơi nhận thông báo", "where notices go"));
  cli.add_option("--decision", options.decision, Help("Theo quyết định", "decision"));
  AddEtag(cli, options.etag);
}

void DeclareDissolve(CLI::App& cli, DissolveOptions& options) {
  AddUnitArgument(cli, options.unit);
  AddDate(cli, "--date", options.date, Help("Ngày đầu không còn đơn vị", "first day without it"))
      ->required();
  cli.add_option("--successor", options.successor, Help("Đơn vị kế thừa việc", "takes its work"));
  cli.add_option("--decision", options.decision, Help("Theo quyết định", "decision"));
  AddEtag(cli, options.etag);
}

}  // namespace

void AddUnitCommands(Tree& tree) {
  CLI::App& unit = tree.Noun("unit", {.vi = "Đơn vị", .en = "units"});
  tree.Verb<ListOptions>(
      unit, "list", {.vi = "Cây đơn vị", .en = "all units, as a tree"},
      [](CLI::App& cli, ListOptions& options) {
        AddDate(cli, "--as-of", options.as_of,
                Help("Chỉ đơn vị có trong ngày này", "only units of that day"));
      },
      ListUnits);
  tree.Verb<ShowOptions>(
      unit, "show", {.vi = "Một đơn vị", .en = "one unit"},
      [](CLI::App& cli, ShowOptions& options) { AddUnitArgument(cli, options.unit); }, ShowUnit);
  AddExample(tree.Verb<AddOptions>(unit, "add", {.vi = "Thêm đơn vị", .en = "add a unit"},
                                   DeclareAdd, AddUnit),
             "dondoc unit add thanh-tra --name \"Thanh tra Sở\" --kind inspectorate --parent so "
             "--valid-from 01/01/2016");
  tree.Verb<UpdateOptions>(unit, "update", {.vi = "Sửa đơn vị", .en = "change a unit"},
                           DeclareUpdate, UpdateUnit);
  AddExample(
      tree.Verb<DissolveOptions>(unit, "dissolve",
                                 {.vi = "Giải thể đơn vị", .en = "dissolve a unit"},
                                 DeclareDissolve, DissolveUnit),
      "dondoc unit dissolve tt-thong-tin --date 01/06/2023 --successor tt-ung-dung --decision "
      "\"12/QĐ-UBND\"");
  AddUnitImport(tree, unit);
}

}  // namespace dondoc::cli
