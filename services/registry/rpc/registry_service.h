#pragma once

#include <grpcpp/grpcpp.h>

#include <utility>

#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/calendar/holidays.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

// The gRPC face of the registry. Every method is one line: the gate reads or writes, and a free
// function with the method's name decides. Thread-safe.
class RegistryService final : public pb::RegistryService::CallbackService {
 public:
  // Borrows the database, the days off (null when nobody knows them) and the doorkeeper; main()
  // owns them.
  RegistryService(store::Database& database, const calendar::Holidays* holidays,
                  const rpc::Observer& observer = rpc::LogRefusal,
                  const rpc::Doorkeeper& door = rpc::Doorkeeper::Open())
      : gate_(database, observer, door), feeds_(database, door, observer), holidays_(holidays) {}

  grpc::ServerUnaryReactor* AddUnit(grpc::CallbackServerContext* context,
                                    const pb::AddUnitRequest* request,
                                    pb::AddUnitResponse* response) override;
  grpc::ServerUnaryReactor* UpdateUnit(grpc::CallbackServerContext* context,
                                       const pb::UpdateUnitRequest* request,
                                       pb::UpdateUnitResponse* response) override;
  grpc::ServerUnaryReactor* DissolveUnit(grpc::CallbackServerContext* context,
                                         const pb::DissolveUnitRequest* request,
                                         pb::DissolveUnitResponse* response) override;
  grpc::ServerUnaryReactor* GetUnit(grpc::CallbackServerContext* context,
                                    const pb::GetUnitRequest* request,
                                    pb::GetUnitResponse* response) override;
  grpc::ServerUnaryReactor* ListUnits(grpc::CallbackServerContext* context,
                                      const pb::ListUnitsRequest* request,
                                      pb::ListUnitsResponse* response) override;
  grpc::ServerUnaryReactor* ImportPlan(grpc::CallbackServerContext* context,
                                       const pb::ImportPlanRequest* request,
                                       pb::ImportPlanResponse* response) override;
  grpc::ServerUnaryReactor* GetPlan(grpc::CallbackServerContext* context,
                                    const pb::GetPlanRequest* request,
                                    pb::GetPlanResponse* response) override;
  grpc::ServerUnaryReactor* ListPlans(grpc::CallbackServerContext* context,
                                      const pb::ListPlansRequest* request,
                                      pb::ListPlansResponse* response) override;
  grpc::ServerUnaryReactor* SetDocumentNumber(grpc::CallbackServerContext* context,
                                              const pb::SetDocumentNumberRequest* request,
                                              pb::SetDocumentNumberResponse* response) override;
  grpc::ServerUnaryReactor* GetPlanSummary(grpc::CallbackServerContext* context,
                                           const pb::GetPlanSummaryRequest* request,
                                           pb::GetPlanSummaryResponse* response) override;
  grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* context,
                                    const pb::GetTaskRequest* request,
                                    pb::GetTaskResponse* response) override;
  grpc::ServerUnaryReactor* ListTasks(grpc::CallbackServerContext* context,
                                      const pb::ListTasksRequest* request,
                                      pb::ListTasksResponse* response) override;
  grpc::ServerUnaryReactor* SetGroupRule(grpc::CallbackServerContext* context,
                                         const pb::SetGroupRuleRequest* request,
                                         pb::SetGroupRuleResponse* response) override;
  grpc::ServerUnaryReactor* ResolveGroup(grpc::CallbackServerContext* context,
                                         const pb::ResolveGroupRequest* request,
                                         pb::ResolveGroupResponse* response) override;
  grpc::ServerUnaryReactor* MoveDeadline(grpc::CallbackServerContext* context,
                                         const pb::MoveDeadlineRequest* request,
                                         pb::MoveDeadlineResponse* response) override;
  grpc::ServerUnaryReactor* GetAssignment(grpc::CallbackServerContext* context,
                                          const pb::GetAssignmentRequest* request,
                                          pb::GetAssignmentResponse* response) override;
  grpc::ServerUnaryReactor* ListAssignments(grpc::CallbackServerContext* context,
                                            const pb::ListAssignmentsRequest* request,
                                            pb::ListAssignmentsResponse* response) override;
  grpc::ServerUnaryReactor* ReportProgress(grpc::CallbackServerContext* context,
                                           const pb::ReportProgressRequest* request,
                                           pb::ReportProgressResponse* response) override;
  grpc::ServerUnaryReactor* SubmitResult(grpc::CallbackServerContext* context,
                                         const pb::SubmitResultRequest* request,
                                         pb::SubmitResultResponse* response) override;
  grpc::ServerUnaryReactor* AcceptResult(grpc::CallbackServerContext* context,
                                         const pb::AcceptResultRequest* request,
                                         pb::AcceptResultResponse* response) override;
  grpc::ServerUnaryReactor* ReturnResult(grpc::CallbackServerContext* context,
                                         const pb::ReturnResultRequest* request,
                                         pb::ReturnResultResponse* response) override;
  grpc::ServerUnaryReactor* SuspendAssignment(grpc::CallbackServerContext* context,
                                              const pb::SuspendAssignmentRequest* request,
                                              pb::SuspendAssignmentResponse* response) override;
  grpc::ServerUnaryReactor* ResumeAssignment(grpc::CallbackServerContext* context,
                                             const pb::ResumeAssignmentRequest* request,
                                             pb::ResumeAssignmentResponse* response) override;
  grpc::ServerUnaryReactor* ListPeriodicReports(grpc::CallbackServerContext* context,
                                                const pb::ListPeriodicReportsRequest* request,
                                                pb::ListPeriodicReportsResponse* response) override;
  grpc::ServerUnaryReactor* DeliverPeriodicReport(
      grpc::CallbackServerContext* context, const pb::DeliverPeriodicReportRequest* request,
      pb::DeliverPeriodicReportResponse* response) override;
  grpc::ServerUnaryReactor* ReschedulePeriodicReport(
      grpc::CallbackServerContext* context, const pb::ReschedulePeriodicReportRequest* request,
      pb::ReschedulePeriodicReportResponse* response) override;
  grpc::ServerUnaryReactor* GrantRole(grpc::CallbackServerContext* context,
                                      const pb::GrantRoleRequest* request,
                                      pb::GrantRoleResponse* response) override;
  grpc::ServerUnaryReactor* EndGrant(grpc::CallbackServerContext* context,
                                     const pb::EndGrantRequest* request,
                                     pb::EndGrantResponse* response) override;
  grpc::ServerUnaryReactor* ListGrants(grpc::CallbackServerContext* context,
                                       const pb::ListGrantsRequest* request,
                                       pb::ListGrantsResponse* response) override;
  grpc::ServerWriteReactor<pb::WatchChangesResponse>* WatchChanges(
      grpc::CallbackServerContext* context, const pb::WatchChangesRequest* request) override;

  // Ends the open feeds; call it before the server is drained.
  void StopFeeds() { feeds_.Stop(); }

 private:
  rpc::Gate gate_;
  rpc::Feeds feeds_;
  const calendar::Holidays* holidays_;
};

}  // namespace dondoc::registry
