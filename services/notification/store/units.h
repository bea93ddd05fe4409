#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/store/sql.h"

namespace dondoc::notification {

// What is kept of a unit of the registry.
struct Unit {
  // units/{id}.
  std::string name = {};
  std::string display_name = {};
  // dondoc.registry.v1.UnitKind.
  int64_t kind = 0;
  // The first day on which it no longer exists.
  std::optional<absl::CivilDay> valid_to = {};
};

std::optional<Unit> FindUnit(store::Sql& sql, const std::string& name);
std::vector<Unit> AllUnits(store::Sql& sql);
void PutUnit(store::Sql& sql, const Unit& unit);

// What is kept of a periodic report.
struct Report {
  // plans/{plan}/reports/{period}.
  std::string name = {};
  std::string label = {};
  absl::CivilDay due = {};
};

void PutReport(store::Sql& sql, const Report& report);
// Those due on `day` or later.
std::vector<Report> ReportsDueFrom(store::Sql& sql, absl::CivilDay day);

}  // namespace dondoc::notification
