#include "services/inspection/events/day_watch.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "libs/log/log.h"
#include "services/inspection/store/coverages.h"

namespace dondoc::inspection {
namespace {

// How long to wait at once: a clock that is set forward is noticed within this time.
constexpr absl::Duration kSliceMax = absl::Seconds(1);

}  // namespace

DayWatch::DayWatch(store::Database& database, const Clock& clock, const Regulation& regulation)
    : database_(database), clock_(clock), regulation_(regulation), thread_([this] { Run(); }) {}

DayWatch::~DayWatch() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void DayWatch::Run() {
  absl::CivilDay day;
  do {
    day = DateOf(clock_.Now());
    const absl::Status done = database_.WriteAndWait([this](store::Transaction& transaction) {
      RefreshCoverages(transaction, regulation_);
      return absl::OkStatus();
    });
    // What failed now is looked at again tomorrow and with the next change of anything.
    if (!done.ok()) log::Warning("day.refresh_failed", {{"why", done.ToString()}});
  } while (WaitForTheDayAfter(day));
}

bool DayWatch::WaitForTheDayAfter(absl::CivilDay day) {
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    const absl::Duration left = clock_.RealTimeUntil(StartOf(day + 1));
    if (left <= absl::ZeroDuration()) return true;
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), std::min(left, kSliceMax));
  }
  return false;
}

}  // namespace dondoc::inspection
