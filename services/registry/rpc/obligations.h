#pragma once

#include "absl/status/statusor.h"
#include "libs/store/database.h"
#include "services/registry/domain/task.h"
#include "services/registry/store/stored.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

struct Resolved {
  pb::Task task;
  int opened = 0;
};

// Keeps a task whose resolution was just set, as "resolved": opens, reopens and cancels assignments
// until exactly its named leads and the units of its resolution are obliged, and counts anew.
// UNIT_NOT_FOUND and what CheckAssignable() refuses for a unit of the resolution;
// ASSIGNMENT_ALREADY_SUBMITTED.
absl::StatusOr<Resolved> SaveResolved(store::Transaction& transaction, Stored<Task>& task);

}  // namespace dondoc::registry
