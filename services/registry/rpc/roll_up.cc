#include "services/registry/rpc/roll_up.h"

#include "libs/base/status_macros.h"
#include "services/registry/store/tasks.h"

namespace dondoc::registry {

bool Recount(store::Snapshot& snapshot, Task& task) {
  const PhaseCounts counts = CountPhases(snapshot, task.key);
  bool changed = false;
  for (Phase& phase : task.phases) {
    const auto count = counts.find(phase.ordinal);
    changed |= phase.Recount(count == counts.end() ? PhaseCount() : count->second);
  }
  return changed;
}

absl::Status RollUp(store::Transaction& transaction, const TaskKey& key) {
  ASSIGN_OR_RETURN(Stored<Task> task, FindTask(transaction, key));
  if (Recount(transaction, task.value)) SaveTask(transaction, task, "progressed");
  return absl::OkStatus();
}

absl::Status RollUpFirstReport(store::Transaction& transaction, const AssignmentKey& key) {
  if (PhaseIsInProgress(transaction, key.phase)) return absl::OkStatus();
  return RollUp(transaction, key.phase.task);
}

}  // namespace dondoc::registry
