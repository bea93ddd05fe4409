#include "services/registry/domain/timeliness.h"

#include <gtest/gtest.h>

#include <vector>

namespace dondoc::registry {
namespace {

using absl::CivilDay;

// Tasks of the plan for 2023: T19 is due by 30/04, a Sunday and a public holiday; T4 opens on
// 01/10.
constexpr CivilDay kAprilFirst(2023, 4, 1);
constexpr CivilDay kAprilEnd(2023, 4, 30);
constexpr CivilDay kOctoberFirst(2023, 10, 1);
constexpr CivilDay kYearEnd(2023, 12, 31);

struct Case {
  const char* what;
  Dates dates;
  CivilDay today;
  Timeliness expected;
};

TEST(TimelinessOf, ComparesDatesAndNothingElse) {
  const Dates april = {kAprilFirst, kAprilEnd, {}, {}};
  const Dates autumn = {kOctoberFirst, kYearEnd, {}, {}};
  const auto completed = [&](CivilDay day) { return Dates{kAprilFirst, kAprilEnd, {}, day}; };
  const auto waiting = [&](CivilDay day) { return Dates{kAprilFirst, kAprilEnd, day, {}}; };
  const std::vector<Case> cases = {
      {"the day before the window", autumn, CivilDay(2023, 9, 30), Timeliness::kNotYetOpen},
      {"the window's first day", autumn, CivilDay(2023, 10, 1), Timeliness::kInTime},
      {"eight days left", april, CivilDay(2023, 4, 22), Timeliness::kInTime},
      {"seven days left", april, CivilDay(2023, 4, 23), Timeliness::kDueSoon},
      {"the last day", april, CivilDay(2023, 4, 30), Timeliness::kDueSoon},
      {"the day after", april, CivilDay(2023, 5, 1), Timeliness::kOverdue},
      {"done the day before", completed(CivilDay(2023, 4, 29)), CivilDay(2023, 6, 1),
       Timeliness::kDoneEarly},
      {"done on the day", completed(CivilDay(2023, 4, 30)), CivilDay(2023, 6, 1),
       Timeliness::kDoneOnTime},
      // No roll to 04/05, the next working day: a named period ends on its date.
      {"T19 done on 03/05", completed(CivilDay(2023, 5, 3)), CivilDay(2023, 5, 3),
       Timeliness::kDoneLate},
      {"done before the window", completed(CivilDay(2023, 3, 1)), CivilDay(2023, 3, 1),
       Timeliness::kDoneEarly},
      {"handed in on the day, reviewer slow", waiting(CivilDay(2023, 4, 30)), CivilDay(2023, 7, 1),
       Timeliness::kInTime},
      {"handed in late, waiting", waiting(CivilDay(2023, 5, 2)), CivilDay(2023, 5, 2),
       Timeliness::kOverdue},
      {"handed in with one day left", waiting(CivilDay(2023, 4, 29)), CivilDay(2023, 4, 29),
       Timeliness::kInTime},
  };
  for (const Case& c : cases) EXPECT_EQ(TimelinessOf(c.dates, c.today), c.expected) << c.what;
}

TEST(TimelinessOf, ShortensTheWarningWhenAsked) {
  const Dates april = {kAprilFirst, kAprilEnd, {}, {}};
  EXPECT_EQ(TimelinessOf(april, CivilDay(2023, 4, 28), 1), Timeliness::kInTime);
  EXPECT_EQ(TimelinessOf(april, CivilDay(2023, 4, 29), 1), Timeliness::kDueSoon);
}

// Goal: a query by ranges finds exactly what the rule says. Method: every pair of window and
// deadline around today, each kind.
TEST(UnsettledRanges, SelectExactlyWhatTheRuleSays) {
  const CivilDay today(2023, 4, 20);
  const auto contains = [](const DateRanges& r, const Dates& d) {
    return r.window_start_first <= d.window_start && d.window_start <= r.window_start_last &&
           r.due_first <= d.due && d.due <= r.due_last;
  };
  for (CivilDay start = today - 12; start <= today + 12; ++start) {
    for (CivilDay due = start; due <= today + 15; ++due) {
      const Dates dates = {start, due, {}, {}};
      for (const Timeliness kind : {Timeliness::kNotYetOpen, Timeliness::kInTime,
                                    Timeliness::kDueSoon, Timeliness::kOverdue}) {
        EXPECT_EQ(contains(*UnsettledRanges(kind, today), dates),
                  TimelinessOf(dates, today) == kind)
            << start << " to " << due << " as " << static_cast<int>(kind);
      }
    }
  }
}

TEST(UnsettledRanges, AreNoneForWhatOnlyFinishedWorkCanBe) {
  EXPECT_FALSE(UnsettledRanges(Timeliness::kDoneEarly, kAprilEnd));
  EXPECT_FALSE(UnsettledRanges(Timeliness::kDoneOnTime, kAprilEnd));
  EXPECT_FALSE(UnsettledRanges(Timeliness::kDoneLate, kAprilEnd));
}

TEST(Worse, LetsWhatIsOpenOutrankWhatIsDone) {
  EXPECT_EQ(Worse(Timeliness::kDoneLate, Timeliness::kNotYetOpen), Timeliness::kNotYetOpen);
  EXPECT_EQ(Worse(Timeliness::kInTime, Timeliness::kOverdue), Timeliness::kOverdue);
  EXPECT_EQ(Worse(Timeliness::kDueSoon, Timeliness::kInTime), Timeliness::kDueSoon);
  EXPECT_EQ(Worse(Timeliness::kDoneLate, Timeliness::kDoneEarly), Timeliness::kDoneLate);
}

}  // namespace
}  // namespace dondoc::registry
