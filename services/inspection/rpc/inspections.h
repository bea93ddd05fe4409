#pragma once

#include "absl/status/statusor.h"
#include "dondoc/inspection/v1/inspection_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/inspection/domain/regulation.h"

// The RPCs about inspections; each is parse, one call of the domain, answer.
namespace dondoc::inspection {

namespace pb = ::dondoc::inspection::v1;

absl::StatusOr<pb::GetInspectionResponse> GetInspection(const rpc::Call& call,
                                                        store::Snapshot& snapshot,
                                                        const pb::GetInspectionRequest& request);

absl::StatusOr<pb::ListInspectionsResponse> ListInspections(
    const rpc::Call& call, store::Snapshot& snapshot, const pb::ListInspectionsRequest& request);

absl::StatusOr<pb::AddInspectionResponse> AddInspection(const Regulation& regulation,
                                                        const rpc::Call& call,
                                                        store::Transaction& transaction,
                                                        const pb::AddInspectionRequest& request);

absl::StatusOr<pb::RescheduleInspectionResponse> RescheduleInspection(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::RescheduleInspectionRequest& request);

absl::StatusOr<pb::NotifyInspectionResponse> NotifyInspection(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::NotifyInspectionRequest& request);

absl::StatusOr<pb::CompleteInspectionResponse> CompleteInspection(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::CompleteInspectionRequest& request);

absl::StatusOr<pb::ConcludeInspectionResponse> ConcludeInspection(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::ConcludeInspectionRequest& request);

absl::StatusOr<pb::RemedyFindingResponse> RemedyFinding(const Regulation& regulation,
                                                        const rpc::Call& call,
                                                        store::Transaction& transaction,
                                                        const pb::RemedyFindingRequest& request);

absl::StatusOr<pb::CancelInspectionResponse> CancelInspection(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::CancelInspectionRequest& request);

}  // namespace dondoc::inspection
