#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/identity/grants.h"
#include "libs/store/database.h"
#include "services/kpi/domain/observation.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/store/sums.h"

// Observations at rest: recorded once by their key, never changed, at most replaced by another.
namespace dondoc::kpi {

// An observation that was checked, ready to be written. Names have become row numbers.
struct NewObservation {
  int64_t indicator = 0;
  int64_t unit = 0;
  Figures figures;
  // True where the largest value counts and not the sum.
  bool by_case = false;
  // Position in ObservationBatch::sources.
  size_t source = 0;
  std::string key;
  // Empty for a new figure.
  std::string replaces_key;
};

struct ObservationBatch {
  std::vector<NewObservation> observations;
  // Each text once.
  std::vector<std::string> sources;
  std::string actor;
  // Whose observations it may add and replace.
  identity::Reach reach = {.kind = identity::Reach::Kind::kEverything};
};

struct RecordedBatch {
  int64_t recorded = 0;
  int64_t repeated = 0;
};

// Records all of a batch or refuses it, with the index in the details. ALREADY_EXISTS, reason
// OBSERVATION_KEY_REUSED, for a key that holds other figures; OUT_OF_SCOPE; REPLACED_NOT_FOUND,
// also for an observation of a unit beyond reach; ALREADY_REPLACED.
absl::StatusOr<RecordedBatch> RecordBatch(store::Transaction& transaction, Catalog& catalog,
                                          const ObservationBatch& batch);

// The observation of a computed indicator under `key`, as events have it now: figures, or nothing
// when it does not count any more. Does nothing when it is so already. The change of the sums is
// collected in `sums`, for the caller to write.
struct ComputedObservation {
  int64_t indicator = 0;
  int64_t unit = 0;
  std::string key;
  std::string source;
  std::optional<Figures> figures;
};
void PutComputed(store::Transaction& transaction, const ComputedObservation& observation,
                 SumChanges& sums);

// The figures under a key; nothing when there are none.
std::optional<Figures> FindFigures(store::Sql& sql, int64_t indicator, const std::string& key);

// An observation as it is listed.
struct KeptObservation {
  std::string unit;  // units/{id}; empty for none
  Figures figures;
  std::string source;
  std::string key;
  std::string replaces_key;
};

struct ObservationQuery {
  int64_t indicator = 0;
  // units/{id}; empty for all.
  std::string unit = {};
  const identity::Reach& reach;
};

// Observations of one indicator in the order of their keys, after the key `after`; those within
// reach, and of one unit only when `unit` is given. Looks through a bounded number of them, so a
// page may hold fewer than `limit` and still not be the last: `next_after` is empty when it is. For
// whoever does not reach everything it looks as far as it must, because `next_after` would show
// them the key of another unit's figure.
struct ObservationPage {
  std::vector<KeptObservation> observations;
  std::string next_after;
};
ObservationPage ListObservations(store::Sql& sql, const ObservationQuery& query,
                                 const std::string& after, int64_t limit);

}  // namespace dondoc::kpi
