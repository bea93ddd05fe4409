#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/registry/domain/assignment.h"
#include "services/registry/domain/task.h"
#include "services/registry/domain/unit_directory.h"

namespace dondoc::registry {

// A fresh obligation of `unit` for one phase.
Assignment OpenFor(const Task& task, const Phase& phase, absl::string_view unit);

// What has to happen so that exactly certain units answer for a task.
struct ObligationChanges {
  std::vector<Assignment> open;       // new ones
  std::vector<AssignmentKey> reopen;  // cancelled once, owed again
  std::vector<AssignmentKey> cancel;  // no longer owed
};

// Compares what is owed with who is obliged. `obliged` are ids of units without an end; `directory`
// knows every unit of `existing` with its successors. What a unit did before its end stays, and
// counts for its successor. ASSIGNMENT_ALREADY_SUBMITTED for a unit that is left out after it has
// handed something in.
absl::StatusOr<ObligationChanges> Oblige(const Task& task, const std::vector<Assignment>& existing,
                                         const std::set<std::string>& obliged,
                                         const UnitDirectory& directory);

}  // namespace dondoc::registry
