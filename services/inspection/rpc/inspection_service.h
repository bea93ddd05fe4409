#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <utility>

#include "dondoc/inspection/v1/inspection_service.grpc.pb.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/inspection/domain/regulation.h"
#include "services/inspection/rpc/programmes.h"

namespace dondoc::inspection {

// The gRPC face of the service: one line for each method, all work in rpc/*.cc. Thread-safe.
class InspectionService final : public pb::InspectionService::CallbackService {
 public:
  // Borrows the database, the regulation and the doorkeeper. `observer` is told of each finished
  // RPC.
  InspectionService(store::Database& database, const Regulation& regulation,
                    const rpc::Observer& observer = rpc::LogRefusal,
                    const rpc::Doorkeeper& door = rpc::Doorkeeper::Open())
      : gate_(database, observer, door),
        feeds_(database, door, observer),
        regulation_(regulation) {}

  // Ends every WatchChanges. Call it before Server::Drain, which waits for open streams.
  void StopFeeds() { feeds_.Stop(); }

  grpc::ServerUnaryReactor* ProposeProgramme(grpc::CallbackServerContext* context,
                                             const pb::ProposeProgrammeRequest* request,
                                             pb::ProposeProgrammeResponse* response) override;
  grpc::ServerUnaryReactor* ApproveProgramme(grpc::CallbackServerContext* context,
                                             const pb::ApproveProgrammeRequest* request,
                                             pb::ApproveProgrammeResponse* response) override;
  grpc::ServerUnaryReactor* GetProgramme(grpc::CallbackServerContext* context,
                                         const pb::GetProgrammeRequest* request,
                                         pb::GetProgrammeResponse* response) override;
  grpc::ServerUnaryReactor* GetInspection(grpc::CallbackServerContext* context,
                                          const pb::GetInspectionRequest* request,
                                          pb::GetInspectionResponse* response) override;
  grpc::ServerUnaryReactor* ListInspections(grpc::CallbackServerContext* context,
                                            const pb::ListInspectionsRequest* request,
                                            pb::ListInspectionsResponse* response) override;
  grpc::ServerUnaryReactor* AddInspection(grpc::CallbackServerContext* context,
                                          const pb::AddInspectionRequest* request,
                                          pb::AddInspectionResponse* response) override;
  grpc::ServerUnaryReactor* RescheduleInspection(
      grpc::CallbackServerContext* context, const pb::RescheduleInspectionRequest* request,
      pb::RescheduleInspectionResponse* response) override;
  grpc::ServerUnaryReactor* NotifyInspection(grpc::CallbackServerContext* context,
                                             const pb::NotifyInspectionRequest* request,
                                             pb::NotifyInspectionResponse* response) override;
  grpc::ServerUnaryReactor* CompleteInspection(grpc::CallbackServerContext* context,
                                               const pb::CompleteInspectionRequest* request,
                                               pb::CompleteInspectionResponse* response) override;
  grpc::ServerUnaryReactor* ConcludeInspection(grpc::CallbackServerContext* context,
                                               const pb::ConcludeInspectionRequest* request,
                                               pb::ConcludeInspectionResponse* response) override;
  grpc::ServerUnaryReactor* RemedyFinding(grpc::CallbackServerContext* context,
                                          const pb::RemedyFindingRequest* request,
                                          pb::RemedyFindingResponse* response) override;
  grpc::ServerUnaryReactor* CancelInspection(grpc::CallbackServerContext* context,
                                             const pb::CancelInspectionRequest* request,
                                             pb::CancelInspectionResponse* response) override;
  grpc::ServerUnaryReactor* GetCoverage(grpc::CallbackServerContext* context,
                                        const pb::GetCoverageRequest* request,
                                        pb::GetCoverageResponse* response) override;
  grpc::ServerWriteReactor<pb::WatchChangesResponse>* WatchChanges(
      grpc::CallbackServerContext* context, const pb::WatchChangesRequest* request) override;

 private:
  // Gives an RPC the regulation as its first argument.
  template <typename Handler>
  auto ByRegulation(Handler handler) const {
    return std::bind_front(handler, std::cref(regulation_));
  }

  rpc::Gate gate_;
  rpc::Feeds feeds_;
  const Regulation& regulation_;
};

}  // namespace dondoc::inspection
