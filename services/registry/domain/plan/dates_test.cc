#include "services/registry/domain/plan/dates.h"

#include <gtest/gtest.h>

namespace dondoc::registry::plan {
namespace {

std::optional<absl::CivilDay> DateIn(absl::string_view text) {
  const std::optional<DateAt> date = ReadDate(WordsOf(text), 0);
  if (!date) return std::nullopt;
  return date->date;
}

TEST(ReadDate, ReadsFiguresAndWords) {
  EXPECT_EQ(DateIn("15/3/2024"), absl::CivilDay(2024, 3, 15));
  EXPECT_EQ(DateIn("05/01/2024."), absl::CivilDay(2024, 1, 5));
  EXPECT_EQ(DateIn("27 tháng 01 năm 2023"), absl::CivilDay(2023, 1, 27));
  EXPECT_EQ(DateIn("29/2/2024"), absl::CivilDay(2024, 2, 29));
}

TEST(ReadDate, IsNothingForADayThatDoesNotExist) {
  for (const absl::string_view text :
       {"31/02/2024", "29/2/2023", "0/1/2024", "1/13/2024", "15/3/24", "15-3-2024", "15/3",
        "15 tháng 3", "001/3/2024"}) {
    EXPECT_EQ(DateIn(text), std::nullopt) << text;
  }
}

TEST(WindowOf, HoldsBothEnds) {
  EXPECT_EQ(WindowOf({.year = 2023}),
            (CivilWindow{absl::CivilDay(2023, 1, 1), absl::CivilDay(2023, 12, 31)}));
  EXPECT_EQ(WindowOf({.year = 2024, .first = 2, .last = 2}),
            (CivilWindow{absl::CivilDay(2024, 2, 1), absl::CivilDay(2024, 2, 29)}));
}

}  // namespace
}  // namespace dondoc::registry::plan
