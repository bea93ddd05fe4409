#include "services/registry/rpc/assignments.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/rpc/page.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/rpc/checks.h"
#include "services/registry/rpc/cut_page.h"
#include "services/registry/rpc/roll_up.h"
#include "services/registry/store/assignments.h"
#include "services/registry/store/plans.h"
#include "services/registry/store/tasks.h"

namespace dondoc::registry {
namespace {

// Finds what a write names, if the caller may change what that unit owes, and holds its etag
// against the stored one.
template <typename Request>
absl::StatusOr<Stored<Assignment>> FindForWrite(const rpc::Call& call, store::Snapshot& snapshot,
                                                const Request& request) {
  ASSIGN_OR_RETURN(const AssignmentKey key, ParseAssignmentName("name", request.name()));
  RETURN_IF_ERROR(identity::CheckUnit(call.reach(), UnitName(key.unit)));
  ASSIGN_OR_RETURN(Stored<Assignment> assignment, FindAssignment(snapshot, key));
  RETURN_IF_ERROR(CheckEtag(request.name(), request.etag(), assignment.version));
  return assignment;
}

// Reads the parent, which is a plan or one of its tasks, and sees that it exists.
absl::Status ReadParent(store::Snapshot& snapshot, const std::string& parent,
                        AssignmentQuery& query) {
  if (absl::StrContains(parent, "/tasks/")) {
    ASSIGN_OR_RETURN(const TaskKey task, ParseTaskName("parent", parent));
    if (!FindTaskBody(snapshot, task)) return error::TaskNotFound(task);
    query.plan = task.plan;
    query.task = task.number;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(query.plan, ParsePlanName("parent", parent));
  return PlanExists(snapshot, query.plan) ? absl::OkStatus() : error::PlanNotFound(query.plan);
}

absl::StatusOr<AssignmentQuery> ReadQuery(store::Snapshot& snapshot,
                                          const pb::ListAssignmentsRequest& request) {
  AssignmentQuery query;
  query.today = snapshot.today();
  RETURN_IF_ERROR(ReadParent(snapshot, request.parent(), query));
  if (!request.unit().empty()) {
    ASSIGN_OR_RETURN(query.unit, ParseUnitName("unit", request.unit()));
  }
  if (request.timeliness() != pb::TIMELINESS_UNSPECIFIED) {
    ASSIGN_OR_RETURN(query.timeliness, ReadTimeliness("timeliness", request.timeliness()));
  }
  if (request.progress() != pb::PROGRESS_UNSPECIFIED) {
    ASSIGN_OR_RETURN(query.progress, ReadProgress("progress", request.progress()));
  }
  return query;
}

}  // namespace

absl::StatusOr<pb::GetAssignmentResponse> GetAssignment(const rpc::Call& call,
                                                        store::Snapshot& snapshot,
                                                        const pb::GetAssignmentRequest& request) {
  ASSIGN_OR_RETURN(const AssignmentKey key, ParseAssignmentName("name", request.name()));
  std::optional<pb::Assignment> body = FindAssignmentBody(snapshot, key);
  if (!body || !call.reach().Contains(UnitName(key.unit))) return error::AssignmentNotFound(key);
  Derive(*body, snapshot.today());
  pb::GetAssignmentResponse response;
  *response.mutable_assignment() = *std::move(body);
  return response;
}

absl::StatusOr<pb::ListAssignmentsResponse> ListAssignments(
    const rpc::Call& call, store::Snapshot& snapshot, const pb::ListAssignmentsRequest& request) {
  ASSIGN_OR_RETURN(AssignmentQuery query, ReadQuery(snapshot, request));
  const std::string filter = absl::StrCat("assignments|", request.parent(), "|", request.unit(),
                                          "|", static_cast<int>(request.timeliness()), "|",
                                          static_cast<int>(request.progress()));
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), filter));
  if (!page.after.empty()) {
    ASSIGN_OR_RETURN(query.after, ParseAssignmentName("page_token", page.after));
  }
  query.limit = page.size + 1;
  std::vector<pb::Assignment> assignments = ListAssignmentBodies(snapshot, query, call.reach());

  pb::ListAssignmentsResponse response;
  if (CutPage(assignments, page.size)) {
    response.set_next_page_token(rpc::NextPageToken(assignments.back().name(), filter));
  }
  for (pb::Assignment& assignment : assignments) {
    Derive(assignment, query.today);
    *response.add_assignments() = std::move(assignment);
  }
  return response;
}

absl::StatusOr<pb::ReportProgressResponse> ReportProgress(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::ReportProgressRequest& request) {
  ASSIGN_OR_RETURN(Stored<Assignment> assignment, FindForWrite(call, transaction, request));
  const bool first = assignment.value.state().progress == Progress::kNotStarted;
  RETURN_IF_ERROR(assignment.value.Report({.percent = request.percent(), .note = request.note()},
                                          transaction.now()));
  pb::ReportProgressResponse response;
  *response.mutable_assignment() = SaveAssignment(transaction, assignment, "reported");
  if (first) RETURN_IF_ERROR(RollUpFirstReport(transaction, assignment.value.key()));
  return response;
}

absl::StatusOr<pb::SubmitResultResponse> SubmitResult(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::SubmitResultRequest& request) {
  ASSIGN_OR_RETURN(Stored<Assignment> assignment, FindForWrite(call, transaction, request));
  ASSIGN_OR_RETURN(NewSubmission fields, ReadSubmission(request));
  RETURN_IF_ERROR(assignment.value.Submit(std::move(fields), ActOf(call, transaction)));
  pb::SubmitResultResponse response;
  *response.mutable_assignment() = SaveAssignment(transaction, assignment, "submitted");
  RETURN_IF_ERROR(RollUp(transaction, assignment.value.key().phase.task));
  return response;
}

absl::StatusOr<pb::AcceptResultResponse> AcceptResult(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::AcceptResultRequest& request) {
  ASSIGN_OR_RETURN(Stored<Assignment> assignment, FindForWrite(call, transaction, request));
  RETURN_IF_ERROR(assignment.value.Accept(ActOf(call, transaction)));
  pb::AcceptResultResponse response;
  *response.mutable_assignment() = SaveAssignment(transaction, assignment, "accepted");
  RETURN_IF_ERROR(RollUp(transaction, assignment.value.key().phase.task));
  return response;
}

absl::StatusOr<pb::ReturnResultResponse> ReturnResult(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::ReturnResultRequest& request) {
  ASSIGN_OR_RETURN(Stored<Assignment> assignment, FindForWrite(call, transaction, request));
  RETURN_IF_ERROR(assignment.value.Return(request.reason(), ActOf(call, transaction)));
  pb::ReturnResultResponse response;
  *response.mutable_assignment() = SaveAssignment(transaction, assignment, "returned");
  RETURN_IF_ERROR(RollUp(transaction, assignment.value.key().phase.task));
  return response;
}

absl::StatusOr<pb::SuspendAssignmentResponse> SuspendAssignment(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::SuspendAssignmentRequest& request) {
  ASSIGN_OR_RETURN(Stored<Assignment> assignment, FindForWrite(call, transaction, request));
  RETURN_IF_ERROR(assignment.value.Suspend(request.reason(), ActOf(call, transaction)));
  pb::SuspendAssignmentResponse response;
  *response.mutable_assignment() = SaveAssignment(transaction, assignment, "suspended");
  RETURN_IF_ERROR(RollUp(transaction, assignment.value.key().phase.task));
  return response;
}

absl::StatusOr<pb::ResumeAssignmentResponse> ResumeAssignment(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::ResumeAssignmentRequest& request) {
  ASSIGN_OR_RETURN(Stored<Assignment> assignment, FindForWrite(call, transaction, request));
  RETURN_IF_ERROR(assignment.value.Resume(request.reason(), ActOf(call, transaction)));
  pb::ResumeAssignmentResponse response;
  *response.mutable_assignment() = SaveAssignment(transaction, assignment, "resumed");
  RETURN_IF_ERROR(RollUp(transaction, assignment.value.key().phase.task));
  return response;
}

}  // namespace dondoc::registry
