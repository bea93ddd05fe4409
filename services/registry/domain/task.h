#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/registry/domain/names.h"
#include "services/registry/domain/phase.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/submission.h"

namespace dondoc::registry {

// One name of the lead or the coordinating column, and the unit of the register it means.
struct Party {
  PartyKind kind = PartyKind::kUnit;
  std::string text;
  std::string unit;  // id; empty for a group, and for an external body that is not registered
  bool operator==(const Party&) const = default;
};

// A unit that a group could mean and does not, and why.
struct Exclusion {
  std::string unit;
  std::string reason;
};

// Which units the group of one task stands for.
struct GroupResolution {
  std::vector<std::string> units;
  std::vector<Exclusion> exclusions = {};
  std::string actor = {};
  absl::Time resolve_time = {};
  bool by_rule = false;
};

// A new deadline and what decided it, uncleaned.
struct NewDeadline {
  absl::CivilDay due;
  std::string document;
  std::string reason;
};

// One row of a plan's appendix: what was printed, what was understood, where it stands. Its cells
// never change after import; the phases and the resolution do.
struct Task {
  TaskKey key;
  std::string section;
  TaskCells cells;
  std::vector<Party> leads;
  std::vector<Party> coordinators;
  bool no_coordinator = false;
  std::vector<Phase> phases;
  bool conditional_product = false;
  std::optional<GroupResolution> resolution;

  bool IsLedByGroup() const;
  bool IsUnresolved() const { return IsLedByGroup() && !resolution; }

  // The ids of the units that the lead column names.
  std::vector<std::string> NamedLeads() const;
  // The words of the groups in the lead column.
  std::vector<std::string> LeadGroups() const;

  // PHASE_NOT_FOUND.
  absl::StatusOr<Phase*> FindPhase(int ordinal);

  // Moves the deadline of one phase. PHASE_DONE, DUE_BEFORE_WINDOW, DATE_TOO_FAR (from today),
  // DEADLINE_UNCHANGED; document and reason are required.
  absl::Status MoveDeadline(int ordinal, const NewDeadline& deadline, const Act& act);

  // Cleans the exclusions and sets the resolution. TASK_NOT_LED_BY_GROUP; at least one unit, none
  // twice, none chosen and excluded at once. Whether the units may be obliged, the caller judges.
  absl::Status Resolve(GroupResolution next);
};

// The key under which two spellings of a group's words count as the same: without regard to case,
// dots and the place of tones.
std::string GroupKey(absl::string_view group_text);

}  // namespace dondoc::registry
