// Every method of every service against every role in every place, every token that may be wrong,
// and every certificate, with the real programs behind mutual TLS. What is expected follows from
// proto/access.csv alone; the programs are started once.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "dondoc/admin/v1/admin_service.pb.h"
#include "dondoc/common/v1/clock_service.pb.h"
#include "dondoc/identity/v1/account_service.pb.h"
#include "dondoc/registry/v1/registry_admin_service.pb.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "libs/calendar/dates.h"
#include "libs/identity/access_table.h"
#include "tests/system/guarded.h"
#include "tests/system/scoped_requests.h"

namespace dondoc::testing {
namespace {

namespace identity_pb = ::dondoc::identity::v1;

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using identity::MethodRule;
using identity::Role;
using identity::Scope;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRegistry[] = "dondoc.registry.v1.RegistryService/";
constexpr char kOffice[] = "van-phong";
constexpr char kDissolvedUnit[] = "units/phong-cu";

// tests/access holds this list against the folder of contracts.
std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : {dondoc::admin::v1::GetStatusRequest::descriptor()->file(),
                                     dondoc::common::v1::GetClockRequest::descriptor()->file(),
                                     identity_pb::SignInRequest::descriptor()->file(),
                                     inspection_pb::GetProgrammeRequest::descriptor()->file(),
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

// Where a grant is, and whether it reaches kOwnUnit by each scope.
struct Place {
  std::string name;
  std::string unit;
  bool by_subtree;
  bool by_unit;
};
const std::vector<Place> kPlaces = {{"whole", "", true, true},
                                    {"own", kOwnUnit, true, true},
                                    {"parent", kParentUnit, true, false},
                                    {"child", kChildUnit, false, false},
                                    {"other", kOtherUnit, false, false},
                                    {"dissolved", kDissolvedUnit, false, false}};

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
      {"UNIT_UNKNOWN", absl::StatusCode::kInvalidArgument}};
  const auto found = kCodes.find(reason);
  return found == kCodes.end() ? absl::StatusCode::kOk : found->second;
}

class Access : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    city_ = new City;
    inspected_ = new Inspected(FillForScopes(*city_));
    scoped_ = new std::map<std::string, ScopedRequest>(ScopedRequests(*city_, *inspected_));
    guarded_ = new Guarded(*city_);
    GiveFirstOffice();
    GiveRoles();
  }
  static void TearDownTestSuite() {
    delete guarded_;
    delete scoped_;
    delete inspected_;
    delete city_;
  }

  static void GiveFirstOffice() {
    registry_pb::GiveFirstOfficeRequest request;
    request.set_principal(absl::StrCat("person:", kOffice));
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
      AwaitEntrance(method, guarded_->Person(kOffice));
    }
  }

  // Until the service has heard of the grant that lets this caller in.
  static void AwaitEntrance(const std::string& method, const Shown& shown) {
    Answer last;
    EXPECT_TRUE(Eventually([&] {
      last = guarded_->Ask(MethodNamed(method), "", shown);
      return !absl::IsUnauthenticated(last.status) && !absl::IsPermissionDenied(last.status);
    })) << method
        << ": " << last.status;
  }

  static std::string Give(const std::string& principal, const std::string& role,
                          const std::string& unit, const std::string& from = "") {
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
                                               guarded_->Person(kOffice))
        .grant()
        .name();
  }
  static void End(const std::string& grant) {
    registry_pb::EndGrantRequest request;
    request.set_name(grant);
    guarded_->Must<registry_pb::EndGrantResponse>(absl::StrCat(kRegistry, "EndGrant"), request,
                                                  guarded_->Person(kOffice));
  }

  // Everybody that the matrix calls as. The last of all lets the caller in whom every service is
  // asked about, so that each has heard of all before.
  static void GiveRoles() {
    registry_pb::AddUnitRequest add;
    add.mutable_unit()->set_name(kDissolvedUnit);
    add.mutable_unit()->set_display_name("Phòng cũ");
    add.mutable_unit()->set_kind(registry_pb::UNIT_KIND_DIVISION);
    add.mutable_unit()->set_parent(kParentUnit);
    add.mutable_unit()->set_valid_from("2023-01-01");
    const Shown office = guarded_->Person(kOffice);
    guarded_->Must<registry_pb::AddUnitResponse>(absl::StrCat(kRegistry, "AddUnit"), add, office);
    for (const Role role : identity::kRoles) {
      if (role == Role::kOperator) continue;
      for (const Place& place : kPlaces) {
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

  // So that there is something to come for it.
  static void MoveAheadTheDeadlineOfOwnUnit() {
    registry_pb::MoveDeadlineRequest move;
    move.set_phase("plans/cchc-2023/tasks/19/phases/1");
    move.set_new_due_date(calendar::FormatDate(city_->today() + 180));
    move.set_document("Quyết định số 12/QĐ-SKHCN");
    move.set_reason("Chờ kế hoạch của thành phố");
    const Shown office = guarded_->Person(kOffice);
    guarded_->Must<registry_pb::MoveDeadlineResponse>(absl::StrCat(kRegistry, "MoveDeadline"), move,
                                                      office);
    const MethodDescriptor& upcoming =
        MethodNamed("dondoc.notification.v1.NotificationService/ListUpcoming");
    EXPECT_TRUE(Eventually([&] {
      return Shows(upcoming, guarded_->Ask(upcoming, RequestOf(upcoming), office).bytes);
    }));
  }

  static std::string NameOf(Role role, const Place& place) {
    return absl::StrReplaceAll(absl::StrCat(RoleName(role), "-", place.name), {{"_", "-"}});
  }
  static std::string PrincipalOf(Role role, const Place& place) {
    return absl::StrCat(role == Role::kSystem ? "system:" : "person:", NameOf(role, place));
  }
  static Shown ShownOf(Role role, const Place& place) {
    return role == Role::kSystem ? Guarded::System(NameOf(role, place))
                                 : guarded_->Person(NameOf(role, place));
  }

  // The request about kOwnUnit where the method has one; else one that says nothing.
  static std::string RequestOf(const MethodDescriptor& method) {
    const auto scoped = scoped_->find(RowOf(method));
    return scoped == scoped_->end() ? std::string() : scoped->second.request;
  }
  // Whether a list, or what is counted in it, has kOwnUnit in it.
  static bool Shows(const MethodDescriptor& method, const std::string& bytes) {
    return method.name() == "CountNotices" ? !bytes.empty()
                                           : absl::StrContains(bytes, "chi-cuc-tdc");
  }

  static void ExpectRefused(const Answer& answer, const std::string& reason,
                            const std::string& cell) {
    EXPECT_EQ(ReasonOf(answer.status), reason) << cell << ": " << answer.status;
    EXPECT_EQ(answer.status.code(), CodeOf(reason)) << cell << ": " << answer.status;
    EXPECT_EQ(answer.bytes, "") << cell;
  }
  // It was let in: what the service said of the request is its own affair, but it did say
  // something.
  static void ExpectEntered(const Answer& answer, const std::string& cell) {
    const std::string reason = ReasonOf(answer.status);
    const bool at_the_door = CodeOf(reason) == absl::StatusCode::kUnauthenticated ||
                             CodeOf(reason) == absl::StatusCode::kPermissionDenied ||
                             CodeOf(reason) == absl::StatusCode::kResourceExhausted;
    EXPECT_FALSE(at_the_door) << cell << ": " << answer.status;
    EXPECT_TRUE(answer.status.ok() || !reason.empty()) << cell << ": " << answer.status;
  }

  static void ExpectCell(const MethodDescriptor& method, Role role, const Place& place) {
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

  static City* city_;
  static Inspected* inspected_;
  static std::map<std::string, ScopedRequest>* scoped_;
  static Guarded* guarded_;
};

City* Access::city_ = nullptr;
Inspected* Access::inspected_ = nullptr;
std::map<std::string, ScopedRequest>* Access::scoped_ = nullptr;
Guarded* Access::guarded_ = nullptr;

TEST_F(Access, KnowsARequestForEachMethodThatIsNarrowedByUnits) {
  std::set<std::string> narrowed;
  for (const MethodDescriptor* method : AllMethods()) {
    const Scope scope = RuleOf(*method).scope;
    if (scope == Scope::kSubtree || scope == Scope::kUnit) narrowed.insert(RowOf(*method));
  }
  std::set<std::string> known;
  for (const auto& [method, request] : *scoped_) known.insert(method);
  EXPECT_EQ(known, narrowed);
}

TEST_F(Access, IsAsTheTableSaysForEveryRoleInEveryPlace) {
  int cells = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    if (IsForOperators(RuleOf(*method))) continue;
    for (const Role role : identity::kRoles) {
      if (role == Role::kOperator) continue;
      for (const Place& place : kPlaces) {
        ExpectCell(*method, role, place);
        ++cells;
      }
    }
  }
  EXPECT_GT(cells, 3'000);
}

// Who may everything, but proves it badly; and who proves it well and may nothing.
struct Fault {
  std::string name;
  Shown shown;
  std::string reason;
};

TEST_F(Access, IsRefusedToWhoeverProvesItBadlyOrHoldsNothing) {
  const auto bearer = [](const std::string& token) {
    return Shown{.metadata = {{"authorization", absl::StrCat("Bearer ", token)}}};
  };
  const auto with = [&](TokenOf token) {
    token.subject = kOffice;
    return bearer(guarded_->Token(token));
  };
  const std::string good = guarded_->Token({.subject = kOffice});
  Shown twice = bearer(good);
  twice.metadata.push_back(twice.metadata.front());
  Shown through_another = with({.authorized_party = "another"});
  through_another.metadata.emplace_back("x-client-cert-subject", "CN=system-whole,O=Dondoc");
  Shown stolen = bearer(good);
  stolen.metadata.emplace_back("x-client-cert-subject", "CN=system-whole,O=Dondoc");
  Shown not_the_edge = Guarded::System("system-whole");
  not_the_edge.peer = "kpi";
  Shown two_subjects = Guarded::System("system-whole");
  two_subjects.metadata.push_back(two_subjects.metadata.front());
  const std::vector<Fault> faults = {
      {"nothing", {}, "NOT_SIGNED_IN"},
      {"a claimed name", {.metadata = {{"dondoc-actor", "person:van-phong"}}}, "NOT_SIGNED_IN"},
      {"a service's own certificate", {.peer = "kpi"}, "NOT_SIGNED_IN"},
      {"expired", with({.expires = -absl::Minutes(5)}), "TOKEN_REFUSED"},
      {"not valid yet", with({.not_before = absl::Minutes(30)}), "TOKEN_REFUSED"},
      {"for somebody else", with({.audience = "another"}), "TOKEN_REFUSED"},
      {"of another issuer", with({.issuer = "https://other.example"}), "TOKEN_REFUSED"},
      {"of our own accounts' issuer", with({.issuer = "dondoc"}), "TOKEN_REFUSED"},
      {"of an unknown key", with({.key_id = "k2"}), "TOKEN_REFUSED"},
      {"signed by another key", with({.signed_by_another = true}), "TOKEN_REFUSED"},
      {"of a shared secret", with({.algorithm = "HS256"}), "TOKEN_REFUSED"},
      {"of no algorithm", with({.algorithm = "none"}), "TOKEN_REFUSED"},
      {"cut short", bearer(good.substr(0, good.size() - 4)), "TOKEN_REFUSED"},
      {"no token at all", bearer("van-phong"), "TOKEN_REFUSED"},
      {"two tokens", twice, "TOKEN_REFUSED"},
      {"given to another system", through_another, "TOKEN_REFUSED"},
      {"given to no system, behind one", stolen, "TOKEN_REFUSED"},
      {"a subject that not the edge forwards", not_the_edge, "CERTIFICATE_REFUSED"},
      {"two subjects", two_subjects, "CERTIFICATE_REFUSED"},
      {"a subject in doubt", Guarded::System("system-whole+CN=x"), "CERTIFICATE_REFUSED"},
      {"a person without a grant", guarded_->Person("khong-ai"), "NO_GRANT"},
      {"a system without a grant", Guarded::System("khong-ai"), "NO_GRANT"},
      {"a grant that has ended", guarded_->Person("da-thoi"), "NO_GRANT"},
      {"a grant that has not begun", guarded_->Person("chua-den"), "NO_GRANT"}};
  for (const MethodDescriptor* method : AllMethods()) {
    const MethodRule& rule = RuleOf(*method);
    if (IsForOperators(rule)) continue;
    for (const Fault& fault : faults) {
      const std::string cell = absl::StrCat(rule.method, " with ", fault.name);
      const Answer answer = guarded_->Ask(*method, RequestOf(*method), fault.shown);
      if (rule.anyone) {
        ExpectEntered(answer, cell);
      } else {
        ExpectRefused(answer, fault.reason, cell);
      }
    }
  }
}

// An account signs in through a system's certificate; its tokens are worth nothing behind another.
TEST_F(Access, KnowsAnAccountBehindTheSystemThatItSignedInThrough) {
  const std::string accounts = "dondoc.identity.v1.AccountService/";
  const Shown here = Guarded::System("may-tinh-van-phong");
  identity_pb::CreateAccountRequest create;
  create.set_name("accounts/an.tran");
  create.set_display_name("Trần An");
  create.set_password("mật khẩu dùng một lần");
  guarded_->Must<identity_pb::CreateAccountResponse>(accounts + "CreateAccount", create,
                                                     guarded_->Person(kOffice));
  identity_pb::ChangePasswordRequest change;
  change.set_account("an.tran");
  change.set_old_password(create.password());
  change.set_new_password("ba con trâu ăn cỏ");
  guarded_->Must<identity_pb::ChangePasswordResponse>(accounts + "ChangePassword", change, here);
  identity_pb::SignInRequest sign_in;
  sign_in.set_account("an.tran");
  sign_in.set_password(change.new_password());
  identity_pb::IssueTokenRequest issue;
  issue.set_session(
      guarded_->Must<identity_pb::SignInResponse>(accounts + "SignIn", sign_in, here).session());
  const auto issued =
      guarded_->Must<identity_pb::IssueTokenResponse>(accounts + "IssueToken", issue, here);
  Give("account:an.tran", "auditor", "");

  const std::pair<std::string, std::string> proof = {"authorization", "Bearer " + issued.token()};
  Shown there = Guarded::System("system-whole");
  there.metadata.push_back(proof);
  Shown same = here;
  same.metadata.push_back(proof);
  const std::string method = "dondoc.kpi.v1.KpiService/ListIndicators";
  AwaitEntrance(method, same);
  ExpectRefused(guarded_->Ask(MethodNamed(method), "", there), "TOKEN_REFUSED", "elsewhere");
  const auto who = guarded_->Must<identity_pb::WhoAmIResponse>(accounts + "WhoAmI",
                                                               identity_pb::WhoAmIRequest(), same);
  EXPECT_EQ(who.caller(), "account:an.tran");
  EXPECT_EQ(who.grants_size(), 1);
}

// Operators are known by the certificate of the connection, each service's own; nobody's token
// helps on the admin port, and no operator's certificate on the other.
TEST_F(Access, IsForOperatorsOnTheAdminPortAlone) {
  const Shown office = guarded_->Person(kOffice);
  for (const MethodDescriptor* method : AllMethods()) {
    const std::string row = RowOf(*method);
    const bool for_operators = IsForOperators(RuleOf(*method));
    for (const std::string& service : ServiceNames()) {
      const auto as = [&](const std::string& peer, const Shown& shown) {
        return guarded_->AskAdmin(service, *method, "", {.peer = peer, .metadata = shown.metadata});
      };
      const std::string cell = absl::StrCat(row, " at ", service);
      const bool served =
          absl::StrContains(row, ".admin.") || RuleOf(*method).anyone
              ? absl::StrContains(row, ".admin.") || absl::StrContains(row, ".common.")
              : for_operators && service == "registry";
      if (!served) {
        EXPECT_THAT(as(service, {}).status, StatusIs(absl::StatusCode::kUnimplemented)) << cell;
        continue;
      }
      ExpectEntered(as(service, {}), cell);
      if (!for_operators) continue;
      ExpectRefused(as("edge", office), "NO_GRANT", absl::StrCat(cell, " with a token"));
      ExpectRefused(as("edge", Guarded::System(service)), "NO_GRANT",
                    absl::StrCat(cell, " with a forwarded subject"));
      ExpectRefused(as(service == "kpi" ? "registry" : "kpi", {}), "NO_GRANT",
                    absl::StrCat(cell, " with another service's certificate"));
    }
    if (!for_operators || absl::StrContains(row, ".admin.")) continue;
    EXPECT_THAT(guarded_->Ask(*method, "", office).status,
                StatusIs(absl::StatusCode::kUnimplemented))
        << row;
  }
}

// Whatever the head of a unit asks for, nothing names an inspection that the unit is not told of.
TEST_F(Access, ShowsNoUnitAnInspectionThatItIsNotToldOf) {
  const Shown head = guarded_->Person("thu-truong");
  const Shown inspector = ShownOf(Role::kInspector, kPlaces[0]);
  inspection_pb::GetInspectionRequest get;
  get.set_name(inspected_->untold);
  inspection_pb::ListInspectionsRequest list;
  list.set_parent(absl::StrCat("programmes/", kYear));
  notification_pb::ListNoticesRequest notices;
  notices.set_subject(inspected_->untold);
  const std::string service = "dondoc.inspection.v1.InspectionService/";
  const std::vector<std::pair<std::string, std::string>> requests = {
      {service + "GetInspection", get.SerializeAsString()},
      {service + "ListInspections", list.SerializeAsString()},
      {"dondoc.notification.v1.NotificationService/ListNotices", notices.SerializeAsString()}};
  for (const auto& [method, request] : requests) {
    const Answer answer = guarded_->Ask(MethodNamed(method), request, head);
    EXPECT_THAT(answer.bytes, Not(HasSubstr(inspected_->untold))) << method;
    EXPECT_THAT(std::string(answer.status.message()), Not(HasSubstr(kUntoldUnit))) << method;
  }
  ExpectRefused(guarded_->Ask(MethodNamed(requests[0].first), requests[0].second, head),
                "INSPECTION_NOT_FOUND", "the head asks by name");
  EXPECT_THAT(guarded_->Ask(MethodNamed(requests[0].first), requests[0].second, inspector).bytes,
              HasSubstr(inspected_->untold));
  for (const MethodDescriptor* method : AllMethods()) {
    if (IsForOperators(RuleOf(*method))) continue;
    EXPECT_THAT(guarded_->Ask(*method, "", head).bytes, Not(HasSubstr(inspected_->untold)))
        << RowOf(*method);
  }
}

TEST_F(Access, TellsTheUnitOnceItsInspectionIsAnnounced) {
  inspection_pb::NotifyInspectionRequest notify;
  notify.set_name(inspected_->untold);
  guarded_->Must<inspection_pb::NotifyInspectionResponse>(
      "dondoc.inspection.v1.InspectionService/NotifyInspection", notify,
      ShownOf(Role::kInspector, kPlaces[0]));
  inspection_pb::GetInspectionRequest get;
  get.set_name(inspected_->untold);
  const auto told = guarded_->Must<inspection_pb::GetInspectionResponse>(
      "dondoc.inspection.v1.InspectionService/GetInspection", get, guarded_->Person("thu-truong"));
  EXPECT_EQ(told.inspection().unit(), kUntoldUnit);
}

}  // namespace
}  // namespace dondoc::testing
