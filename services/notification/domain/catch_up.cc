#include "services/notification/domain/catch_up.h"

#include <algorithm>

#include "libs/base/clock.h"

namespace dondoc::notification {
namespace {

bool HasCome(const std::vector<Step>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.kind == NoticeKind::kDue || step.kind == NoticeKind::kOverdue;
  });
}

// Each check-in asks about a period of its own, so acknowledging one says nothing about the next.
bool IsAcknowledged(const Step& step, const Circumstances& circumstances) {
  return circumstances.acknowledged && step.kind != NoticeKind::kCheckIn &&
         step.kind <= *circumstances.acknowledged;
}

bool IsOvertaken(const std::vector<Step>& steps, size_t index, bool has_come) {
  const NoticeKind kind = steps[index].kind;
  if (kind == NoticeKind::kDue) return false;
  if (kind != NoticeKind::kOverdue && has_come) return true;
  return std::any_of(steps.begin() + static_cast<ptrdiff_t>(index) + 1, steps.end(),
                     [kind](const Step& later) { return later.kind == kind; });
}

}  // namespace

std::vector<Verdict> Judge(const std::vector<Step>& steps, const Circumstances& circumstances) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(steps.size());
  const bool has_come = HasCome(steps);
  for (size_t i = 0; i < steps.size(); ++i) {
    absl::string_view reason;
    if (circumstances.dissolved_on && DateOf(steps[i].fire_at) >= *circumstances.dissolved_on) {
      reason = skip::kDissolved;
    } else if (IsOvertaken(steps, i, has_come)) {
      reason = skip::kOvertaken;
    } else if (IsAcknowledged(steps[i], circumstances)) {
      reason = skip::kAcknowledged;
    }
    verdicts.push_back({.step = steps[i], .skip_reason = reason});
  }
  return verdicts;
}

}  // namespace dondoc::notification
