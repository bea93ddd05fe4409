#include "tests/system/access_fixture.h"

#include <gmock/gmock.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dondoc/admin/v1/admin_service.pb.h"
#include "dondoc/common/v1/clock_service.pb.h"
#include "dondoc/identity/v1/account_service.pb.h"
#include "dondoc/kpi/v1/kpi_admin_service.pb.h"
#include "dondoc/registry/v1/registry_admin_service.pb.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "libs/calendar/dates.h"

namespace dondoc::testing {

namespace identity_pb = ::dondoc::identity::v1;

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using identity::MethodRule;
using identity::Role;
using identity::Scope;

namespace {

constexpr char kRegistry[] = "dondoc.registry.v1.RegistryService/";
constexpr char kDissolvedUnit[] = "units/phong-cu";

// What the doorkeepers refuse with; anything else was decided behind them.
absl::StatusCode CodeOf(const std::string& reason) {
  static const std::map<std::string, absl::StatusCode> kCodes = {
      {"NOT_SIGNED_IN", absl::StatusCode::kUnauthenticated},
      {"TOKEN_REFUSED", absl::StatusCode::kUnauthenticated},
      {"CERTIFICATE_REFUSED", absl::StatusCode::kUnauthenticated},
      {"NO_GRANT", absl::StatusCode::kPermissionDenied},
      {"ROLE_MISSING", absl::StatusCode::kPermissionDenied},
      {"SCOPE_TOO_NARROW", absl::StatusCode::kPermissionDenied},
      {"OUT_OF_SCOPE", absl::StatusCode::kPermissionDenied},
      {"TOO_MANY_CALLS", absl::StatusCode::kResourceExhausted},
      {"ASSIGNMENT_NOT_FOUND", absl::StatusCode::kNotFound},
      {"INSPECTION_NOT_FOUND", absl::StatusCode::kNotFound},
      {"NOTICE_UNKNOWN", absl::StatusCode::kNotFound},
      {"UNIT_UNKNOWN", absl::StatusCode::kInvalidArgument}};
  const auto found = kCodes.find(reason);
  return found == kCodes.end() ? absl::StatusCode::kOk : found->second;
}

// Each service has an AdminService; one answers for all of them.
std::string OperatorsServiceOf(const MethodRule& rule) {
  return absl::StrContains(rule.method, ".kpi.") ? "kpi" : "registry";
}

}  // namespace

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : {dondoc::admin::v1::GetStatusRequest::descriptor()->file(),
                                     dondoc::common::v1::GetClockRequest::descriptor()->file(),
                                     identity_pb::SignInRequest::descriptor()->file(),
                                     inspection_pb::GetProgrammeRequest::descriptor()->file(),
                                     kpi_pb::RebuildCacheRequest::descriptor()->file(),
                                     kpi_pb::GetValueRequest::descriptor()->file(),
                                     notification_pb::ListNoticesRequest::descriptor()->file(),
                                     registry_pb::GiveFirstOfficeRequest::descriptor()->file(),
                                     registry_pb::GetTaskRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

const MethodRule& RuleOf(const MethodDescriptor& method) {
  return *identity::AccessTable::BuiltIn().Find(RowOf(method));
}
bool IsForOperators(const MethodRule& rule) { return rule.Names(Role::kOperator); }

const std::vector<Place>& AllPlaces() {
  static const auto* const kPlaces =
      new std::vector<Place>{{"whole", "", true, true},
                             {"own", kOwnUnit, true, true},
                             {"parent", kParentUnit, true, false},
                             {"child", kChildUnit, false, false},
                             {"other", kOtherUnit, false, false},
                             {"dissolved", kDissolvedUnit, false, false}};
  return *kPlaces;
}

City* Access::city_ = nullptr;
Inspected* Access::inspected_ = nullptr;
std::map<std::string, ScopedRequest>* Access::scoped_ = nullptr;
Guarded* Access::guarded_ = nullptr;

void Access::SetUpTestSuite() {
  city_ = new City;
  inspected_ = new Inspected(FillForScopes(*city_));
  scoped_ = new std::map<std::string, ScopedRequest>(ScopedRequests(*city_, *inspected_));
  guarded_ = new Guarded(*city_);
  GiveFirstOffice();
  GiveRoles();
}

void Access::TearDownTestSuite() {
  delete guarded_;
  delete scoped_;
  delete inspected_;
  delete city_;
}

void Access::GiveFirstOffice() {
  registry_pb::GiveFirstOfficeRequest request;
  request.set_principal(absl::StrCat("person:", kOfficePerson));
  const MethodDescriptor& give =
      MethodNamed("dondoc.registry.v1.RegistryAdminService/GiveFirstOffice");
  ASSERT_THAT(
      guarded_->AskAdmin("registry", give, request.SerializeAsString(), {.peer = "registry"})
          .status,
      IsOk());
  // Its keys are fetched beside the start.
  for (const char* method : {"dondoc.registry.v1.RegistryService/ListPlans",
                             "dondoc.inspection.v1.InspectionService/GetCoverage",
                             "dondoc.kpi.v1.KpiService/ListIndicators",
                             "dondoc.notification.v1.NotificationService/GetPlanRules"}) {
    AwaitEntrance(method, guarded_->Person(kOfficePerson));
  }
}

void Access::AwaitEntrance(const std::string& method, const Shown& shown) {
  Answer last;
  EXPECT_TRUE(Eventually([&] {
    last = guarded_->Ask(MethodNamed(method), "", shown);
    return !absl::IsUnauthenticated(last.status) && !absl::IsPermissionDenied(last.status);
  })) << method
      << ": " << last.status;
}

std::string Access::Give(const std::string& principal, const std::string& role,
                         const std::string& unit, const std::string& from) {
  registry_pb::GrantRoleRequest request;
  registry_pb::Grant& grant = *request.mutable_grant();
  grant.set_principal(principal);
  registry_pb::Role value = registry_pb::ROLE_UNSPECIFIED;
  EXPECT_TRUE(registry_pb::Role_Parse("ROLE_" + absl::AsciiStrToUpper(role), &value)) << role;
  grant.set_role(value);
  grant.set_unit(unit);
  grant.set_valid_from(from);
  return guarded_
      ->Must<registry_pb::GrantRoleResponse>(absl::StrCat(kRegistry, "GrantRole"), request,
                                             guarded_->Person(kOfficePerson))
      .grant()
      .name();
}

void Access::End(const std::string& grant) {
  registry_pb::EndGrantRequest request;
  request.set_name(grant);
  guarded_->Must<registry_pb::EndGrantResponse>(absl::StrCat(kRegistry, "EndGrant"), request,
                                                guarded_->Person(kOfficePerson));
}

void Access::GiveRoles() {
  registry_pb::AddUnitRequest add;
  add.mutable_unit()->set_name(kDissolvedUnit);
  add.mutable_unit()->set_display_name("Phòng cũ");
  add.mutable_unit()->set_kind(registry_pb::UNIT_KIND_DIVISION);
  add.mutable_unit()->set_parent(kParentUnit);
  add.mutable_unit()->set_valid_from("2023-01-01");
  const Shown office = guarded_->Person(kOfficePerson);
  guarded_->Must<registry_pb::AddUnitResponse>(absl::StrCat(kRegistry, "AddUnit"), add, office);
  for (const Role role : identity::kRoles) {
    if (role == Role::kOperator) continue;
    for (const Place& place : AllPlaces()) {
      Give(PrincipalOf(role, place), std::string(RoleName(role)), place.unit);
    }
  }
  registry_pb::DissolveUnitRequest dissolve;
  dissolve.set_name(kDissolvedUnit);
  dissolve.set_valid_to(calendar::FormatDate(city_->today()));
  guarded_->Must<registry_pb::DissolveUnitResponse>(absl::StrCat(kRegistry, "DissolveUnit"),
                                                    dissolve, office);
  MoveAheadTheDeadlineOfOwnUnit();
  End(Give("person:da-thoi", "office", ""));
  Give("person:chua-den", "office", "", calendar::FormatDate(city_->today() + 2));
  Give("person:thu-truong", "unit_head", kUntoldUnit);
  Give("person:cuoi-cung", "auditor", "");
  for (const char* method : {"dondoc.registry.v1.RegistryService/ListPlans",
                             "dondoc.inspection.v1.InspectionService/GetCoverage",
                             "dondoc.kpi.v1.KpiService/ListIndicators",
                             "dondoc.notification.v1.NotificationService/GetPlanRules"}) {
    AwaitEntrance(method, guarded_->Person("cuoi-cung"));
  }
}

void Access::MoveAheadTheDeadlineOfOwnUnit() {
  registry_pb::MoveDeadlineRequest move;
  move.set_phase("plans/cchc-2023/tasks/19/phases/1");
  move.set_new_due_date(calendar::FormatDate(city_->today() + 180));
  move.set_document("Quyết định số 12/QĐ-SKHCN");
  move.set_reason("Chờ kế hoạch của thành phố");
  const Shown office = guarded_->Person(kOfficePerson);
  guarded_->Must<registry_pb::MoveDeadlineResponse>(absl::StrCat(kRegistry, "MoveDeadline"), move,
                                                    office);
  const MethodDescriptor& upcoming =
      MethodNamed("dondoc.notification.v1.NotificationService/ListUpcoming");
  EXPECT_TRUE(Eventually(
      [&] { return Shows(upcoming, guarded_->Ask(upcoming, RequestOf(upcoming), office).bytes); }));
}

std::string Access::NameOf(Role role, const Place& place) {
  return absl::StrReplaceAll(absl::StrCat(RoleName(role), "-", place.name), {{"_", "-"}});
}

std::string Access::PrincipalOf(Role role, const Place& place) {
  return absl::StrCat(role == Role::kSystem ? "system:" : "person:", NameOf(role, place));
}

Shown Access::ShownOf(Role role, const Place& place) {
  return role == Role::kSystem ? Guarded::System(NameOf(role, place))
                               : guarded_->Person(NameOf(role, place));
}

Shown Access::Entitled(const MethodRule& rule) {
  if (IsForOperators(rule)) return {.peer = OperatorsServiceOf(rule)};
  if (rule.anyone) return Guarded::System("bat-ky");
  return ShownOf(rule.roles.front(), AllPlaces().front());
}

Answer Access::AskWhereServed(const MethodDescriptor& method, const std::string& request,
                              const Shown& shown) {
  const MethodRule& rule = RuleOf(method);
  if (!IsForOperators(rule)) return guarded_->Ask(method, request, shown);
  return guarded_->AskAdmin(OperatorsServiceOf(rule), method, request, shown);
}

std::map<std::string, std::string> Access::SettledEndsOfLogs() {
  std::map<std::string, std::string> ends;
  EXPECT_TRUE(Eventually([&] {
    const auto before = std::exchange(ends, guarded_->EndsOfLogs());
    return before == ends;
  }));
  return ends;
}

void Access::ExpectNoSecretInTheLogs(const std::vector<std::string>& secrets) {
  // How the header of every token begins.
  std::vector<std::string> all = {"eyJ", "Bearer"};
  all.insert(all.end(), secrets.begin(), secrets.end());
  for (const std::string& service : ServiceNames()) {
    const std::string log = city_->LogOf(service);
    EXPECT_FALSE(log.empty()) << service;
    for (const std::string& secret : all) {
      EXPECT_FALSE(absl::StrContains(log, secret)) << service << " wrote " << secret;
    }
  }
}

std::string Access::RequestOf(const MethodDescriptor& method) {
  const auto scoped = scoped_->find(RowOf(method));
  return scoped == scoped_->end() ? std::string() : scoped->second.request;
}

bool Access::Shows(const MethodDescriptor& method, const std::string& bytes) {
  const auto scoped = scoped_->find(RowOf(method));
  if (scoped != scoped_->end() && scoped->second.shows != nullptr) {
    return scoped->second.shows(bytes);
  }
  return method.name() == "CountNotices" ? !bytes.empty() : absl::StrContains(bytes, "chi-cuc-tdc");
}

void Access::ExpectRefused(const Answer& answer, const std::string& reason,
                           const std::string& cell) {
  EXPECT_EQ(ReasonOf(answer.status), reason) << cell << ": " << answer.status;
  EXPECT_EQ(answer.status.code(), CodeOf(reason)) << cell << ": " << answer.status;
  EXPECT_EQ(answer.bytes, "") << cell;
}

void Access::ExpectEntered(const Answer& answer, const std::string& cell) {
  const std::string reason = ReasonOf(answer.status);
  const bool at_the_door = CodeOf(reason) == absl::StatusCode::kUnauthenticated ||
                           CodeOf(reason) == absl::StatusCode::kPermissionDenied ||
                           CodeOf(reason) == absl::StatusCode::kResourceExhausted;
  EXPECT_FALSE(at_the_door) << cell << ": " << answer.status;
  EXPECT_TRUE(answer.status.ok() || !reason.empty()) << cell << ": " << answer.status;
}

void Access::ExpectCell(const MethodDescriptor& method, Role role, const Place& place) {
  const MethodRule& rule = RuleOf(method);
  const std::string cell = absl::StrCat(rule.method, " ", RoleName(role), " in ", place.name);
  const Answer answer = guarded_->Ask(method, RequestOf(method), ShownOf(role, place));
  if (rule.anyone) return ExpectEntered(answer, cell);
  if (place.name == "dissolved") return ExpectRefused(answer, "NO_GRANT", cell);
  if (!rule.Names(role)) return ExpectRefused(answer, "ROLE_MISSING", cell);
  if (rule.scope == Scope::kWhole && !place.unit.empty()) {
    return ExpectRefused(answer, "SCOPE_TOO_NARROW", cell);
  }
  const auto scoped = scoped_->find(rule.method);
  if (scoped == scoped_->end()) return ExpectEntered(answer, cell);
  const bool within = rule.scope == Scope::kSubtree ? place.by_subtree : place.by_unit;
  const std::string& hidden_by = scoped->second.hidden_by;
  if (!within && !hidden_by.empty()) return ExpectRefused(answer, hidden_by, cell);
  ExpectEntered(answer, cell);
  if (!hidden_by.empty()) {
    EXPECT_NE(ReasonOf(answer.status), hidden_by) << cell;
    return;
  }
  EXPECT_THAT(answer.status, IsOk()) << cell;
  EXPECT_EQ(Shows(method, answer.bytes), within) << cell;
}

}  // namespace dondoc::testing
