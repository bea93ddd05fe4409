#include "services/notification/domain/timers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/calendar/dates.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;

constexpr absl::CivilDay kEndOfQuarter(2023, 3, 31);

absl::Time At(absl::CivilDay day, int hour) { return StartOf(day) + absl::Hours(hour); }

Deadline DueOn(absl::CivilDay due) { return {.due = due}; }

// "2023-03-24 before 7": one line per step.
std::vector<std::string> Told(const std::vector<Step>& steps) {
  std::vector<std::string> lines;
  for (const Step& step : steps) {
    const char* kinds[] = {"", "before", "due", "overdue", "check-in"};
    lines.push_back(absl::StrCat(calendar::FormatDate(DateOf(step.fire_at)), " ",
                                 kinds[static_cast<int>(step.kind)], " ", step.days_left));
  }
  return lines;
}

std::vector<std::string> AllOf(const PlanRules& rules, const Deadline& deadline) {
  return Told(StepsBetween(rules, deadline, absl::InfinitePast(), absl::InfiniteFuture()));
}

TEST(Timers, TellBeforeOnTheDayAndAfter) {
  PlanRules rules;
  rules.overdue_limit_days = 4;
  EXPECT_THAT(AllOf(rules, DueOn(kEndOfQuarter)),
              ElementsAre("2023-03-01 before 30", "2023-03-24 before 7", "2023-03-28 before 3",
                          "2023-03-30 before 1", "2023-03-31 due 0", "2023-04-01 overdue -1",
                          "2023-04-04 overdue -4"));
}

TEST(Timers, AnOverdueStepOfThreeGivesDays1And4And7And10) {
  PlanRules rules;
  rules.days_before = {};
  rules.overdue_limit_days = 12;
  EXPECT_THAT(AllOf(rules, DueOn(kEndOfQuarter)),
              ElementsAre("2023-03-31 due 0", "2023-04-01 overdue -1", "2023-04-04 overdue -4",
                          "2023-04-07 overdue -7", "2023-04-10 overdue -10"));
}

TEST(Timers, CrossTheEndOfTheYear) {
  PlanRules rules;
  rules.days_before = {1};
  rules.overdue_limit_days = 1;
  EXPECT_THAT(AllOf(rules, DueOn(absl::CivilDay(2023, 12, 31))),
              ElementsAre("2023-12-30 before 1", "2023-12-31 due 0", "2024-01-01 overdue -1"));
  EXPECT_THAT(AllOf(rules, DueOn(absl::CivilDay(2024, 1, 1))),
              ElementsAre("2023-12-31 before 1", "2024-01-01 due 0", "2024-01-02 overdue -1"));
}

TEST(Timers, FireAtTheHourOfTheRulesInVietnam) {
  PlanRules rules;
  rules.hour = 9;
  const auto next = NextStep(rules, DueOn(kEndOfQuarter), At(absl::CivilDay(2023, 3, 30), 10));
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->fire_at,
            absl::FromCivil(absl::CivilSecond(2023, 3, 31, 2, 0, 0), absl::UTCTimeZone()));
}

TEST(Timers, AreNeverEarlyAndIncludeTheMomentItself) {
  const PlanRules rules;
  const absl::Time seven = At(kEndOfQuarter, 7);
  const absl::Time before = seven - absl::Microseconds(1);
  EXPECT_THAT(StepsBetween(rules, DueOn(kEndOfQuarter), At(kEndOfQuarter, 0), before),
              ElementsAre());
  EXPECT_THAT(Told(StepsBetween(rules, DueOn(kEndOfQuarter), before, seven)),
              ElementsAre("2023-03-31 due 0"));
  EXPECT_THAT(StepsBetween(rules, DueOn(kEndOfQuarter), seven, seven), ElementsAre());
}

TEST(Timers, FallSilentAfterTheLimit) {
  const PlanRules rules;
  EXPECT_FALSE(NextStep(rules, DueOn(kEndOfQuarter), At(kEndOfQuarter + 88, 7)).has_value());
}

TEST(Timers, DoNotCallAUnitLateForTheDayOfAnInspection) {
  PlanRules rules;
  rules.days_before = {7};
  EXPECT_THAT(AllOf(rules, {.kind = DeadlineKind::kInspection, .due = kEndOfQuarter}),
              ElementsAre("2023-03-24 before 7", "2023-03-31 due 0"));
}

// Steps found one after the other are the steps found at once: nothing falls between two runs.
TEST(Timers, FoundOneByOneAreTheSameAsFoundAtOnce) {
  std::mt19937 random(20230127);
  for (int round = 0; round < 2'000; ++round) {
    PlanRules rules;
    rules.days_before = {static_cast<int>(random() % 60) + 61, static_cast<int>(random() % 60) + 1};
    rules.overdue_step_days = static_cast<int>(random() % 9) + 1;
    rules.overdue_limit_days = static_cast<int>(random() % 100) + 1;
    rules.hour = static_cast<int>(random() % 24);
    const absl::CivilDay start = absl::CivilDay(2023, 1, 1) + static_cast<int>(random() % 400);
    const Deadline deadline = {.window_start = start,
                               .due = start + static_cast<int>(random() % 400)};
    const absl::Time from = StartOf(start) - absl::Hours(random() % 4'000);
    const absl::Time until = from + absl::Hours(random() % 9'000);

    std::vector<Step> one_by_one;
    absl::Time after = from;
    while (auto next = NextStep(rules, deadline, after)) {
      if (next->fire_at > until) break;
      // Two steps may fall on one moment: take them all.
      const auto together = StepsBetween(rules, deadline, after, next->fire_at);
      ASSERT_EQ(together.front(), *next);
      one_by_one.insert(one_by_one.end(), together.begin(), together.end());
      after = next->fire_at;
    }
    EXPECT_EQ(one_by_one, StepsBetween(rules, deadline, from, until)) << "round " << round;
  }
}

struct CheckInCase {
  const char* claim;
  DeadlineKind kind;
  std::optional<absl::CivilDay> start;
  absl::CivilDay due;
  std::vector<std::string> expected;
};

TEST(CheckIns, AreAskedForAtEachCutOffInsideALongWindow) {
  const absl::CivilDay new_year(2023, 1, 1);
  const absl::CivilDay end(2023, 12, 31);
  const CheckInCase cases[] = {
      {"a whole year",
       DeadlineKind::kPhase,
       new_year,
       end,
       {"2023-03-14 check-in 292", "2023-06-14 check-in 200", "2023-09-14 check-in 108",
        "2023-12-14 check-in 17"}},
      {"half a year",
       DeadlineKind::kPhase,
       absl::CivilDay(2023, 7, 1),
       end,
       {"2023-09-14 check-in 108", "2023-12-14 check-in 17"}},
      {"the longest quarter", DeadlineKind::kPhase, absl::CivilDay(2023, 10, 1), end, {}},
      {"one day more than it",
       DeadlineKind::kPhase,
       absl::CivilDay(2023, 9, 30),
       end,
       {"2023-12-14 check-in 17"}},
      {"due on a cut-off itself",
       DeadlineKind::kPhase,
       new_year,
       absl::CivilDay(2023, 6, 14),
       {"2023-03-14 check-in 92"}},
      {"across the year",
       DeadlineKind::kPhase,
       absl::CivilDay(2023, 11, 1),
       absl::CivilDay(2024, 4, 30),
       {"2023-12-14 check-in 138", "2024-03-14 check-in 47"}},
      {"no window", DeadlineKind::kPhase, std::nullopt, end, {}},
      {"not a phase", DeadlineKind::kReport, new_year, end, {}},
  };
  for (const CheckInCase& row : cases) {
    std::vector<std::string> check_ins;
    for (const std::string& line :
         AllOf({}, {.kind = row.kind, .window_start = row.start, .due = row.due})) {
      if (line.find("check-in") != std::string::npos) check_ins.push_back(line);
    }
    EXPECT_EQ(check_ins, row.expected) << row.claim;
  }
}

TEST(CheckIns, AreNotAskedForWhenTheRulesSayNo) {
  PlanRules rules;
  rules.check_ins = false;
  rules.days_before = {};
  rules.overdue_limit_days = 1;
  EXPECT_EQ(AllOf(rules,
                  {.window_start = absl::CivilDay(2023, 1, 1), .due = absl::CivilDay(2023, 12, 31)})
                .size(),
            2u);
}

TEST(Rules, KeepTheirBounds) {
  struct Case {
    const char* claim;
    PlanRules rules;
    bool accepted;
  };
  const Case cases[] = {
      {"the default", {}, true},
      {"no reminders", {.days_before = {}}, true},
      {"ten reminders", {.days_before = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, true},
      {"eleven reminders", {.days_before = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}, false},
      {"a reminder on the day", {.days_before = {0}}, false},
      {"366 days before", {.days_before = {366}}, false},
      {"step 0", {.overdue_step_days = 0}, false},
      {"step 366", {.overdue_step_days = 366}, false},
      {"limit 0", {.overdue_limit_days = 0}, false},
      {"limit 3651", {.overdue_limit_days = 3651}, false},
      {"hour -1", {.hour = -1}, false},
      {"hour 24", {.hour = 24}, false},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(CheckRules(row.rules).ok(), row.accepted) << row.claim;
    if (!row.accepted) {
      EXPECT_THAT(CheckRules(row.rules), Refuses("RULES_INVALID")) << row.claim;
    }
  }
}

TEST(Rules, PutTheDaysInOrderAndEachOnce) {
  const auto rules = CheckRules({.days_before = {1, 30, 7, 7}});
  ASSERT_THAT(rules, IsOk());
  EXPECT_THAT(rules->days_before, ElementsAre(30, 7, 1));
}

}  // namespace
}  // namespace dondoc::notification
