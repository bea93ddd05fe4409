#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "services/registry/domain/limits.h"

namespace dondoc::registry {

// Where work stands against its deadline (thời hạn): the second axis beside Progress. Never set,
// always derived from dates. Dates are compared, not hours: the last day counts whole.
enum class Timeliness {
  kNotYetOpen,
  kInTime,
  kDueSoon,
  kOverdue,
  kDoneEarly,
  kDoneOnTime,
  kDoneLate
};

// The dates that decide. `due` is the deadline in force; window and deadline are both inclusive.
struct Dates {
  absl::CivilDay window_start;
  absl::CivilDay due;
  // Handed in and waiting to be accepted: a slow reviewer makes nobody late.
  std::optional<absl::CivilDay> submitted;
  // The day on which the accepted result was handed in.
  std::optional<absl::CivilDay> completed;
};

Timeliness TimelinessOf(const Dates& dates, absl::CivilDay today, int due_soon_days = kDueSoonDays);

// The verdict that no later day changes: of what is done, and of what waits to be accepted. Nothing
// while the day still decides.
std::optional<Timeliness> SettledTimeliness(const Dates& dates);

// The one that needs more attention. What is open always outranks what is done, so that a whole
// with an open part counts as open.
Timeliness Worse(Timeliness a, Timeliness b);

// The same rule as TimelinessOf(), turned round for a query: unsettled work is of a kind exactly
// when its window start and its deadline lie in these ranges (all ends inclusive).
struct DateRanges {
  absl::CivilDay window_start_first;
  absl::CivilDay window_start_last;
  absl::CivilDay due_first;
  absl::CivilDay due_last;
};

// Nothing for the kinds that only finished work can be.
std::optional<DateRanges> UnsettledRanges(Timeliness timeliness, absl::CivilDay today,
                                          int due_soon_days = kDueSoonDays);

}  // namespace dondoc::registry
