#include "services/registry/rpc/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/registry/rpc/testing/plan_test_base.h"
#include "services/registry/store/plans.h"

namespace dondoc::registry {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using ::testing::ElementsAre;

using Stub = pb::RegistryService::Stub;

class GroupsTest : public testing::PlanTestBase {
 protected:
  absl::StatusOr<pb::SetGroupRuleResponse> SetRule(const std::string& rule) {
    return Call(&Stub::SetGroupRule, "plan: 'plans/p' " + rule);
  }
};

TEST_F(GroupsTest, ResolvingObligesEachUnitForEachPhase) {
  const int64_t before = database_->LastSequence();
  const auto resolved = Resolve(
      2,
      "units: 'units/phong-a' units: 'units/phong-b' "
      "exclusions { unit: 'units/chi-cuc' reason: 'không có thủ tục nội bộ' } etag: '\"1\"'");
  ASSERT_THAT(resolved, IsOk());
  EXPECT_EQ(resolved->assignments_size(), 2);
  EXPECT_EQ(resolved->task().phases(0).assignment_count(), 2);
  EXPECT_EQ(resolved->task().resolution().actor(), "office");
  EXPECT_EQ(resolved->task().resolution().exclusions(0).unit(), "units/chi-cuc");
  EXPECT_FALSE(resolved->task().resolution().by_rule());
  EXPECT_THAT(EventsAfter(before),
              ElementsAre("assignment.opened " + AssignmentName(2, 1, "phong-a") + " 1",
                          "assignment.opened " + AssignmentName(2, 1, "phong-b") + " 1",
                          "task.resolved plans/p/tasks/2 2"));
}

TEST_F(GroupsTest, ResolvingAgainReleasesBringsBackAndCountsAnew) {
  Must(Resolve(2, "units: 'units/phong-a' units: 'units/phong-b'"));
  Must(Resolve(2, "units: 'units/phong-b' units: 'units/chi-cuc'"));
  EXPECT_TRUE(Assignment(AssignmentName(2, 1, "phong-a")).cancelled());
  EXPECT_EQ(Call(&Stub::ListAssignments, "parent: 'plans/p/tasks/2'")->assignments_size(), 2);
  EXPECT_THAT(Report(AssignmentName(2, 1, "phong-a"), 5), Refuses("ASSIGNMENT_CLOSED"));

  const auto again = Resolve(2, "units: 'units/phong-a'");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->task().phases(0).assignment_count(), 1);
  const pb::Assignment back = Assignment(AssignmentName(2, 1, "phong-a"));
  EXPECT_FALSE(back.cancelled());
  EXPECT_EQ(back.etag(), "\"3\"");
}

TEST_F(GroupsTest, NobodyIsReleasedAfterSubmitting) {
  Must(Resolve(2, "units: 'units/phong-a'"));
  Must(Submit(AssignmentName(2, 1, "phong-a")));
  const int64_t before = database_->LastSequence();
  EXPECT_THAT(Resolve(2, "units: 'units/phong-b'"), Refuses("ASSIGNMENT_ALREADY_SUBMITTED"));
  EXPECT_EQ(database_->LastSequence(), before);
  EXPECT_THAT(Resolve(2, "units: 'units/phong-a' units: 'units/phong-b'"), IsOk());
}

TEST_F(GroupsTest, WhoCannotBeObligedIsRefused) {
  const int64_t before = database_->LastSequence();
  EXPECT_THAT(Resolve(2, ""), Refuses("FIELD_MISSING"));
  EXPECT_THAT(Resolve(2, "units: 'units/vp-ubnd'"), Refuses("UNIT_EXTERNAL"));
  EXPECT_THAT(Resolve(2, "units: 'units/nobody'"), Refuses("UNIT_NOT_FOUND"));
  EXPECT_THAT(Resolve(2, "units: 'units/phong-a' exclusions { unit: 'units/nobody' reason: 'x' }"),
              Refuses("UNIT_NOT_FOUND"));
  EXPECT_THAT(Resolve(1, "units: 'units/phong-a'"), Refuses("TASK_NOT_LED_BY_GROUP"));
  EXPECT_THAT(Resolve(9, "units: 'units/phong-a'"), Refuses("TASK_NOT_FOUND"));
  EXPECT_THAT(Resolve(2, "units: 'units/phong-a' etag: '\"5\"'"), Refuses("ETAG_STALE"));
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(GroupsTest, ARuleResolvesEveryTaskOfItsGroupThatNobodyResolvedByHand) {
  Must(Resolve(5, "units: 'units/phong-b'"));
  // Other case, a dot, and nothing but the group's words.
  const auto ruled = SetRule(
      "group_text: 'CÁC ĐƠN VỊ.' kinds: UNIT_KIND_DIVISION "
      "units: 'units/chi-cuc'");
  ASSERT_THAT(ruled, IsOk());
  EXPECT_EQ(ruled->resolved_task_count(), 1);
  EXPECT_EQ(ruled->assignment_count(), 3);
  EXPECT_TRUE(Task(3).resolution().by_rule());
  EXPECT_THAT(Task(3).resolution().units(),
              ElementsAre("units/chi-cuc", "units/phong-a", "units/phong-b"));
  EXPECT_EQ(Task(5).phases(0).assignment_count(), 1);
  const pb::Plan plan = Call(&Stub::GetPlan, "name: 'plans/p'")->plan();
  ASSERT_EQ(plan.group_rules_size(), 1);
  EXPECT_EQ(plan.group_rules(0).group_text(), "Các đơn vị");
  EXPECT_EQ(plan.etag(), "\"2\"");
  // What a new unit of that kind is warned about.
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    const auto groups = GroupsOfKind(snapshot, UnitKind::kDivision);
    EXPECT_EQ(groups.size(), 1u);
    EXPECT_EQ(groups.at(0).group_text, "Các đơn vị");
    EXPECT_TRUE(GroupsOfKind(snapshot, UnitKind::kOffice).empty());
    return absl::OkStatus();
  }),
              IsOk());
}

TEST_F(GroupsTest, SettingTheRuleAgainObligesUnitsThatAreNew) {
  Must(SetRule("group_text: 'Các đơn vị' kinds: UNIT_KIND_DIVISION"));
  EXPECT_EQ(Task(3).phases(0).assignment_count(), 2);
  Must(
      AddUnit("name: 'units/phong-c' display_name: 'Phòng C' kind: UNIT_KIND_DIVISION "
              "valid_from: '2023-02-01'"));
  EXPECT_EQ(Task(3).phases(0).assignment_count(), 2);
  const auto again = SetRule("group_text: 'Các đơn vị' kinds: UNIT_KIND_DIVISION");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->resolved_task_count(), 2);
  EXPECT_EQ(again->assignment_count(), 2);
  EXPECT_EQ(Task(3).phases(0).assignment_count(), 3);
  EXPECT_EQ(Call(&Stub::GetPlan, "name: 'plans/p'")->plan().group_rules_size(), 1);
}

TEST_F(GroupsTest, ARuleThatMeansNobodyIsRefused) {
  const int64_t before = database_->LastSequence();
  EXPECT_THAT(SetRule("group_text: 'Các hội' kinds: UNIT_KIND_DIVISION"), Refuses("GROUP_UNKNOWN"));
  EXPECT_THAT(SetRule("group_text: 'Các đơn vị'"), Refuses("FIELD_MISSING"));
  EXPECT_THAT(SetRule("group_text: 'Các đơn vị' kinds: UNIT_KIND_EXTERNAL"),
              Refuses("ENUM_INVALID"));
  EXPECT_THAT(SetRule("group_text: 'Các đơn vị' kinds: UNIT_KIND_INSPECTORATE"),
              Refuses("GROUP_EMPTY"));
  EXPECT_THAT(SetRule("group_text: 'Các đơn vị' units: 'units/vp-ubnd'"), Refuses("UNIT_EXTERNAL"));
  EXPECT_EQ(database_->LastSequence(), before);
}

// ---- Units that end -------------------------------------------------------------------------

TEST_F(GroupsTest, OpenWorkOfADissolvedUnitPassesToItsSuccessor) {
  Must(Resolve(2, "units: 'units/phong-a' units: 'units/phong-b'"));
  Must(Resolve(3, "units: 'units/phong-a'"));
  Must(Report(AssignmentName(3, 1, "phong-a"), 40));
  EXPECT_THAT(Call(&Stub::DissolveUnit, "name: 'units/phong-a' valid_to: '2023-02-06'"),
              Refuses("UNIT_HAS_OPEN_ASSIGNMENTS"));
  EXPECT_THAT(Call(&Stub::DissolveUnit,
                   "name: 'units/phong-a' valid_to: '2023-02-06' successor: 'units/vp-ubnd'"),
              Refuses("UNIT_EXTERNAL"));

  const int64_t before = database_->LastSequence();
  const auto gone = Call(&Stub::DissolveUnit,
                         "name: 'units/phong-a' valid_to: '2023-02-06' successor: 'units/phong-b'");
  ASSERT_THAT(gone, IsOk());
  EXPECT_EQ(gone->assignments_moved(), 1);
  EXPECT_EQ(gone->assignments_merged(), 1);
  EXPECT_THAT(EventsAfter(before),
              ElementsAre("unit.dissolved units/phong-a 2",
                          "assignment.cancelled " + AssignmentName(2, 1, "phong-a") + " 2",
                          "assignment.cancelled " + AssignmentName(3, 1, "phong-a") + " 3",
                          "assignment.opened " + AssignmentName(3, 1, "phong-b") + " 1",
                          "task.progressed plans/p/tasks/2 3"));
  EXPECT_EQ(Task(2).phases(0).assignment_count(), 1);
  EXPECT_EQ(Task(3).phases(0).assignment_count(), 1);
  const pb::Assignment taken = Assignment(AssignmentName(3, 1, "phong-b"));
  EXPECT_EQ(taken.taken_over_from(), "units/phong-a");
  EXPECT_EQ(taken.percent(), 40);
}

TEST_F(GroupsTest, AUnitThatEndedTakesNoNewWork) {
  Must(Call(&Stub::DissolveUnit, "name: 'units/phong-a' valid_to: '2023-06-01'"));
  EXPECT_THAT(Resolve(2, "units: 'units/phong-a'"), Refuses("UNIT_NOT_VALID"));
  const auto ruled = SetRule("group_text: 'Các đơn vị' kinds: UNIT_KIND_DIVISION");
  ASSERT_THAT(ruled, IsOk());
  EXPECT_THAT(Task(3).resolution().units(), ElementsAre("units/phong-b"));
}

}  // namespace
}  // namespace dondoc::registry
