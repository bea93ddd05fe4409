#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/grant_words.h"
#include "services/cli/commands/registry_words.h"

namespace dondoc::cli {
namespace {

namespace pb = registry::v1;
using Stub = pb::RegistryService::Stub;

Client<pb::RegistryService> Registry(Session& session) {
  return Client<pb::RegistryService>(session.registry());
}

// A name alone is an account of ours.
std::string PrincipalOf(const std::string& text) {
  return text.empty() || absl::StrContains(text, ':') ? text : absl::StrCat("account:", text);
}

struct GiveOptions {
  std::string principal;
  pb::Role role = pb::ROLE_UNSPECIFIED;
  std::string unit;
  std::string from;
  std::string to;
  std::string decision;
};

absl::Status Give(Session& session, const GiveOptions& options) {
  pb::GrantRoleRequest request;
  pb::Grant& grant = *request.mutable_grant();
  grant.set_principal(PrincipalOf(options.principal));
  grant.set_role(options.role);
  ASSIGN_OR_RETURN(*grant.mutable_unit(), UnitNameOrNone(session.Typed("--unit", options.unit)));
  grant.set_valid_from(options.from);
  grant.set_valid_to(options.to);
  grant.set_decision(options.decision);
  ASSIGN_OR_RETURN(const auto response, Registry(session).Call(&Stub::GrantRole, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone(
      {.vi = absl::StrCat("Đã giao vai trò cho ", response.grant().principal(), ", số ",
                          absl::StripPrefix(response.grant().name(), "grants/")),
       .en = "role given"});
  return absl::OkStatus();
}

struct EndOptions {
  std::string number;
  std::string on;
};

absl::Status End(Session& session, const EndOptions& options) {
  pb::EndGrantRequest request;
  request.set_name(absl::StrCat("grants/", absl::StripPrefix(options.number, "grants/")));
  request.set_valid_to(options.on);
  ASSIGN_OR_RETURN(const auto response, Registry(session).Call(&Stub::EndGrant, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat(response.grant().principal(), " thôi vai trò từ ",
                                        ShowDate(response.grant().valid_to())),
                     .en = "the role ends"});
  return absl::OkStatus();
}

struct ListOptions {
  std::string principal;
  std::string unit;
  std::string as_of;
};

absl::Status List(Session& session, const ListOptions& options) {
  pb::ListGrantsRequest request;
  request.set_principal(PrincipalOf(options.principal));
  ASSIGN_OR_RETURN(*request.mutable_unit(), UnitNameOrNone(session.Typed("--unit", options.unit)));
  request.set_as_of(options.as_of);
  ASSIGN_OR_RETURN(const pb::ListGrantsResponse response,
                   Registry(session).ListAll(&Stub::ListGrants, request));
  if (session.json()) return session.PrintJson(response);
  if (response.grants().empty()) {
    session.PrintNote(
        {.vi = "Không có vai trò nào; giao bằng: dondoc grant give", .en = "nobody holds a role"});
    return absl::OkStatus();
  }
  PrintGrants(session.console(), response.grants());
  return absl::OkStatus();
}

void DeclareGive(CLI::App& cli, GiveOptions& options) {
  cli.add_option("principal", options.principal,
                 Help("Ai: tên tài khoản, person:… hoặc system:…", "whom"))
      ->required();
  AddChoice(cli, "--role", options.role, Help("Vai trò", "role"))->required();
  cli.add_option("--unit", options.unit,
                 Help("Đơn vị và cấp dưới; bỏ trống là toàn cơ quan",
                      "that unit and all below; without it the whole register"));
  AddDate(cli, "--from", options.from, Help("Từ ngày, mặc định hôm nay", "from, today by default"));
  AddDate(cli, "--to", options.to, Help("Ngày đầu không còn vai trò", "first day without it"));
  cli.add_option("--decision", options.decision, Help("Số quyết định", "the decision behind it"));
}

}  // namespace

void PrintGrants(const Console& console,
                 const google::protobuf::RepeatedPtrField<pb::Grant>& grants) {
  Table table({{.title = "Số", .align = Align::kRight},
               {.title = "Ai", .width_min = 12},
               {.title = "Vai trò"},
               {.title = "Đơn vị"},
               {.title = "Từ ngày"},
               {.title = "Đến trước ngày"},
               {.title = "Quyết định", .optional = true}});
  for (const pb::Grant& grant : grants) {
    table.Add({std::string(absl::StripPrefix(grant.name(), "grants/")), grant.principal(),
               InWords(kRoleWords, grant.role()),
               grant.unit().empty() ? Cell("toàn cơ quan") : Cell(ShortName(grant.unit())),
               ShowDate(grant.valid_from()), ShowDate(grant.valid_to()), grant.decision()});
  }
  table.Print(console);
}

void AddGrantCommands(Tree& tree) {
  CLI::App& grant = tree.Noun("grant", {.vi = "Ai giữ vai trò nào", .en = "who holds which role"});
  AddExample(tree.Verb<GiveOptions>(grant, "give", {.vi = "Giao vai trò", .en = "give a role"},
                                    DeclareGive, Give),
             "dondoc grant give an.tran --role unit-head --unit van-phong");
  tree.Verb<EndOptions>(
      grant, "end", {.vi = "Kết thúc vai trò", .en = "end a role"},
      [](CLI::App& cli, EndOptions& options) {
        cli.add_option("number", options.number, Help("Số, xem grant list", "its number"))
            ->required();
        AddDate(
            cli, "--on", options.on,
            Help("Ngày đầu không còn, mặc định hôm nay", "first day without it, today by default"));
      },
      End);
  tree.Verb<ListOptions>(
      grant, "list", {.vi = "Liệt kê", .en = "roles that were given"},
      [](CLI::App& cli, ListOptions& options) {
        cli.add_option("--principal", options.principal, Help("Chỉ của người này", "only theirs"));
        cli.add_option("--unit", options.unit, Help("Chỉ ở đơn vị này", "only in this unit"));
        AddDate(cli, "--as-of", options.as_of,
                Help("Chỉ còn hiệu lực vào ngày", "only those that hold on that day"));
      },
      List);
}

}  // namespace dondoc::cli
