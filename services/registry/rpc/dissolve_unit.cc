#include <map>
#include <set>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/rpc/checks.h"
#include "services/registry/rpc/roll_up.h"
#include "services/registry/rpc/units.h"
#include "services/registry/store/assignments.h"
#include "services/registry/store/tasks.h"
#include "services/registry/store/units.h"

namespace dondoc::registry {
namespace {

absl::StatusOr<Dissolution> ReadDissolution(const pb::DissolveUnitRequest& request) {
  Dissolution dissolution;
  ASSIGN_OR_RETURN(dissolution.valid_to, calendar::ParseDate("valid_to", request.valid_to()));
  if (!request.successor().empty()) {
    ASSIGN_OR_RETURN(dissolution.successor, ParseUnitName("successor", request.successor()));
  }
  dissolution.decision = request.decision();
  return dissolution;
}

enum class Passed { kMoved, kMerged };

// Ends one open assignment of the dissolved unit. The successor owes it from now on; where it owed
// the phase already, its own assignment stays the only one.
Passed PassOn(store::Transaction& transaction, Stored<Assignment> old,
              const std::string& successor) {
  const AssignmentKey key = {.phase = old.value.key().phase, .unit = successor};
  absl::StatusOr<Stored<Assignment>> present = FindAssignment(transaction, key);
  const bool owed = present.ok() && !present->value.state().cancelled;
  const Assignment taken = old.value.TakenOverBy(successor);
  old.value.Cancel();
  SaveAssignment(transaction, old, "cancelled");
  if (owed) return Passed::kMerged;
  Stored<Assignment> next = {taken, present.ok() ? present->version : 0};
  SaveAssignment(transaction, next, "opened");
  return Passed::kMoved;
}

}  // namespace

absl::StatusOr<pb::DissolveUnitResponse> DissolveUnit(const rpc::Call&,
                                                      store::Transaction& transaction,
                                                      const pb::DissolveUnitRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseUnitName("name", request.name()));
  ASSIGN_OR_RETURN(const Dissolution dissolution, ReadDissolution(request));
  ASSIGN_OR_RETURN(Stored<Unit> unit, FindUnit(transaction, id));
  RETURN_IF_ERROR(CheckEtag(request.name(), request.etag(), unit.version));
  RETURN_IF_ERROR(unit.value.Dissolve(dissolution, transaction.today()));
  const std::string child = ChildFrom(transaction, id, dissolution.valid_to);
  if (!child.empty()) return error::UnitHasChildren(id, child);

  std::vector<Stored<Assignment>> open = OpenAssignmentsOf(transaction, id);
  if (!dissolution.successor.empty()) {
    ASSIGN_OR_RETURN(const Stored<Unit> successor, FindUnit(transaction, dissolution.successor));
    RETURN_IF_ERROR(CheckAssignable(successor.value, dissolution.valid_to));
  } else if (!open.empty()) {
    return error::UnitHasOpenAssignments(id, static_cast<int64_t>(open.size()));
  }

  pb::DissolveUnitResponse response;
  *response.mutable_unit() = SaveUnit(transaction, unit, "dissolved");
  std::set<std::pair<std::string, int>> tasks;
  int moved = 0;
  for (Stored<Assignment>& assignment : open) {
    const TaskKey task = assignment.value.key().phase.task;
    tasks.emplace(task.plan, task.number);
    if (PassOn(transaction, std::move(assignment), dissolution.successor) == Passed::kMoved) {
      ++moved;
    }
  }
  for (const auto& [plan, number] : tasks) {
    RETURN_IF_ERROR(RollUp(transaction, {.plan = plan, .number = number}));
  }
  response.set_assignments_moved(moved);
  response.set_assignments_merged(static_cast<int>(open.size()) - moved);
  return response;
}

}  // namespace dondoc::registry
