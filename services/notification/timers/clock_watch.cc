#include "services/notification/timers/clock_watch.h"

#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/log/log.h"
#include "services/notification/store/clock_readings.h"

namespace dondoc::notification {
namespace {

// A restart judges by a reading that is at most this old, and a commit costs a flush of the disk.
constexpr absl::Duration kKeepEvery = absl::Seconds(10);

std::string BootId() {
  std::string id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
  return id;
}

}  // namespace

ClockReading ReadMachineClocks() {
  static const std::string boot = BootId();
  timespec steady = {};
  // Unlike CLOCK_MONOTONIC it goes on while the machine sleeps, as the wall clock does.
  clock_gettime(CLOCK_BOOTTIME, &steady);
  // By the clock that the service goes by: it sees a jump up to two seconds after the kernel.
  return {.boot = boot, .wall = SystemClock().Now(), .steady = absl::DurationFromTimespec(steady)};
}

absl::StatusOr<std::unique_ptr<ClockWatch>> ClockWatch::Start(
    store::Database& database, std::optional<absl::CivilDay> vouched_for, Read read) {
  std::optional<ClockReading> last;
  RETURN_IF_ERROR(database.Read([&](store::Snapshot& snapshot) {
    last = FindClockReading(snapshot.sql());
    return absl::OkStatus();
  }));
  return std::unique_ptr<ClockWatch>(
      new ClockWatch(database, ClockGuard(std::move(last), vouched_for), std::move(read)));
}

bool ClockWatch::MayTell() {
  std::lock_guard lock(mutex_);
  const ClockReading reading = read_();
  const ClockVerdict verdict = guard_.Judge(reading);
  if (verdict != verdict_) Report(verdict, reading);
  verdict_ = verdict;
  if (verdict == ClockVerdict::kRight) KeepNowAndThen();
  return verdict != ClockVerdict::kAhead;
}

void ClockWatch::Report(ClockVerdict verdict, const ClockReading& reading) {
  const std::string wall = absl::FormatTime("%Y-%m-%dT%H:%M:%S+07:00", reading.wall, VietnamTime());
  const int64_t seconds = absl::ToInt64Seconds(guard_.difference());
  switch (verdict) {
    case ClockVerdict::kRight:
      log::Info("clock.right", {{"wall", wall}});
      return;
    case ClockVerdict::kAhead:
      log::Error("clock.suspect",
                 {{"wall", wall},
                  {"ahead_s", seconds},
                  {"hint",
                   "nothing is told until the clock is put right; if it is right, restart "
                   "with clock_vouched_for set to today"}});
      return;
    case ClockVerdict::kBehind:
      log::Error("clock.suspect", {{"wall", wall},
                                   {"behind_s", -seconds},
                                   {"hint", "the clock was set back; what is told may be late"}});
      return;
  }
}

void ClockWatch::KeepNowAndThen() {
  const ClockReading& reading = *guard_.last_right();
  if (kept_ && kept_->boot == reading.boot && reading.steady - kept_->steady < kKeepEvery) return;
  kept_ = reading;
  // One that fails is made up for in ten seconds; nobody needs to wait for it.
  database_.Write(
      [reading](store::Transaction& transaction) {
        PutClockReading(transaction.sql(), reading);
        return absl::OkStatus();
      },
      [](const absl::Status& status) {
        if (!status.ok()) log::Warning("clock.not_kept", {{"error", status.ToString()}});
      });
}

}  // namespace dondoc::notification
