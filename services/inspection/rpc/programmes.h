#pragma once

#include "absl/status/statusor.h"
#include "dondoc/inspection/v1/inspection_service.pb.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/inspection/domain/regulation.h"

// The RPCs about programmes and coverage; each is parse, one call of the domain, answer.
namespace dondoc::inspection {

namespace pb = ::dondoc::inspection::v1;

absl::StatusOr<pb::ProposeProgrammeResponse> ProposeProgramme(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::ProposeProgrammeRequest& request);

absl::StatusOr<pb::ApproveProgrammeResponse> ApproveProgramme(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::ApproveProgrammeRequest& request);

absl::StatusOr<pb::GetProgrammeResponse> GetProgramme(const rpc::Call& call,
                                                      store::Snapshot& snapshot,
                                                      const pb::GetProgrammeRequest& request);

absl::StatusOr<pb::GetCoverageResponse> GetCoverage(const Regulation& regulation,
                                                    const rpc::Call& call,
                                                    store::Snapshot& snapshot,
                                                    const pb::GetCoverageRequest& request);

}  // namespace dondoc::inspection
