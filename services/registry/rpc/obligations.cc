#include "services/registry/rpc/obligations.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"
#include "services/registry/domain/obligations.h"
#include "services/registry/rpc/roll_up.h"
#include "services/registry/store/assignments.h"
#include "services/registry/store/tasks.h"
#include "services/registry/store/units.h"

namespace dondoc::registry {
namespace {

// The units of the resolution, and whoever holds the work of the units that the row names.
absl::StatusOr<std::set<std::string>> ObligedBy(store::Snapshot& snapshot, const Task& task,
                                                UnitDirectory& directory) {
  std::set<std::string> obliged;
  for (const std::string& lead : task.NamedLeads()) {
    RETURN_IF_ERROR(AddWithSuccessors(snapshot, lead, directory));
    if (const Unit* holder = directory.HolderOf(lead)) obliged.insert(holder->id());
  }
  for (const std::string& id : task.resolution->units) {
    ASSIGN_OR_RETURN(Stored<Unit> unit, FindUnit(snapshot, id));
    RETURN_IF_ERROR(CheckAssignable(unit.value, snapshot.today()));
    directory.Add(std::move(unit.value));
    obliged.insert(id);
  }
  return obliged;
}

Stored<Assignment>& At(const AssignmentKey& key, std::vector<Stored<Assignment>>& assignments) {
  return *std::find_if(assignments.begin(), assignments.end(),
                       [&](const Stored<Assignment>& a) { return a.value.key() == key; });
}

}  // namespace

absl::StatusOr<Resolved> SaveResolved(store::Transaction& transaction, Stored<Task>& task) {
  UnitDirectory directory;
  ASSIGN_OR_RETURN(const std::set<std::string> obliged,
                   ObligedBy(transaction, task.value, directory));
  std::vector<Stored<Assignment>> stored = AssignmentsOf(transaction, task.value.key);
  std::vector<Assignment> existing;
  for (const Stored<Assignment>& assignment : stored) {
    RETURN_IF_ERROR(AddWithSuccessors(transaction, assignment.value.key().unit, directory));
    existing.push_back(assignment.value);
  }
  ASSIGN_OR_RETURN(ObligationChanges changes, Oblige(task.value, existing, obliged, directory));

  for (const AssignmentKey& key : changes.cancel) {
    Stored<Assignment>& assignment = At(key, stored);
    assignment.value.Cancel();
    SaveAssignment(transaction, assignment, "cancelled");
  }
  for (const AssignmentKey& key : changes.reopen) {
    Stored<Assignment>& assignment = At(key, stored);
    ASSIGN_OR_RETURN(const Phase* phase, task.value.FindPhase(key.phase.ordinal));
    assignment.value.Reopen(phase->window_start, phase->due);
    SaveAssignment(transaction, assignment, "opened");
  }
  for (Assignment& assignment : changes.open) {
    Stored<Assignment> opened = {std::move(assignment)};
    SaveAssignment(transaction, opened, "opened");
  }
  Recount(transaction, task.value);
  return Resolved{.task = SaveTask(transaction, task, "resolved"),
                  .opened = static_cast<int>(changes.open.size() + changes.reopen.size())};
}

}  // namespace dondoc::registry
