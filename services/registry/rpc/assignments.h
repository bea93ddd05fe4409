#pragma once

#include "absl/status/statusor.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/wire/convert.h"

// Assignments: what RegistryService says of them.
namespace dondoc::registry {

absl::StatusOr<pb::GetAssignmentResponse> GetAssignment(const rpc::Call& call,
                                                        store::Snapshot& snapshot,
                                                        const pb::GetAssignmentRequest& request);
absl::StatusOr<pb::ListAssignmentsResponse> ListAssignments(
    const rpc::Call& call, store::Snapshot& snapshot, const pb::ListAssignmentsRequest& request);
absl::StatusOr<pb::ReportProgressResponse> ReportProgress(const rpc::Call& call,
                                                          store::Transaction& transaction,
                                                          const pb::ReportProgressRequest& request);
absl::StatusOr<pb::SubmitResultResponse> SubmitResult(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::SubmitResultRequest& request);
absl::StatusOr<pb::AcceptResultResponse> AcceptResult(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::AcceptResultRequest& request);
absl::StatusOr<pb::ReturnResultResponse> ReturnResult(const rpc::Call& call,
                                                      store::Transaction& transaction,
                                                      const pb::ReturnResultRequest& request);
absl::StatusOr<pb::SuspendAssignmentResponse> SuspendAssignment(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::SuspendAssignmentRequest& request);
absl::StatusOr<pb::ResumeAssignmentResponse> ResumeAssignment(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::ResumeAssignmentRequest& request);

}  // namespace dondoc::registry
