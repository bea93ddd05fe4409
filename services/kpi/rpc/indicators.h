#pragma once

#include "absl/status/statusor.h"
#include "dondoc/kpi/v1/kpi_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/wire/convert.h"

// Indicators and targets.
namespace dondoc::kpi {

absl::StatusOr<pb::DefineIndicatorResponse> DefineIndicator(
    Catalog& catalog, store::Transaction& transaction, const pb::DefineIndicatorRequest& request);

absl::StatusOr<pb::GetIndicatorResponse> GetIndicator(const rpc::Call& call,
                                                      store::Snapshot& snapshot,
                                                      const pb::GetIndicatorRequest& request);

absl::StatusOr<pb::ListIndicatorsResponse> ListIndicators(const rpc::Call& call,
                                                          store::Snapshot& snapshot,
                                                          const pb::ListIndicatorsRequest& request);

absl::StatusOr<pb::SetTargetResponse> SetTarget(Catalog& catalog, store::Transaction& transaction,
                                                const pb::SetTargetRequest& request);

absl::StatusOr<pb::ListTargetsResponse> ListTargets(const rpc::Call& call,
                                                    store::Snapshot& snapshot,
                                                    const pb::ListTargetsRequest& request);

}  // namespace dondoc::kpi
