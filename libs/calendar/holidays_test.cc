#include "libs/calendar/holidays.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "libs/base/status_matchers.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::calendar {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;

constexpr char kNotice[] =
    "\xEF\xBB\xBF# Một năm minh họa\r\n"
    "year 2025\r\n"
    "source Thông báo số 1 # chỉ để thử\r\n"
    "\r\n"
    "holiday 2025-04-30..2025-05-01 Ngày lễ # hai ngày\r\n"
    "compensatory\t2025-05-02\tNghỉ hoán đổi\r\n"
    "worked 2025-04-26 Làm bù\r\n";

TEST(ANotice, GivesItsDaysAndTheirNames) {
  Holidays holidays;
  ASSERT_THAT(holidays.AddNotice(kNotice), IsOk());
  EXPECT_TRUE(holidays.Knows(2025));
  EXPECT_FALSE(holidays.Knows(2024));
  ASSERT_NE(holidays.Find(absl::CivilDay(2025, 5, 1)), nullptr);
  EXPECT_EQ(holidays.Find(absl::CivilDay(2025, 5, 1))->kind, SpecialDayKind::kHoliday);
  EXPECT_EQ(holidays.Find(absl::CivilDay(2025, 5, 1))->name, "Ngày lễ");
  EXPECT_EQ(holidays.Find(absl::CivilDay(2025, 5, 2))->kind, SpecialDayKind::kCompensatory);
  EXPECT_EQ(holidays.Find(absl::CivilDay(2025, 5, 2))->name, "Nghỉ hoán đổi");
  EXPECT_EQ(holidays.Find(absl::CivilDay(2025, 4, 26))->kind, SpecialDayKind::kWorked);
  EXPECT_EQ(holidays.Find(absl::CivilDay(2025, 5, 3)), nullptr);
}

TEST(ANotice, IsRefusedWithTheLineWhenItIsWrong) {
  struct Case {
    std::string text;
    std::string line;
  };
  const std::string head = "year 2023\nsource TB 5034\n";
  const std::vector<Case> cases = {
      {"", "1"},
      {"source TB\nyear 2023\n", "1"},
      {"year\n", "1"},
      {"year abc\n", "1"},
      {"year 1999\n", "1"},
      {"year 2101\n", "1"},
      {"year 2023\nyear 2023\n", "2"},
      {"year 2023\nsource\n", "2"},
      {"year 2023\nsource A\nsource B\n", "3"},
      {"year 2023\nholiday 2023-01-01 Tết", "2"},  // no source
      {"year 2023\nsource TB 5034", "2"},          // no day
      {head + "off 2023-01-01 Tết", "3"},
      {head + "holiday", "3"},
      {head + "holiday 2023-01-01", "3"},  // no name
      {head + "holiday 2023-02-30 Tết", "3"},
      {head + "holiday 01/01/2023 Tết", "3"},
      {head + "holiday 2024-01-01 Tết", "3"},
      {head + "holiday 2022-12-31..2023-01-01 Tết", "3"},
      {head + "holiday 2023-12-31..2024-01-01 Tết", "3"},
      {head + "holiday 2023-01-02..2023-01-01 Tết", "3"},
      {head + "holiday 2023-01-01 Tết\nholiday 2023-01-01 Tết", "4"},
      {head + "worked 2023-01-07 A\nholiday 2023-01-07 B", "4"},
      {head + "worked 2023-01-06 Thứ Sáu", "3"},
      {head + "compensatory 2023-01-07 Thứ Bảy", "3"},
  };
  for (const Case& c : cases) {
    Holidays holidays;
    const absl::Status added = holidays.AddNotice(c.text);
    EXPECT_THAT(added, Refuses("CALENDAR_INVALID")) << c.text;
    EXPECT_EQ(DetailsOf(added)["line"], c.line) << c.text << "\n" << added;
    EXPECT_FALSE(holidays.Knows(2023)) << c.text;
  }
}

TEST(ANotice, MustBeUtf8) {
  Holidays holidays;
  EXPECT_THAT(holidays.AddNotice("year 2023\nsource T\xEAt\n"), Refuses("NOT_UTF8"));
}

TEST(ANotice, OfTheSameYearIsNotReplacedByAnother) {
  Holidays holidays;
  ASSERT_THAT(holidays.AddNotice(kNotice), IsOk());
  EXPECT_THAT(holidays.AddNotice("year 2025\nsource TB 2\nholiday 2025-06-02 Khác\n"),
              Refuses("CALENDAR_INVALID"));
  EXPECT_EQ(holidays.Find(absl::CivilDay(2025, 6, 2)), nullptr);
}

TEST(LoadHolidays, ReadsTheNoticesThatAreDeployed) {
  const auto holidays = LoadHolidays(CALENDAR_FOLDER);
  ASSERT_THAT(holidays, IsOk());
  EXPECT_TRUE(holidays->Knows(2023));
  EXPECT_TRUE(holidays->Knows(2025));
  EXPECT_EQ(holidays->Find(absl::CivilDay(2023, 4, 29))->name, "Giỗ Tổ Hùng Vương");
}

TEST(LoadHolidays, SaysWhichFileIsWrong) {
  const dondoc::testing::TempDir folder;
  std::ofstream(folder.File("2023.txt")) << "year 2023\nsource TB\nholiday 2023-02-30 Tết\n";
  std::ofstream(folder.File("README.md")) << "no notice\n";
  const auto holidays = LoadHolidays(folder.path());
  EXPECT_THAT(holidays, Refuses("CALENDAR_INVALID"));
  EXPECT_EQ(DetailsOf(holidays.status())["path"], folder.File("2023.txt"));
  EXPECT_EQ(DetailsOf(holidays.status())["line"], "3");
}

TEST(LoadHolidays, RefusesAFolderThatIsNotThere) {
  EXPECT_THAT(LoadHolidays("/nowhere/calendar"), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace dondoc::calendar
