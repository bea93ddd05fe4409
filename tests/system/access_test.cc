// Every method of every service against every role in every place, every token that may be wrong,
// and every certificate, with the real programs behind mutual TLS. What is expected follows from
// proto/access.csv alone; the programs are started once.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "dondoc/identity/v1/account_service.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/access_table.h"
#include "tests/system/access_fixture.h"

namespace dondoc::testing {
namespace {

namespace identity_pb = ::dondoc::identity::v1;

using google::protobuf::MethodDescriptor;
using identity::MethodRule;
using identity::Role;
using identity::Scope;
using ::testing::HasSubstr;
using ::testing::Not;

// So that no service, and no method of one, can be missed by what follows.
TEST_F(Access, IsTriedOnEveryRowOfTheTable) {
  std::set<std::string> tried;
  for (const MethodDescriptor* method : AllMethods()) tried.insert(RowOf(*method));
  std::set<std::string> rows;
  for (const auto& [row, rule] : identity::AccessTable::BuiltIn().rules()) rows.insert(row);
  EXPECT_EQ(tried, rows);
}

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
      for (const Place& place : AllPlaces()) {
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
    token.subject = kOfficePerson;
    return bearer(guarded_->Token(token));
  };
  const std::string good = guarded_->Token({.subject = kOfficePerson});
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
  const auto before = SettledEndsOfLogs();
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
  EXPECT_EQ(guarded_->EndsOfLogs(), before) << "a refusal leaves no trace in a store";
  ExpectNoSecretInTheLogs({good});
}

// Somebody who may something, known by a token; of a system beside its certificate, which alone
// would do.
struct Forged {
  std::string name;
  TokenOf token;
};

std::vector<Forged> AllForged() {
  return {{"the public key as a secret", {.key_id = "k2", .algorithm = "HS256"}},
          {"the key set as a secret", {.key_id = "k1", .algorithm = "HS256"}},
          {"a key of another kind", {.key_id = "k1", .algorithm = "RS256"}},
          {"a key that is a file", {.key_id = "../../../../etc/passwd"}},
          {"a key that is another by detours", {.key_id = "k2/../k1"}},
          {"a key with an end in it", {.key_id = "k1\\u0000"}},
          {"a key that goes on and on", {.key_id = std::string(2'000, 'k')}},
          {"more than a token holds", {.subject = std::string(5'000, 'x')}}};
}

struct Holder {
  Role role;
  Place place;
};

TEST_F(Access, IsRefusedToForgedTokensWhoeverTheyName) {
  const Place whole = AllPlaces()[0];
  const Place own = AllPlaces()[1];
  const auto before = SettledEndsOfLogs();
  for (const Holder& holder : {Holder{Role::kOffice, whole}, Holder{Role::kUnitHead, own},
                               Holder{Role::kUnitStaff, own}, Holder{Role::kSystem, whole}}) {
    const std::string who = NameOf(holder.role, holder.place);
    // Every row for the first, who may do the most; for the others one row of each service, since a
    // service takes only so many calls from one place that prove nothing.
    const bool every_row = holder.role == Role::kOffice;
    std::set<std::string> services;
    const auto with = [&](TokenOf token) {
      if (token.subject.empty()) token.subject = who;
      Shown shown = holder.role == Role::kSystem ? Guarded::System(who) : Shown{};
      if (holder.role == Role::kSystem) token.authorized_party = who;
      shown.metadata.emplace_back("authorization", absl::StrCat("Bearer ", guarded_->Token(token)));
      return shown;
    };
    for (const MethodDescriptor* method : AllMethods()) {
      const MethodRule& rule = RuleOf(*method);
      if (IsForOperators(rule) || rule.anyone) continue;
      if (!services.insert(method->service()->full_name()).second && !every_row) continue;
      for (const Forged& forged : AllForged()) {
        ExpectRefused(guarded_->Ask(*method, RequestOf(*method), with(forged.token)),
                      "TOKEN_REFUSED",
                      absl::StrCat(rule.method, " as ", who, " with ", forged.name));
      }
    }
    // No server reads as much metadata as this; it goes on answering whoever sends less.
    const MethodDescriptor& any = MethodNamed("dondoc.registry.v1.RegistryService/ListPlans");
    const Answer huge = guarded_->Ask(any, "", with({.subject = std::string(1 << 20, 'x')}));
    EXPECT_FALSE(huge.status.ok()) << who;
    EXPECT_EQ(huge.bytes, "") << who;
    // It ends the connection, and takes the next one.
    EXPECT_TRUE(Eventually([&] {
      return guarded_->Ask(any, "", ShownOf(holder.role, holder.place)).status.ok();
    })) << who;
    // What is no proof is not looked at, and takes nothing from one that is. A system with a token
    // is the person whom the token names, who holds nothing.
    Shown garbage = ShownOf(holder.role, holder.place);
    for (const char* key : {"authorization-bin", "x-client-cert-subject-bin", "dondoc-actor-bin"}) {
      garbage.metadata.emplace_back(key, std::string("\xff\x00\xfe{\"alg\":\"none\"}", 17));
    }
    EXPECT_THAT(guarded_->Ask(any, "", garbage).status, IsOk()) << who;
    garbage.metadata.erase(garbage.metadata.begin());
    ExpectRefused(guarded_->Ask(any, "", garbage), "NOT_SIGNED_IN", who);
  }
  EXPECT_EQ(guarded_->EndsOfLogs(), before);
  // A good one by the RSA key is believed, so it was not for that key that the others were refused.
  Shown good = {.metadata = {{"authorization",
                              absl::StrCat("Bearer ", guarded_->Token({.subject = kOfficePerson,
                                                                       .key_id = "k2",
                                                                       .algorithm = "RS256"}))}}};
  EXPECT_THAT(
      guarded_->Ask(MethodNamed("dondoc.registry.v1.RegistryService/ListPlans"), "", good).status,
      IsOk());
  ExpectNoSecretInTheLogs({});
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
                                                     guarded_->Person(kOfficePerson));
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
  // A wrong one is as much of a secret.
  sign_in.set_password("ba con trâu ăn rơm");
  EXPECT_FALSE(guarded_->Ask(MethodNamed(accounts + "SignIn"), sign_in.SerializeAsString(), here)
                   .status.ok());
  ExpectNoSecretInTheLogs({create.password(), change.new_password(), sign_in.password(),
                           issue.session(), issued.token()});
}

// Operators are known by the certificate of the connection, each service's own; nobody's token
// helps on the admin port, and no operator's certificate on the other.
TEST_F(Access, IsForOperatorsOnTheAdminPortAlone) {
  const Shown office = guarded_->Person(kOfficePerson);
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
              : for_operators && absl::StartsWith(row, absl::StrCat("dondoc.", service, "."));
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

// What nobody is told of by a notice, nobody is told of by e-mail or webhook either: those carry
// notices. So it is asked as who sees everything that the notification service has.
TEST_F(Access, PreparesNoNoticeOfAnAdHocInspection) {
  const Shown office = guarded_->Person(kOfficePerson);
  const std::string service = "dondoc.notification.v1.NotificationService/";
  notification_pb::ListNoticesRequest notices;
  notices.set_subject(inspected_->ad_hoc);
  EXPECT_EQ(
      guarded_->Must<notification_pb::ListNoticesResponse>(service + "ListNotices", notices, office)
          .notices_size(),
      0);
  notification_pb::ListUpcomingRequest upcoming;
  upcoming.set_recipient(kUntoldUnit);
  upcoming.set_page_size(1'000);
  notification_pb::ListDeliveriesRequest deliveries;
  deliveries.set_page_size(1'000);
  const std::vector<std::pair<std::string, std::string>> requests = {
      {service + "ListUpcoming", upcoming.SerializeAsString()},
      {service + "ListDeliveries", deliveries.SerializeAsString()}};
  for (const auto& [method, request] : requests) {
    const Answer answer = guarded_->Ask(MethodNamed(method), request, office);
    EXPECT_THAT(answer.status, IsOk()) << method;
    EXPECT_THAT(answer.bytes, Not(HasSubstr(inspected_->ad_hoc))) << method;
  }
}

TEST_F(Access, CountsNoInspectionThatAUnitIsNotToldOf) {
  inspection_pb::GetCoverageRequest request;
  request.set_year(kYear);
  const auto planned = [&](const Shown& shown) {
    return guarded_
        ->Must<inspection_pb::GetCoverageResponse>(
            "dondoc.inspection.v1.InspectionService/GetCoverage", request, shown)
        .coverage()
        .planned_count();
  };
  const int all = planned(guarded_->Person(kOfficePerson));
  EXPECT_EQ(planned(ShownOf(Role::kSystem, AllPlaces()[0])), all)
      << "a system of the whole register";
  const int told = planned(guarded_->Person("thu-truong"));
  EXPECT_LT(told, all);
  EXPECT_EQ(planned(ShownOf(Role::kSystem, AllPlaces()[1])), told) << "a system of one unit";
}

// Whatever the head of a unit asks for, nothing names an inspection that the unit is not told of.
TEST_F(Access, ShowsNoUnitAnInspectionThatItIsNotToldOf) {
  const Shown head = guarded_->Person("thu-truong");
  const Shown inspector = ShownOf(Role::kInspector, AllPlaces()[0]);
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
    EXPECT_THAT(answer.bytes, Not(HasSubstr(inspected_->ad_hoc))) << method;
    EXPECT_THAT(std::string(answer.status.message()), Not(HasSubstr(kUntoldUnit))) << method;
  }
  ExpectRefused(guarded_->Ask(MethodNamed(requests[0].first), requests[0].second, head),
                "INSPECTION_NOT_FOUND", "the head asks by name");
  EXPECT_THAT(guarded_->Ask(MethodNamed(requests[0].first), requests[0].second, inspector).bytes,
              HasSubstr(inspected_->untold));
  get.set_name(inspected_->ad_hoc);
  ExpectRefused(guarded_->Ask(MethodNamed(requests[0].first), get.SerializeAsString(), head),
                "INSPECTION_NOT_FOUND", "the head asks for the ad hoc one by name");
  for (const MethodDescriptor* method : AllMethods()) {
    if (IsForOperators(RuleOf(*method))) continue;
    const std::string bytes = guarded_->Ask(*method, "", head).bytes;
    EXPECT_THAT(bytes, Not(HasSubstr(inspected_->untold))) << RowOf(*method);
    EXPECT_THAT(bytes, Not(HasSubstr(inspected_->ad_hoc))) << RowOf(*method);
    // Of a stream the first message is read; the logs of all services are not for units at all.
    if (method->name() == "WatchChanges") {
      EXPECT_EQ(bytes, "") << RowOf(*method);
    }
  }
}

TEST_F(Access, TellsTheUnitOnceItsInspectionIsAnnounced) {
  inspection_pb::NotifyInspectionRequest notify;
  notify.set_name(inspected_->untold);
  guarded_->Must<inspection_pb::NotifyInspectionResponse>(
      "dondoc.inspection.v1.InspectionService/NotifyInspection", notify,
      ShownOf(Role::kInspector, AllPlaces()[0]));
  inspection_pb::GetInspectionRequest get;
  get.set_name(inspected_->untold);
  const auto told = guarded_->Must<inspection_pb::GetInspectionResponse>(
      "dondoc.inspection.v1.InspectionService/GetInspection", get, guarded_->Person("thu-truong"));
  EXPECT_EQ(told.inspection().unit(), kUntoldUnit);
}

}  // namespace
}  // namespace dondoc::testing
