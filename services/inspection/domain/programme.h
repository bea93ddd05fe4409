#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/calendar/holidays.h"
#include "services/inspection/domain/inspection.h"
#include "services/inspection/domain/schedule.h"
#include "services/inspection/domain/selection.h"
#include "services/inspection/domain/share.h"
#include "services/inspection/domain/units.h"

namespace dondoc::inspection {

enum class ProgrammeState { kProposed, kApproved };

// The yearly inspection plan: who is inspected, and why they were chosen. When and by whom stands
// in its inspections.
struct Programme {
  int year = 0;
  int64_t version = 0;
  ProgrammeState state = ProgrammeState::kProposed;
  Share share;
  int64_t unit_count = 0;
  int64_t required_count = 0;
  int64_t seed = 0;
  std::vector<Inspector> inspectors;
  std::vector<Candidate> candidates = {};
  absl::Time proposed_at;
  std::optional<absl::Time> approved_at = {};
  std::string decision = {};
  // Who made the proposal; empty where nobody has kept it.
  std::string proposer = {};

  bool operator==(const Programme&) const = default;
};

// programmes/{year}.
std::string ProgrammeName(int year);

// A programme with what is planned in it.
struct ProgrammeDraft {
  Programme programme;
  std::vector<Inspection> inspections;
};

// What the Office asks for.
struct ProgrammeWish {
  int year = 0;
  Share share;
  // 0 takes one from the clock.
  int64_t seed = 0;
  std::vector<MandatoryPick> mandatory = {};
  std::vector<Inspector> inspectors;
  int team_size = 2;
  // Both inclusive; nothing for the first and the last day of the year.
  std::optional<absl::CivilDay> start = {};
  std::optional<absl::CivilDay> end = {};
  // More units than the share asks for.
  int64_t extra_units = 0;
};

// What the service knows when the Office asks. `facts` may be missing for a unit about which
// nothing is known.
struct Circumstances {
  absl::Time now;
  const Units& units;
  const absl::flat_hash_map<std::string, UnitFacts>& facts;
  const calendar::Holidays& holidays;
  CountingRule rule;
};

// Chooses units, days and teams for a year. The same wish and circumstances give the same
// programme.
//
// Refuses what the wish has wrong in itself (WINDOW_REVERSED, WINDOW_OUTSIDE_YEAR, WINDOW_PAST,
// INSPECTOR_TWICE, INSPECTOR_UNIT_UNKNOWN, EXTRA_UNITS_TOO_MANY), and NO_PROGRAMME when no
// programme exists under the rules: its details name the rule and whom it concerns. Never half a
// programme.
absl::StatusOr<ProgrammeDraft> Propose(const ProgrammeWish& wish,
                                       const Circumstances& circumstances);

struct Approval {
  // The document.
  std::string decision;
  absl::Time now;
  // Who approves; empty where nobody has to prove who they are, and so anybody may.
  std::string approver = {};
};
// proposed -> approved. Refuses PROGRAMME_ALREADY_APPROVED, PROGRAMME_OUT_OF_DATE when the proposal
// has lain so long that an inspection of it is planned before today, and OWN_PROPOSAL.
absl::StatusOr<ProgrammeDraft> Approve(ProgrammeDraft draft, Approval approval);

}  // namespace dondoc::inspection
