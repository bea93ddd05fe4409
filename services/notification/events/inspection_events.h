#pragma once

#include "absl/status/status.h"
#include "libs/bus/bus.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// Applies one event of the inspection service: the date of a planned inspection, until the team has
// been there, and from its conclusion on the deadline of each finding that is not put right. The
// date of an ad hoc inspection is told to nobody: it must surprise the unit. INVALID_ARGUMENT,
// reason EVENT_INVALID, for an event that cannot be understood.
absl::Status ApplyInspectionChanged(store::Transaction& transaction, const Channels& channels,
                                    const bus::Event& event);

}  // namespace dondoc::notification
