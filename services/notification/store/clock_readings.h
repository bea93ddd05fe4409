#pragma once

#include <optional>

#include "libs/store/sql.h"
#include "services/notification/domain/clock_guard.h"

namespace dondoc::notification {

// The last reading of the clocks that was right.
std::optional<ClockReading> FindClockReading(store::Sql& sql);
void PutClockReading(store::Sql& sql, const ClockReading& reading);

}  // namespace dondoc::notification
