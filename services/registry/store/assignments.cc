#include "services/registry/store/assignments.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/calendar/dates.h"
#include "libs/store/one_of.h"
#include "services/registry/domain/errors.h"
#include "services/registry/store/body.h"

namespace dondoc::registry {
namespace {

using store::Bytes;

constexpr char kInsert[] =
    "insert into assignments (version, cancelled, progress, timeliness, window_start, due_date, "
    "completed_date, body, plan, task, phase, unit) "
    "values (:version, :cancelled, :progress, :timeliness, :window_start, :due_date, "
    ":completed_date, :body, :plan, :task, :phase, :unit)";
constexpr char kUpdate[] =
    "update assignments set version = :version, cancelled = :cancelled, progress = :progress, "
    "timeliness = :timeliness, window_start = :window_start, due_date = :due_date, "
    "completed_date = :completed_date, body = :body "
    "where plan = :plan and task = :task and phase = :phase and unit = :unit";

// One page of a list, of a plan or of one unit in it; the latter goes by the index of units.
std::string ListSql(absl::string_view whose) {
  return absl::StrCat("select body from assignments where ", whose,
                      " and cancelled = 0 and (:all_tasks = 1 or task = :task) "
                      "and (task, phase, unit) > (:after_task, :after_phase, :after_unit) "
                      "and (:all_progress = 1 or progress = :progress) "
                      "and (:all_timeliness = 1 or timeliness = :timeliness or (timeliness is null "
                      "  and window_start between :start_first and :start_last "
                      "  and due_date between :due_first and :due_last)) "
                      "order by task, phase, unit limit :limit");
}

// The condition that an assignment is within reach, and what it binds; the column holds ids.
std::string WithinReach(const store::Sql& sql) {
  return store::OneOf(sql, "assignments.unit", ":reach");
}
std::string IdsOf(const identity::Reach& reach) {
  return store::ListOfWithout("units/", reach.units);
}

std::optional<std::string> Column(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Stored<Assignment> Restore(int64_t version, const Bytes& body) {
  return {RestoreAssignment(Decode<pb::Assignment>(body)), version};
}

}  // namespace

absl::StatusOr<Stored<Assignment>> FindAssignment(store::Snapshot& snapshot,
                                                  const AssignmentKey& key) {
  const auto row = snapshot.sql().One<int64_t, Bytes>(
      "select version, body from assignments "
      "where plan = :plan and task = :task and phase = :phase and unit = :unit",
      key.phase.task.plan, key.phase.task.number, key.phase.ordinal, key.unit);
  if (!row) return error::AssignmentNotFound(key);
  return Restore(std::get<0>(*row), std::get<1>(*row));
}

std::optional<pb::Assignment> FindAssignmentBody(store::Snapshot& snapshot,
                                                 const AssignmentKey& key) {
  const auto body = snapshot.sql().Value<Bytes>(
      "select body from assignments "
      "where plan = :plan and task = :task and phase = :phase and unit = :unit",
      key.phase.task.plan, key.phase.task.number, key.phase.ordinal, key.unit);
  if (!body) return std::nullopt;
  return Decode<pb::Assignment>(*body);
}

pb::Assignment SaveAssignment(store::Transaction& transaction, Stored<Assignment>& assignment,
                              absl::string_view verb) {
  const AssignmentState& state = assignment.value.state();
  const char* sql = assignment.version == 0 ? kInsert : kUpdate;
  const std::optional<Timeliness> settled = assignment.value.Settled();
  pb::AssignmentChanged event;
  *event.mutable_assignment() =
      ToProto(assignment.value, ++assignment.version, transaction.today());
  const pb::Assignment& message = event.assignment();
  transaction.sql().Run(sql, assignment.version, state.cancelled, ToProto(state.progress),
                        settled ? std::optional(ToProto(*settled)) : std::nullopt,
                        message.window_start(), message.due_date(),
                        Column(message.completed_date()), Encode(message),
                        state.key.phase.task.plan, state.key.phase.task.number,
                        state.key.phase.ordinal, state.key.unit);
  Emit(transaction,
       {.noun = "assignment", .verb = verb, .name = message.name(), .version = assignment.version},
       event);
  return std::move(*event.mutable_assignment());
}

std::vector<Stored<Assignment>> AssignmentsOf(store::Snapshot& snapshot, const TaskKey& key) {
  std::vector<Stored<Assignment>> assignments;
  snapshot.sql().ForEach<int64_t, Bytes>(
      "select version, body from assignments where plan = :plan and task = :task "
      "order by phase, unit",
      [&](int64_t version, const Bytes& body) { assignments.push_back(Restore(version, body)); },
      key.plan, key.number);
  return assignments;
}

std::vector<Stored<Assignment>> OpenAssignmentsOf(store::Snapshot& snapshot,
                                                  absl::string_view unit) {
  std::vector<Stored<Assignment>> assignments;
  snapshot.sql().ForEach<int64_t, Bytes>(
      "select version, body from assignments where unit = :unit and cancelled = 0 "
      "and completed_date is null order by plan, task, phase",
      [&](int64_t version, const Bytes& body) { assignments.push_back(Restore(version, body)); },
      unit);
  return assignments;
}

std::vector<pb::Assignment> ListAssignmentBodies(store::Snapshot& snapshot,
                                                 const AssignmentQuery& query,
                                                 const identity::Reach& reach) {
  // Kinds that only finished work can be match no unsettled row: an empty range of dates.
  DateRanges ranges = {.window_start_first = query.today,
                       .window_start_last = query.today - 1,
                       .due_first = query.today,
                       .due_last = query.today - 1};
  if (query.timeliness) {
    if (const auto open = UnsettledRanges(*query.timeliness, query.today)) ranges = *open;
  }
  std::vector<pb::Assignment> assignments;
  const auto each = [&](const Bytes& body) { assignments.push_back(Decode<pb::Assignment>(body)); };
  const auto list = [&](const std::string& sql, const auto&... whose) {
    snapshot.sql().ForEach<Bytes>(
        sql.c_str(), each, whose..., !query.task, query.task.value_or(0),
        query.after.phase.task.number, query.after.phase.ordinal, query.after.unit, !query.progress,
        query.progress ? ToProto(*query.progress) : pb::PROGRESS_UNSPECIFIED, !query.timeliness,
        query.timeliness ? ToProto(*query.timeliness) : pb::TIMELINESS_UNSPECIFIED,
        calendar::FormatDate(ranges.window_start_first),
        calendar::FormatDate(ranges.window_start_last), calendar::FormatDate(ranges.due_first),
        calendar::FormatDate(ranges.due_last), query.limit);
  };
  if (!query.unit.empty()) {
    static const std::string kOfUnit = ListSql("unit = :unit and plan = :plan");
    if (reach.Contains(UnitName(query.unit))) list(kOfUnit, query.unit, query.plan);
  } else if (reach.IsEverything()) {
    static const std::string kOfPlan = ListSql("plan = :plan");
    list(kOfPlan, query.plan);
  } else {
    list(ListSql(absl::StrCat(WithinReach(snapshot.sql()), " and plan = :plan")), IdsOf(reach),
         query.plan);
  }
  return assignments;
}

std::vector<AssignmentCount> CountAssignments(store::Snapshot& snapshot, absl::string_view plan,
                                              absl::CivilDay as_of, const identity::Reach& reach) {
  std::vector<AssignmentCount> counts;
  const auto each = [&](std::string section, std::string unit, int64_t progress,
                        std::optional<int64_t> settled, int64_t past_due, int64_t count) {
    const Timeliness open = past_due == 1 ? Timeliness::kOverdue : Timeliness::kInTime;
    counts.push_back(
        {.section = std::move(section),
         .unit = std::move(unit),
         .progress = ReadProgress("progress", static_cast<int>(progress)).value(),
         .timeliness =
             settled ? ReadTimeliness("timeliness", static_cast<int>(*settled)).value() : open,
         .count = static_cast<int>(count)});
  };
  const auto select = [&](absl::string_view condition, const auto&... units) {
    snapshot.sql()
        .ForEach<std::string, std::string, int64_t, std::optional<int64_t>, int64_t, int64_t>(
            absl::StrCat("select tasks.section, assignments.unit, assignments.progress, "
                         "assignments.timeliness, "
                         "case when assignments.due_date < :as_of then 1 else 0 end, count(*) "
                         "from assignments join tasks "
                         "on tasks.plan = assignments.plan and tasks.number = assignments.task "
                         "where assignments.plan = :plan and assignments.cancelled = 0 ",
                         condition, "group by 1, 2, 3, 4, 5")
                .c_str(),
            each, calendar::FormatDate(as_of), plan, units...);
  };
  if (reach.IsEverything()) {
    select("");
  } else {
    select(absl::StrCat("and ", WithinReach(snapshot.sql()), " "), IdsOf(reach));
  }
  return counts;
}

}  // namespace dondoc::registry
