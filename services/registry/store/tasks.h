#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/identity/grants.h"
#include "libs/store/database.h"
#include "services/registry/domain/names.h"
#include "services/registry/domain/phase.h"
#include "services/registry/domain/task.h"
#include "services/registry/store/stored.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

// The stored body, its derived fields as of the last change; nothing when there is no such task.
// One point read of one row.
std::optional<pb::Task> FindTaskBody(store::Snapshot& snapshot, const TaskKey& key);

// TASK_NOT_FOUND.
absl::StatusOr<Stored<Task>> FindTask(store::Snapshot& snapshot, const TaskKey& key);

// Keeps the next version and says in the log what happened ("planned", "resolved", "rescheduled",
// "progressed"). Raises `task.version`.
pb::Task SaveTask(store::Transaction& transaction, Stored<Task>& task, absl::string_view verb);

// Whether the phase is in progress, without reading its task. False also when nobody knows.
bool PhaseIsInProgress(store::Snapshot& snapshot, const PhaseKey& key);

// All tasks of a plan, by number.
std::vector<Stored<Task>> TasksOf(store::Snapshot& snapshot, absl::string_view plan);

// How many tasks are led by a group that nobody has resolved.
int UnresolvedTasks(store::Snapshot& snapshot, absl::string_view plan);

struct TaskQuery {
  std::string plan;
  int after = 0;  // number
  int64_t limit = 0;
  std::string section = {};  // empty for all
  std::string unit = {};     // id; empty for all
  bool unresolved_only = false;
};
// Who asks what a unit beyond `reach` owes gets nothing.
std::vector<pb::Task> ListTaskBodies(store::Snapshot& snapshot, const TaskQuery& query,
                                     const identity::Reach& reach);

// What the assignments of the phases of one task add up to, by the phase's ordinal; phases with
// none are left out.
using PhaseCounts = std::map<int, PhaseCount>;
PhaseCounts CountPhases(store::Snapshot& snapshot, const TaskKey& key);

// The same of all tasks of a plan from one number to another, by number; only assignments within
// reach count.
struct TaskRange {
  std::string plan;
  int first = 0;
  int last = 0;
};
std::map<int, PhaseCounts> CountPhases(store::Snapshot& snapshot, const TaskRange& range,
                                       const identity::Reach& reach);

}  // namespace dondoc::registry
