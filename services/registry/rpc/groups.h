#pragma once

#include "absl/status/statusor.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

// Groups of the lead column, and the units that they stand for.
namespace dondoc::registry {

absl::StatusOr<pb::ResolveGroupResponse> ResolveGroup(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::ResolveGroupRequest& request);
absl::StatusOr<pb::SetGroupRuleResponse> SetGroupRule(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::SetGroupRuleRequest& request);

}  // namespace dondoc::registry
