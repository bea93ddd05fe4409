#pragma once

#include "absl/status/status.h"
#include "libs/bus/bus.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// Each applies one event of the registry. INVALID_ARGUMENT, reason EVENT_INVALID, for one that
// cannot be understood: it is the sender's mistake and would not be better the next time.

absl::Status ApplyUnitChanged(store::Transaction& transaction, const Channels& channels,
                              const bus::Event& event);
absl::Status ApplyAssignmentChanged(store::Transaction& transaction, const Channels& channels,
                                    const bus::Event& event);
absl::Status ApplyReportChanged(store::Transaction& transaction, const Channels& channels,
                                const bus::Event& event);

}  // namespace dondoc::notification
