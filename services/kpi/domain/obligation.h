#pragma once

#include <optional>

#include "absl/time/civil_time.h"

namespace dondoc::kpi {

enum class ObligationState {
  // Somebody still owes it.
  kOpen,
  // Handed in, waiting for an answer.
  kSubmitted,
  // The result was accepted.
  kDone,
  // Nobody owes it: cancelled, or what it was conditional on did not happen.
  kReleased,
};

// What one unit owes for one phase of a task, as far as being on time goes.
struct Obligation {
  ObligationState state = ObligationState::kOpen;
  // The deadline in force.
  absl::CivilDay due_date;
  // The day on which the last result was handed in; meaningful when submitted or done.
  absl::CivilDay handed_in;
  // Frozen at acceptance; meaningful when done.
  bool on_time = false;
};

// What an obligation adds to the share of obligations done on time: 1 out of 1, or 0 out of 1.
struct OnTimeFigure {
  absl::CivilDay date;
  bool on_time = false;

  friend bool operator==(const OnTimeFigure&, const OnTimeFigure&) = default;
};

// Counts an obligation, or says that it does not count: it is not due yet, was handed in in time
// and waits for an answer (a slow reviewer makes nobody late), or is owed no more. The due day
// itself is still in time. The figure stands on the day the matter was settled: handed in early, or
// due.
std::optional<OnTimeFigure> CountObligation(const Obligation& obligation, absl::CivilDay today);

}  // namespace dondoc::kpi
