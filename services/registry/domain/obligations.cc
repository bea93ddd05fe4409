#include "services/registry/domain/obligations.h"

#include <map>
#include <utility>

#include "libs/base/status_macros.h"
#include "services/registry/domain/errors.h"

namespace dondoc::registry {
namespace {

// Sorts the assignments of one phase: who is covered already, what ends, what may come back.
struct PhaseView {
  std::set<std::string> covered;
  std::map<std::string, AssignmentKey> cancelled;
};

absl::StatusOr<PhaseView> View(const Phase& phase, const std::vector<Assignment>& existing,
                               const std::set<std::string>& obliged, const UnitDirectory& directory,
                               std::vector<AssignmentKey>& cancel) {
  PhaseView view;
  for (const Assignment& assignment : existing) {
    const AssignmentKey& key = assignment.key();
    if (key.phase.ordinal != phase.ordinal) continue;
    if (assignment.state().cancelled) {
      view.cancelled.emplace(key.unit, key);
      continue;
    }
    const Unit* holder = directory.HolderOf(key.unit);
    if (holder != nullptr && obliged.contains(holder->id())) {
      view.covered.insert(holder->id());
    } else if (holder != nullptr && holder->id() == key.unit) {
      if (!assignment.IsOpen() || assignment.IsWaiting()) {
        return error::AssignmentAlreadySubmitted(key);
      }
      cancel.push_back(key);
    }
  }
  return view;
}

}  // namespace

Assignment OpenFor(const Task& task, const Phase& phase, absl::string_view unit) {
  AssignmentState fields;
  fields.key = {.phase = {.task = task.key, .ordinal = phase.ordinal}, .unit = std::string(unit)};
  fields.window_start = phase.window_start;
  fields.due = phase.due;
  fields.task_text = task.cells.content;
  fields.phase_label = phase.label;
  fields.conditional_product = task.conditional_product;
  return Assignment::Open(std::move(fields));
}

absl::StatusOr<ObligationChanges> Oblige(const Task& task, const std::vector<Assignment>& existing,
                                         const std::set<std::string>& obliged,
                                         const UnitDirectory& directory) {
  ObligationChanges changes;
  for (const Phase& phase : task.phases) {
    ASSIGN_OR_RETURN(const PhaseView view,
                     View(phase, existing, obliged, directory, changes.cancel));
    for (const std::string& unit : obliged) {
      if (view.covered.contains(unit)) continue;
      const auto cancelled = view.cancelled.find(unit);
      if (cancelled != view.cancelled.end()) {
        changes.reopen.push_back(cancelled->second);
      } else {
        changes.open.push_back(OpenFor(task, phase, unit));
      }
    }
  }
  return changes;
}

}  // namespace dondoc::registry
