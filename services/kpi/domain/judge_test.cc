#include "services/kpi/domain/judge.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc::kpi {
namespace {

using Day = absl::CivilDay;

using ::testing::HasSubstr;
using testing::IsOk;
using testing::Refuses;
using ::testing::StartsWith;

Decimal D(const std::string& text) { return Decimal::Parse(text).value(); }

ValueSum One(const std::string& numerator, const std::string& denominator) {
  return {.numerator = D(numerator),
          .denominator = D(denominator),
          .maximum = D(numerator),
          .count = 1};
}

ValueSum SumOf(const std::vector<ValueSum>& parts) {
  ValueSum sum;
  for (const ValueSum& part : parts) EXPECT_THAT(Add(part, sum), IsOk());
  return sum;
}

Indicator Share() {
  Indicator indicator;
  indicator.unit_of_measure = "%";
  indicator.factor = 100;
  return indicator;
}

Indicator Minutes() {
  Indicator indicator;
  indicator.unit_of_measure = "phút/lượt";
  indicator.aggregation = Aggregation::kMaximum;
  return indicator;
}

Target Of(Comparator comparator, const std::string& value) {
  Target target;
  target.comparator = comparator;
  target.value = D(value);
  target.effective_from = absl::CivilDay(2023, 1, 1);
  target.due_date = absl::CivilDay(2023, 12, 31);
  return target;
}

calendar::Window Days(const std::string& period_id) {
  const auto period = calendar::Period::FromId(period_id).value();
  return {period.first(), period.last()};
}

constexpr absl::CivilDay kAfter(2024, 1, 1);

std::string NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMet:
      return "MET";
    case Verdict::kNotMet:
      return "NOT_MET";
    case Verdict::kOnPace:
      return "ON_PACE";
    case Verdict::kBehind:
      return "BEHIND";
    case Verdict::kNoData:
      return "NO_DATA";
    case Verdict::kNotApplicable:
      return "NOT_APPLICABLE";
    case Verdict::kNotYetDue:
      return "NOT_YET_DUE";
    case Verdict::kNoTargetSet:
      return "NO_TARGET_SET";
  }
  return "?";
}

TEST(Judge, HoldsExactValuesAgainstExactTargets) {
  using enum Comparator;
  struct Row {
    const char* what;
    Indicator indicator;
    Comparator comparator;
    const char* target;
    std::vector<ValueSum> parts;
    const char* verdict;
  };
  const std::vector<Row> rows = {
      {"86 % against 86 in section I", Share(), kAtLeast, "86", {One("86", "100")}, "MET"},
      {"85.99 % against 86", Share(), kAtLeast, "86", {One("8599", "10000")}, "NOT_MET"},
      {"85.5 % fails 86", Share(), kAtLeast, "86", {One("171", "200")}, "NOT_MET"},
      {"85.5 % passes the 85 of row 14", Share(), kAtLeast, "85", {One("171", "200")}, "MET"},
      {"85 % passes row 14", Share(), kAtLeast, "85", {One("85", "100")}, "MET"},
      {"85.96 % is shown as 85.96, not 86",
       Share(),
       kAtLeast,
       "86",
       {One("85.96", "100")},
       "NOT_MET"},
      {"85.999 % rounds to 86 and fails",
       Share(),
       kAtLeast,
       "86",
       {One("85999", "100000")},
       "NOT_MET"},
      {"95 % is not more than 95", Share(), kGreater, "95", {One("95", "100")}, "NOT_MET"},
      {"95.01 % is", Share(), kGreater, "95", {One("9501", "10000")}, "MET"},
      {"95.000001 % is, by a hair", Share(), kGreater, "95", {One("95000001", "100000000")}, "MET"},
      {"25 minutes at most", Minutes(), kAtMost, "25", {One("25", "40")}, "MET"},
      {"25.01 minutes", Minutes(), kAtMost, "25", {One("25.01", "40")}, "NOT_MET"},
      {"one slow case among quick ones",
       Minutes(),
       kAtMost,
       "25",
       {One("10", "900"), One("26", "1"), One("5", "900")},
       "NOT_MET"},
      {"45 % of row 13", Share(), kAtLeast, "45", {One("9", "20")}, "MET"},
      {"3 of 10 units", Share(), kAtLeast, "30", {One("3", "10")}, "MET"},
      {"3 of 11 units", Share(), kAtLeast, "30", {One("3", "11")}, "NOT_MET"},
      {"29.999 % prints as 30", Share(), kAtLeast, "30", {One("29999", "100000")}, "NOT_MET"},
      {"1 of 10 self-financing units", Share(), kAtLeast, "10", {One("1", "10")}, "MET"},
      {"0 of 0", Share(), kAtLeast, "10", {One("0", "0")}, "NOT_APPLICABLE"},
      {"0 of 0, twice", Share(), kAtMost, "10", {One("0", "0"), One("0", "0")}, "NOT_APPLICABLE"},
      {"no case arose", Minutes(), kAtMost, "25", {One("0", "0")}, "NOT_APPLICABLE"},
      {"nothing arose in one unit only",
       Share(),
       kAtLeast,
       "50",
       {One("0", "0"), One("1", "2")},
       "MET"},
      {"0 of 10 is a zero, not nothing", Share(), kAtLeast, "10", {One("0", "10")}, "NOT_MET"},
      {"nobody said anything", Share(), kAtLeast, "10", {}, "NO_DATA"},
      {"9/10 and 0/90 are 9 %, not 45 %",
       Share(),
       kAtLeast,
       "10",
       {One("9", "10"), One("0", "90")},
       "NOT_MET"},
      {"9/10 and silence are 90 %", Share(), kAtLeast, "90", {One("9", "10")}, "MET"},
      {"1/2 and 1/2 are 50 %, not 2/5",
       Share(),
       kAtLeast,
       "50",
       {One("1", "2"), One("1", "2")},
       "MET"},
      {"more than 100 % is no error", Share(), kAtLeast, "100", {One("120", "100")}, "MET"},
      {"less than", Share(), kLess, "5", {One("5", "100")}, "NOT_MET"},
      {"less than, reached", Share(), kLess, "5", {One("4.99", "100")}, "MET"},
      {"exactly", Share(), kEqual, "100", {One("7", "7")}, "MET"},
      {"not exactly", Share(), kEqual, "100", {One("8", "7")}, "NOT_MET"},
  };
  for (const Row& row : rows) {
    const Judgement judgement = Judge(row.indicator, Of(row.comparator, row.target),
                                      SumOf(row.parts), Days("2023"), kAfter);
    EXPECT_EQ(NameOf(judgement.verdict), row.verdict) << row.what << ": " << judgement.reason.en;
    EXPECT_THAT(judgement.reason.vi, ::testing::EndsWith(".")) << row.what;
    EXPECT_THAT(judgement.reason.en, ::testing::EndsWith(".")) << row.what;
  }
}

TEST(Judge, IsFinalOnlyOnceTheLastDayIsOver) {
  struct Row {
    const char* what;
    const char* numerator;
    const char* period;
    absl::CivilDay today;
    const char* verdict;
  };
  const std::vector<Row> rows = {
      {"in June the year runs", "90", "2023", Day(2023, 6, 30), "ON_PACE"},
      {"in June, below", "80", "2023", Day(2023, 6, 30), "BEHIND"},
      {"the last day still counts", "80", "2023", Day(2023, 12, 31), "BEHIND"},
      {"the day after", "80", "2023", Day(2024, 1, 1), "NOT_MET"},
      {"the day after, reached", "86", "2023", Day(2024, 1, 1), "MET"},
      {"a quarter that is over", "80", "2023-Q1", Day(2023, 4, 1), "NOT_MET"},
      {"a quarter on its last day", "80", "2023-Q1", Day(2023, 3, 31), "BEHIND"},
      {"a month that is over", "90", "2023-M02", Day(2023, 3, 1), "MET"},
      {"a period after the target ended", "90", "2024", Day(2024, 2, 1), "NO_TARGET_SET"},
  };
  for (const Row& row : rows) {
    const Judgement judgement = Judge(Share(), Of(Comparator::kAtLeast, "86"),
                                      One(row.numerator, "100"), Days(row.period), row.today);
    EXPECT_EQ(NameOf(judgement.verdict), row.verdict) << row.what;
  }
}

TEST(Judge, IsFinalAfterADueDateWithinThePeriod) {
  Target target = Of(Comparator::kAtLeast, "100");
  target.due_date = absl::CivilDay(2023, 4, 30);
  const auto on = [&](absl::CivilDay today) {
    return NameOf(Judge(Share(), target, One("9", "10"), Days("2023"), today).verdict);
  };
  EXPECT_EQ(on(Day(2023, 4, 30)), "BEHIND");
  EXPECT_EQ(on(Day(2023, 5, 1)), "NOT_MET");
}

// "đạt 100% từ tháng 7 năm 2023": before July it is neither 0 % nor failed.
TEST(Judge, SaysNotYetDueBeforeTheTargetIsInForce) {
  Target target = Of(Comparator::kAtLeast, "100");
  target.effective_from = absl::CivilDay(2023, 7, 1);
  const auto judge = [&](const char* period, absl::CivilDay today) {
    return NameOf(Judge(Share(), target, One("1", "2"), Days(period), today).verdict);
  };
  EXPECT_EQ(judge("2023", Day(2023, 6, 30)), "NOT_YET_DUE");
  EXPECT_EQ(judge("2023", Day(2023, 7, 1)), "BEHIND");
  EXPECT_EQ(judge("2023-H1", Day(2023, 12, 1)), "NOT_YET_DUE");
  EXPECT_EQ(judge("2023-Q3", Day(2023, 12, 1)), "NOT_MET");
}

TEST(Judge, SaysNoTargetSetWhereThereIsNoFigure) {
  Target target = Of(Comparator::kAtLeast, "1");
  target.value.reset();
  const auto reason = [&] {
    const Judgement judgement = Judge(Share(), target, One("1", "2"), Days("2023"), kAfter);
    EXPECT_EQ(NameOf(judgement.verdict), "NO_TARGET_SET");
    return judgement.reason.vi;
  };
  EXPECT_THAT(reason(), StartsWith("Chưa giao chỉ tiêu: kế hoạch không nêu con số"));
  target.reference = "Kế hoạch số 166/KH-UBND";
  EXPECT_THAT(reason(), HasSubstr("Kế hoạch số 166/KH-UBND"));
  target.qualitative = true;
  EXPECT_THAT(reason(), HasSubstr("định tính"));
}

TEST(Judge, TellsTheExactFractionWhenTheRoundedFigureWouldMislead) {
  const auto reason = [](const Indicator& indicator, const Target& target, const ValueSum& sum) {
    return Judge(indicator, target, sum, Days("2023"), kAfter).reason;
  };
  const Sentence missed = reason(Share(), Of(Comparator::kAtLeast, "86"), One("85999", "100000"));
  EXPECT_EQ(missed.vi,
            "Không đạt: 86% (85999/100000) là số đã làm tròn, giá trị đúng 85999/100000 × 100 nhỏ "
            "hơn 86%; yêu cầu tối thiểu 86%.");
  EXPECT_EQ(missed.en,
            "Not met: 86% (85999/100000) is rounded, the exact value 85999/100000 × 100 is less "
            "than 86%; at least 86% is required.");
  EXPECT_EQ(reason(Share(), Of(Comparator::kAtLeast, "86"), One("85.96", "100")).vi,
            "Không đạt: 85,96% (85,96/100); yêu cầu tối thiểu 86%.");
  EXPECT_EQ(reason(Share(), Of(Comparator::kGreater, "95"), One("95", "100")).vi,
            "Không đạt: 95% (95/100); yêu cầu trên 95%.");
  EXPECT_THAT(reason(Minutes(), Of(Comparator::kAtMost, "25"), One("25.001", "3")).vi,
              HasSubstr("giá trị đúng 25,001 lớn hơn 25 phút/lượt"));
}

TEST(JudgedDays, AreTheMonthsInWhichTheTargetIsInForce) {
  Target target = Of(Comparator::kAtLeast, "100");
  target.effective_from = absl::CivilDay(2023, 7, 1);
  target.due_date = absl::CivilDay(2023, 10, 15);
  const auto days = JudgedDays(target, Days("2023"));
  ASSERT_TRUE(days.has_value());
  EXPECT_EQ(days->first, absl::CivilDay(2023, 7, 1));
  EXPECT_EQ(days->last, absl::CivilDay(2023, 10, 31));
  EXPECT_FALSE(JudgedDays(target, Days("2023-H1")).has_value());
  EXPECT_FALSE(JudgedDays(target, Days("2024")).has_value());
}

TEST(Rounded, ShowsTwoDecimalsHalfAwayFromZero) {
  const auto shown = [](const char* numerator, const char* denominator) {
    return Rounded({.numerator = D(numerator), .denominator = D(denominator)}, 100).ToString();
  };
  EXPECT_EQ(shown("3", "11"), "27.27");
  EXPECT_EQ(shown("9", "100"), "9");
  EXPECT_EQ(shown("86445", "100000"), "86.45");
  EXPECT_EQ(shown("98.6295", "100"), "98.63");
}

TEST(Add, RefusesASumThatDoesNotFit) {
  const ValueSum large = One("1000000000000", "1");
  ValueSum sum;
  for (int i = 0; i < 9; ++i) ASSERT_THAT(Add(large, sum), IsOk());
  EXPECT_THAT(Add(large, sum), Refuses("SUM_OVERFLOW"));
}

// Nested denominators stay separate: 40 % of transactions is never 40 % of 70 %.
TEST(Judge, NeverChainsNestedPercentages) {
  const Judgement outer =
      Judge(Share(), Of(Comparator::kAtLeast, "70"), One("70", "100"), Days("2023"), kAfter);
  const Judgement inner =
      Judge(Share(), Of(Comparator::kAtLeast, "40"), One("28", "70"), Days("2023"), kAfter);
  EXPECT_EQ(NameOf(outer.verdict), "MET");
  EXPECT_EQ(NameOf(inner.verdict), "MET");
}

}  // namespace
}  // namespace dondoc::kpi
