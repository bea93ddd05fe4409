#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/store/database.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// The thread that tells what has fallen due. It keeps nothing in memory that a crash could lose:
// each time it asks the database what is due. Waits in slices (LookEvery), so a clock that jumps or
// runs fast does not make it oversleep. Thread-safe.
class TimerThread {
 public:
  // What the thread has to be told before it tells anything.
  struct Conditions {
    // True once and for all when events that say that work was done meanwhile have come.
    std::function<bool()> ready;
    // Whether the clock is right (ClockWatch); asked all the time.
    std::function<bool()> may_tell = [] { return true; };
  };

  // Borrows both.
  TimerThread(store::Database& database, const Clock& clock, Channels channels,
              Conditions conditions);
  // Stops it; what is not told yet is told after the next start.
  ~TimerThread();
  TimerThread(const TimerThread&) = delete;
  TimerThread& operator=(const TimerThread&) = delete;

 private:
  void Run();
  // Tells everything that is due.
  absl::Status TellDue();
  absl::StatusOr<bool> HasWork();
  // Waits so long, or until it has to stop. Returns whether it has.
  bool WaitForStop(absl::Duration timeout);

  store::Database& database_;
  const Clock& clock_;
  const Channels channels_;
  const Conditions conditions_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace dondoc::notification
