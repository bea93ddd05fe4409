#pragma once

#include "absl/status/statusor.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

// Units: what RegistryService says of them.
namespace dondoc::registry {

absl::StatusOr<pb::AddUnitResponse> AddUnit(const rpc::Call& call, store::Transaction& transaction,
                                            const pb::AddUnitRequest& request);
absl::StatusOr<pb::UpdateUnitResponse> UpdateUnit(const rpc::Call& call,
                                                  store::Transaction& transaction,
                                                  const pb::UpdateUnitRequest& request);
absl::StatusOr<pb::DissolveUnitResponse> DissolveUnit(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::DissolveUnitRequest& request);
absl::StatusOr<pb::GetUnitResponse> GetUnit(const rpc::Call& call, store::Snapshot& snapshot,
                                            const pb::GetUnitRequest& request);
absl::StatusOr<pb::ListUnitsResponse> ListUnits(const rpc::Call& call, store::Snapshot& snapshot,
                                                const pb::ListUnitsRequest& request);

}  // namespace dondoc::registry
