#pragma once

#include <chrono>
#include <mutex>

namespace dondoc::cache {

using SteadyTime = std::chrono::steady_clock::time_point;

struct BreakerLimits {
  int errors_in_a_row = 5;
  std::chrono::milliseconds open_for = std::chrono::seconds(5);
};

// Spares everybody the waiting for a server that is gone: after some errors in a row it is open and
// lets nobody through for a while; then one attempt at a time may try, until one succeeds.
// Thread-safe. The time is given, so that a test needs no waiting.
class Breaker {
 public:
  explicit Breaker(BreakerLimits limits) : limits_(limits) {}

  // May this caller try now? Whoever may must report Success() or Failure(), unless nothing was
  // tried.
  bool Allows(SteadyTime now);

  void Success();
  void Failure(SteadyTime now);

 private:
  const BreakerLimits limits_;
  std::mutex mutex_;
  int errors_ = 0;
  // Nobody gets through before this, once there are enough errors.
  SteadyTime retry_at_;
};

}  // namespace dondoc::cache
