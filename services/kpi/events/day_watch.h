#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "libs/base/clock.h"
#include "libs/store/database.h"
#include "services/kpi/events/value_publisher.h"
#include "services/kpi/store/catalog.h"

namespace dondoc::kpi {

// Does what the turn of a day changes: obligations that were due yesterday and are not done count
// as late from today, and verdicts become due or final. What is to be counted is found in the
// database, so nothing is missed while the service is down. One thread; it starts with the object.
class DayWatch {
 public:
  // Borrows everything.
  DayWatch(store::Database& database, Catalog& catalog, ValuePublisher& publisher,
           const Clock& clock);
  ~DayWatch();

 private:
  void Run();
  // Counts everything that is overdue as of today.
  absl::Status CountAllOverdue();

  store::Database& database_;
  Catalog& catalog_;
  ValuePublisher& publisher_;
  const Clock& clock_;
  // The day of which the publisher has been told. Starts at yesterday, so that a midnight between
  // the start of the publisher, which looks at every verdict, and our own is not missed.
  absl::CivilDay told_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace dondoc::kpi
