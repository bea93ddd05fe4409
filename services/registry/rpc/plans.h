#pragma once

#include "absl/status/statusor.h"
#include "libs/calendar/holidays.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

// Plans: what RegistryService says of them.
namespace dondoc::registry {

// `holidays` are for the warnings about deadlines on days off; null when nobody knows them.
absl::StatusOr<pb::ImportPlanResponse> ImportPlan(const rpc::Call& call,
                                                  store::Transaction& transaction,
                                                  const pb::ImportPlanRequest& request,
                                                  const calendar::Holidays* holidays);
absl::StatusOr<pb::GetPlanResponse> GetPlan(const rpc::Call& call, store::Snapshot& snapshot,
                                            const pb::GetPlanRequest& request);
absl::StatusOr<pb::ListPlansResponse> ListPlans(const rpc::Call& call, store::Snapshot& snapshot,
                                                const pb::ListPlansRequest& request);
absl::StatusOr<pb::SetDocumentNumberResponse> SetDocumentNumber(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::SetDocumentNumberRequest& request);
absl::StatusOr<pb::GetPlanSummaryResponse> GetPlanSummary(const rpc::Call& call,
                                                          store::Snapshot& snapshot,
                                                          const pb::GetPlanSummaryRequest& request);

}  // namespace dondoc::registry
