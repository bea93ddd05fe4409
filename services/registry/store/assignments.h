#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/identity/grants.h"
#include "libs/store/database.h"
#include "services/registry/domain/assignment.h"
#include "services/registry/domain/names.h"
#include "services/registry/store/stored.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

// ASSIGNMENT_NOT_FOUND.
absl::StatusOr<Stored<Assignment>> FindAssignment(store::Snapshot& snapshot,
                                                  const AssignmentKey& key);
// The stored body, its derived fields as of the last change.
std::optional<pb::Assignment> FindAssignmentBody(store::Snapshot& snapshot,
                                                 const AssignmentKey& key);

// Keeps the next version and says in the log what happened ("opened", "reported", "submitted",
// "accepted", "returned", "suspended", "resumed", "rescheduled", "cancelled"). Raises
// `assignment.version`.
pb::Assignment SaveAssignment(store::Transaction& transaction, Stored<Assignment>& assignment,
                              absl::string_view verb);

// All assignments of a task, cancelled ones too, by phase and unit.
std::vector<Stored<Assignment>> AssignmentsOf(store::Snapshot& snapshot, const TaskKey& key);

// What a unit still owes, in all plans.
std::vector<Stored<Assignment>> OpenAssignmentsOf(store::Snapshot& snapshot,
                                                  absl::string_view unit);

struct AssignmentQuery {
  std::string plan;
  std::optional<int> task;
  std::string unit;  // id; empty for all
  std::optional<Timeliness> timeliness;
  std::optional<Progress> progress;
  absl::CivilDay today;
  // The last one of the page before; the default comes before all.
  AssignmentKey after;
  int64_t limit = 0;
};
// Those in force and within reach, by task, phase and unit; derived fields as of the last change.
std::vector<pb::Assignment> ListAssignmentBodies(store::Snapshot& snapshot,
                                                 const AssignmentQuery& query,
                                                 const identity::Reach& reach);

// How many assignments in force and within reach of a plan share all of this, judged as of `as_of`.
struct AssignmentCount {
  std::string section;
  std::string unit;
  Progress progress = Progress::kNotStarted;
  Timeliness timeliness = Timeliness::kInTime;
  int count = 0;
};
std::vector<AssignmentCount> CountAssignments(store::Snapshot& snapshot, absl::string_view plan,
                                              absl::CivilDay as_of, const identity::Reach& reach);

}  // namespace dondoc::registry
