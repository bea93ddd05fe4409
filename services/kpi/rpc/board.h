#pragma once

#include "absl/status/statusor.h"
#include "dondoc/kpi/v1/kpi_service.pb.h"
#include "libs/rpc/call.h"
#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/wire/convert.h"

namespace dondoc::kpi {

// Judges every target of a plan, over a unit that the caller may see.
absl::StatusOr<pb::GetBoardResponse> GetBoard(Catalog& catalog, const rpc::Call& call,
                                              store::Snapshot& snapshot,
                                              const pb::GetBoardRequest& request);

}  // namespace dondoc::kpi
