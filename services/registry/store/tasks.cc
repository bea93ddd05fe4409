#include "services/registry/store/tasks.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/store/one_of.h"
#include "services/registry/domain/errors.h"
#include "services/registry/store/body.h"

namespace dondoc::registry {
namespace {

using store::Bytes;

// Where in a count assignments of one progress belong.
int& PlaceOf(Progress progress, PhaseCount& count) {
  switch (progress) {
    case Progress::kNotStarted:
      return count.not_started;
    case Progress::kInProgress:
      return count.in_progress;
    case Progress::kSuspended:
      return count.suspended;
    case Progress::kSubmitted:
      return count.submitted;
    case Progress::kDone:
      return count.done;
    case Progress::kNotArising:
      return count.not_arising;
  }
  return count.not_started;
}

void SavePhases(store::Transaction& transaction, const Task& task) {
  for (const Phase& phase : task.phases) {
    transaction.sql().Run(
        "insert into phases (plan, task, ordinal, progress) "
        "values (:plan, :task, :ordinal, :progress) "
        "on conflict (plan, task, ordinal) do update set progress = excluded.progress",
        task.key.plan, task.key.number, phase.ordinal, ToProto(phase.progress));
  }
}

}  // namespace

std::optional<pb::Task> FindTaskBody(store::Snapshot& snapshot, const TaskKey& key) {
  const auto body = snapshot.sql().Value<Bytes>(
      "select body from tasks where plan = :plan and number = :number", key.plan, key.number);
  if (!body) return std::nullopt;
  return Decode<pb::Task>(*body);
}

absl::StatusOr<Stored<Task>> FindTask(store::Snapshot& snapshot, const TaskKey& key) {
  const auto row = snapshot.sql().One<int64_t, Bytes>(
      "select version, body from tasks where plan = :plan and number = :number", key.plan,
      key.number);
  if (!row) return error::TaskNotFound(key);
  return Stored<Task>{RestoreTask(Decode<pb::Task>(std::get<1>(*row))), std::get<0>(*row)};
}

pb::Task SaveTask(store::Transaction& transaction, Stored<Task>& task, absl::string_view verb) {
  const TaskKey& key = task.value.key;
  pb::TaskChanged event;
  *event.mutable_task() = ToProto(task.value, ++task.version, transaction.today());
  transaction.sql().Run(
      "insert into tasks (plan, number, version, section, unresolved, body) "
      "values (:plan, :number, :version, :section, :unresolved, :body) "
      "on conflict (plan, number) do update set version = excluded.version, "
      "unresolved = excluded.unresolved, body = excluded.body",
      key.plan, key.number, task.version, task.value.section, task.value.IsUnresolved(),
      Encode(event.task()));
  SavePhases(transaction, task.value);
  Emit(transaction,
       {.noun = "task", .verb = verb, .name = event.task().name(), .version = task.version}, event);
  return std::move(*event.mutable_task());
}

bool PhaseIsInProgress(store::Snapshot& snapshot, const PhaseKey& key) {
  return snapshot.sql().Value<int64_t>(
             "select progress from phases "
             "where plan = :plan and task = :task and ordinal = :ordinal",
             key.task.plan, key.task.number, key.ordinal) == pb::PROGRESS_IN_PROGRESS;
}

std::vector<Stored<Task>> TasksOf(store::Snapshot& snapshot, absl::string_view plan) {
  std::vector<Stored<Task>> tasks;
  snapshot.sql().ForEach<int64_t, Bytes>(
      "select version, body from tasks where plan = :plan order by number",
      [&](int64_t version, const Bytes& body) {
        tasks.push_back({RestoreTask(Decode<pb::Task>(body)), version});
      },
      plan);
  return tasks;
}

int UnresolvedTasks(store::Snapshot& snapshot, absl::string_view plan) {
  return static_cast<int>(
      snapshot.sql()
          .Value<int64_t>("select count(*) from tasks where plan = :plan and unresolved = 1", plan)
          .value_or(0));
}

std::vector<pb::Task> ListTaskBodies(store::Snapshot& snapshot, const TaskQuery& query,
                                     const identity::Reach& reach) {
  std::vector<pb::Task> tasks;
  if (!query.unit.empty() && !reach.Contains(UnitName(query.unit))) return tasks;
  snapshot.sql().ForEach<Bytes>(
      "select body from tasks where plan = :plan and number > :after "
      "and (:all_sections = 1 or section = :section) and (:resolved_too = 1 or unresolved = 1) "
      "and (:all_units = 1 or exists (select 1 from assignments where unit = :unit "
      "  and assignments.plan = tasks.plan and assignments.task = tasks.number "
      "  and cancelled = 0)) "
      "order by number limit :limit",
      [&](const Bytes& body) { tasks.push_back(Decode<pb::Task>(body)); }, query.plan, query.after,
      query.section.empty(), query.section, !query.unresolved_only, query.unit.empty(), query.unit,
      query.limit);
  return tasks;
}

std::map<int, PhaseCounts> CountPhases(store::Snapshot& snapshot, const TaskRange& range,
                                       const identity::Reach& reach) {
  std::map<int, PhaseCounts> counts;
  const auto each = [&](int64_t task, int64_t phase, int64_t progress, int64_t units,
                        std::optional<std::string> completed) {
    PhaseCount& count = counts[static_cast<int>(task)][static_cast<int>(phase)];
    PlaceOf(ReadProgress("progress", static_cast<int>(progress)).value(), count) +=
        static_cast<int>(units);
    if (!completed) return;
    const absl::CivilDay day = RestoreDate(*completed);
    count.last_completed = std::max(count.last_completed.value_or(day), day);
  };
  const auto select = [&](absl::string_view condition, const auto&... units) {
    snapshot.sql().ForEach<int64_t, int64_t, int64_t, int64_t, std::optional<std::string>>(
        absl::StrCat("select task, phase, progress, count(*), max(completed_date) "
                     "from assignments where plan = :plan and task between :first and :last "
                     "and cancelled = 0 ",
                     condition, "group by task, phase, progress")
            .c_str(),
        each, range.plan, range.first, range.last, units...);
  };
  if (reach.IsEverything()) {
    select("");
  } else {
    select(absl::StrCat("and ", store::OneOf(snapshot.sql(), "unit", ":reach"), " "),
           store::ListOfWithout("units/", reach.units));
  }
  return counts;
}

PhaseCounts CountPhases(store::Snapshot& snapshot, const TaskKey& key) {
  const TaskRange one = {.plan = key.plan, .first = key.number, .last = key.number};
  auto counts = CountPhases(snapshot, one, identity::Reach::Everything());
  return std::move(counts[key.number]);
}

}  // namespace dondoc::registry
