#include "services/kpi/events/handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/directory.h"
#include "services/kpi/testing/kpi_fixture.h"

namespace dondoc::kpi {
namespace {

namespace reg = ::dondoc::registry::v1;

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::testing::SizeIs;

reg::Target* AddTarget(reg::Plan& plan, const std::string& id, const std::string& value,
                       const std::string& task) {
  reg::Target* target = plan.add_targets();
  target->set_name("plans/cchc-2023/targets/" + id);
  target->set_clause(id);
  target->set_text("Chỉ tiêu " + id);
  target->set_indicator("Chỉ số " + id);
  target->set_kind(reg::TARGET_KIND_NUMERIC);
  target->set_comparator(reg::COMPARATOR_AT_LEAST);
  target->set_value(value);
  target->set_unit("%");
  target->set_due_date("2023-12-31");
  if (!task.empty()) target->add_tasks("plans/cchc-2023/tasks/" + task);
  return target;
}

reg::PlanChanged PlanOfTheYear() {
  reg::PlanChanged event;
  reg::Plan& plan = *event.mutable_plan();
  plan.set_name("plans/cchc-2023");
  plan.set_year(2023);
  plan.set_inspection_share("30");
  AddTarget(plan, "I.2.d", "86", "14");
  AddTarget(plan, "I.3.b", "86", "3");
  AddTarget(plan, "T14", "85", "14");
  reg::Target* staff = AddTarget(plan, "I.3.a", "", "21");
  staff->set_kind(reg::TARGET_KIND_BY_REFERENCE);
  staff->set_reference("Kế hoạch số 166/KH-UBND");
  staff->clear_comparator();
  reg::Target* structure = AddTarget(plan, "I.4", "", "27");
  structure->set_kind(reg::TARGET_KIND_QUALITATIVE);
  structure->clear_comparator();
  structure->clear_unit();
  return event;
}

// What one assignment looks like in its events.
struct Work {
  std::string unit = "van-phong";
  std::string due = "2023-07-31";
  reg::Progress progress = reg::PROGRESS_NOT_STARTED;
  reg::Timeliness timeliness = reg::TIMELINESS_IN_TIME;
  std::string submitted = "";
  bool cancelled = false;
};

reg::AssignmentChanged AssignmentOf(const Work& work) {
  reg::AssignmentChanged event;
  reg::Assignment& assignment = *event.mutable_assignment();
  assignment.set_name("plans/cchc-2023/tasks/5/phases/1/assignments/" + work.unit);
  assignment.set_unit("units/" + work.unit);
  assignment.set_progress(work.progress);
  assignment.set_timeliness(work.timeliness);
  assignment.set_due_date(work.due);
  if (!work.submitted.empty()) {
    assignment.mutable_submission()->set_submitted_date(work.submitted);
  }
  assignment.set_cancelled(work.cancelled);
  return event;
}

class HandlersTest : public ::testing::Test {
 protected:
  HandlersTest() {
    kpi_.AddUnit("so");
    kpi_.AddUnit("van-phong", "so");
    kpi_.AddUnit("chi-cuc", "so");
  }

  void Assign(const Work& work) {
    ASSERT_THAT(kpi_.Deliver("dondoc.registry.assignment.reported", AssignmentOf(work)), IsOk());
  }

  // "on time/counted" of the plan.
  std::string OnTime(const std::string& unit = "") {
    const auto value = kpi_.GetValue("cchc-2023-tasks-on-time", unit, "2023");
    EXPECT_THAT(value, IsOk());
    return value->value().numerator() + "/" + value->value().denominator();
  }

  v1::Target TargetNamed(const std::string& name) {
    const auto board = kpi_.GetBoard("cchc-2023");
    EXPECT_THAT(board, IsOk());
    for (const v1::BoardRow& row : board->rows()) {
      if (row.judgement().target().name() == name) return row.judgement().target();
    }
    ADD_FAILURE() << "no target " << name;
    return {};
  }

  KpiFixture kpi_{absl::CivilDay(2023, 7, 15)};
};

TEST_F(HandlersTest, APlanBecomesIndicatorsAndTargets) {
  ASSERT_THAT(kpi_.Deliver("dondoc.registry.plan.imported", PlanOfTheYear()), IsOk());
  const auto board = kpi_.GetBoard("cchc-2023");
  ASSERT_THAT(board, IsOk());
  EXPECT_EQ(board->rows_size(), 6);
  const v1::Target first = TargetNamed("indicators/cchc-2023-i-2-d/targets/i-2-d");
  EXPECT_TRUE(first.conflicting());
  EXPECT_EQ(first.plan(), "plans/cchc-2023");
  EXPECT_EQ(first.effective_from(), "2023-01-01");
  EXPECT_EQ(TargetNamed("indicators/cchc-2023-i-2-d/targets/t14").value(), "85");
  EXPECT_FALSE(TargetNamed("indicators/cchc-2023-i-3-b/targets/i-3-b").conflicting());
  EXPECT_EQ(TargetNamed("indicators/cchc-2023-i-3-a/targets/i-3-a").reference(),
            "Kế hoạch số 166/KH-UBND");
  EXPECT_TRUE(TargetNamed("indicators/cchc-2023-i-4/targets/i-4").qualitative());
  EXPECT_EQ(TargetNamed("indicators/inspection-coverage/targets/cchc-2023").value(), "30");
  // Versions have no gap: each resource was published once, in its final form or step by step.
  for (const store::Event& event : kpi_.Events("dondoc.kpi.target.set")) {
    EXPECT_EQ(event.version, 1) << event.name;
  }
}

TEST_F(HandlersTest, TheSamePlanAgainChangesNothing) {
  ASSERT_THAT(kpi_.Deliver("dondoc.registry.plan.imported", PlanOfTheYear()), IsOk());
  const int64_t sequence = kpi_.database().LastSequence();
  ASSERT_THAT(kpi_.Deliver("dondoc.registry.plan.changed", PlanOfTheYear()), IsOk());
  EXPECT_EQ(kpi_.database().LastSequence(), sequence);
}

TEST_F(HandlersTest, AFigureThatTheOfficeEnteredOutlivesEventsAboutThePlan) {
  ASSERT_THAT(kpi_.Deliver("dondoc.registry.plan.imported", PlanOfTheYear()), IsOk());
  const std::string name = "indicators/cchc-2023-i-3-a/targets/i-3-a";
  v1::Target entered = TargetNamed(name);
  entered.set_comparator(v1::COMPARATOR_AT_MOST);
  entered.set_value("57");
  ASSERT_THAT(kpi_.SetTarget(entered), IsOk());
  reg::PlanChanged renumbered = PlanOfTheYear();
  renumbered.mutable_plan()->set_document_number("15/KH-SKHCN");
  ASSERT_THAT(kpi_.Deliver("dondoc.registry.plan.changed", renumbered), IsOk());
  EXPECT_EQ(TargetNamed(name).value(), "57");
  renumbered.mutable_plan()->mutable_targets(3)->set_text("Chỉ tiêu đã sửa");
  ASSERT_THAT(kpi_.Deliver("dondoc.registry.plan.changed", renumbered), IsOk());
  EXPECT_EQ(TargetNamed(name).value(), "") << "the plan itself says otherwise now";
  EXPECT_EQ(TargetNamed(name).etag(), "\"3\"");
}

TEST_F(HandlersTest, AnIndicatorDefinedByHandKeepsItsWayOfAddingUp) {
  v1::Indicator by_hand = Percentage("cchc-2023-i-2-d");
  by_hand.set_aggregation(v1::AGGREGATION_SUM);
  ASSERT_THAT(kpi_.Define(by_hand), IsOk());
  ASSERT_THAT(kpi_.Deliver("dondoc.registry.plan.imported", PlanOfTheYear()), IsOk());
  const auto board = kpi_.GetBoard("cchc-2023");
  EXPECT_EQ(board->rows(0).indicator().aggregation(), v1::AGGREGATION_SUM);
  EXPECT_EQ(board->rows(0).indicator().display_name(), "Chỉ số I.2.d");
  EXPECT_EQ(board->rows(0).indicator().etag(), "\"2\"");
}

TEST_F(HandlersTest, AnObligationCountsFromTheDayAfterItsDeadline) {
  Assign({.due = "2023-07-14"});
  EXPECT_EQ(OnTime(), "0/1");
  Assign({.unit = "chi-cuc", .due = "2023-07-15"});
  EXPECT_EQ(OnTime(), "0/1") << "the due day itself is still in time";
  Assign({.unit = "chi-cuc",
          .due = "2023-07-15",
          .progress = reg::PROGRESS_DONE,
          .timeliness = reg::TIMELINESS_DONE_ON_TIME,
          .submitted = "2023-07-15"});
  EXPECT_EQ(OnTime(), "1/2");
  EXPECT_EQ(OnTime("van-phong"), "0/1");
  EXPECT_EQ(OnTime("chi-cuc"), "1/1");
}

TEST_F(HandlersTest, WhatIsAcceptedLateStaysLate) {
  Assign({.due = "2023-07-01"});
  EXPECT_EQ(OnTime(), "0/1");
  Assign({.due = "2023-07-01",
          .progress = reg::PROGRESS_DONE,
          .timeliness = reg::TIMELINESS_DONE_LATE,
          .submitted = "2023-07-10"});
  EXPECT_EQ(OnTime(), "0/1");
}

TEST_F(HandlersTest, AMovedDeadlineTakesTheLatenessBack) {
  Assign({.due = "2023-07-01"});
  EXPECT_EQ(OnTime(), "0/1");
  Assign({.due = "2023-08-01"});
  EXPECT_EQ(OnTime(), "/");
  Assign({.due = "2023-08-01",
          .progress = reg::PROGRESS_DONE,
          .timeliness = reg::TIMELINESS_DONE_EARLY,
          .submitted = "2023-07-12"});
  EXPECT_EQ(OnTime(), "1/1");
}

TEST_F(HandlersTest, ASlowReviewerMakesNobodyLate) {
  Assign({.due = "2023-07-01", .progress = reg::PROGRESS_SUBMITTED, .submitted = "2023-06-30"});
  EXPECT_EQ(OnTime(), "/");
  Assign({.due = "2023-07-01", .progress = reg::PROGRESS_IN_PROGRESS, .submitted = "2023-06-30"});
  EXPECT_EQ(OnTime(), "0/1") << "returned";
}

TEST_F(HandlersTest, WhatNobodyOwesDoesNotCount) {
  Assign({.due = "2023-07-01"});
  Assign({.due = "2023-07-01", .cancelled = true});
  EXPECT_EQ(OnTime(), "/");
  Assign({.unit = "chi-cuc", .due = "2023-07-01", .progress = reg::PROGRESS_NOT_ARISING});
  EXPECT_EQ(OnTime(), "/");
}

TEST_F(HandlersTest, AnAssignmentWaitsForItsUnit) {
  EXPECT_THAT(kpi_.Deliver("dondoc.registry.assignment.opened",
                           AssignmentOf({.unit = "phong-moi", .due = "2023-07-01"})),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(HandlersTest, CoverageFollowsTheLastEventOfTheYear) {
  inspection::v1::CoverageChanged event;
  inspection::v1::Coverage& coverage = *event.mutable_coverage();
  coverage.set_year(2023);
  coverage.set_share("30");
  coverage.set_unit_count(11);
  coverage.set_concluded_count(3);
  ASSERT_THAT(kpi_.Deliver("dondoc.inspection.coverage.changed", event), IsOk());
  const auto three = kpi_.GetValue("inspection-coverage", "", "2023");
  EXPECT_EQ(three->value().numerator(), "3");
  EXPECT_EQ(three->value().rounded(), "27.27");
  ASSERT_EQ(three->judgements_size(), 1);
  EXPECT_EQ(three->judgements(0).verdict(), v1::VERDICT_BEHIND);

  kpi_.clock().Set(absl::CivilDay(2023, 8, 1));
  ASSERT_THAT(kpi_.Deliver("dondoc.inspection.coverage.changed", event), IsOk());
  EXPECT_EQ(kpi_.GetValue("inspection-coverage", "", "2023-M07")->value().numerator(), "3")
      << "the same counts stay where they came about";
  coverage.set_concluded_count(4);
  ASSERT_THAT(kpi_.Deliver("dondoc.inspection.coverage.changed", event), IsOk());
  const auto four = kpi_.GetValue("inspection-coverage", "", "2023");
  EXPECT_EQ(four->value().numerator(), "4");
  EXPECT_EQ(four->value().denominator(), "11");
  EXPECT_EQ(four->value().observation_count(), 1);
  EXPECT_EQ(four->judgements(0).verdict(), v1::VERDICT_ON_PACE);
}

TEST_F(HandlersTest, WhatCannotBeReadIsRefusedForGood) {
  const auto permanent = absl::StatusCode::kInvalidArgument;
  reg::UnitChanged unit;
  unit.mutable_unit()->set_name("units/x");
  EXPECT_THAT(kpi_.Deliver("dondoc.registry.plan.imported", unit), StatusIs(permanent));
  EXPECT_THAT(kpi_.Deliver("dondoc.registry.unit.added", unit), StatusIs(permanent)) << "no date";
  reg::PlanChanged plan = PlanOfTheYear();
  plan.mutable_plan()->set_year(23);
  EXPECT_THAT(kpi_.Deliver("dondoc.registry.plan.imported", plan), StatusIs(permanent));
  plan = PlanOfTheYear();
  plan.mutable_plan()->mutable_targets(0)->set_value("eighty-six");
  EXPECT_THAT(kpi_.Deliver("dondoc.registry.plan.imported", plan), StatusIs(permanent));
  inspection::v1::CoverageChanged coverage;
  coverage.mutable_coverage()->set_year(2023);
  coverage.mutable_coverage()->set_concluded_count(1);
  EXPECT_THAT(kpi_.Deliver("dondoc.inspection.coverage.changed", coverage), StatusIs(permanent));
}

// Who may do what is known here without asking the registry.
TEST(DirectoryEvents, AreKeptBesideTheFigures) {
  KpiFixture kpi(absl::CivilDay(2023, 7, 15));
  kpi.AddUnit("so", "", "2020-01-01");
  kpi.AddUnit("phong", "so", "2020-01-01");
  reg::GrantChanged given;
  given.mutable_grant()->set_name("grants/1");
  given.mutable_grant()->set_principal("person:an");
  given.mutable_grant()->set_role(reg::ROLE_AUDITOR);
  given.mutable_grant()->set_valid_from("2023-02-01");
  ASSERT_THAT(kpi.Deliver("dondoc.registry.grant.changed", given), IsOk());
  identity::Directory directory;
  ASSERT_THAT(kpi.database().Read([&](store::Snapshot& snapshot) {
    const auto view = directory.At(snapshot).value();
    EXPECT_THAT(view->GrantsOf("person:an"), SizeIs(1));
    EXPECT_THAT(view->tree().SubtreeOf("units/so"), SizeIs(2));
    return absl::OkStatus();
  }),
              IsOk());
}

}  // namespace
}  // namespace dondoc::kpi
