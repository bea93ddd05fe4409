#pragma once

#include <algorithm>

#include "absl/time/time.h"
#include "libs/base/clock.h"

namespace dondoc::notification {

// How long a thread that waits for moments of `clock` may sleep before it looks again, in real
// time: a second, or an hour of a clock that runs faster. So it is never more than that late, also
// when the database learned of a nearer moment while it slept.
inline absl::Duration LookEvery(const Clock& clock) {
  const absl::Duration an_hour = clock.RealTimeUntil(clock.Now() + absl::Hours(1));
  return std::clamp(an_hour, absl::Milliseconds(10), absl::Seconds(1));
}

}  // namespace dondoc::notification
