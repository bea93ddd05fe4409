#include "services/inspection/domain/units.h"

#include <algorithm>
#include <utility>

namespace dondoc::inspection {
namespace {

// The registry refuses deeper trees and circles; a copy that is being filled is not trusted to be
// one.
constexpr int kDepthMax = 64;

}  // namespace

bool ExistsOn(const Unit& unit, absl::CivilDay day) {
  return unit.valid_from <= day && (!unit.valid_to || day < *unit.valid_to);
}

bool Counts(const Unit& unit, absl::CivilDay day, CountingRule rule) {
  if (unit.kind == UnitKind::kDepartment || unit.kind == UnitKind::kExternal) return false;
  if (unit.kind == UnitKind::kOffice && !rule.office_counts) return false;
  return ExistsOn(unit, day);
}

Units::Units(std::vector<Unit> units) : units_(std::move(units)) {
  std::sort(units_.begin(), units_.end(),
            [](const Unit& a, const Unit& b) { return a.name < b.name; });
  for (size_t i = 0; i < units_.size(); ++i) index_[units_[i].name] = i;
}

const Unit* Units::Find(absl::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &units_[found->second];
}

std::string Units::DisplayName(absl::string_view name) const {
  const Unit* unit = Find(name);
  return unit == nullptr ? std::string(name) : unit->display_name;
}

std::string Units::BranchOf(absl::string_view name) const {
  std::string branch(name);
  for (int depth = 0; depth < kDepthMax; ++depth) {
    const Unit* unit = Find(branch);
    if (unit == nullptr || unit->kind == UnitKind::kDepartment) break;
    const Unit* above = Find(unit->parent);
    if (above == nullptr || above->kind == UnitKind::kDepartment) break;
    branch = above->name;
  }
  return branch;
}

}  // namespace dondoc::inspection
