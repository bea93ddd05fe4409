#include "services/registry/domain/role_grant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc::registry {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using identity::Role;

const absl::CivilDay kToday(2023, 2, 6);

NewRoleGrant Head() {
  return {.principal = "person:an", .role = Role::kUnitHead, .unit = "phong-a"};
}
RoleGrant Given(NewRoleGrant fields) {
  return RoleGrant::Create(std::move(fields), kToday).value();
}

TEST(RoleGrant, BeginsTodayUnlessItIsTold) {
  const RoleGrant grant = Given(Head());
  EXPECT_EQ(grant.state().principal, "person:an");
  EXPECT_EQ(grant.state().role, Role::kUnitHead);
  EXPECT_EQ(grant.state().unit, "phong-a");
  EXPECT_EQ(grant.state().valid_from, kToday);
  EXPECT_EQ(grant.state().valid_to, std::nullopt);
}

TEST(RoleGrant, RefusesWhatGivesNobodyAnything) {
  const auto changed = [](auto change) {
    NewRoleGrant fields = Head();
    change(fields);
    return fields;
  };
  const std::vector<std::pair<NewRoleGrant, std::string>> rows = {
      {changed([](auto& f) { f.principal = ""; }), "TEXT_BLANK"},
      {changed([](auto& f) { f.principal = "an"; }), "GRANT_PRINCIPAL_INVALID"},
      {changed([](auto& f) { f.principal = "person:"; }), "GRANT_PRINCIPAL_INVALID"},
      {changed([](auto& f) { f.principal = "person:an "; }), "GRANT_PRINCIPAL_INVALID"},
      {changed([](auto& f) { f.principal = "person:a\nn"; }), "GRANT_PRINCIPAL_INVALID"},
      {changed([](auto& f) { f.principal = "account:An"; }), "GRANT_PRINCIPAL_INVALID"},
      {changed([](auto& f) { f.principal = "person:\xFF"; }), "NOT_UTF8"},
      {changed([](auto& f) { f.principal = "person:" + std::string(300, 'x'); }), "TEXT_TOO_LONG"},
      {changed([](auto& f) { f.role = Role::kOperator; }), "GRANT_ROLE_INVALID"},
      {changed([](auto& f) { f.role = Role::kSystem; }), "GRANT_ROLE_INVALID"},
      {changed([](auto& f) { f.valid_from = kToday - 1; }), "GRANT_STARTS_IN_PAST"},
      {changed([](auto& f) { f.valid_to = kToday; }), "GRANT_DATES_INVALID"},
      {changed([](auto& f) { f.valid_from = absl::CivilDay(2029, 1, 1); }), "DATE_TOO_FAR"},
      {changed([](auto& f) { f.valid_to = absl::CivilDay(2029, 1, 1); }), "DATE_TOO_FAR"},
      {changed([](auto& f) { f.decision = std::string(300, 'x'); }), "TEXT_TOO_LONG"}};
  for (const auto& [fields, reason] : rows) {
    EXPECT_THAT(RoleGrant::Create(fields, kToday), Refuses(reason)) << fields.principal;
  }
}

TEST(RoleGrant, LetsASystemBeWhateverItHasTo) {
  for (const Role role : {Role::kSystem, Role::kOffice, Role::kUnitStaff}) {
    EXPECT_THAT(RoleGrant::Create({.principal = "system:mot cua", .role = role}, kToday), IsOk());
  }
}

TEST(RoleGrant, EndsOnceAndNeverInThePast) {
  RoleGrant grant = Given(Head());
  EXPECT_THAT(grant.End(kToday - 1, kToday), Refuses("GRANT_ENDS_IN_PAST"));
  EXPECT_THAT(grant.End(absl::CivilDay(2029, 1, 1), kToday), Refuses("DATE_TOO_FAR"));
  ASSERT_THAT(grant.End(kToday + 10, kToday), IsOk());
  EXPECT_EQ(grant.state().valid_to, kToday + 10);
  EXPECT_THAT(grant.End(kToday + 10, kToday), Refuses("GRANT_ENDED"));
  EXPECT_THAT(grant.End(kToday + 11, kToday), Refuses("GRANT_ENDED"));
  // Earlier than was said is possible.
  ASSERT_THAT(grant.End(std::nullopt, kToday), IsOk());
  EXPECT_EQ(grant.state().valid_to, kToday);
}

TEST(RoleGrant, ThatHasNotBegunEndsBeforeItBegins) {
  NewRoleGrant fields = Head();
  fields.valid_from = kToday + 5;
  RoleGrant grant = Given(fields);
  EXPECT_THAT(grant.End(kToday + 4, kToday), Refuses("GRANT_DATES_INVALID"));
  ASSERT_THAT(grant.End(std::nullopt, kToday), IsOk());
  EXPECT_EQ(grant.state().valid_to, kToday + 5);
  EXPECT_FALSE(grant.Overlaps(Given(Head())));
}

TEST(RoleGrant, OverlapsWhereBothHoldOnSomeDay) {
  NewRoleGrant first = Head();
  first.valid_to = kToday + 10;
  NewRoleGrant later = Head();
  later.valid_from = kToday + 10;
  EXPECT_FALSE(Given(first).Overlaps(Given(later)));
  EXPECT_FALSE(Given(later).Overlaps(Given(first)));
  later.valid_from = kToday + 9;
  EXPECT_TRUE(Given(first).Overlaps(Given(later)));
  EXPECT_TRUE(Given(later).Overlaps(Given(first)));
}

TEST(RoleGrant, IsStandingOfficeOnlyForTheWholeRegisterWithoutAnEnd) {
  NewRoleGrant office{.principal = "person:an", .role = Role::kOffice};
  EXPECT_TRUE(Given(office).IsStandingOffice());
  office.unit = "phong-a";
  EXPECT_FALSE(Given(office).IsStandingOffice());
  office.unit = "";
  office.valid_to = kToday + 1;
  EXPECT_FALSE(Given(office).IsStandingOffice());
  EXPECT_FALSE(Given({.principal = "person:an", .role = Role::kDirector}).IsStandingOffice());
}

}  // namespace
}  // namespace dondoc::registry
