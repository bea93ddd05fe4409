// The table of methods held against the contracts, against every role in every place, against the
// page that people read, and against the domains that ask for four eyes.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dondoc/admin/v1/admin_service.pb.h"
#include "dondoc/common/v1/clock_service.pb.h"
#include "dondoc/identity/v1/account_service.pb.h"
#include "dondoc/inspection/v1/inspection_service.pb.h"
#include "dondoc/kpi/v1/kpi_admin_service.pb.h"
#include "dondoc/kpi/v1/kpi_service.pb.h"
#include "dondoc/notification/v1/notification_service.pb.h"
#include "dondoc/registry/v1/registry_admin_service.pb.h"
#include "dondoc/registry/v1/registry_service.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/access_table.h"
#include "libs/identity/grants.h"
#include "services/inspection/domain/inspection.h"
#include "services/inspection/domain/programme.h"
#include "services/inspection/domain/units.h"
#include "services/registry/domain/assignment.h"

namespace dondoc::identity {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;

const AccessTable& Table() { return AccessTable::BuiltIn(); }

std::vector<const google::protobuf::FileDescriptor*> Contracts() {
  return {admin::v1::GetStatusRequest::descriptor()->file(),
          common::v1::GetClockRequest::descriptor()->file(),
          v1::SignInRequest::descriptor()->file(),
          inspection::v1::GetProgrammeRequest::descriptor()->file(),
          kpi::v1::RebuildCacheRequest::descriptor()->file(),
          kpi::v1::GetValueRequest::descriptor()->file(),
          notification::v1::ListNoticesRequest::descriptor()->file(),
          registry::v1::GiveFirstOfficeRequest::descriptor()->file(),
          registry::v1::GetTaskRequest::descriptor()->file()};
}

std::set<std::string> MethodsOfTheContracts() {
  std::set<std::string> methods;
  for (const auto* file : Contracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      const auto* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) {
        methods.insert(absl::StrCat(service->full_name(), "/", service->method(m)->name()));
      }
    }
  }
  return methods;
}

TEST(AccessTable, HasOneRowForEachMethodAndNoOther) {
  std::set<std::string> rows;
  for (const auto& [method, rule] : Table().rules()) rows.insert(method);
  EXPECT_EQ(rows, MethodsOfTheContracts());
}

// A contract with a service that nobody listed above would have no row and nobody would notice.
TEST(AccessTable, IsHeldAgainstEveryContract) {
  std::set<std::string> listed;
  for (const auto* file : Contracts()) listed.insert(file->name());
  const std::filesystem::path root = std::filesystem::path(REPO_ROOT) / "proto";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "dondoc")) {
    const std::string path = std::filesystem::relative(entry.path(), root).string();
    EXPECT_EQ(path.ends_with("_service.proto"), listed.contains(path)) << path;
  }
}

TEST(AccessTable, AuditsEveryMethodThatChangesSomething) {
  for (const auto* file : Contracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      const auto* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) {
        const auto* method = service->method(m);
        if (method->input_type()->FindFieldByName("request_id") == nullptr) continue;
        const auto* rule = Table().Find(absl::StrCat(service->full_name(), "/", method->name()));
        ASSERT_NE(rule, nullptr);
        EXPECT_TRUE(rule->audited) << rule->method;
        EXPECT_FALSE(rule->Names(Role::kAuditor)) << rule->method;
        EXPECT_FALSE(rule->anyone) << rule->method;
      }
    }
  }
}

TEST(AccessPage, IsUpToDate) {
  std::ifstream file(REPO_ROOT "/docs/access.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, AccessPage(Table())) << "run access_page > docs/access.md";
}

// so ─▶ phong ─▶ to ;  so ─▶ chi-cuc ;  cu was dissolved at the end of 2022.
UnitTree Tree() {
  const absl::CivilDay founded(2020, 1, 1);
  UnitTree tree;
  tree.Put({.name = "units/so", .valid_from = founded});
  tree.Put({.name = "units/phong", .parent = "units/so", .valid_from = founded});
  tree.Put({.name = "units/to", .parent = "units/phong", .valid_from = founded});
  tree.Put({.name = "units/chi-cuc", .parent = "units/so", .valid_from = founded});
  tree.Put({.name = "units/cu",
            .parent = "units/so",
            .valid_from = founded,
            .valid_to = absl::CivilDay(2023, 1, 1)});
  return tree;
}

struct Place {
  std::string name;
  std::string unit;
  // Whether a grant here reaches units/phong by "subtree", and by "unit".
  bool by_subtree;
  bool by_unit;
};
const std::vector<Place> kPlaces = {{"whole register", "", true, true},
                                    {"own unit", "units/phong", true, true},
                                    {"parent", "units/so", true, false},
                                    {"child", "units/to", false, false},
                                    {"sibling", "units/chi-cuc", false, false}};

// What the table means, said once more and in another way: which refusal, or does the call reach
// units/phong?
struct Expected {
  std::string reason = {};
  bool reaches = false;
};
Expected ExpectedOf(const MethodRule& rule, Role role, const Place& place) {
  if (rule.anyone) return {.reaches = true};
  if (!rule.Names(role)) return {.reason = "ROLE_MISSING"};
  const std::string scope(ScopeName(rule.scope));
  if (scope == "whole" && !place.unit.empty()) return {.reason = "SCOPE_TOO_NARROW"};
  if (scope == "subtree") return {.reaches = place.by_subtree};
  if (scope == "unit") return {.reaches = place.by_unit};
  return {.reaches = scope != "self"};
}

TEST(Allows, AnswersEveryMethodForEveryRoleInEveryPlaceByTheTable) {
  const absl::CivilDay today(2023, 6, 1);
  int cells = 0;
  for (const auto& [method, rule] : Table().rules()) {
    for (const Role role : kRoles) {
      for (const Place& place : kPlaces) {
        const std::vector<Grant> grants = {{.principal = "person:an",
                                            .role = role,
                                            .unit = place.unit,
                                            .valid_from = absl::CivilDay(2023, 1, 1)}};
        const std::string cell = absl::StrCat(method, " ", RoleName(role), " ", place.name);
        const Expected expected = ExpectedOf(rule, role, place);
        const auto reach = Allows("person:an", grants, rule, Tree(), today);
        ++cells;
        EXPECT_EQ(ReasonOf(reach.status()), expected.reason) << cell;
        if (!expected.reason.empty()) {
          EXPECT_THAT(reach, StatusIs(absl::StatusCode::kPermissionDenied)) << cell;
          continue;
        }
        ASSERT_THAT(reach, IsOk()) << cell;
        EXPECT_EQ(CheckUnit(*reach, "units/phong").ok(), expected.reaches) << cell;
      }
    }
  }
  EXPECT_EQ(cells, static_cast<int>(Table().rules().size() * kRoles.size() * kPlaces.size()));
}

TEST(Allows, RefusesEveryMethodToWhoeverHoldsNothing) {
  const absl::CivilDay today(2023, 6, 1);
  const std::vector<Grant> grants = {
      {.principal = "person:binh", .role = Role::kOffice},
      {.principal = "person:an", .role = Role::kOffice, .valid_from = absl::CivilDay(2023, 6, 2)},
      {.principal = "person:an", .role = Role::kOffice, .valid_to = today},
      {.principal = "person:an", .role = Role::kUnitHead, .unit = "units/cu"},
      {.principal = "person:an", .role = Role::kUnitHead, .unit = "units/nowhere"}};
  for (const auto& [method, rule] : Table().rules()) {
    if (rule.anyone) continue;
    const auto nobody = Allows("", grants, rule, Tree(), today);
    EXPECT_THAT(nobody, StatusIs(absl::StatusCode::kUnauthenticated)) << method;
    EXPECT_THAT(nobody, Refuses("NOT_SIGNED_IN")) << method;
    EXPECT_THAT(Allows("person:an", grants, rule, Tree(), today), Refuses("NO_GRANT")) << method;
  }
}

// The services themselves hold four eyes; the table only says where. A row that says so without a
// proof here fails.
const std::map<std::string, std::function<absl::Status()>>& FourEyesProofs() {
  static const std::map<std::string, std::function<absl::Status()>> kProofs = {
      {"dondoc.registry.v1.RegistryService/AcceptResult",
       [] {
         const registry::Act act = {.actor = "person:an",
                                    .now = absl::FromUnixSeconds(1'680'000'000),
                                    .today = absl::CivilDay(2023, 3, 28)};
         registry::Submission own;
         own.actor = act.actor;
         registry::AssignmentState state;
         state.progress = registry::Progress::kSubmitted;
         state.submission = own;
         return registry::Assignment::Restore(state).Accept(act);
       }},
      {"dondoc.inspection.v1.InspectionService/ApproveProgramme",
       [] {
         const inspection::ProgrammeDraft own = {
             .programme = {.share = inspection::Share::Parse("30").value(),
                           .inspectors = {},
                           .proposed_at = absl::FromUnixSeconds(1'670'000'000),
                           .proposer = "person:an"},
             .inspections = {}};
         return inspection::Approve(own, {.decision = "05/QĐ",
                                          .now = absl::FromUnixSeconds(1'680'000'000),
                                          .approver = "person:an"})
             .status();
       }},
      {"dondoc.inspection.v1.InspectionService/RemedyFinding", [] {
         inspection::Inspection concluded;
         concluded.state = inspection::InspectionState::kConcluded;
         concluded.findings.push_back({.number = 1, .field = "III", .text = "Chậm niêm yết"});
         const inspection::Units units({{.name = "units/van-phong",
                                         .display_name = "Văn phòng",
                                         .valid_from = absl::CivilDay(2020, 1, 1)}});
         return inspection::PutRight(concluded,
                                     {.finding_number = 1,
                                      .document = "30/BC-VP",
                                      .verified_by = "units/van-phong",
                                      .today = absl::CivilDay(2023, 3, 28),
                                      .within_grants = false},
                                     units)
             .status();
       }}};
  return kProofs;
}

TEST(FourEyes, AreHeldByTheServiceWhereTheTableSaysSo) {
  for (const auto& [method, rule] : Table().rules()) {
    EXPECT_EQ(rule.four_eyes, FourEyesProofs().contains(method)) << method;
  }
  for (const auto& [method, prove] : FourEyesProofs()) {
    EXPECT_THAT(prove(), StatusIs(absl::StatusCode::kPermissionDenied)) << method;
  }
}

}  // namespace
}  // namespace dondoc::identity
