#include "services/registry/rpc/plans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "dondoc/registry/v1/events.pb.h"
#include "services/registry/rpc/testing/plan_test_base.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;

using Stub = pb::RegistryService::Stub;

class PlanSummaryTest : public testing::PlanTestBase {
 protected:
  pb::GetPlanSummaryResponse Summary(const std::string& as_of = "") {
    return Must(Call(&Stub::GetPlanSummary, absl::StrCat("name: 'plans/p' as_of: '", as_of, "'")));
  }
};

TEST_F(PlanSummaryTest, CountsObligationsAndNeverMeansOfPercentages) {
  // Section I: the Office twice. Section II: the Office and the Chi cục.
  pb::GetPlanSummaryResponse summary = Summary();
  EXPECT_EQ(summary.as_of(), "2023-02-06");
  EXPECT_EQ(summary.plan().open_in_time(), 4);
  EXPECT_EQ(summary.plan().silent(), 4);
  EXPECT_EQ(summary.plan().done_of_due(), "");
  EXPECT_EQ(summary.unresolved_task_count(), 3);
  EXPECT_EQ(summary.tasks().open_in_time(), 5);

  Must(Submit(AssignmentName(1, 1, "van-phong")));
  Must(Submit(AssignmentName(4, 1, "chi-cuc")));
  Must(Accept(AssignmentName(1, 1, "van-phong")));
  SetToday(CivilDay(2023, 5, 1));
  summary = Summary();
  EXPECT_EQ(summary.plan().done_in_time(), 1);
  EXPECT_EQ(summary.plan().done_early(), 1);
  EXPECT_EQ(summary.plan().open_in_time(), 3);
  EXPECT_EQ(summary.plan().waiting(), 1);
  EXPECT_EQ(summary.plan().silent(), 2);
  EXPECT_EQ(summary.plan().done_of_due(), "100");
  // Row 2 was due on 30/04 and nobody is obliged: the task is late all the same.
  EXPECT_EQ(summary.tasks().open_overdue(), 1);
  ASSERT_EQ(summary.sections_size(), 2);
  EXPECT_EQ(summary.sections(0).section(), "I");
  EXPECT_EQ(summary.sections(0).tally().done_in_time(), 1);
  EXPECT_EQ(summary.sections(0).tally().open_in_time(), 1);
  EXPECT_EQ(summary.sections(1).tally().open_in_time(), 2);
  ASSERT_EQ(summary.units_size(), 2);
  EXPECT_EQ(summary.units(0).unit(), "units/chi-cuc");
  EXPECT_EQ(summary.units(0).tally().waiting(), 1);
}

TEST_F(PlanSummaryTest, JudgesOpenWorkAsOfTheDayAskedFor) {
  EXPECT_EQ(Summary("2023-03-31").plan().open_overdue(), 0);
  EXPECT_EQ(Summary("2023-04-01").plan().open_overdue(), 1);
  const pb::GetPlanSummaryResponse after = Summary("2024-01-01");
  EXPECT_EQ(after.plan().open_overdue(), 4);
  EXPECT_EQ(after.plan().done_of_due(), "0");
  EXPECT_EQ(after.tasks().open_overdue(), 5);
  EXPECT_THAT(Call(&Stub::GetPlanSummary, "name: 'plans/p' as_of: '2023-02-30'"),
              Refuses("DATE_INVALID"));
  EXPECT_THAT(Call(&Stub::GetPlanSummary, "name: 'plans/q'"), Refuses("PLAN_NOT_FOUND"));
}

// ---- Periodic reports -----------------------------------------------------------------------

class ReportsTest : public testing::PlanTestBase {
 protected:
  absl::StatusOr<pb::DeliverPeriodicReportResponse> Deliver(const std::string& period,
                                                            const std::string& unit) {
    return Call(&Stub::DeliverPeriodicReport,
                absl::StrCat("name: 'plans/p/reports/", period, "' unit: 'units/", unit,
                             "' document_number: '3/BC-VP'"));
  }
};

TEST_F(ReportsTest, AreOwedAsThePlanPrintsThem) {
  const auto reports = Call(&Stub::ListPeriodicReports, "parent: 'plans/p'");
  ASSERT_THAT(reports, IsOk());
  ASSERT_EQ(reports->reports_size(), 4);
  const pb::PeriodicReport& first = reports->reports(0);
  EXPECT_EQ(first.name(), "plans/p/reports/2023-Q1");
  EXPECT_EQ(first.label(), "quý I");
  EXPECT_EQ(first.window_start(), "2022-12-15");
  EXPECT_EQ(first.window_end(), "2023-03-14");
  EXPECT_EQ(first.due_date(), "2023-03-12");
  EXPECT_THAT(Call(&Stub::ListPeriodicReports, "parent: 'plans/q'"), Refuses("PLAN_NOT_FOUND"));
}

TEST_F(ReportsTest, AreDeliveredOncePerUnit) {
  const auto delivered = Deliver("2023-Q1", "chi-cuc");
  ASSERT_THAT(delivered, IsOk());
  EXPECT_EQ(delivered->report().deliveries(0).delivered_date(), "2023-02-06");
  const int64_t before = database_->LastSequence();
  EXPECT_THAT(Deliver("2023-Q1", "chi-cuc"), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(Deliver("2023-Q1", "vp-ubnd"), Refuses("UNIT_EXTERNAL"));
  EXPECT_THAT(Deliver("2023-Q1", "nobody"), Refuses("UNIT_NOT_FOUND"));
  EXPECT_THAT(Deliver("2023-Q3", "chi-cuc"), Refuses("REPORT_NOT_FOUND"));
  EXPECT_THAT(Deliver("2023-Q5", "chi-cuc"), Refuses("RESOURCE_NAME_INVALID"));
  EXPECT_EQ(database_->LastSequence(), before);
  EXPECT_EQ(Deliver("2023-Q1", "van-phong")->report().deliveries_size(), 2);
}

TEST_F(ReportsTest, GetAnotherDeadline) {
  const std::string name = "name: 'plans/p/reports/2023-H1' ";
  const auto moved =
      Call(&Stub::ReschedulePeriodicReport, name + "due_date: '2023-06-15' etag: '\"1\"'");
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->report().due_date(), "2023-06-15");
  EXPECT_THAT(Call(&Stub::ReschedulePeriodicReport, name + "due_date: '2023-06-16' etag: '\"1\"'"),
              Refuses("ETAG_STALE"));
  EXPECT_THAT(Call(&Stub::ReschedulePeriodicReport, name + "due_date: '2023-06-15'"),
              Refuses("DEADLINE_UNCHANGED"));
}

// ---- The feed -------------------------------------------------------------------------------

TEST_F(ReportsTest, TheFeedGoesOnFromWhereItWasLeft) {
  grpc::ClientContext context;
  pb::WatchChangesRequest request;
  request.set_from_sequence(database_->LastSequence());
  auto reader = stub_->WatchChanges(&context, request);
  pb::WatchChangesResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.change().sequence(), request.from_sequence());
  Must(Deliver("2023", "chi-cuc"));
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.change().type(), "dondoc.registry.report.delivered");
  EXPECT_EQ(response.change().name(), "plans/p/reports/2023");
  pb::PeriodicReportChanged changed;
  ASSERT_TRUE(response.change().payload().UnpackTo(&changed));
  EXPECT_EQ(changed.report().deliveries_size(), 1);
  context.TryCancel();
}

}  // namespace
}  // namespace dondoc::registry
