#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/inspection/domain/units.h"

namespace dondoc::inspection {

// The rules of selection, in the order in which they decide.
enum class SelectionReason {
  kMandatory,
  kNeverInspected,
  kLongestAgo,
  kLateWork,
  kOpenFindings,
  kDrawn,
};

// What is known of a unit that could be inspected.
struct UnitFacts {
  std::string unit;
  // Day of the last concluded inspection, of any year.
  std::optional<absl::CivilDay> last_inspected = {};
  // Overdue or late obligations this year.
  int64_t late_count = 0;
  // Findings of earlier inspections that nobody has put right yet.
  int64_t open_finding_count = 0;
};

// A unit that the Office wants inspected, in its own words.
struct MandatoryPick {
  std::string unit;
  std::string reason;
};

// One unit in the selection: how it was ranked, and why it came in or stayed out.
struct Candidate {
  std::string unit;
  bool selected = false;
  // The rule that decided, for the unit or against it.
  SelectionReason reason = SelectionReason::kDrawn;
  std::string reason_vi;
  std::string reason_en;
  std::optional<absl::CivilDay> last_inspected = {};
  int64_t late_count = 0;

  bool operator==(const Candidate&) const = default;
};

struct SelectionRules {
  // How many units to choose; more when more are mandatory. Not more than there are units.
  int64_t place_count = 0;
  int64_t seed = 0;
  std::vector<MandatoryPick> mandatory = {};
};

// Chooses who is inspected. First whoever the Office names; then who was never inspected; then who
// was inspected longest ago, counted in years, so that two inspections of one year leave the choice
// to the next rule; then who has more late work; then who has more open findings; and among those
// that are equal in everything, a draw by lot (draw.h).
//
// Returns a candidate for each unit with a written reason, the chosen ones first, in the order of
// their rank. The same units, facts and seed give the same answer, whatever order they come in.
// Refuses NO_UNITS, and MANDATORY_UNIT_UNKNOWN for a mandatory unit that is not among `facts`.
absl::StatusOr<std::vector<Candidate>> Select(std::vector<UnitFacts> facts,
                                              const SelectionRules& rules);

}  // namespace dondoc::inspection
