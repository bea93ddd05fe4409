#include "services/registry/domain/plan/due_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace dondoc::registry::plan {
namespace {

struct Understood {
  std::string text;
  PeriodKind kind;
  absl::CivilDay start;
  absl::CivilDay end;
};
std::ostream& operator<<(std::ostream& out, const Understood& c) { return out << c.text; }

class OnePeriod : public ::testing::TestWithParam<Understood> {};

TEST_P(OnePeriod, HasTheWindowThatItSays) {
  const auto phases = ReadDueText(GetParam().text);
  ASSERT_TRUE(phases.has_value());
  ASSERT_EQ(phases->size(), 1u);
  const PlanPhase& phase = phases->front();
  EXPECT_EQ(phase.ordinal, 1);
  EXPECT_EQ(phase.label, "");
  EXPECT_EQ(phase.kind, GetParam().kind);
  EXPECT_EQ(phase.start, GetParam().start);
  EXPECT_EQ(phase.end, GetParam().end);
}

using Day = absl::CivilDay;

INSTANTIATE_TEST_SUITE_P(
    ReadDueText, OnePeriod,
    ::testing::Values(
        // The forms of the 2023 plan.
        Understood{"Trong năm 2023", PeriodKind::kYear, Day(2023, 1, 1), Day(2023, 12, 31)},
        Understood{"Trong năm 2023.", PeriodKind::kYear, Day(2023, 1, 1), Day(2023, 12, 31)},
        Understood{"Cả năm 2023.", PeriodKind::kYear, Day(2023, 1, 1), Day(2023, 12, 31)},
        Understood{"Quý IV/2023", PeriodKind::kQuarter, Day(2023, 10, 1), Day(2023, 12, 31)},
        Understood{"Quý III năm 2023.", PeriodKind::kQuarter, Day(2023, 7, 1), Day(2023, 9, 30)},
        Understood{"Quý III, IV năm 2023.", PeriodKind::kQuarters, Day(2023, 7, 1),
                   Day(2023, 12, 31)},
        Understood{"Tháng 7/2023.", PeriodKind::kMonth, Day(2023, 7, 1), Day(2023, 7, 31)},
        Understood{"Tháng 4/2023.", PeriodKind::kMonth, Day(2023, 4, 1), Day(2023, 4, 30)},
        // The forms another year may have.
        Understood{"Trước ngày 15/3/2024", PeriodKind::kUntilDate, Day(2024, 1, 1),
                   Day(2024, 3, 14)},
        Understood{"trước ngày 15 tháng 3 năm 2024", PeriodKind::kUntilDate, Day(2024, 1, 1),
                   Day(2024, 3, 14)},
        Understood{"Chậm nhất ngày 15/3/2024", PeriodKind::kUntilDate, Day(2024, 1, 1),
                   Day(2024, 3, 15)},
        Understood{"ngày 30/6/2024", PeriodKind::kDate, Day(2024, 6, 30), Day(2024, 6, 30)},
        Understood{"6 tháng đầu năm 2024", PeriodKind::kHalfYear, Day(2024, 1, 1),
                   Day(2024, 6, 30)},
        Understood{"6 tháng cuối năm 2024", PeriodKind::kHalfYear, Day(2024, 7, 1),
                   Day(2024, 12, 31)},
        Understood{"Quý I, II, III/2024", PeriodKind::kQuarters, Day(2024, 1, 1), Day(2024, 9, 30)},
        Understood{"Quý I - Quý III năm 2024", PeriodKind::kQuarters, Day(2024, 1, 1),
                   Day(2024, 9, 30)},
        Understood{"Quý I và quý II năm 2024", PeriodKind::kQuarters, Day(2024, 1, 1),
                   Day(2024, 6, 30)},
        Understood{"quý iv năm 2024", PeriodKind::kQuarter, Day(2024, 10, 1), Day(2024, 12, 31)},
        Understood{"QUÝ 2/2024", PeriodKind::kQuarter, Day(2024, 4, 1), Day(2024, 6, 30)},
        Understood{"tháng 02/2024", PeriodKind::kMonth, Day(2024, 2, 1), Day(2024, 2, 29)},
        Understood{"Từ tháng 3 đến tháng 6 năm 2024", PeriodKind::kMonths, Day(2024, 3, 1),
                   Day(2024, 6, 30)},
        Understood{"Năm 2024", PeriodKind::kYear, Day(2024, 1, 1), Day(2024, 12, 31)}));

class NotUnderstood : public ::testing::TestWithParam<std::string> {};

TEST_P(NotUnderstood, IsNothing) { EXPECT_EQ(ReadDueText(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(
    ReadDueText, NotUnderstood,
    ::testing::Values("", "-", "Quý V/2023", "Quý 5/2023", "Quý 0/2023", "Quý/2023",
                      "tháng 13/2023", "tháng 0/2023", "tháng 123/2023", "ngày 31/02/2023",
                      "ngày 29/2/2023", "31/12/2023", "Quý I/23", "Trong năm 23", "Trong năm",
                      "Trong năm 20233", "Trong năm 1900", "sớm nhất có thể", "Thường xuyên",
                      "Quý I, III/2023", "Quý IV, III/2023", "Quý III, III/2023",
                      "Quý III - Quý I/2023", "Từ tháng 6 đến tháng 3 năm 2023",
                      "Quý I/2023. Quý III/2023.", "Quý I/2023 Thực hiện: Trong năm 2023.",
                      "Thực hiện: sớm nhất có thể", "Thực hiện:", "Trong năm 2023 và 2024",
                      "khoảng tháng 7/2023", "Trong năm 2023.."));

TEST(ReadDueText, ReadsTwoPhasesWithTheirLabels) {
  const auto phases = ReadDueText("Ban hành kế hoạch: Quý I/2023. Thực hiện: Trong năm 2023.");
  ASSERT_TRUE(phases.has_value());
  EXPECT_EQ(*phases, (std::vector<PlanPhase>{{.ordinal = 1,
                                              .label = "Ban hành kế hoạch",
                                              .kind = PeriodKind::kQuarter,
                                              .start = Day(2023, 1, 1),
                                              .end = Day(2023, 3, 31),
                                              .text = "Quý I/2023"},
                                             {.ordinal = 2,
                                              .label = "Thực hiện",
                                              .kind = PeriodKind::kYear,
                                              .start = Day(2023, 1, 1),
                                              .end = Day(2023, 12, 31),
                                              .text = "Trong năm 2023"}}));
}

TEST(ReadDueText, DoesNotNeedTheDotBetweenTwoPhases) {
  EXPECT_EQ(ReadDueText("Ban hành kế hoạch: Quý I/2023 Thực hiện: Trong năm 2023."),
            ReadDueText("Ban hành kế hoạch: Quý I/2023. Thực hiện: Trong năm 2023."));
}

TEST(ReadDueText, AcceptsASemicolonBetweenPhasesAndOtherLabels) {
  const auto phases = ReadDueText("Xây dựng: tháng 2/2024; Trình duyệt: trước ngày 15/3/2024");
  ASSERT_TRUE(phases.has_value());
  ASSERT_EQ(phases->size(), 2u);
  EXPECT_EQ((*phases)[1].label, "Trình duyệt");
  EXPECT_EQ((*phases)[1].end, Day(2024, 3, 14));
}

}  // namespace
}  // namespace dondoc::registry::plan
