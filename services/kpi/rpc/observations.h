#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "dondoc/kpi/v1/kpi_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/store/observations.h"

// Observations: reading a batch of them, and listing them.
namespace dondoc::kpi {

// Checks a whole batch against the catalog and how far the caller reaches, without the database:
// names become row numbers, texts figures. A refusal tells the index of the observation in its
// details; OUT_OF_SCOPE for a unit beyond reach.
absl::StatusOr<ObservationBatch> CheckBatch(const Catalog& catalog, const identity::Reach& reach,
                                            const pb::RecordObservationsRequest& request,
                                            absl::CivilDay today);

absl::StatusOr<pb::ListObservationsResponse> ListObservations(
    const rpc::Call& call, store::Snapshot& snapshot, const pb::ListObservationsRequest& request);

}  // namespace dondoc::kpi
