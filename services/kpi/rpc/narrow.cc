#include "services/kpi/rpc/narrow.h"

#include "libs/identity/errors.h"
#include "services/kpi/domain/errors.h"

namespace dondoc::kpi {

absl::Status CheckSeen(const rpc::Call& call, const std::string& unit) {
  if (call.reach().Contains(unit)) return absl::OkStatus();
  return unit.empty() ? identity::error::ScopeTooNarrow(call.method) : error::UnitUnknown(unit);
}

}  // namespace dondoc::kpi
