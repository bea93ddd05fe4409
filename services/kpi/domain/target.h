#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/base/decimal.h"

namespace dondoc::kpi {

// How a value is held against a target: exactly, and before any rounding.
enum class Comparator { kAtLeast, kGreater, kAtMost, kLess, kEqual };

// A figure that an indicator has to reach.
struct Target {
  // The resource is indicators/{indicator}/targets/{id}.
  std::string indicator;
  std::string id;
  // 1, 2, 3, … with each change.
  int64_t version = 0;
  // Nothing where there is no figure.
  std::optional<Comparator> comparator;
  // Nothing while nobody has set the figure ("chưa giao chỉ tiêu").
  std::optional<Decimal> value;
  // Both inclusive: in force from the one, judged at the end of the other.
  absl::CivilDay effective_from;
  absl::CivilDay due_date;
  // "I.2.d"; where the figure comes from.
  std::string clause;
  // Plan's id; empty when it belongs to none.
  std::string plan;
  // The words of the plan.
  std::string text;
  // True when the plan states it without anything to measure ("định tính").
  bool qualitative = false;
  // The document that holds the figure, when it is another one.
  std::string reference;
  // True when another target of the same indicator has another figure for common days.
  bool conflicting = false;

  friend bool operator==(const Target&, const Target&) = default;
};

// Checks and cleans what a caller wants to set. `version` and `conflicting` are the service's own
// and reset.
absl::StatusOr<Target> CheckTarget(Target wanted);

// Sets `conflicting` on each target of one indicator.
void MarkConflicts(std::vector<Target>& targets);

// A text that orders clauses as people read them: section I before the appendix, I.2.d before
// I.2.đ (a, b, c, d, đ, e), row 9 before row 14, and no clause last.
std::string ClauseOrder(absl::string_view clause);

}  // namespace dondoc::kpi
