#pragma once

#include <string>

#include "absl/status/status.h"
#include "libs/rpc/call.h"

namespace dondoc::kpi {

// Whether the caller may see the values of `unit` (units/{id}; "" for the whole register). A unit
// beyond reach is as unknown as one that does not exist: UNIT_UNKNOWN. The whole register needs a
// grant for it: SCOPE_TOO_NARROW.
absl::Status CheckSeen(const rpc::Call& call, const std::string& unit);

}  // namespace dondoc::kpi
