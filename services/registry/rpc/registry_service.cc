#include "services/registry/rpc/registry_service.h"

#include "services/registry/rpc/assignments.h"
#include "services/registry/rpc/grants.h"
#include "services/registry/rpc/groups.h"
#include "services/registry/rpc/plans.h"
#include "services/registry/rpc/reports.h"
#include "services/registry/rpc/tasks.h"
#include "services/registry/rpc/units.h"

namespace dondoc::registry {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

ServerUnaryReactor* RegistryService::AddUnit(CallbackServerContext* context,
                                             const pb::AddUnitRequest* request,
                                             pb::AddUnitResponse* response) {
  return gate_.Write(context, request, response, &registry::AddUnit);
}

ServerUnaryReactor* RegistryService::UpdateUnit(CallbackServerContext* context,
                                                const pb::UpdateUnitRequest* request,
                                                pb::UpdateUnitResponse* response) {
  return gate_.Write(context, request, response, &registry::UpdateUnit);
}

ServerUnaryReactor* RegistryService::DissolveUnit(CallbackServerContext* context,
                                                  const pb::DissolveUnitRequest* request,
                                                  pb::DissolveUnitResponse* response) {
  return gate_.Write(context, request, response, &registry::DissolveUnit);
}

ServerUnaryReactor* RegistryService::GetUnit(CallbackServerContext* context,
                                             const pb::GetUnitRequest* request,
                                             pb::GetUnitResponse* response) {
  return gate_.Read(context, request, response, &registry::GetUnit);
}

ServerUnaryReactor* RegistryService::ListUnits(CallbackServerContext* context,
                                               const pb::ListUnitsRequest* request,
                                               pb::ListUnitsResponse* response) {
  return gate_.Read(context, request, response, &registry::ListUnits);
}

ServerUnaryReactor* RegistryService::ImportPlan(CallbackServerContext* context,
                                                const pb::ImportPlanRequest* request,
                                                pb::ImportPlanResponse* response) {
  return gate_.Write(context, request, response,
                     [this](const rpc::Call& call, store::Transaction& transaction,
                            const pb::ImportPlanRequest& import) {
                       return registry::ImportPlan(call, transaction, import, holidays_);
                     });
}

ServerUnaryReactor* RegistryService::GetPlan(CallbackServerContext* context,
                                             const pb::GetPlanRequest* request,
                                             pb::GetPlanResponse* response) {
  return gate_.Read(context, request, response, &registry::GetPlan);
}

ServerUnaryReactor* RegistryService::ListPlans(CallbackServerContext* context,
                                               const pb::ListPlansRequest* request,
                                               pb::ListPlansResponse* response) {
  return gate_.Read(context, request, response, &registry::ListPlans);
}

ServerUnaryReactor* RegistryService::SetDocumentNumber(CallbackServerContext* context,
                                                       const pb::SetDocumentNumberRequest* request,
                                                       pb::SetDocumentNumberResponse* response) {
  return gate_.Write(context, request, response, &registry::SetDocumentNumber);
}

ServerUnaryReactor* RegistryService::GetPlanSummary(CallbackServerContext* context,
                                                    const pb::GetPlanSummaryRequest* request,
                                                    pb::GetPlanSummaryResponse* response) {
  return gate_.Read(context, request, response, &registry::GetPlanSummary);
}

ServerUnaryReactor* RegistryService::GetTask(CallbackServerContext* context,
                                             const pb::GetTaskRequest* request,
                                             pb::GetTaskResponse* response) {
  return gate_.Read(context, request, response, &registry::GetTask);
}

ServerUnaryReactor* RegistryService::ListTasks(CallbackServerContext* context,
                                               const pb::ListTasksRequest* request,
                                               pb::ListTasksResponse* response) {
  return gate_.Read(context, request, response, &registry::ListTasks);
}

ServerUnaryReactor* RegistryService::SetGroupRule(CallbackServerContext* context,
                                                  const pb::SetGroupRuleRequest* request,
                                                  pb::SetGroupRuleResponse* response) {
  return gate_.Write(context, request, response, &registry::SetGroupRule);
}

ServerUnaryReactor* RegistryService::ResolveGroup(CallbackServerContext* context,
                                                  const pb::ResolveGroupRequest* request,
                                                  pb::ResolveGroupResponse* response) {
  return gate_.Write(context, request, response, &registry::ResolveGroup);
}

ServerUnaryReactor* RegistryService::MoveDeadline(CallbackServerContext* context,
                                                  const pb::MoveDeadlineRequest* request,
                                                  pb::MoveDeadlineResponse* response) {
  return gate_.Write(context, request, response, &registry::MoveDeadline);
}

ServerUnaryReactor* RegistryService::GetAssignment(CallbackServerContext* context,
                                                   const pb::GetAssignmentRequest* request,
                                                   pb::GetAssignmentResponse* response) {
  return gate_.Read(context, request, response, &registry::GetAssignment);
}

ServerUnaryReactor* RegistryService::ListAssignments(CallbackServerContext* context,
                                                     const pb::ListAssignmentsRequest* request,
                                                     pb::ListAssignmentsResponse* response) {
  return gate_.Read(context, request, response, &registry::ListAssignments);
}

ServerUnaryReactor* RegistryService::ReportProgress(CallbackServerContext* context,
                                                    const pb::ReportProgressRequest* request,
                                                    pb::ReportProgressResponse* response) {
  return gate_.Write(context, request, response, &registry::ReportProgress);
}

ServerUnaryReactor* RegistryService::SubmitResult(CallbackServerContext* context,
                                                  const pb::SubmitResultRequest* request,
                                                  pb::SubmitResultResponse* response) {
  return gate_.Write(context, request, response, &registry::SubmitResult);
}

ServerUnaryReactor* RegistryService::AcceptResult(CallbackServerContext* context,
                                                  const pb::AcceptResultRequest* request,
                                                  pb::AcceptResultResponse* response) {
  return gate_.Write(context, request, response, &registry::AcceptResult);
}

ServerUnaryReactor* RegistryService::ReturnResult(CallbackServerContext* context,
                                                  const pb::ReturnResultRequest* request,
                                                  pb::ReturnResultResponse* response) {
  return gate_.Write(context, request, response, &registry::ReturnResult);
}

ServerUnaryReactor* RegistryService::SuspendAssignment(CallbackServerContext* context,
                                                       const pb::SuspendAssignmentRequest* request,
                                                       pb::SuspendAssignmentResponse* response) {
  return gate_.Write(context, request, response, &registry::SuspendAssignment);
}

ServerUnaryReactor* RegistryService::ResumeAssignment(CallbackServerContext* context,
                                                      const pb::ResumeAssignmentRequest* request,
                                                      pb::ResumeAssignmentResponse* response) {
  return gate_.Write(context, request, response, &registry::ResumeAssignment);
}

ServerUnaryReactor* RegistryService::ListPeriodicReports(
    CallbackServerContext* context, const pb::ListPeriodicReportsRequest* request,
    pb::ListPeriodicReportsResponse* response) {
  return gate_.Read(context, request, response, &registry::ListPeriodicReports);
}

ServerUnaryReactor* RegistryService::DeliverPeriodicReport(
    CallbackServerContext* context, const pb::DeliverPeriodicReportRequest* request,
    pb::DeliverPeriodicReportResponse* response) {
  return gate_.Write(context, request, response, &registry::DeliverPeriodicReport);
}

ServerUnaryReactor* RegistryService::ReschedulePeriodicReport(
    CallbackServerContext* context, const pb::ReschedulePeriodicReportRequest* request,
    pb::ReschedulePeriodicReportResponse* response) {
  return gate_.Write(context, request, response, &registry::ReschedulePeriodicReport);
}

ServerUnaryReactor* RegistryService::GrantRole(CallbackServerContext* context,
                                               const pb::GrantRoleRequest* request,
                                               pb::GrantRoleResponse* response) {
  return gate_.Write(context, request, response, &registry::GrantRole);
}

ServerUnaryReactor* RegistryService::EndGrant(CallbackServerContext* context,
                                              const pb::EndGrantRequest* request,
                                              pb::EndGrantResponse* response) {
  return gate_.Write(context, request, response, &registry::EndGrant);
}

ServerUnaryReactor* RegistryService::ListGrants(CallbackServerContext* context,
                                                const pb::ListGrantsRequest* request,
                                                pb::ListGrantsResponse* response) {
  return gate_.Read(context, request, response, &registry::ListGrants);
}

grpc::ServerWriteReactor<pb::WatchChangesResponse>* RegistryService::WatchChanges(
    CallbackServerContext* context, const pb::WatchChangesRequest* request) {
  // Who holds which role, and which accounts there are, is told to nobody whom the lists refuse it.
  return feeds_.WatchChanges<pb::WatchChangesResponse>(
      *context, *request,
      {{.type_prefix = "dondoc.registry.grant.",
        .method = "dondoc.registry.v1.RegistryService/ListGrants"},
       {.type_prefix = "dondoc.registry.account.",
        .method = "dondoc.identity.v1.AccountService/ListAccounts"}});
}

}  // namespace dondoc::registry
