#pragma once

#include <chrono>

#include "absl/time/time.h"

namespace dondoc::kpi {

// Real time that has passed, which no clock setting bends: for how long a call took and how often a
// thread acts. What the service does at a date asks a Clock.
class Stopwatch {
 public:
  absl::Duration Elapsed() const {
    return absl::FromChrono(std::chrono::steady_clock::now() - start_);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace dondoc::kpi
