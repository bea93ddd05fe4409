#include "services/registry/rpc/groups.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/names.h"
#include "services/registry/rpc/checks.h"
#include "services/registry/rpc/obligations.h"
#include "services/registry/store/assignments.h"
#include "services/registry/store/plans.h"
#include "services/registry/store/tasks.h"
#include "services/registry/store/units.h"

namespace dondoc::registry {
namespace {

// ---- SetGroupRule ---------------------------------------------------------------------------

absl::StatusOr<std::set<UnitKind>> ReadKinds(const pb::SetGroupRuleRequest& request) {
  std::set<UnitKind> kinds;
  for (const int value : request.kinds()) {
    ASSIGN_OR_RETURN(const UnitKind kind, ReadUnitKind("kinds", value));
    // An external body is never obliged, so no rule can mean it.
    if (kind == UnitKind::kExternal) return error::EnumInvalid("kinds", value);
    kinds.insert(kind);
  }
  if (kinds.empty() && request.units().empty()) return error::FieldMissing("kinds");
  return kinds;
}

// The ids of all units that the rule names today, each once, in order.
absl::StatusOr<std::vector<std::string>> UnitsOfRule(store::Snapshot& snapshot,
                                                     const pb::SetGroupRuleRequest& request) {
  ASSIGN_OR_RETURN(const std::set<UnitKind> kinds, ReadKinds(request));
  ASSIGN_OR_RETURN(const std::vector<std::string> named, ReadUnitNames("units", request.units()));
  std::set<std::string> units;
  for (const std::string& id : named) {
    ASSIGN_OR_RETURN(const Stored<Unit> unit, FindUnit(snapshot, id));
    RETURN_IF_ERROR(CheckAssignable(unit.value, snapshot.today()));
    units.insert(id);
  }
  for (const UnitKind kind : kinds) {
    for (const Unit& unit : UnitsOfKind(snapshot, kind, snapshot.today())) units.insert(unit.id());
  }
  if (units.empty()) return error::GroupEmpty(request.group_text());
  return std::vector<std::string>(units.begin(), units.end());
}

// Tasks whose lead is this group and no other, and how the plan spells it. A row with two groups is
// left to ResolveGroup: a rule for one of them would pass for an answer to both.
struct GroupTasks {
  std::string text_as_printed;
  std::vector<Stored<Task>> tasks;
};
absl::StatusOr<GroupTasks> TasksLedBy(store::Snapshot& snapshot, const std::string& plan,
                                      const std::string& group_text) {
  const std::string key = GroupKey(group_text);
  GroupTasks found;
  std::set<std::string> known;
  for (Stored<Task>& task : TasksOf(snapshot, plan)) {
    const std::vector<std::string> groups = task.value.LeadGroups();
    known.insert(groups.begin(), groups.end());
    if (groups.empty() || !std::all_of(groups.begin(), groups.end(), [&](const std::string& group) {
          return GroupKey(group) == key;
        })) {
      continue;
    }
    if (found.tasks.empty()) found.text_as_printed = groups.front();
    found.tasks.push_back(std::move(task));
  }
  if (found.tasks.empty()) return error::GroupUnknown(group_text, {known.begin(), known.end()});
  return found;
}

// Keeps the rule in the plan, in the place of an earlier one for the same group.
void SaveRule(store::Transaction& transaction, Stored<pb::Plan>& plan, pb::GroupRule rule) {
  SaveGroupKinds(transaction, ParsePlanName("body", plan.value.name()).value(), rule);
  auto& rules = *plan.value.mutable_group_rules();
  const auto old = std::find_if(rules.begin(), rules.end(), [&](const pb::GroupRule& known) {
    return known.group_text() == rule.group_text();
  });
  if (old != rules.end()) {
    *old = std::move(rule);
  } else {
    *rules.Add() = std::move(rule);
  }
  SavePlan(transaction, plan, "changed");
}

// Resolved by hand, or by this rule to the same units already.
bool StaysAsItIs(const Task& task, const std::vector<std::string>& units) {
  return task.resolution && (!task.resolution->by_rule || task.resolution->units == units);
}

}  // namespace

absl::StatusOr<pb::ResolveGroupResponse> ResolveGroup(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::ResolveGroupRequest& request) {
  ASSIGN_OR_RETURN(const TaskKey key, ParseTaskName("task", request.task()));
  GroupResolution resolution = {
      .units = {}, .actor = call.actor, .resolve_time = transaction.now()};
  ASSIGN_OR_RETURN(resolution.units, ReadUnitNames("units", request.units()));
  ASSIGN_OR_RETURN(resolution.exclusions, ReadExclusions(request.exclusions()));
  ASSIGN_OR_RETURN(Stored<Task> task, FindTask(transaction, key));
  RETURN_IF_ERROR(CheckEtag(request.task(), request.etag(), task.version));
  for (const Exclusion& exclusion : resolution.exclusions) {
    if (!UnitExists(transaction, exclusion.unit)) return error::UnitNotFound(exclusion.unit);
  }
  RETURN_IF_ERROR(task.value.Resolve(std::move(resolution)));
  ASSIGN_OR_RETURN(Resolved resolved, SaveResolved(transaction, task));

  pb::ResolveGroupResponse response;
  *response.mutable_task() = std::move(resolved.task);
  for (const Stored<Assignment>& assignment : AssignmentsOf(transaction, key)) {
    if (assignment.value.state().cancelled) continue;
    *response.add_assignments() =
        ToProto(assignment.value, assignment.version, transaction.today());
  }
  return response;
}

absl::StatusOr<pb::SetGroupRuleResponse> SetGroupRule(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::SetGroupRuleRequest& request) {
  ASSIGN_OR_RETURN(const std::string plan_id, ParsePlanName("plan", request.plan()));
  ASSIGN_OR_RETURN(const std::string text, CleanLine("group_text", request.group_text(), kLineMax));
  ASSIGN_OR_RETURN(Stored<pb::Plan> plan, FindPlan(transaction, plan_id));
  ASSIGN_OR_RETURN(GroupTasks group, TasksLedBy(transaction, plan_id, text));
  ASSIGN_OR_RETURN(const std::vector<std::string> units, UnitsOfRule(transaction, request));

  pb::SetGroupRuleResponse response;
  for (Stored<Task>& task : group.tasks) {
    if (StaysAsItIs(task.value, units)) continue;
    RETURN_IF_ERROR(task.value.Resolve(
        {.units = units, .actor = call.actor, .resolve_time = transaction.now(), .by_rule = true}));
    ASSIGN_OR_RETURN(const Resolved resolved, SaveResolved(transaction, task));
    response.set_resolved_task_count(response.resolved_task_count() + 1);
    response.set_assignment_count(response.assignment_count() + resolved.opened);
  }
  pb::GroupRule rule;
  rule.set_group_text(group.text_as_printed);
  *rule.mutable_kinds() = request.kinds();
  *rule.mutable_units() = request.units();
  rule.set_actor(call.actor);
  *rule.mutable_set_time() = ToTimestamp(transaction.now());
  SaveRule(transaction, plan, std::move(rule));
  return response;
}

}  // namespace dondoc::registry
