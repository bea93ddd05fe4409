#include "services/kpi/domain/observation.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc::kpi {
namespace {

using Day = absl::CivilDay;

using testing::IsOk;
using testing::Refuses;

constexpr absl::CivilDay kToday(2023, 7, 15);

TEST(CheckFigures, RefusesWhatIsNoFigure) {
  struct Row {
    const char* what;
    FiguresText text;
    Aggregation aggregation;
    const char* reason;  // "" when it is accepted
  };
  const Aggregation ratio = Aggregation::kRatio;
  const std::vector<Row> rows = {
      {"a plain one", {"2023-07-15", "9", "10"}, ratio, ""},
      {"nothing arose", {"2023-07-15", "0", "0"}, ratio, ""},
      {"nothing arose, with decimals", {"2023-07-15", "0.0", "0.000"}, ratio, ""},
      {"more than all", {"2023-07-15", "11", "10"}, ratio, ""},
      {"minus zero", {"2023-07-15", "-0", "10"}, ratio, ""},
      {"the largest", {"2023-07-15", "1000000000000", "1"}, ratio, ""},
      {"a leap day", {"2020-02-29", "1", "1"}, ratio, ""},
      {"a sum needs no denominator", {"2023-07-15", "4", ""}, Aggregation::kSum, ""},
      {"a sum may have one", {"2023-07-15", "4", "0"}, Aggregation::kSum, ""},
      {"something over nothing", {"2023-07-15", "1", "0"}, ratio, "DENOMINATOR_ZERO"},
      {"minutes of no case", {"2023-07-15", "25", "0"}, Aggregation::kMaximum, "DENOMINATOR_ZERO"},
      {"no denominator", {"2023-07-15", "1", ""}, ratio, "DECIMAL_INVALID"},
      {"no numerator", {"2023-07-15", "", "1"}, ratio, "DECIMAL_INVALID"},
      {"not a number", {"2023-07-15", "NaN", "1"}, ratio, "DECIMAL_INVALID"},
      {"infinity", {"2023-07-15", "1", "Inf"}, ratio, "DECIMAL_INVALID"},
      {"a decimal comma", {"2023-07-15", "1,5", "2"}, ratio, "DECIMAL_INVALID"},
      {"an exponent", {"2023-07-15", "1e3", "2"}, ratio, "DECIMAL_INVALID"},
      {"seven decimals", {"2023-07-15", "1.1234567", "2"}, ratio, "DECIMAL_INVALID"},
      {"more than 10^12", {"2023-07-15", "1000000000000.000001", "2"}, ratio, "DECIMAL_INVALID"},
      {"negative", {"2023-07-15", "-1", "2"}, ratio, "FIGURE_NEGATIVE"},
      {"negative denominator", {"2023-07-15", "1", "-2"}, ratio, "FIGURE_NEGATIVE"},
      {"tomorrow", {"2023-07-16", "1", "2"}, ratio, "DATE_IN_FUTURE"},
      {"31 February", {"2023-02-31", "1", "2"}, ratio, "DATE_INVALID"},
      {"29 February of a common year", {"2023-02-29", "1", "2"}, ratio, "DATE_INVALID"},
      {"the thirteenth month", {"2023-13-01", "1", "2"}, ratio, "DATE_INVALID"},
      {"as people write it", {"31/01/2023", "1", "2"}, ratio, "DATE_INVALID"},
      {"before 2000", {"1999-12-31", "1", "2"}, ratio, "DATE_INVALID"},
      {"no date", {"", "1", "2"}, ratio, "DATE_INVALID"},
  };
  for (const Row& row : rows) {
    const auto figures = CheckFigures(row.text, row.aggregation, kToday);
    EXPECT_EQ(ReasonOf(figures.status()), row.reason) << row.what;
    EXPECT_EQ(figures.ok(), std::string(row.reason).empty()) << row.what;
  }
}

TEST(CheckFigures, NamesTheFieldThatIsWrong) {
  const auto refusal = CheckFigures({"2023-07-15", "1", "x"}, Aggregation::kRatio, kToday).status();
  EXPECT_EQ(DetailsOf(refusal)["field"], "denominator");
}

TEST(CheckUnitExists, CountsTheFirstDayAndNotTheLast) {
  const UnitDays days{.valid_from = Day(2023, 1, 1), .valid_to = Day(2023, 7, 1)};
  EXPECT_THAT(CheckUnitExists("units/a", days, Day(2022, 12, 31)), Refuses("UNIT_NOT_ON_DATE"));
  EXPECT_THAT(CheckUnitExists("units/a", days, Day(2023, 1, 1)), IsOk());
  EXPECT_THAT(CheckUnitExists("units/a", days, Day(2023, 6, 30)), IsOk());
  EXPECT_THAT(CheckUnitExists("units/a", days, Day(2023, 7, 1)), Refuses("UNIT_NOT_ON_DATE"));
}

TEST(CheckKey, TakesOneLineOfUpTo128Characters) {
  EXPECT_EQ(CheckKey("key", "2023-07/van-phong#1").value(), "2023-07/van-phong#1");
  EXPECT_EQ(CheckKey("key", "  quý  I ").value(), "quý I");
  EXPECT_THAT(CheckKey("key", std::string(128, 'k')), IsOk());
  EXPECT_THAT(CheckKey("key", std::string(129, 'k')), Refuses("TEXT_TOO_LONG"));
  EXPECT_THAT(CheckKey("key", ""), Refuses("TEXT_BLANK"));
  EXPECT_THAT(CheckKey("key", "a\x01"), Refuses("CONTROL_CHARACTER"));
}

}  // namespace
}  // namespace dondoc::kpi
