#include "libs/calendar/dates.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc::calendar {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;

TEST(ParseDate, ReadsDaysThatExist) {
  struct Case {
    std::string text;
    absl::CivilDay date;
  };
  const std::vector<Case> cases = {
      {"2023-04-30", absl::CivilDay(2023, 4, 30)},  {"2000-01-01", absl::CivilDay(2000, 1, 1)},
      {"2100-12-31", absl::CivilDay(2100, 12, 31)}, {"2028-02-29", absl::CivilDay(2028, 2, 29)},
      {"2000-02-29", absl::CivilDay(2000, 2, 29)},
  };
  for (const Case& c : cases) {
    const auto date = ParseDate("due_date", c.text);
    ASSERT_THAT(date, IsOk()) << c.text;
    EXPECT_EQ(*date, c.date);
    EXPECT_EQ(FormatDate(*date), c.text);
  }
}

TEST(ParseDate, RefusesEverythingElse) {
  const std::vector<std::string> refused = {"",
                                            "2023",
                                            "2023-02-31",
                                            "2023-02-30",
                                            "2026-02-29",
                                            "2100-02-29",
                                            "2023-04-31",
                                            "2023-00-01",
                                            "2023-01-00",
                                            "2023-13-01",
                                            "2023-01-32",
                                            "1999-12-31",
                                            "2101-01-01",
                                            "23-04-30",
                                            "2023-4-30",
                                            "2023-04-3",
                                            "30/04/2023",
                                            "04/30/2023",
                                            "2023/04/30",
                                            "20230430",
                                            " 2023-04-30",
                                            "2023-04-30 ",
                                            "2023-04-30T00:00:00Z",
                                            "2023-+4-30",
                                            "2023--4-30",
                                            "-023-04-30",
                                            "2023-0x-30",
                                            "30 Tết",
                                            "\uFF12023-04-30",
                                            "2023\xff"
                                            "04-30"};
  for (const std::string& text : refused) {
    EXPECT_THAT(ParseDate("due_date", text), Refuses("DATE_INVALID")) << text;
  }
}

TEST(ParseDate, SaysWhichFieldAndWhatIsWrong) {
  const auto date = ParseDate("due_date", "2023-02-31");
  EXPECT_EQ(date.status().message(),
            "due_date: ngày \"2023-02-31\" không hợp lệ: ngày này không có trong lịch "
            "(due_date: date \"2023-02-31\" is not valid: there is no such day)");
  EXPECT_EQ(DetailsOf(date.status()), (Details{{"field", "due_date"}, {"value", "2023-02-31"}}));
}

TEST(FormatVietnamese, PutsTheDayFirst) {
  EXPECT_EQ(FormatVietnamese(absl::CivilDay(2023, 4, 5)), "05/04/2023");
}

TEST(WeekdayName, IsTheOneOfTheOffice) {
  const std::vector<std::string> names = {"Thứ Hai", "Thứ Ba",  "Thứ Tư",  "Thứ Năm",
                                          "Thứ Sáu", "Thứ Bảy", "Chủ nhật"};
  const absl::CivilDay monday(2023, 3, 20);
  for (int i = 0; i < 7; ++i) EXPECT_EQ(WeekdayName(monday + i), names[static_cast<size_t>(i)]);
}

}  // namespace
}  // namespace dondoc::calendar
