#include "libs/identity/grants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc::identity {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const absl::CivilDay kToday(2023, 6, 1);
const MethodRule kSubtreeRule = {
    .method = "x/Y", .roles = {Role::kUnitHead, Role::kUnitStaff}, .scope = Scope::kSubtree};

UnitTree SmallTree() {
  UnitTree tree;
  tree.Put({.name = "units/a"});
  tree.Put({.name = "units/b", .parent = "units/a"});
  tree.Put({.name = "units/c", .parent = "units/b", .valid_to = absl::CivilDay(2023, 1, 1)});
  tree.Put({.name = "units/d"});
  return tree;
}

TEST(UnitTree, KeepsWhatADissolvedUnitLeftWithTheOneAbove) {
  EXPECT_THAT(SmallTree().SubtreeOf("units/a"), ElementsAre("units/a", "units/b", "units/c"));
  EXPECT_THAT(SmallTree().SubtreeOf("units/unknown"), ElementsAre("units/unknown"));
}

TEST(UnitTree, FollowsAUnitThatMovesAndEndsOnACycle) {
  UnitTree tree = SmallTree();
  tree.Put({.name = "units/b", .parent = "units/d"});
  EXPECT_THAT(tree.SubtreeOf("units/a"), ElementsAre("units/a"));
  EXPECT_THAT(tree.SubtreeOf("units/d"), ElementsAre("units/b", "units/c", "units/d"));
  tree.Put({.name = "units/d", .parent = "units/c"});
  EXPECT_EQ(tree.SubtreeOf("units/d").size(), 3u);
}

TEST(Allows, JoinsTheUnitsOfAllGrantsThatCarryTheRole) {
  const std::vector<Grant> grants = {
      {.principal = "person:an", .role = Role::kUnitHead, .unit = "units/b"},
      {.principal = "person:an", .role = Role::kUnitStaff, .unit = "units/d"},
      {.principal = "person:an", .role = Role::kInspector, .unit = "units/a"}};
  const auto reach = Allows("person:an", grants, kSubtreeRule, SmallTree(), kToday);
  ASSERT_THAT(reach, IsOk());
  EXPECT_EQ(reach->kind, Reach::Kind::kUnits);
  EXPECT_THAT(reach->units, UnorderedElementsAre("units/b", "units/c", "units/d"));
  EXPECT_THAT(CheckUnit(*reach, "units/a"), Refuses("OUT_OF_SCOPE"));
}

TEST(Allows, GivesWhatIsOnesOwnForASelfMethodAndNoUnit) {
  MethodRule rule = kSubtreeRule;
  rule.scope = Scope::kSelf;
  const auto reach =
      Allows("person:an", {{.principal = "person:an", .role = Role::kUnitHead, .unit = "units/b"}},
             rule, SmallTree(), kToday);
  ASSERT_THAT(reach, IsOk());
  EXPECT_EQ(reach->kind, Reach::Kind::kOwn);
  EXPECT_FALSE(reach->Contains("units/b"));
}

TEST(Allows, GoesByTheDay) {
  const std::vector<Grant> grants = {{.principal = "person:an",
                                      .role = Role::kUnitHead,
                                      .unit = "units/b",
                                      .valid_from = kToday,
                                      .valid_to = kToday + 1}};
  const UnitTree tree = SmallTree();
  EXPECT_THAT(Allows("person:an", grants, kSubtreeRule, tree, kToday - 1), Refuses("NO_GRANT"));
  EXPECT_THAT(Allows("person:an", grants, kSubtreeRule, tree, kToday), IsOk());
  EXPECT_THAT(Allows("person:an", grants, kSubtreeRule, tree, kToday + 1), Refuses("NO_GRANT"));
}

TEST(CheckGrant, RefusesWhatNamesNobodyOrNoDays) {
  const Grant good = {
      .principal = "person:an", .unit = "units/b", .valid_from = kToday, .valid_to = kToday + 1};
  EXPECT_THAT(CheckGrant(good), IsOk());
  for (const char* principal : {"", "an", "person:", "root:an"}) {
    Grant grant = good;
    grant.principal = principal;
    EXPECT_THAT(CheckGrant(grant), Refuses("GRANT_PRINCIPAL_INVALID")) << principal;
  }
  for (const char* unit : {"b", "units/", "plans/x"}) {
    Grant grant = good;
    grant.unit = unit;
    EXPECT_THAT(CheckGrant(grant), Refuses("GRANT_UNIT_INVALID")) << unit;
  }
  Grant grant = good;
  grant.valid_to = kToday;
  EXPECT_THAT(CheckGrant(grant), Refuses("GRANT_DATES_INVALID"));
}

}  // namespace
}  // namespace dondoc::identity
