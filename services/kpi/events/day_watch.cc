#include "services/kpi/events/day_watch.h"

#include <algorithm>
#include <optional>

#include "libs/base/status_macros.h"
#include "libs/log/log.h"
#include "services/kpi/store/obligations.h"

namespace dondoc::kpi {
namespace {

// Counted in one transaction, so that other writes get their turn.
constexpr int64_t kCountedAtOnce = 500;
// It looks at the clock at least this often, in real time, whatever the clock promised.
constexpr absl::Duration kPatience = absl::Seconds(1);

}  // namespace

DayWatch::DayWatch(store::Database& database, Catalog& catalog, ValuePublisher& publisher,
                   const Clock& clock)
    : database_(database),
      catalog_(catalog),
      publisher_(publisher),
      clock_(clock),
      told_(DateOf(clock.Now()) - 1) {
  thread_ = std::thread([this] { Run(); });
}

DayWatch::~DayWatch() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void DayWatch::Run() {
  std::optional<absl::CivilDay> counted;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const absl::CivilDay today = DateOf(clock_.Now());
    if (counted != today) {
      const absl::Status status = CountAllOverdue();
      if (status.ok()) {
        counted = today;
      } else {
        log::Warning("kpi.overdue_not_counted", {{"error", status.message()}});
      }
    }
    if (told_ != today) publisher_.DayChanged(told_, today);
    told_ = today;
    const absl::Duration patience =
        std::clamp(clock_.RealTimeUntil(StartOf(today + 1)), absl::Milliseconds(1), kPatience);
    lock.lock();
    wake_.wait_for(lock, absl::ToChronoMilliseconds(patience), [this] { return stopping_; });
  }
}

absl::Status DayWatch::CountAllOverdue() {
  int64_t counted = kCountedAtOnce;
  while (counted == kCountedAtOnce) {
    RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(counted, CountOverdue(transaction, catalog_, kCountedAtOnce));
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace dondoc::kpi
