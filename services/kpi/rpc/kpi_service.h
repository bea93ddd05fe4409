#pragma once

#include <grpcpp/grpcpp.h>

#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/observe.h"
#include "libs/store/database.h"
#include "services/kpi/events/value_publisher.h"
#include "services/kpi/rpc/recompute.h"
#include "services/kpi/rpc/value_reader.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/store/value_cache.h"

namespace dondoc::kpi {

// The gRPC face of the kpi service: one line for each RPC.
class KpiService final : public pb::KpiService::WithRawCallbackMethod_RecordObservations<
                             pb::KpiService::CallbackService> {
 public:
  // All borrowed.
  struct Parts {
    store::Database& database;
    Catalog& catalog;
    ValueCache& cache;
    ValuePublisher& publisher;
    Recomputer& recomputer;
    const Clock& clock;
  };

  // Borrows the doorkeeper as well.
  explicit KpiService(const Parts& parts, const rpc::Observer& observer = rpc::LogRefusal,
                      const rpc::Doorkeeper& door = rpc::Doorkeeper::Open());

  // Ends the open feeds; call it before the server is drained.
  void StopFeeds() { feeds_.Stop(); }

  grpc::ServerUnaryReactor* DefineIndicator(grpc::CallbackServerContext* context,
                                            const pb::DefineIndicatorRequest* request,
                                            pb::DefineIndicatorResponse* response) override;
  grpc::ServerUnaryReactor* GetIndicator(grpc::CallbackServerContext* context,
                                         const pb::GetIndicatorRequest* request,
                                         pb::GetIndicatorResponse* response) override;
  grpc::ServerUnaryReactor* ListIndicators(grpc::CallbackServerContext* context,
                                           const pb::ListIndicatorsRequest* request,
                                           pb::ListIndicatorsResponse* response) override;
  grpc::ServerUnaryReactor* SetTarget(grpc::CallbackServerContext* context,
                                      const pb::SetTargetRequest* request,
                                      pb::SetTargetResponse* response) override;
  grpc::ServerUnaryReactor* ListTargets(grpc::CallbackServerContext* context,
                                        const pb::ListTargetsRequest* request,
                                        pb::ListTargetsResponse* response) override;
  grpc::ServerReadReactor<grpc::ByteBuffer>* RecordObservations(
      grpc::CallbackServerContext* context, grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListObservations(grpc::CallbackServerContext* context,
                                             const pb::ListObservationsRequest* request,
                                             pb::ListObservationsResponse* response) override;
  grpc::ServerUnaryReactor* GetValue(grpc::CallbackServerContext* context,
                                     const pb::GetValueRequest* request,
                                     pb::GetValueResponse* response) override;
  grpc::ServerUnaryReactor* GetBoard(grpc::CallbackServerContext* context,
                                     const pb::GetBoardRequest* request,
                                     pb::GetBoardResponse* response) override;
  grpc::ServerUnaryReactor* RecomputeValues(grpc::CallbackServerContext* context,
                                            const pb::RecomputeValuesRequest* request,
                                            pb::RecomputeValuesResponse* response) override;
  grpc::ServerWriteReactor<pb::WatchChangesResponse>* WatchChanges(
      grpc::CallbackServerContext* context, const pb::WatchChangesRequest* request) override;

 private:
  Parts parts_;
  rpc::Gate gate_;
  rpc::Feeds feeds_;
  ValueReader values_;
};

}  // namespace dondoc::kpi
