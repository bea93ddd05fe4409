#pragma once

#include <chrono>

#include "absl/time/time.h"

namespace dondoc::bus {

// Now, on a clock that only ever goes forward at its own pace: for waits and deadlines, which must
// not grow or end because somebody sets the clock of the machine. It means nothing outside of this
// process.
inline absl::Time SteadyNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace dondoc::bus
