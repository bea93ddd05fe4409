#include "services/registry/rpc/task_view.h"

#include <map>
#include <string>
#include <utility>

#include "libs/calendar/dates.h"
#include "services/registry/domain/names.h"
#include "services/registry/domain/phase.h"
#include "services/registry/store/tasks.h"

namespace dondoc::registry {
namespace {

void SetCounts(const PhaseCount& count, pb::Phase& message) {
  Phase phase;
  phase.Recount(count);
  message.set_assignment_count(phase.assignment_count);
  message.set_done_count(phase.done_count);
  message.set_completed_date(phase.completed ? calendar::FormatDate(*phase.completed)
                                             : std::string());
  message.set_progress(ToProto(phase.progress));
}

void ClearDerived(pb::Phase& phase) {
  phase.clear_assignment_count();
  phase.clear_done_count();
  phase.clear_completed_date();
  phase.clear_progress();
  phase.clear_timeliness();
}

// Derives a task from those of its phases alone that `counts` knows.
void Narrow(const PhaseCounts& counts, absl::CivilDay as_of, pb::Task& task) {
  pb::Task within;
  std::vector<pb::Phase*> phases;
  for (pb::Phase& phase : *task.mutable_phases()) {
    const int ordinal = ParsePhaseName("body", phase.name()).value().ordinal;
    const auto count = counts.find(ordinal);
    if (count == counts.end()) {
      ClearDerived(phase);
      continue;
    }
    SetCounts(count->second, phase);
    *within.add_phases() = phase;
    phases.push_back(&phase);
  }
  Derive(within, as_of);
  for (size_t i = 0; i < phases.size(); ++i) {
    *phases[i] = std::move(*within.mutable_phases(static_cast<int>(i)));
  }
  task.set_progress(within.progress());
  task.set_timeliness(within.timeliness());
  task.clear_etag();
}

}  // namespace

void Show(store::Snapshot& snapshot, const identity::Reach& reach, absl::CivilDay as_of,
          std::vector<pb::Task>& tasks) {
  if (tasks.empty()) return;
  if (reach.IsEverything()) {
    for (pb::Task& task : tasks) Derive(task, as_of);
    return;
  }
  const TaskKey first = ParseTaskName("body", tasks.front().name()).value();
  std::map<int, PhaseCounts> counts = CountPhases(
      snapshot, {.plan = first.plan, .first = first.number, .last = tasks.back().number()}, reach);
  for (pb::Task& task : tasks) Narrow(counts[task.number()], as_of, task);
}

}  // namespace dondoc::registry
