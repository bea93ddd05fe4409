#include "services/notification/domain/clock_guard.h"

#include <utility>

#include "libs/base/clock.h"

namespace dondoc::notification {

ClockGuard::ClockGuard(std::optional<ClockReading> last, std::optional<absl::CivilDay> vouched_for)
    : last_right_(std::move(last)), vouched_for_(vouched_for) {}

ClockVerdict ClockGuard::Judge(const ClockReading& now) {
  if (!last_right_ || DateOf(now.wall) == vouched_for_) return Right(now);
  const bool same_boot = last_right_->boot == now.boot;
  difference_ = now.wall - last_right_->wall;
  if (same_boot) difference_ -= now.steady - last_right_->steady;
  if (difference_ > kClockStepMax) {
    behind_since_.reset();
    return same_boot ? ClockVerdict::kAhead : Right(now);
  }
  if (difference_ >= -kClockStepMax) return Right(now);
  if (!behind_since_) behind_since_ = now.steady;
  return now.steady - *behind_since_ < kSetBackFor ? ClockVerdict::kBehind : Right(now);
}

ClockVerdict ClockGuard::Right(const ClockReading& now) {
  difference_ = absl::ZeroDuration();
  behind_since_.reset();
  last_right_ = now;
  return ClockVerdict::kRight;
}

}  // namespace dondoc::notification
