#pragma once

#include "absl/status/status.h"
#include "libs/store/database.h"
#include "services/registry/domain/names.h"
#include "services/registry/domain/task.h"

// Keeps a task's counts equal to what its assignments add up to, so that a task is read in one
// piece.
namespace dondoc::registry {

// Counts the assignments anew. Returns whether anything changed; the caller saves the task.
bool Recount(store::Snapshot& snapshot, Task& task);

// Recounts one task and saves it, as "progressed", when that changed anything.
absl::Status RollUp(store::Transaction& transaction, const TaskKey& key);

// The same after the first report of one unit. A phase that is in progress already stays so: that
// is one look at a small table, and the task is left alone.
absl::Status RollUpFirstReport(store::Transaction& transaction, const AssignmentKey& key);

}  // namespace dondoc::registry
