#include "services/registry/domain/plan/duties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Duties Read(absl::string_view item, Problems& problems) {
  const std::string text =
      absl::StrCat("III. TỔ CHỨC THỰC HIỆN\n1. Văn phòng Sở:\na) ", item, "\n");
  return ReadDuties(OutlineOf(LinesOf(text).lines).parts.at(0), problems);
}

std::vector<PlanReport> ReportsIn(absl::string_view item) {
  Problems problems;
  const Duties duties = Read(item, problems);
  EXPECT_TRUE(problems.empty());
  return duties.reports;
}

TEST(ReadDuties, NamesClauseOwnerAndText) {
  Problems problems;
  const Duties duties = Read("Theo dõi việc thực hiện.", problems);
  EXPECT_THAT(duties.duties, ElementsAre(PlanDuty{.clause = "III.1.a",
                                                  .owner = "Văn phòng Sở",
                                                  .text = "Theo dõi việc thực hiện."}));
  EXPECT_EQ(duties.reports_clause, "");
  EXPECT_EQ(duties.inspection_share, std::nullopt);
}

TEST(ReadDuties, ReadsTheReportsInBrackets) {
  EXPECT_THAT(ReportsIn("Báo cáo định kỳ (quý I, quý II, 6 tháng, năm) và các báo cáo đột xuất."),
              ElementsAre(PlanReport{.kind = ReportKind::kQuarter, .quarter = 1, .text = "quý I"},
                          PlanReport{.kind = ReportKind::kQuarter, .quarter = 2, .text = "quý II"},
                          PlanReport{.kind = ReportKind::kSixMonths, .text = "6 tháng"},
                          PlanReport{.kind = ReportKind::kYear, .text = "năm"},
                          PlanReport{.kind = ReportKind::kAdHoc, .text = "báo cáo đột xuất"}));
}

TEST(ReadDuties, ReadsThemWithoutBracketsToo) {
  EXPECT_THAT(ReportsIn("Báo cáo định kỳ quý I, 6 tháng, 9 tháng, năm và đột xuất cho Sở Nội vụ."),
              ElementsAre(PlanReport{.kind = ReportKind::kQuarter, .quarter = 1, .text = "quý I"},
                          PlanReport{.kind = ReportKind::kSixMonths, .text = "6 tháng"},
                          PlanReport{.kind = ReportKind::kNineMonths, .text = "9 tháng"},
                          PlanReport{.kind = ReportKind::kYear, .text = "năm"},
                          PlanReport{.kind = ReportKind::kAdHoc, .text = "đột xuất"}));
  EXPECT_THAT(ReportsIn("Báo cáo định kỳ theo quy định."), IsEmpty());
}

TEST(ReadDuties, RefusesAPeriodThatIsNone) {
  for (const absl::string_view item :
       {"Báo cáo định kỳ (quý I, quý V, năm).", "Báo cáo định kỳ (quý I, khi cần)."}) {
    Problems problems;
    Read(item, problems);
    ASSERT_EQ(problems.all().size(), 1u) << item;
    EXPECT_EQ(problems.all()[0].reason, "REPORT_PERIOD_NOT_UNDERSTOOD");
    EXPECT_EQ(problems.all()[0].details.at("clause"), "III.1.a");
  }
}

TEST(ReadDuties, ReadsTheLeastShareOfUnitsToInspect) {
  Problems problems;
  const Duties duties = Read("Theo dõi; đảm bảo kiểm tra ít nhất 30% số phòng, đơn vị.", problems);
  ASSERT_TRUE(duties.inspection_share.has_value());
  EXPECT_EQ(
      *duties.inspection_share,
      (InspectionShare{.clause = "III.1.a",
                       .owner = "Văn phòng Sở",
                       .bound = {.comparator = Comparator::kAtLeast, .value = Decimal::OfWhole(30)},
                       .of = "số phòng, đơn vị"}));
}

}  // namespace
}  // namespace dondoc::registry::plan
