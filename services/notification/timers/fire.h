#pragma once

#include <cstdint>

#include "libs/store/database.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// How many deadlines, or digests, one transaction takes. Large enough that the commit costs little,
// small enough that other writers wait a tenth of a second at most.
inline constexpr int64_t kTimerBatch = 2'000;

// One part of a run of the timers: everything whose time has come, at most `batch` deadlines, and
// when nothing of that is left, the digests of the run. What to do is found in the database by a
// range ("not later than now"), so a run that was missed, broken off or done twice tells everything
// once. Returns whether there is more to do.
bool RunTimers(store::Transaction& transaction, const Channels& channels,
               int64_t batch = kTimerBatch);

}  // namespace dondoc::notification
