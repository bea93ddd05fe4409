#pragma once

#include "absl/status/statusor.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

// Tasks: what RegistryService says of them. Groups are in groups.h.
namespace dondoc::registry {

absl::StatusOr<pb::GetTaskResponse> GetTask(const rpc::Call& call, store::Snapshot& snapshot,
                                            const pb::GetTaskRequest& request);
absl::StatusOr<pb::ListTasksResponse> ListTasks(const rpc::Call& call, store::Snapshot& snapshot,
                                                const pb::ListTasksRequest& request);
absl::StatusOr<pb::MoveDeadlineResponse> MoveDeadline(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::MoveDeadlineRequest& request);

}  // namespace dondoc::registry
