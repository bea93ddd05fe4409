#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/store/database.h"
#include "services/registry/domain/unit.h"
#include "services/registry/domain/unit_directory.h"
#include "services/registry/store/stored.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

// UNIT_NOT_FOUND.
absl::StatusOr<Stored<Unit>> FindUnit(store::Snapshot& snapshot, absl::string_view id);
bool UnitExists(store::Snapshot& snapshot, absl::string_view id);

// Keeps the next version with its names, and says in the log what happened ("added", "changed",
// "dissolved"). Raises `unit.version`.
pb::Unit SaveUnit(store::Transaction& transaction, Stored<Unit>& unit, absl::string_view verb);

// Says every unit once more that the directory of roles does not know: those of a database that is
// older than it. So all copies of the directory get them the usual way.
void TellUnknownUnitsAgain(store::Transaction& transaction);

// The unit, its parent, … up to the root; empty for no unit. UNIT_NOT_FOUND.
absl::StatusOr<std::vector<Unit>> ChainUpFrom(store::Snapshot& snapshot, absl::string_view id);
// How many levels stand below it; 0 for a leaf.
size_t HeightBelow(store::Snapshot& snapshot, absl::string_view id);
// A unit right below it that still exists on `day` or later; "" when there is none.
std::string ChildFrom(store::Snapshot& snapshot, absl::string_view id, absl::CivilDay day);

// Units that were ever called so, without regard to case and the place of tones.
std::vector<Unit> UnitsNamed(store::Snapshot& snapshot, absl::string_view name);

// Adds a unit and everybody who succeeded it, one after the other. UNIT_NOT_FOUND.
absl::Status AddWithSuccessors(store::Snapshot& snapshot, absl::string_view id,
                               UnitDirectory& directory);

// Units of a kind that exist on `day` and whose end is not on record, in the order of their ids.
std::vector<Unit> UnitsOfKind(store::Snapshot& snapshot, UnitKind kind, absl::CivilDay day);

struct UnitQuery {
  std::string after;  // id
  int64_t limit = 0;
  // Only units that exist on that day.
  std::optional<absl::CivilDay> as_of;
};
std::vector<pb::Unit> ListUnitBodies(store::Snapshot& snapshot, const UnitQuery& query);

}  // namespace dondoc::registry
