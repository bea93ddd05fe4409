#include "libs/calendar/working_days.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"
#include "libs/calendar/dates.h"

namespace dondoc::calendar {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;

// The calendars as deployed: 2023 and 2025, but not 2024.
const Holidays& Deployed() {
  static const Holidays holidays = LoadHolidays(CALENDAR_FOLDER).value();
  return holidays;
}

absl::CivilDay Day(absl::string_view text) { return ParseDate("test", text).value(); }

TEST(IsWorkingDay, CountsTheWorkingDaysOfEachMonthOf2023) {
  const std::vector<int> expected = {16, 20, 23, 20, 20, 22, 21, 23, 19, 22, 22, 21};
  std::vector<int> counted(12, 0);
  for (absl::CivilDay day(2023, 1, 1); day.year() == 2023; ++day) {
    const auto working = IsWorkingDay(Deployed(), day);
    ASSERT_THAT(working, IsOk());
    counted[static_cast<size_t>(day.month() - 1)] += *working ? 1 : 0;
  }
  EXPECT_EQ(counted, expected);  // 249 together
}

TEST(IsWorkingDay, KnowsHolidaysSwappedDaysAndWorkedSaturdays) {
  struct Case {
    std::string day;
    bool working;
  };
  const std::vector<Case> cases = {
      {"2023-01-19", true},  {"2023-01-20", false}, {"2023-01-26", false}, {"2023-01-27", true},
      {"2023-04-28", true},  {"2023-04-29", false}, {"2023-05-03", false}, {"2023-05-04", true},
      {"2023-08-31", true},  {"2023-09-01", false}, {"2023-09-04", false}, {"2023-09-05", true},
      {"2023-09-30", false}, {"2023-12-31", false}, {"2025-04-25", true},  {"2025-04-26", true},
      {"2025-04-27", false}, {"2025-05-02", false}, {"2025-05-05", true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(IsWorkingDay(Deployed(), Day(c.day)).value(), c.working) << c.day;
  }
}

TEST(NextWorkingDay, MovesOverDaysOffOnly) {
  struct Case {
    std::string day;
    std::string next;
  };
  const std::vector<Case> cases = {
      {"2023-03-31", "2023-03-31"}, {"2023-04-30", "2023-05-04"}, {"2023-09-30", "2023-10-02"},
      {"2023-01-01", "2023-01-03"}, {"2023-01-20", "2023-01-27"}, {"2025-04-26", "2025-04-26"},
      {"2025-04-27", "2025-04-28"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(NextWorkingDay(Deployed(), Day(c.day)).value(), Day(c.next)) << c.day;
  }
}

TEST(AddWorkingDays, DoesNotCountTheDayOfTheEvent) {
  struct Case {
    std::string event;
    int days;
    std::string last;
  };
  const std::vector<Case> cases = {
      {"2023-04-25", 5, "2023-05-05"},  {"2023-08-28", 5, "2023-09-06"},
      {"2023-01-18", 3, "2023-01-30"},  {"2023-04-28", 2, "2023-05-05"},
      {"2023-03-20", 1, "2023-03-21"},  {"2023-03-18", 1, "2023-03-20"},  // from a Saturday
      {"2025-04-25", 1, "2025-04-26"},  {"2023-04-30", 0, "2023-04-30"},
      {"2023-05-05", -5, "2023-04-25"}, {"2023-03-20", -1, "2023-03-17"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(AddWorkingDays(Deployed(), Day(c.event), c.days).value(), Day(c.last))
        << c.event << " + " << c.days;
  }
}

TEST(EndOfTerm, CountsFromTheNextDayAndRollsAsTold) {
  struct Case {
    std::string event;
    TermLength length;
    std::string stays;
    std::string rolled;
  };
  const std::vector<Case> cases = {
      {"2023-08-18", {.days = 15}, "2023-09-02", "2023-09-05"},
      {"2023-03-16", {.days = 15}, "2023-03-31", "2023-03-31"},
      {"2023-01-31", {.months = 1}, "2023-02-28", "2023-02-28"},
      {"2023-03-31", {.months = 1}, "2023-04-30", "2023-05-04"},
      {"2023-08-31", {.months = 1}, "2023-09-30", "2023-10-02"},
      {"2023-01-30", {.months = 6}, "2023-07-30", "2023-07-31"},
      {"2023-01-31", {.months = 1, .days = 1}, "2023-03-01", "2023-03-01"},
      {"2023-04-30", {}, "2023-04-30", "2023-05-04"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(EndOfTerm(Deployed(), Day(c.event), c.length, LastDayOff::kStays).value(),
              Day(c.stays))
        << c.event;
    EXPECT_EQ(
        EndOfTerm(Deployed(), Day(c.event), c.length, LastDayOff::kMovesToNextWorkingDay).value(),
        Day(c.rolled))
        << c.event;
  }
}

TEST(EndOfTerm, KeepsTheTwentyNinthOfFebruary) {
  EXPECT_EQ(EndOfTerm(Holidays(), Day("2027-02-28"), {.months = 12}, LastDayOff::kStays).value(),
            Day("2028-02-28"));
  EXPECT_EQ(EndOfTerm(Holidays(), Day("2028-02-29"), {.months = 12}, LastDayOff::kStays).value(),
            Day("2029-02-28"));
}

TEST(AYearWithoutANotice, IsSaidAndNotGuessed) {
  const std::vector<absl::Status> answers = {
      IsWorkingDay(Deployed(), Day("2024-05-15")).status(),
      IsWorkingDay(Deployed(), Day("2024-05-18")).status(),  // a Saturday may be worked
      NextWorkingDay(Deployed(), Day("2023-12-31")).status(),
      AddWorkingDays(Deployed(), Day("2023-12-28"), 3).status(),
      AddWorkingDays(Deployed(), Day("2023-01-03"), -1).status(),
      EndOfTerm(Deployed(), Day("2023-12-20"), {.days = 15}, LastDayOff::kMovesToNextWorkingDay)
          .status(),
  };
  for (const absl::Status& answer : answers) {
    EXPECT_THAT(answer, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(answer, Refuses("CALENDAR_MISSING"));
  }
  EXPECT_EQ(DetailsOf(answers[2])["year"], "2024");
  EXPECT_EQ(DetailsOf(answers[4])["year"], "2022");
}

TEST(AYearWithoutANotice, StillHasTermsThatStayWhereTheyEnd) {
  EXPECT_EQ(EndOfTerm(Deployed(), Day("2023-12-20"), {.days = 15}, LastDayOff::kStays).value(),
            Day("2024-01-04"));
}

TEST(DayOff, SaysWhyADayIsOffAndWhetherItIsSure) {
  constexpr auto kWeekend = DayOffReason::kWeekend;
  struct Case {
    std::string day;
    std::optional<DayOffReason> reason;
    std::string name;
    bool known;
  };
  const std::vector<Case> cases = {
      {"2023-05-04", std::nullopt, "", true},
      {"2023-09-30", kWeekend, "", true},
      {"2023-04-29", DayOffReason::kHoliday, "Giỗ Tổ Hùng Vương", true},  // a Saturday too
      {"2023-05-03", DayOffReason::kCompensatory, "Nghỉ bù Ngày Chiến thắng", true},
      {"2025-04-26", std::nullopt, "Làm bù cho ngày 02/5", true},
      {"2024-05-04", kWeekend, "", false},
      {"2024-05-01", std::nullopt, "", false},  // fixed dates are not assumed either
  };
  for (const Case& c : cases) {
    const DayOffAnswer answer = DayOff(Deployed(), Day(c.day));
    EXPECT_EQ(answer.reason, c.reason) << c.day;
    EXPECT_EQ(answer.name, c.name) << c.day;
    EXPECT_EQ(answer.known, c.known) << c.day;
  }
}

TEST(IsWeekend, IsSaturdayAndSundayInAnyYear) {
  EXPECT_FALSE(IsWeekend(Day("2024-05-03")));
  EXPECT_TRUE(IsWeekend(Day("2024-05-04")));
  EXPECT_TRUE(IsWeekend(Day("2024-05-05")));
  EXPECT_TRUE(IsWeekend(Day("2025-04-26")));
}

}  // namespace
}  // namespace dondoc::calendar
