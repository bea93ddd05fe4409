#pragma once

#include "absl/status/statusor.h"
#include "dondoc/kpi/v1/kpi_service.pb.h"
#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/wire/convert.h"

namespace dondoc::kpi {

// Judges every target of a plan.
absl::StatusOr<pb::GetBoardResponse> GetBoard(Catalog& catalog, store::Snapshot& snapshot,
                                              const pb::GetBoardRequest& request);

}  // namespace dondoc::kpi
