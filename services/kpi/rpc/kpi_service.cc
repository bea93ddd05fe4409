#include "services/kpi/rpc/kpi_service.h"

#include <utility>

#include "services/kpi/rpc/board.h"
#include "services/kpi/rpc/indicators.h"
#include "services/kpi/rpc/observations.h"
#include "services/kpi/rpc/record_observations.h"

namespace dondoc::kpi {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

KpiService::KpiService(const Parts& parts, const rpc::Observer& observer,
                       const rpc::Doorkeeper& door)
    : parts_(parts),
      gate_(parts.database, observer, door),
      feeds_(parts.database, door, observer),
      values_(parts.database, parts.catalog, parts.cache, parts.publisher, gate_) {}

ServerUnaryReactor* KpiService::DefineIndicator(CallbackServerContext* context,
                                                const pb::DefineIndicatorRequest* request,
                                                pb::DefineIndicatorResponse* response) {
  return gate_.Write(context, request, response, [this](auto&, auto& transaction, auto& asked) {
    return kpi::DefineIndicator(parts_.catalog, transaction, asked);
  });
}

ServerUnaryReactor* KpiService::GetIndicator(CallbackServerContext* context,
                                             const pb::GetIndicatorRequest* request,
                                             pb::GetIndicatorResponse* response) {
  return gate_.Read(context, request, response, &kpi::GetIndicator);
}

ServerUnaryReactor* KpiService::ListIndicators(CallbackServerContext* context,
                                               const pb::ListIndicatorsRequest* request,
                                               pb::ListIndicatorsResponse* response) {
  return gate_.Read(context, request, response, [](auto& call, auto& snapshot, auto& asked) {
    return kpi::ListIndicators(call, snapshot, asked);
  });
}

ServerUnaryReactor* KpiService::SetTarget(CallbackServerContext* context,
                                          const pb::SetTargetRequest* request,
                                          pb::SetTargetResponse* response) {
  return gate_.Write(context, request, response, [this](auto&, auto& transaction, auto& asked) {
    return kpi::SetTarget(parts_.catalog, transaction, asked);
  });
}

ServerUnaryReactor* KpiService::ListTargets(CallbackServerContext* context,
                                            const pb::ListTargetsRequest* request,
                                            pb::ListTargetsResponse* response) {
  return gate_.Read(context, request, response, [](auto& call, auto& snapshot, auto& asked) {
    return kpi::ListTargets(call, snapshot, asked);
  });
}

grpc::ServerReadReactor<grpc::ByteBuffer>* KpiService::RecordObservations(
    CallbackServerContext* context, grpc::ByteBuffer* response) {
  return new RecordObservationsReactor({.database = parts_.database,
                                        .catalog = parts_.catalog,
                                        .clock = parts_.clock,
                                        .gate = gate_},
                                       *context, response);
}

ServerUnaryReactor* KpiService::ListObservations(CallbackServerContext* context,
                                                 const pb::ListObservationsRequest* request,
                                                 pb::ListObservationsResponse* response) {
  return gate_.Read(context, request, response, [](auto& call, auto& snapshot, auto& asked) {
    return kpi::ListObservations(call, snapshot, asked);
  });
}

ServerUnaryReactor* KpiService::GetValue(CallbackServerContext* context,
                                         const pb::GetValueRequest* request,
                                         pb::GetValueResponse* response) {
  return values_.GetValue(context, request, response);
}

ServerUnaryReactor* KpiService::GetBoard(CallbackServerContext* context,
                                         const pb::GetBoardRequest* request,
                                         pb::GetBoardResponse* response) {
  return gate_.Read(context, request, response, [this](auto& call, auto& snapshot, auto& asked) {
    return kpi::GetBoard(parts_.catalog, call, snapshot, asked);
  });
}

ServerUnaryReactor* KpiService::RecomputeValues(CallbackServerContext* context,
                                                const pb::RecomputeValuesRequest* request,
                                                pb::RecomputeValuesResponse* response) {
  return parts_.recomputer.Answer(gate_, context, *request, response);
}

grpc::ServerWriteReactor<pb::WatchChangesResponse>* KpiService::WatchChanges(
    CallbackServerContext* context, const pb::WatchChangesRequest* request) {
  return feeds_.WatchChanges<pb::WatchChangesResponse>(*context, *request);
}

}  // namespace dondoc::kpi
