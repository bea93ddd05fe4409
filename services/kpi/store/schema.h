#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/store/database.h"

namespace dondoc {

// The numbered steps of this service's tables (generated from schema/).
std::vector<store::Migration> kpi_schema();

namespace kpi {

// Days and months as the tables hold them.
inline int64_t DayNumber(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }
inline absl::CivilDay DayOf(int64_t number) { return absl::CivilDay(1970, 1, 1) + number; }
inline int64_t MonthNumber(absl::CivilDay day) { return day.year() * 12 + day.month() - 1; }
inline int64_t YearOfMonth(int64_t month) { return month / 12; }

}  // namespace kpi
}  // namespace dondoc
