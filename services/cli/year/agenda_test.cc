#include "services/cli/year/agenda.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dondoc::cli::year {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::CivilDay kNewYear(2023, 1, 1);
const absl::CivilDay kYearEnd(2023, 12, 31);

Script With(Habit habit) {
  Script script;
  script.plan = "p";
  script.habits["*"] = {{habit, 100}};
  return script;
}

std::vector<Obligation> Many(int count) {
  std::vector<Obligation> obligations;
  for (int i = 0; i < count; ++i) {
    obligations.push_back({.name = absl::StrCat("plans/p/tasks/", i),
                           .unit_id = "u",
                           .window_start = kNewYear,
                           .due = kYearEnd});
  }
  return obligations;
}

std::vector<absl::CivilDay> SubmitDays(const Script& script, const std::vector<Obligation>& all) {
  std::vector<absl::CivilDay> days;
  for (const DatedAct& act : ActsFor(script, all, kNewYear)) {
    const auto* submit = std::get_if<SubmitAct>(&act.act);
    if (submit != nullptr && !submit->returned_first) days.push_back(act.date);
  }
  return days;
}

TEST(ActsFor, EachHabitHandsInOnItsSideOfTheDeadline) {
  for (const absl::CivilDay day : SubmitDays(With(Habit::kEarly), Many(100))) {
    EXPECT_LE(day, kYearEnd - 30);
  }
  for (const absl::CivilDay day : SubmitDays(With(Habit::kPunctual), Many(100))) {
    EXPECT_LE(day, kYearEnd - 2);
    EXPECT_GE(day, kYearEnd - 17);
  }
  for (const absl::CivilDay day : SubmitDays(With(Habit::kLate), Many(100))) {
    EXPECT_GE(day, kYearEnd + 3);
  }
  EXPECT_THAT(ActsFor(With(Habit::kSilent), Many(100), kNewYear), IsEmpty());
}

TEST(ActsFor, NobodyHandsInBeforeTheWindowOpens) {
  std::vector<Obligation> short_one = Many(50);
  for (Obligation& obligation : short_one) {
    obligation.window_start = absl::CivilDay(2023, 7, 1);
    obligation.due = absl::CivilDay(2023, 7, 31);
  }
  for (const absl::CivilDay day : SubmitDays(With(Habit::kEarly), short_one)) {
    EXPECT_GE(day, absl::CivilDay(2023, 7, 1));
    EXPECT_LE(day, absl::CivilDay(2023, 7, 29));
  }
}

TEST(ActsFor, TheOrderOfTheListChangesNothing) {
  std::vector<Obligation> obligations = Many(40);
  const auto days = SubmitDays(With(Habit::kPunctual), obligations);
  std::reverse(obligations.begin(), obligations.end());
  EXPECT_EQ(SubmitDays(With(Habit::kPunctual), obligations), days);
}

TEST(ActsFor, PlansNothingForDaysThatAreGone) {
  const absl::CivilDay from(2023, 8, 1);
  for (const DatedAct& act : ActsFor(With(Habit::kEarly), Many(100), from)) {
    EXPECT_GE(act.date, from);
  }
  EXPECT_THAT(SubmitDays(With(Habit::kEarly), Many(100)), SizeIs(100));
}

TEST(MeasuresOf, RecordsInTheRhythmOfTheLineAndWithinItsSpread) {
  Script script = With(Habit::kPunctual);
  script.measures.push_back({.clause = "I.2.d",
                             .unit = "u",
                             .every_months = 3,
                             .hits = 855,
                             .out_of = 1000,
                             .spread = 5});
  const auto measures = MeasuresOf(script, 2023);
  ASSERT_THAT(measures, SizeIs(4));
  EXPECT_EQ(measures[0].date, absl::CivilDay(2023, 3, 25));
  for (const DatedAct& act : measures) {
    const int64_t numerator = std::get<MeasureAct>(act.act).numerator;
    EXPECT_GE(numerator, 850);
    EXPECT_LE(numerator, 860);
  }
}

TEST(StillAhead, KeepsTheDayOfTheScriptWhileItIsAWeekAhead) {
  const absl::CivilDay wanted(2023, 10, 10);
  EXPECT_EQ(StillAhead(wanted, absl::CivilDay(2023, 9, 18)), wanted);
  EXPECT_EQ(StillAhead(wanted, absl::CivilDay(2023, 10, 3)), wanted);
}

TEST(StillAhead, TakesTheSameDayOfTheEarliestWeekThatIsAheadWhenTheTurnIsLate) {
  const absl::CivilDay wanted(2023, 10, 10);
  EXPECT_EQ(StillAhead(wanted, absl::CivilDay(2023, 10, 4)), wanted + 7);
  EXPECT_EQ(StillAhead(wanted, wanted), wanted + 7);
  EXPECT_EQ(StillAhead(wanted, wanted + 1), wanted + 14);
  EXPECT_EQ(StillAhead(wanted, wanted + 21), wanted + 28);
}

TEST(Dice, TheSameWordsAndSeedGiveTheSameNumber) {
  Script script = With(Habit::kPunctual);
  EXPECT_EQ(Dice(script, "a", 1'000'000), Dice(script, "a", 1'000'000));
  EXPECT_NE(Dice(script, "a", 1'000'000), Dice(script, "b", 1'000'000));
}

}  // namespace
}  // namespace dondoc::cli::year
