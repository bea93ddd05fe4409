#include "services/registry/domain/task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;
using testing::IsOk;
using testing::Refuses;

Act Office(CivilDay day = CivilDay(2023, 5, 2)) {
  return {.actor = "văn phòng", .now = StartOf(day) + absl::Hours(8), .today = day};
}

// T11 of 2023: July, led by a group.
Task JulyTask() {
  Task task;
  task.key = {.plan = "cchc-2023", .number = 11};
  task.leads = {{PartyKind::kGroup, "Các phòng, đơn vị có liên quan", ""}};
  Phase phase;
  phase.window_start = CivilDay(2023, 7, 1);
  phase.due = phase.printed_due = CivilDay(2023, 7, 31);
  task.phases = {phase};
  return task;
}

struct CountCase {
  const char* what;
  PhaseCount count;
  Progress expected;
};

TEST(RollUp, TurnsUnitsIntoThePhase) {
  const std::vector<CountCase> cases = {
      {"nobody is obliged", {}, Progress::kNotStarted},
      {"nobody has begun", {.not_started = 3}, Progress::kNotStarted},
      {"one has begun", {.not_started = 2, .in_progress = 1}, Progress::kInProgress},
      {"one has submitted, one has not begun",
       {.not_started = 1, .submitted = 1},
       Progress::kInProgress},
      {"one is done, one has not begun", {.not_started = 1, .done = 1}, Progress::kInProgress},
      {"all wait", {.submitted = 2}, Progress::kSubmitted},
      {"one waits, the others are done", {.submitted = 1, .done = 2}, Progress::kSubmitted},
      {"all are put off", {.suspended = 2}, Progress::kSuspended},
      {"one is put off, the others are done", {.suspended = 1, .done = 2}, Progress::kSuspended},
      {"one is put off, one has not begun",
       {.not_started = 1, .suspended = 1},
       Progress::kNotStarted},
      {"one is put off, one has begun", {.in_progress = 1, .suspended = 1}, Progress::kInProgress},
      {"one is put off, one waits", {.suspended = 1, .submitted = 1}, Progress::kInProgress},
      {"all are done", {.done = 2}, Progress::kDone},
      {"done where anything arose", {.done = 1, .not_arising = 1}, Progress::kDone},
      {"nothing arose anywhere", {.not_arising = 2}, Progress::kNotArising},
  };
  for (const CountCase& c : cases) EXPECT_EQ(RollUp(c.count), c.expected) << c.what;
}

TEST(APhase, IsCompletedOnTheDayOfItsLastUnit) {
  Phase phase = JulyTask().phases[0];
  PhaseCount count = {.submitted = 1, .done = 1, .last_completed = CivilDay(2023, 7, 20)};
  EXPECT_TRUE(phase.Recount(count));
  EXPECT_FALSE(phase.completed);
  EXPECT_EQ(phase.TimelinessOn(CivilDay(2023, 8, 1)), Timeliness::kOverdue);
  count = {.done = 2, .last_completed = CivilDay(2023, 8, 2)};
  EXPECT_TRUE(phase.Recount(count));
  EXPECT_EQ(phase.TimelinessOn(CivilDay(2023, 8, 3)), Timeliness::kDoneLate);
  EXPECT_FALSE(phase.Recount(count));
}

TEST(APhase, WithNobodyObligedIsNeverDone) {
  const Phase phase = JulyTask().phases[0];
  EXPECT_FALSE(phase.IsDone());
  EXPECT_EQ(phase.TimelinessOn(CivilDay(2023, 8, 1)), Timeliness::kOverdue);
}

TEST(MoveDeadline, KeepsTheOldDeadlineAndTheDocument) {
  Task task = JulyTask();
  ASSERT_THAT(
      task.MoveDeadline(1, {CivilDay(2023, 8, 31), "12/QĐ-SKHCN", "phần mềm chậm"}, Office()),
      IsOk());
  const Phase& phase = task.phases[0];
  EXPECT_EQ(phase.due, CivilDay(2023, 8, 31));
  EXPECT_EQ(phase.printed_due, CivilDay(2023, 7, 31));
  ASSERT_EQ(phase.moves.size(), 1u);
  EXPECT_EQ(phase.moves[0].old_due, CivilDay(2023, 7, 31));
  EXPECT_EQ(phase.moves[0].actor, "văn phòng");
}

struct BadMove {
  const char* what;
  int ordinal;
  NewDeadline deadline;
  const char* reason;
};

TEST(MoveDeadline, RefusesWhatIsNoNewDeadline) {
  const std::vector<BadMove> cases = {
      {"a phase that is not there", 2, {CivilDay(2023, 8, 31), "d", "r"}, "PHASE_NOT_FOUND"},
      {"before the window", 1, {CivilDay(2023, 6, 30), "d", "r"}, "DUE_BEFORE_WINDOW"},
      {"in six years", 1, {CivilDay(2029, 1, 1), "d", "r"}, "DATE_TOO_FAR"},
      {"the same day", 1, {CivilDay(2023, 7, 31), "d", "r"}, "DEADLINE_UNCHANGED"},
      {"no document", 1, {CivilDay(2023, 8, 31), " ", "r"}, "FIELD_MISSING"},
      {"no reason", 1, {CivilDay(2023, 8, 31), "d", ""}, "FIELD_MISSING"},
  };
  for (const BadMove& c : cases) {
    Task task = JulyTask();
    EXPECT_THAT(task.MoveDeadline(c.ordinal, c.deadline, Office()), Refuses(c.reason)) << c.what;
    EXPECT_TRUE(task.phases[0].moves.empty()) << c.what;
  }
  Task done = JulyTask();
  done.phases[0].Recount({.done = 1, .last_completed = CivilDay(2023, 7, 1)});
  EXPECT_THAT(done.MoveDeadline(1, {CivilDay(2023, 8, 31), "d", "r"}, Office()),
              Refuses("PHASE_DONE"));
}

TEST(ResolveGroup, NamesUnitsAndWhoIsLeftOut) {
  Task task = JulyTask();
  EXPECT_TRUE(task.IsUnresolved());
  ASSERT_THAT(task.Resolve({.units = {"a", "b"}, .exclusions = {{"c", " không có TTHC "}}}),
              IsOk());
  EXPECT_FALSE(task.IsUnresolved());
  EXPECT_EQ(task.resolution->exclusions[0].reason, "không có TTHC");
}

TEST(ResolveGroup, RefusesListsThatContradictThemselves) {
  Task task = JulyTask();
  EXPECT_THAT(task.Resolve({}), Refuses("FIELD_MISSING"));
  EXPECT_THAT(task.Resolve({.units = {"a", "a"}}), Refuses("VALUE_REPEATED"));
  EXPECT_THAT(task.Resolve({.units = {"a"}, .exclusions = {{"a", "x"}}}),
              Refuses("UNIT_CHOSEN_AND_EXCLUDED"));
  EXPECT_THAT(task.Resolve({.units = {"a"}, .exclusions = {{"b", "x"}, {"b", "y"}}}),
              Refuses("VALUE_REPEATED"));
  EXPECT_THAT(task.Resolve({.units = {"a"}, .exclusions = {{"b", " "}}}), Refuses("FIELD_MISSING"));
  EXPECT_TRUE(task.IsUnresolved());
  task.leads = {{PartyKind::kUnit, "Văn phòng", "van-phong"}};
  EXPECT_THAT(task.Resolve({.units = {"a"}}), Refuses("TASK_NOT_LED_BY_GROUP"));
}

TEST(ATask, KnowsItsLeadsByKind) {
  Task task = JulyTask();
  task.leads.push_back({PartyKind::kUnit, "Văn phòng", "van-phong"});
  task.leads.push_back({PartyKind::kExternal, "Sở Nội vụ", ""});
  EXPECT_THAT(task.NamedLeads(), ElementsAre("van-phong"));
  EXPECT_THAT(task.LeadGroups(), ElementsAre("Các phòng, đơn vị có liên quan"));
}

TEST(GroupKey, DisregardsCaseDotsAndThePlaceOfTones) {
  EXPECT_EQ(GroupKey("Các đơn vị."), GroupKey("CÁC ĐƠN VỊ"));
  EXPECT_EQ(GroupKey("Các phòng  hoà giải"), GroupKey("các phòng hòa giải."));
  EXPECT_NE(GroupKey("Các đơn vị"), GroupKey("Các đơn vị có liên quan"));
}

}  // namespace
}  // namespace dondoc::registry
