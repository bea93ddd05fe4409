#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "libs/identity/grants.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

// Fills in what is derived of stored tasks of one plan, in the order of their numbers, as of a day.
//
// The words of the plan are everybody's, what a unit has handed in is its own: where `reach` is
// narrow, phases and tasks say only what the assignments within it add up to. Of what has none
// there they say nothing (zero, empty, UNSPECIFIED), and no task has an etag, which would count
// everybody's steps.
void Show(store::Snapshot& snapshot, const identity::Reach& reach, absl::CivilDay as_of,
          std::vector<pb::Task>& tasks);

}  // namespace dondoc::registry
