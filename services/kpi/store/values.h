#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/calendar/periods.h"
#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/wire/convert.h"

// Values of whole periods, and what their targets make of them.
namespace dondoc::kpi {

// Computes a value from the sums, as of one consistent view.
absl::StatusOr<pb::Value> ComputeValue(store::Snapshot& snapshot, const IndicatorEntry& entry,
                                       const ValueName& name, const calendar::Period& period);

// Holds a value of a period against one target of its indicator. Where the target is in force in a
// part of the period only, that part is added up from the sums.
absl::StatusOr<pb::Judgement> JudgeValue(store::Snapshot& snapshot, const IndicatorEntry& entry,
                                         const Target& target, const calendar::Period& period,
                                         const pb::Value& value);

// Against each of its targets.
absl::StatusOr<std::vector<pb::Judgement>> JudgeAll(store::Snapshot& snapshot,
                                                    const IndicatorEntry& entry,
                                                    const calendar::Period& period,
                                                    const pb::Value& value);

// The month, quarter, half and year that hold a month, for which values are kept ready.
std::vector<calendar::Period> PeriodsOfMonth(int64_t month);

}  // namespace dondoc::kpi
