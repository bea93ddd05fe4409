#include "services/registry/rpc/tasks.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "libs/rpc/page.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/rpc/checks.h"
#include "services/registry/rpc/cut_page.h"
#include "services/registry/rpc/task_view.h"
#include "services/registry/store/assignments.h"
#include "services/registry/store/plans.h"
#include "services/registry/store/tasks.h"

namespace dondoc::registry {

absl::StatusOr<pb::GetTaskResponse> GetTask(const rpc::Call& call, store::Snapshot& snapshot,
                                            const pb::GetTaskRequest& request) {
  ASSIGN_OR_RETURN(const TaskKey key, ParseTaskName("name", request.name()));
  std::optional<pb::Task> body = FindTaskBody(snapshot, key);
  if (!body) return error::TaskNotFound(key);
  std::vector<pb::Task> one;
  one.push_back(*std::move(body));
  Show(snapshot, call.reach(), snapshot.today(), one);
  pb::GetTaskResponse response;
  *response.mutable_task() = std::move(one.front());
  return response;
}

absl::StatusOr<pb::ListTasksResponse> ListTasks(const rpc::Call& call, store::Snapshot& snapshot,
                                                const pb::ListTasksRequest& request) {
  TaskQuery query;
  ASSIGN_OR_RETURN(query.plan, ParsePlanName("parent", request.parent()));
  if (!PlanExists(snapshot, query.plan)) return error::PlanNotFound(query.plan);
  if (!request.unit().empty()) {
    ASSIGN_OR_RETURN(query.unit, ParseUnitName("unit", request.unit()));
  }
  query.section = request.section();
  query.unresolved_only = request.unresolved_only();
  const std::string filter = absl::StrCat("tasks|", request.parent(), "|", request.section(), "|",
                                          request.unit(), "|", request.unresolved_only());
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), filter));
  if (!page.after.empty()) {
    ASSIGN_OR_RETURN(const TaskKey after, ParseTaskName("page_token", page.after));
    query.after = after.number;
  }
  query.limit = page.size + 1;
  std::vector<pb::Task> tasks = ListTaskBodies(snapshot, query, call.reach());

  pb::ListTasksResponse response;
  if (CutPage(tasks, page.size)) {
    response.set_next_page_token(rpc::NextPageToken(tasks.back().name(), filter));
  }
  Show(snapshot, call.reach(), snapshot.today(), tasks);
  for (pb::Task& task : tasks) *response.add_tasks() = std::move(task);
  return response;
}

absl::StatusOr<pb::MoveDeadlineResponse> MoveDeadline(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::MoveDeadlineRequest& request) {
  ASSIGN_OR_RETURN(const PhaseKey phase, ParsePhaseName("phase", request.phase()));
  NewDeadline deadline = {.due = {}, .document = request.document(), .reason = request.reason()};
  ASSIGN_OR_RETURN(deadline.due, calendar::ParseDate("new_due_date", request.new_due_date()));
  ASSIGN_OR_RETURN(Stored<Task> task, FindTask(transaction, phase.task));
  RETURN_IF_ERROR(CheckEtag(NameOf(phase.task), request.etag(), task.version));
  RETURN_IF_ERROR(task.value.MoveDeadline(phase.ordinal, deadline, ActOf(call, transaction)));

  for (Stored<Assignment>& assignment : AssignmentsOf(transaction, phase.task)) {
    if (assignment.value.key().phase != phase) continue;
    if (assignment.value.Reschedule(deadline.due)) {
      SaveAssignment(transaction, assignment, "rescheduled");
    }
  }
  pb::MoveDeadlineResponse response;
  *response.mutable_task() = SaveTask(transaction, task, "rescheduled");
  return response;
}

}  // namespace dondoc::registry
