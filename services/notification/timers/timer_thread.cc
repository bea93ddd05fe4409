#include "services/notification/timers/timer_thread.h"

#include <utility>

#include "libs/base/status_macros.h"
#include "libs/log/log.h"
#include "services/notification/store/deadlines.h"
#include "services/notification/store/notices.h"
#include "services/notification/timers/fire.h"
#include "services/notification/timers/pace.h"

namespace dondoc::notification {
namespace {

// How often it looks whether the service is ready, after a start.
constexpr absl::Duration kReadyEvery = absl::Milliseconds(20);

}  // namespace

TimerThread::TimerThread(store::Database& database, const Clock& clock, Channels channels,
                         Conditions conditions)
    : database_(database), clock_(clock), channels_(channels), conditions_(std::move(conditions)) {
  thread_ = std::thread([this] { Run(); });
}

TimerThread::~TimerThread() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void TimerThread::Run() {
  while (!conditions_.ready()) {
    if (WaitForStop(kReadyEvery)) return;
  }
  absl::Duration wait = absl::ZeroDuration();
  while (!WaitForStop(wait)) {
    const absl::Status status = TellDue();
    if (!status.ok()) log::Warning("timers.failed", {{"error", status.ToString()}});
    wait = LookEvery(clock_);
  }
}

absl::Status TimerThread::TellDue() {
  while (!WaitForStop(absl::ZeroDuration()) && conditions_.may_tell()) {
    ASSIGN_OR_RETURN(const bool has_work, HasWork());
    if (!has_work) return absl::OkStatus();
    RETURN_IF_ERROR(database_.WriteAndWait([this](store::Transaction& transaction) {
      // Asked again now that the moment of this transaction is fixed: a clock that jumped since
      // the last question must not tell anything early.
      if (conditions_.may_tell()) RunTimers(transaction, channels_);
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> TimerThread::HasWork() {
  bool has_work = false;
  RETURN_IF_ERROR(database_.Read([&](store::Snapshot& snapshot) {
    const auto next = NextDueTime(snapshot.sql());
    has_work = (next && *next <= snapshot.now()) || HasOpenDigest(snapshot.sql());
    return absl::OkStatus();
  }));
  return has_work;
}

bool TimerThread::WaitForStop(absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  return stop_.wait_for(lock, absl::ToChronoMicroseconds(timeout), [this] { return stopping_; });
}

}  // namespace dondoc::notification
