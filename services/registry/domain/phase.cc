#include "services/registry/domain/phase.h"

namespace dondoc::registry {

Progress RollUp(const PhaseCount& count) {
  const int obliged = count.Obliged();
  if (obliged == count.not_started) return Progress::kNotStarted;
  if (obliged == count.not_arising) return Progress::kNotArising;
  if (obliged == count.Done()) return Progress::kDone;
  if (obliged == count.Done() + count.submitted) return Progress::kSubmitted;
  if (obliged == count.Done() + count.suspended) return Progress::kSuspended;
  if (obliged == count.not_started + count.suspended) return Progress::kNotStarted;
  return Progress::kInProgress;
}

bool Phase::Recount(const PhaseCount& count) {
  const Progress now = RollUp(count);
  const std::optional<absl::CivilDay> last =
      registry::IsDone(now) ? count.last_completed : std::nullopt;
  if (assignment_count == count.Obliged() && done_count == count.Done() && completed == last &&
      progress == now) {
    return false;
  }
  assignment_count = count.Obliged();
  done_count = count.Done();
  completed = last;
  progress = now;
  return true;
}

Timeliness Phase::TimelinessOn(absl::CivilDay today) const {
  return TimelinessOf(
      {.window_start = window_start, .due = due, .submitted = {}, .completed = completed}, today);
}

}  // namespace dondoc::registry
