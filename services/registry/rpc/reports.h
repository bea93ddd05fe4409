#pragma once

#include "absl/status/statusor.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

// Periodic reports: what RegistryService says of them.
namespace dondoc::registry {

absl::StatusOr<pb::ListPeriodicReportsResponse> ListPeriodicReports(
    const rpc::Call& call, store::Snapshot& snapshot,
    const pb::ListPeriodicReportsRequest& request);
absl::StatusOr<pb::DeliverPeriodicReportResponse> DeliverPeriodicReport(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::DeliverPeriodicReportRequest& request);
absl::StatusOr<pb::ReschedulePeriodicReportResponse> ReschedulePeriodicReport(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::ReschedulePeriodicReportRequest& request);

}  // namespace dondoc::registry
