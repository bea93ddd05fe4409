#pragma once

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/clock.h"
#include "libs/store/database.h"
#include "services/inspection/domain/regulation.h"

namespace dondoc::inspection {

// Publishes what the beginning of a day changes: a unit founded or dissolved on that date changes
// the coverage though nobody does anything. Looks once at start, so days that passed while the
// service was down are caught up, and then at the beginning of every day. Thread-safe.
class DayWatch {
 public:
  // Starts its thread; borrows all three.
  DayWatch(store::Database& database, const Clock& clock, const Regulation& regulation);
  // Waits until its thread has stopped.
  ~DayWatch();
  DayWatch(const DayWatch&) = delete;
  DayWatch& operator=(const DayWatch&) = delete;

 private:
  void Run();
  // Waits until the day after `day` has begun. False when it is time to stop.
  bool WaitForTheDayAfter(absl::CivilDay day);

  store::Database& database_;
  const Clock& clock_;
  const Regulation& regulation_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dondoc::inspection
