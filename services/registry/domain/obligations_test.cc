#include "services/registry/domain/obligations.h"

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
using ::testing::IsEmpty;
using testing::IsOk;
using testing::Refuses;

// Illustrative units a, b and c; "old" ended and was succeeded by b.
UnitDirectory Units() {
  UnitDirectory directory;
  for (const char* id : {"a", "b", "c", "old"}) {
    UnitState state;
    state.id = id;
    state.display_name = id;
    state.valid_from = CivilDay(2020, 1, 1);
    if (state.id == "old") {
      state.valid_to = CivilDay(2023, 1, 1);
      state.successor = "b";
    }
    directory.Add(Unit::Restore(state));
  }
  return directory;
}

Task TwoPhases() {
  Task task;
  task.key = {.plan = "p", .number = 1};
  task.conditional_product = true;
  task.cells.content = "Ban hành kế hoạch";
  for (const int ordinal : {1, 2}) {
    Phase phase;
    phase.ordinal = ordinal;
    phase.window_start = CivilDay(2023, 1, 1);
    phase.due = CivilDay(2023, 3 * ordinal, 30);
    task.phases.push_back(phase);
  }
  return task;
}

Assignment Owed(const std::string& unit, int phase) {
  const Task task = TwoPhases();
  return OpenFor(task, task.phases[static_cast<size_t>(phase) - 1], unit);
}
Assignment Submitted(const std::string& unit, int phase) {
  Assignment assignment = Owed(unit, phase);
  EXPECT_THAT(
      assignment.Submit(
          {.outcome = Outcome::kNotArising, .reason = "không có", .evidence = {}},
          {.actor = unit, .now = StartOf(CivilDay(2023, 2, 1)), .today = CivilDay(2023, 2, 1)}),
      IsOk());
  return assignment;
}
Assignment Cancelled(const std::string& unit, int phase) {
  Assignment assignment = Owed(unit, phase);
  assignment.Cancel();
  return assignment;
}

std::string Shown(const AssignmentKey& key) { return key.unit + std::to_string(key.phase.ordinal); }
std::vector<std::string> Shown(const std::vector<AssignmentKey>& keys) {
  std::vector<std::string> shown;
  for (const AssignmentKey& key : keys) shown.push_back(Shown(key));
  return shown;
}
std::vector<std::string> Shown(const std::vector<Assignment>& assignments) {
  std::vector<std::string> shown;
  for (const Assignment& assignment : assignments) shown.push_back(Shown(assignment.key()));
  return shown;
}

struct Case {
  const char* what;
  std::vector<Assignment> existing;
  std::set<std::string> obliged;
  std::vector<std::string> open;
  std::vector<std::string> reopen;
  std::vector<std::string> cancel;
};

TEST(Oblige, ComparesWhatIsOwedWithWhoIsObliged) {
  const std::vector<Case> cases = {
      {"nobody yet", {}, {"a", "b"}, {"a1", "b1", "a2", "b2"}, {}, {}},
      {"all as it should be", {Owed("a", 1), Owed("a", 2)}, {"a"}, {}, {}, {}},
      {"one joins, one is released",
       {Owed("a", 1), Owed("a", 2)},
       {"b"},
       {"b1", "b2"},
       {},
       {"a1", "a2"}},
      {"one comes back", {Cancelled("a", 1), Owed("a", 2)}, {"a"}, {}, {"a1"}, {}},
      {"one was released and stays so", {Cancelled("a", 1)}, {"b"}, {"b1", "b2"}, {}, {}},
      {"submitted by one who stays", {Submitted("a", 1), Owed("a", 2)}, {"a"}, {}, {}, {}},
      {"what a unit did before its end counts for its successor",
       {Submitted("old", 1), Owed("b", 2)},
       {"b", "c"},
       {"c1", "c2"},
       {},
       {}},
  };
  for (const Case& c : cases) {
    const auto changes = Oblige(TwoPhases(), c.existing, c.obliged, Units());
    ASSERT_THAT(changes, IsOk()) << c.what;
    EXPECT_EQ(Shown(changes->open), c.open) << c.what;
    EXPECT_EQ(Shown(changes->reopen), c.reopen) << c.what;
    EXPECT_EQ(Shown(changes->cancel), c.cancel) << c.what;
  }
}

TEST(Oblige, ReleasesNobodyWhoHasSubmitted) {
  EXPECT_THAT(Oblige(TwoPhases(), {Submitted("a", 1), Owed("a", 2)}, {"b"}, Units()),
              Refuses("ASSIGNMENT_ALREADY_SUBMITTED"));
}

TEST(OpenFor, CopiesWhatListsAndNoticesNeed) {
  const AssignmentState state = Owed("a", 2).state();
  EXPECT_EQ(state.due, CivilDay(2023, 6, 30));
  EXPECT_EQ(state.task_text, "Ban hành kế hoạch");
  EXPECT_TRUE(state.conditional_product);
}

}  // namespace
}  // namespace dondoc::registry
