#include "services/inspection/rpc/inspection_service.h"

#include "services/inspection/rpc/inspections.h"
#include "services/inspection/rpc/programmes.h"

namespace dondoc::inspection {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

ServerUnaryReactor* InspectionService::ProposeProgramme(CallbackServerContext* context,
                                                        const pb::ProposeProgrammeRequest* request,
                                                        pb::ProposeProgrammeResponse* response) {
  return gate_.Write(context, request, response, ByRegulation(&inspection::ProposeProgramme));
}

ServerUnaryReactor* InspectionService::ApproveProgramme(CallbackServerContext* context,
                                                        const pb::ApproveProgrammeRequest* request,
                                                        pb::ApproveProgrammeResponse* response) {
  return gate_.Write(context, request, response, ByRegulation(&inspection::ApproveProgramme));
}

ServerUnaryReactor* InspectionService::GetProgramme(CallbackServerContext* context,
                                                    const pb::GetProgrammeRequest* request,
                                                    pb::GetProgrammeResponse* response) {
  return gate_.Read(context, request, response, &inspection::GetProgramme);
}

ServerUnaryReactor* InspectionService::GetInspection(CallbackServerContext* context,
                                                     const pb::GetInspectionRequest* request,
                                                     pb::GetInspectionResponse* response) {
  return gate_.Read(context, request, response, &inspection::GetInspection);
}

ServerUnaryReactor* InspectionService::ListInspections(CallbackServerContext* context,
                                                       const pb::ListInspectionsRequest* request,
                                                       pb::ListInspectionsResponse* response) {
  return gate_.Read(context, request, response, &inspection::ListInspections);
}

ServerUnaryReactor* InspectionService::AddInspection(CallbackServerContext* context,
                                                     const pb::AddInspectionRequest* request,
                                                     pb::AddInspectionResponse* response) {
  return gate_.Write(context, request, response, ByRegulation(&inspection::AddInspection));
}

ServerUnaryReactor* InspectionService::RescheduleInspection(
    CallbackServerContext* context, const pb::RescheduleInspectionRequest* request,
    pb::RescheduleInspectionResponse* response) {
  return gate_.Write(context, request, response, ByRegulation(&inspection::RescheduleInspection));
}

ServerUnaryReactor* InspectionService::NotifyInspection(CallbackServerContext* context,
                                                        const pb::NotifyInspectionRequest* request,
                                                        pb::NotifyInspectionResponse* response) {
  return gate_.Write(context, request, response, &inspection::NotifyInspection);
}

ServerUnaryReactor* InspectionService::CompleteInspection(
    CallbackServerContext* context, const pb::CompleteInspectionRequest* request,
    pb::CompleteInspectionResponse* response) {
  return gate_.Write(context, request, response, &inspection::CompleteInspection);
}

ServerUnaryReactor* InspectionService::ConcludeInspection(
    CallbackServerContext* context, const pb::ConcludeInspectionRequest* request,
    pb::ConcludeInspectionResponse* response) {
  return gate_.Write(context, request, response, ByRegulation(&inspection::ConcludeInspection));
}

ServerUnaryReactor* InspectionService::RemedyFinding(CallbackServerContext* context,
                                                     const pb::RemedyFindingRequest* request,
                                                     pb::RemedyFindingResponse* response) {
  return gate_.Write(context, request, response, ByRegulation(&inspection::RemedyFinding));
}

ServerUnaryReactor* InspectionService::CancelInspection(CallbackServerContext* context,
                                                        const pb::CancelInspectionRequest* request,
                                                        pb::CancelInspectionResponse* response) {
  return gate_.Write(context, request, response, ByRegulation(&inspection::CancelInspection));
}

ServerUnaryReactor* InspectionService::GetCoverage(CallbackServerContext* context,
                                                   const pb::GetCoverageRequest* request,
                                                   pb::GetCoverageResponse* response) {
  return gate_.Read(context, request, response, ByRegulation(&inspection::GetCoverage));
}

grpc::ServerWriteReactor<pb::WatchChangesResponse>* InspectionService::WatchChanges(
    CallbackServerContext* context, const pb::WatchChangesRequest* request) {
  return feeds_.WatchChanges<pb::WatchChangesResponse>(*context, *request);
}

}  // namespace dondoc::inspection
