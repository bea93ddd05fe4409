#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/store/database.h"
#include "services/inspection/domain/share.h"
#include "services/inspection/domain/units.h"
#include "services/inspection/wire/registry.h"

// The copy of what the registry owns: units, who owes what, and the share that a plan asks for.
namespace dondoc::inspection {

void SaveUnit(store::Transaction& transaction, const Unit& unit);
Units LoadUnits(store::Snapshot& snapshot);

// A cancelled obligation is forgotten.
void SaveObligation(store::Transaction& transaction, const Obligation& obligation);

// How many obligations of each unit are late: open past their due date, or handed in late in the
// year of `today`. Units without any are left out.
std::map<std::string, int64_t> LateCounts(store::Snapshot& snapshot, absl::CivilDay today);

void SavePlanShare(store::Transaction& transaction, const PlanShare& plan);
// The largest share that a plan of `year` asks for: it satisfies all of them.
std::optional<Share> PlanShareOf(store::Snapshot& snapshot, int year);

}  // namespace dondoc::inspection
