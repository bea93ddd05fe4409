#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/wire/convert.h"

// The sums once more, from the observations themselves: the proof that adding up as observations
// come in has gone right, and the repair when somebody tampered with the file.
namespace dondoc::kpi {

struct CountedCell {
  int64_t indicator = 0;
  Cell cell;
  ValueSum sum;
};

struct Difference {
  CountedCell right;
  ValueSum stored;
};

struct Recount {
  // Which repairs it has seen.
  int64_t repairs = 0;
  std::vector<CountedCell> cells;
  std::vector<Difference> differences;
};

// Reads every observation in force, from one consistent view.
absl::StatusOr<Recount> CountAgain(store::Snapshot& snapshot);

// Puts the sums right. What was recorded since the recount stays counted: each sum is moved by what
// it was wrong by. ABORTED, reason RECOMPUTE_RUNNING, when another replica has put sums right
// since: done twice they would be wrong by as much again.
absl::Status Repair(store::Transaction& transaction, Catalog& catalog, const Recount& recount);

// The values that are kept ready in Redis, made from recounted cells alone: for each indicator and
// each unit that reported, those above it and the whole register, in each month, quarter, half and
// year. `revisions` are not known here and left at zero.
absl::StatusOr<std::vector<pb::Value>> ValuesOf(const Recount& recount, const Catalog& catalog);

}  // namespace dondoc::kpi
