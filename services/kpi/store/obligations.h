#pragma once

#include <string>
#include <vector>

#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/wire/registry.h"

// Our copy of the assignments of plans, and the share of them done on time that follows from it.
namespace dondoc::kpi {

// Takes over the state of an assignment and counts it as of today. FAILED_PRECONDITION when its
// unit is not known: its own event has to come first.
absl::Status PutAssignment(store::Transaction& transaction, Catalog& catalog,
                           const AssignmentFacts& facts);

// Counts obligations that fell due before today and are not done, at most `limit`. Returns how many
// it counted; fewer than `limit` means that none is left.
absl::StatusOr<int64_t> CountOverdue(store::Transaction& transaction, Catalog& catalog,
                                     int64_t limit);

}  // namespace dondoc::kpi
