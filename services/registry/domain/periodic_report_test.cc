#include "services/registry/domain/periodic_report.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using testing::IsOk;
using testing::Refuses;

// "Báo cáo định kỳ (quý I, quý II, 6 tháng, năm) và các báo cáo đột xuất"
std::vector<PlanReport> PrintedIn2023() {
  return {{ReportKind::kQuarter, 1, "quý I"},
          {ReportKind::kQuarter, 2, "quý II"},
          {ReportKind::kSixMonths, 0, "6 tháng"},
          {ReportKind::kYear, 0, "năm"},
          {ReportKind::kAdHoc, 0, "đột xuất"}};
}

struct Owed {
  const char* period;
  const char* label;
  CivilDay window_start;
  CivilDay window_end;
  CivilDay due;
};

TEST(ReportsOwed, AreThoseThatThePlanPrints) {
  const std::vector<Owed> expected = {
      {"2023-Q1", "quý I", CivilDay(2022, 12, 15), CivilDay(2023, 3, 14), CivilDay(2023, 3, 12)},
      {"2023-Q2", "quý II", CivilDay(2023, 3, 15), CivilDay(2023, 6, 14), CivilDay(2023, 6, 12)},
      {"2023-H1", "6 tháng", CivilDay(2022, 12, 15), CivilDay(2023, 6, 14), CivilDay(2023, 6, 12)},
      {"2023", "năm", CivilDay(2022, 12, 15), CivilDay(2023, 12, 14), CivilDay(2023, 12, 12)},
  };
  const auto reports = ReportsOwed("cchc-2023", 2023, PrintedIn2023());
  ASSERT_EQ(reports.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(NameOf(reports[i].key), std::string("plans/cchc-2023/reports/") + expected[i].period);
    EXPECT_EQ(reports[i].label, expected[i].label);
    EXPECT_EQ(reports[i].window_start, expected[i].window_start);
    EXPECT_EQ(reports[i].window_end, expected[i].window_end);
    EXPECT_EQ(reports[i].due, expected[i].due);
  }
}

TEST(ReportsOwed, AreCountedOncePerPeriod) {
  EXPECT_EQ(
      ReportsOwed("p", 2023, {{ReportKind::kYear, 0, "năm"}, {ReportKind::kYear, 0, "cả năm"}})
          .size(),
      1u);
  EXPECT_EQ(ReportsOwed("p", 2023, {{ReportKind::kMonth, 0, "tháng"}}).size(), 12u);
  EXPECT_TRUE(ReportsOwed("p", 2023, {{ReportKind::kAdHoc, 0, "đột xuất"}}).empty());
}

TEST(DeliverPeriodicReport, HappensOncePerUnit) {
  PeriodicReport report = ReportsOwed("p", 2023, PrintedIn2023())[0];
  ASSERT_THAT(report.Deliver("van-phong", " 12/BC-VP ", CivilDay(2023, 3, 10)), IsOk());
  EXPECT_EQ(report.deliveries[0].document_number, "12/BC-VP");
  EXPECT_THAT(report.Deliver("van-phong", "", CivilDay(2023, 3, 11)), Refuses("REPORT_DELIVERED"));
  EXPECT_THAT(report.Deliver("chi-cuc", "", CivilDay(2023, 3, 13)), IsOk());
  EXPECT_EQ(report.deliveries.size(), 2u);
}

TEST(ReschedulePeriodicReport, RefusesWhatIsNoNewDeadline) {
  PeriodicReport report = ReportsOwed("p", 2023, PrintedIn2023())[0];
  const CivilDay today(2023, 2, 1);
  EXPECT_THAT(report.Reschedule(CivilDay(2022, 12, 14), today), Refuses("DUE_BEFORE_WINDOW"));
  EXPECT_THAT(report.Reschedule(CivilDay(2023, 3, 12), today), Refuses("DEADLINE_UNCHANGED"));
  EXPECT_THAT(report.Reschedule(CivilDay(2029, 1, 1), today), Refuses("DATE_TOO_FAR"));
  EXPECT_THAT(report.Reschedule(CivilDay(2023, 3, 15), today), IsOk());
  EXPECT_EQ(report.due, CivilDay(2023, 3, 15));
}

}  // namespace
}  // namespace dondoc::registry
