#pragma once

#include <atomic>
#include <chrono>
#include <vector>

#include "libs/bus/bus.h"

namespace dondoc::notification {

// Notices when events have stopped pouring in after a start.
//
// A service that was away has two things to make up for: what it should have told, and what
// happened meanwhile. The second comes first, or it would remind people of work that is done. So
// telling begins when the broker is there and has been quiet for a moment, or after a few seconds
// without it. Thread-safe.
class Arrivals {
 public:
  // Real time that only goes forward.
  using Clock = std::chrono::steady_clock;

  explicit Arrivals(Clock::time_point now = Clock::now()) : start_(now), last_(now) {}

  // As after a start: this replica has just begun to listen.
  void Restart(Clock::time_point now = Clock::now());

  // The same subscriptions; each event that one of them applies is noticed. They borrow this.
  std::vector<bus::Subscription> Watch(std::vector<bus::Subscription> subscriptions);

  // Whether the flood is over. `connected` is whether the broker answers now.
  bool Settled(bool connected, Clock::time_point now = Clock::now());

  static constexpr std::chrono::milliseconds kQuiet{400};
  static constexpr std::chrono::seconds kPatience{5};

 private:
  std::atomic<Clock::time_point> start_;
  // When something last happened.
  std::atomic<Clock::time_point> last_;
  std::atomic<bool> connected_before_ = false;
};

}  // namespace dondoc::notification
