#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/directory.h"
#include "services/inspection/domain/test_department.h"
#include "services/inspection/events/day_watch.h"
#include "services/inspection/store/registry_copy.h"
#include "services/inspection/store/schema.h"
#include "services/inspection/testing/inspection_world.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using RegistryEvents = testing::InspectionWorld;

TEST_F(RegistryEvents, PublishTheCoverageOfAYearThatHasAPlan) {
  HearDepartment();
  EXPECT_THAT(EventsFrom(1), IsEmpty());
  HearPlan(2023, "30");
  EXPECT_THAT(EventsFrom(1), ElementsAre("coverage.changed programmes/2023/coverage 1"));
  EXPECT_EQ(PublishedCoverage(2023).unit_count(), 9);
  EXPECT_EQ(PublishedCoverage(2023).required_count(), 3);
  HearPlan(2023, "30");
  EXPECT_EQ(LastSequence(), 1);
  HearPlan(2023, "50");
  EXPECT_EQ(PublishedCoverage(2023).required_count(), 5);
}

TEST_F(RegistryEvents, OfADissolvedUnitRecountAndExplain) {
  HearDepartment();
  ApprovedProgramme();
  SetToday(absl::CivilDay(2023, 3, 1));
  const pb::Inspection inspection = Inspections()[0];
  Concluded(inspection.name());
  EXPECT_EQ(PublishedCoverage(2023).concluded_count(), 1);
  std::vector<Unit> units = testing::DepartmentUnits();
  for (Unit& unit : units) {
    if (unit.name != inspection.unit()) continue;
    unit.valid_to = absl::CivilDay(2023, 3, 1);
    unit.successor = "units/so";
    HearUnit(unit);
  }
  const pb::Coverage coverage = PublishedCoverage(2023);
  EXPECT_EQ(coverage.unit_count(), 8);
  EXPECT_EQ(coverage.concluded_count(), 0);
  EXPECT_THAT(coverage.unit_changes_vi(), Contains(HasSubstr("giải thể từ ngày 01/03/2023")));
  EXPECT_THAT(coverage.unit_changes_vi(), Contains("Số đơn vị: 9 → 8; phải kiểm tra: 3 → 3."));
}

TEST_F(RegistryEvents, ThatCannotBeReadAreRefusedForGood) {
  registry::v1::UnitChanged unit;
  unit.mutable_unit()->set_name("units/x");
  unit.mutable_unit()->set_kind(registry::v1::UNIT_KIND_DIVISION);
  EXPECT_THAT(Hear("dondoc.registry.unit.added", unit),
              StatusIs(absl::StatusCode::kInvalidArgument));
  unit.mutable_unit()->set_valid_from("2016-01-01");
  unit.mutable_unit()->set_kind(static_cast<registry::v1::UnitKind>(77));
  EXPECT_THAT(Hear("dondoc.registry.unit.added", unit),
              StatusIs(absl::StatusCode::kInvalidArgument));
  registry::v1::PlanChanged plan;
  plan.mutable_plan()->set_inspection_share("a third");
  EXPECT_THAT(Hear("dondoc.registry.plan.imported", plan),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(LastSequence(), 0);
}

TEST_F(RegistryEvents, OfASlowReviewMakeNobodyLate) {
  HearDepartment();
  registry::v1::AssignmentChanged changed;
  registry::v1::Assignment& assignment = *changed.mutable_assignment();
  assignment.set_name("plans/p/tasks/1/phases/1/assignments/khoa-hoc");
  assignment.set_unit("units/khoa-hoc");
  assignment.set_due_date("2023-01-31");
  assignment.set_progress(registry::v1::PROGRESS_SUBMITTED);
  assignment.mutable_submission()->set_submitted_date("2023-01-31");
  ASSERT_THAT(Hear("dondoc.registry.assignment.submitted", changed), IsOk());
  const auto late_count = [&] {
    pb::ProposeProgrammeRequest request = Proposal();
    request.set_validate_only(true);
    const auto proposed = Call(&Stub::ProposeProgramme, request);
    EXPECT_THAT(proposed, IsOk());
    int count = 0;
    for (const pb::Candidate& candidate : proposed->programme().candidates()) {
      count += candidate.late_count();
    }
    return count;
  };
  EXPECT_EQ(late_count(), 0);
  // Returned: the submission no longer counts.
  assignment.set_progress(registry::v1::PROGRESS_IN_PROGRESS);
  ASSERT_THAT(Hear("dondoc.registry.assignment.returned", changed), IsOk());
  EXPECT_EQ(late_count(), 1);
}

// Who may do what is known here without asking the registry.
TEST_F(RegistryEvents, FeedTheDirectoryOfRoles) {
  HearDepartment();
  registry::v1::GrantChanged given;
  given.mutable_grant()->set_name("grants/1");
  given.mutable_grant()->set_principal("person:an");
  given.mutable_grant()->set_role(registry::v1::ROLE_INSPECTOR);
  given.mutable_grant()->set_valid_from("2023-02-01");
  ASSERT_THAT(Hear("dondoc.registry.grant.changed", given), IsOk());
  registry::v1::SigningKeyChanged key;
  key.mutable_key()->set_name("keys/k1");
  key.mutable_key()->set_x("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  ASSERT_THAT(Hear("dondoc.registry.key.changed", key), IsOk());
  identity::Directory directory;
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    const auto view = directory.At(snapshot).value();
    EXPECT_EQ(view->GrantsOf("person:an").size(), 1u);
    EXPECT_TRUE(view->FindKey("k1").has_value());
    for (const Unit& unit : testing::DepartmentUnits()) {
      EXPECT_TRUE(view->tree().ExistsOn(unit.name, unit.valid_from)) << unit.name;
    }
    return absl::OkStatus();
  }),
              IsOk());
}

// A unit is to be dissolved in forty days, which a fast clock plays in two seconds; nobody does
// anything on that day, and yet the coverage is published.
TEST(DayWatch, PublishesWhatANewDayChanges) {
  const absl::Time start = StartOf(absl::CivilDay(2023, 2, 1));
  const SimulatedClock clock({.real_start = SystemClock().Now(),
                              .simulated_start = start,
                              .rate = 86'400 / 0.05,
                              .simulated_end = start + absl::Hours(24 * 60)});
  const Regulation regulation{.default_share = *Share::Parse("30")};
  dondoc::testing::TestDatabase database(identity::WithDirectory(inspection_schema()), clock);
  ASSERT_THAT(database->WriteAndWait([&](store::Transaction& transaction) {
    for (Unit unit : testing::DepartmentUnits()) {
      if (unit.name == "units/khoa-hoc") unit.valid_to = DateOf(start) + 40;
      SaveUnit(transaction, unit);
    }
    SavePlanShare(transaction,
                  {.plan = "plans/p", .year = 2023, .share = Share::Parse("30").value()});
    return absl::OkStatus();
  }),
              IsOk());
  const DayWatch watch(*database, clock, regulation);
  EXPECT_EQ(database->WaitForSequenceAfter(0, absl::Seconds(30)), 1) << "looks once at its start";
  ASSERT_EQ(database->WaitForSequenceAfter(1, absl::Seconds(30)), 2);
  std::vector<int> unit_counts;
  ASSERT_THAT(database->Read([&](store::Snapshot& snapshot) {
    for (const store::Event& event : store::ReadEvents(snapshot, 1, 10)) {
      pb::CoverageChanged changed;
      changed.ParseFromString(event.payload);
      unit_counts.push_back(changed.coverage().unit_count());
    }
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(unit_counts, ElementsAre(9, 8));
}

}  // namespace
}  // namespace dondoc::inspection
