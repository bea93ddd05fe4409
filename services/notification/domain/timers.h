#pragma once

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/notification/domain/plan_rules.h"
#include "services/notification/domain/types.h"

namespace dondoc::notification {

// A window that takes more days than any quarter has is asked for news at each cut-off of data.
inline constexpr int kLongestQuarterDays = 92;

// What falls due, and when work on it may begin (nothing when it has no window).
struct Deadline {
  DeadlineKind kind = DeadlineKind::kPhase;
  std::optional<absl::CivilDay> window_start = {};
  absl::CivilDay due = {};
};

// One moment at which a deadline is told. `days_left` counts to the deadline: 7 is seven days
// before, 0 the day itself, -4 four days late; for a check-in, from the cut-off to the deadline.
struct Step {
  NoticeKind kind = NoticeKind::kBeforeDue;
  int days_left = 0;
  absl::Time fire_at = {};

  friend bool operator==(const Step&, const Step&) = default;
};

// The steps of a deadline that fire after `after` and not later than `until`, in order of time.
//
//   BEFORE_DUE  on each of rules.days_before
//   DUE         on the day
//   OVERDUE     on day 1, 1 + step, 1 + 2 * step, … up to the limit. Not for the date of an
//               inspection: it is an appointment, and the unit is not late when the team is.
//   CHECK_IN    for a phase whose window is longer than a quarter, on each cut-off of data of the
//               Government's reporting regime (14/3, 14/6, 14/9, 14/12) inside its window and
//               before its deadline: progress is asked for when a report is due to tell it.
std::vector<Step> StepsBetween(const PlanRules& rules, const Deadline& deadline, absl::Time after,
                               absl::Time until);

// The first step after `after`; nothing when the deadline has nothing more to say.
std::optional<Step> NextStep(const PlanRules& rules, const Deadline& deadline, absl::Time after);

}  // namespace dondoc::notification
