#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"

namespace dondoc::kpi {

// Emits dondoc.kpi.value.changed for an indicator over the whole register and one year, with all
// verdicts as of now; nothing when neither the value nor a verdict is other than last published, or
// when nothing was ever recorded. It belongs to the trace that this thread works for.
absl::Status EmitValueChanged(store::Transaction& transaction, const IndicatorEntry& entry,
                              int year);

}  // namespace dondoc::kpi
