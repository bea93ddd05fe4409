#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/store/database.h"
#include "services/notification/domain/clock_guard.h"

namespace dondoc::notification {

// The clocks of this machine. The real ones, also when the service's clock is simulated: what runs
// fast by design has to run by a clock that is right.
ClockReading ReadMachineClocks();

// Watches the clocks for the timers. What it finds stands in the log and in suspect(); every ten
// seconds the last right reading is kept in the database, for the next run. Thread-safe.
class ClockWatch {
 public:
  using Read = std::function<ClockReading()>;

  // Reads what the last run has kept. Borrows `database`.
  static absl::StatusOr<std::unique_ptr<ClockWatch>> Start(
      store::Database& database, std::optional<absl::CivilDay> vouched_for,
      Read read = ReadMachineClocks);

  // Looks at the clocks. False when they are ahead, so that nothing may be told by them.
  bool MayTell();

  // True from the moment at which the clocks were found to be ahead or behind, until they are right
  // again. For a metric.
  bool suspect() const { return verdict_ != ClockVerdict::kRight; }

 private:
  ClockWatch(store::Database& database, ClockGuard guard, Read read)
      : database_(database), read_(std::move(read)), guard_(std::move(guard)) {}

  void Report(ClockVerdict verdict, const ClockReading& reading);
  void KeepNowAndThen();

  store::Database& database_;
  const Read read_;
  std::mutex mutex_;
  ClockGuard guard_;
  std::optional<ClockReading> kept_;
  std::atomic<ClockVerdict> verdict_ = ClockVerdict::kRight;
};

}  // namespace dondoc::notification
