#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "dondoc/registry/v1/registry_admin_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

// Who holds which role: what RegistryService says of it, and what its operators may.
namespace dondoc::registry {

absl::StatusOr<pb::GrantRoleResponse> GrantRole(const rpc::Call& call,
                                                store::Transaction& transaction,
                                                const pb::GrantRoleRequest& request);
absl::StatusOr<pb::EndGrantResponse> EndGrant(const rpc::Call& call,
                                              store::Transaction& transaction,
                                              const pb::EndGrantRequest& request);
absl::StatusOr<pb::ListGrantsResponse> ListGrants(const rpc::Call& call, store::Snapshot& snapshot,
                                                  const pb::ListGrantsRequest& request);

// OFFICE_PRESENT while anybody is Office for the whole register today.
absl::Status CheckNoOffice(store::Snapshot& snapshot);
// Makes `principal` that, from today on.
absl::StatusOr<pb::Grant> GiveFirstOffice(store::Transaction& transaction,
                                          const std::string& principal);

}  // namespace dondoc::registry
