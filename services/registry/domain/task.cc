#include "services/registry/domain/task.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/text_fields.h"

namespace dondoc::registry {

bool Task::IsLedByGroup() const {
  return std::any_of(leads.begin(), leads.end(),
                     [](const Party& party) { return party.kind == PartyKind::kGroup; });
}

std::vector<std::string> Task::NamedLeads() const {
  std::vector<std::string> units;
  for (const Party& party : leads) {
    if (party.kind == PartyKind::kUnit) units.push_back(party.unit);
  }
  return units;
}

std::vector<std::string> Task::LeadGroups() const {
  std::vector<std::string> groups;
  for (const Party& party : leads) {
    if (party.kind == PartyKind::kGroup) groups.push_back(party.text);
  }
  return groups;
}

absl::StatusOr<Phase*> Task::FindPhase(int ordinal) {
  for (Phase& phase : phases) {
    if (phase.ordinal == ordinal) return &phase;
  }
  return error::PhaseNotFound({.task = key, .ordinal = ordinal});
}

absl::Status Task::MoveDeadline(int ordinal, const NewDeadline& deadline, const Act& act) {
  ASSIGN_OR_RETURN(Phase * phase, FindPhase(ordinal));
  if (phase->IsDone()) return error::PhaseDone({.task = key, .ordinal = ordinal});
  const absl::CivilDay last = LastDateAllowed(act.today);
  if (deadline.due > last) return error::DateTooFar("new_due_date", deadline.due, last);
  if (deadline.due < phase->window_start) {
    return error::DueBeforeWindow(deadline.due, phase->window_start);
  }
  if (deadline.due == phase->due) return error::DeadlineUnchanged(phase->due);
  DeadlineMove move = {.old_due = phase->due,
                       .new_due = deadline.due,
                       .document = {},
                       .reason = {},
                       .actor = act.actor,
                       .move_time = act.now};
  ASSIGN_OR_RETURN(move.document, CleanRequiredText({"document", kLineMax}, deadline.document));
  ASSIGN_OR_RETURN(move.reason, CleanRequiredText({"reason", kParagraphMax}, deadline.reason));
  phase->due = deadline.due;
  phase->moves.push_back(std::move(move));
  return absl::OkStatus();
}

absl::Status Task::Resolve(GroupResolution next) {
  if (!IsLedByGroup()) return error::NotLedByGroup(key);
  if (next.units.empty()) return error::FieldMissing("units");
  std::set<absl::string_view> chosen;
  for (const std::string& unit : next.units) {
    if (!chosen.insert(unit).second) return error::Repeated("units", UnitName(unit));
  }
  std::set<absl::string_view> excluded;
  for (size_t i = 0; i < next.exclusions.size(); ++i) {
    Exclusion& exclusion = next.exclusions[i];
    if (chosen.contains(exclusion.unit)) return error::ChosenAndExcluded(exclusion.unit);
    if (!excluded.insert(exclusion.unit).second) {
      return error::Repeated("exclusions", UnitName(exclusion.unit));
    }
    const std::string field = absl::StrCat("exclusions[", i, "].reason");
    ASSIGN_OR_RETURN(exclusion.reason, CleanRequiredText({field, kParagraphMax}, exclusion.reason));
  }
  resolution = std::move(next);
  return absl::OkStatus();
}

std::string GroupKey(absl::string_view group_text) {
  return ComparisonKey(absl::StrReplaceAll(group_text, {{".", " "}}));
}

}  // namespace dondoc::registry
