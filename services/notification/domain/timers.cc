#include "services/notification/domain/timers.h"

#include <algorithm>
#include <array>

#include "libs/base/clock.h"

namespace dondoc::notification {
namespace {

// The day of the last month of a reporting period on which its data are closed (domain.md 4.1).
constexpr int kCutOffDay = 14;
constexpr std::array<int, 4> kCutOffMonths = {3, 6, 9, 12};

bool AsksForNews(const PlanRules& rules, const Deadline& deadline) {
  return rules.check_ins && deadline.kind == DeadlineKind::kPhase && deadline.window_start &&
         deadline.due - *deadline.window_start + 1 > kLongestQuarterDays;
}

// Calls `each(kind, days_left)` for every step of the deadline, in no particular order.
template <typename Each>
void ForEachStep(const PlanRules& rules, const Deadline& deadline, Each each) {
  for (const int days : rules.days_before) each(NoticeKind::kBeforeDue, days);
  each(NoticeKind::kDue, 0);
  if (deadline.kind != DeadlineKind::kInspection) {
    for (int day = 1; day <= rules.overdue_limit_days; day += rules.overdue_step_days) {
      each(NoticeKind::kOverdue, -day);
    }
  }
  if (!AsksForNews(rules, deadline)) return;
  for (auto year = deadline.window_start->year(); year <= deadline.due.year(); ++year) {
    for (const int month : kCutOffMonths) {
      const absl::CivilDay cut_off(year, month, kCutOffDay);
      if (cut_off < *deadline.window_start || cut_off >= deadline.due) continue;
      each(NoticeKind::kCheckIn, static_cast<int>(deadline.due - cut_off));
    }
  }
}

// Vietnam has no daylight saving time, so a day is always 24 hours.
absl::Time FireTime(const PlanRules& rules, const Deadline& deadline) {
  return StartOf(deadline.due) + absl::Hours(rules.hour);
}

}  // namespace

std::vector<Step> StepsBetween(const PlanRules& rules, const Deadline& deadline, absl::Time after,
                               absl::Time until) {
  std::vector<Step> steps;
  const absl::Time on_the_day = FireTime(rules, deadline);
  ForEachStep(rules, deadline, [&](NoticeKind kind, int days_left) {
    const absl::Time fire_at = on_the_day - absl::Hours(24 * days_left);
    if (fire_at <= after || fire_at > until) return;
    steps.push_back({.kind = kind, .days_left = days_left, .fire_at = fire_at});
  });
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.fire_at != b.fire_at ? a.fire_at < b.fire_at : a.kind < b.kind;
  });
  return steps;
}

std::optional<Step> NextStep(const PlanRules& rules, const Deadline& deadline, absl::Time after) {
  std::optional<Step> next;
  const absl::Time on_the_day = FireTime(rules, deadline);
  ForEachStep(rules, deadline, [&](NoticeKind kind, int days_left) {
    const absl::Time fire_at = on_the_day - absl::Hours(24 * days_left);
    if (fire_at <= after) return;
    if (next && (next->fire_at < fire_at || (next->fire_at == fire_at && next->kind < kind))) {
      return;
    }
    next = Step{.kind = kind, .days_left = days_left, .fire_at = fire_at};
  });
  return next;
}

}  // namespace dondoc::notification
