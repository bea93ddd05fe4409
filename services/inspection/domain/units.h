#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace dondoc::inspection {

enum class UnitKind {
  kDepartment,
  kOffice,
  kDivision,
  kInspectorate,
  kSubDepartment,
  kPublicServiceUnit,
  kExternal,
};

// What this service knows of a unit of the registry.
struct Unit {
  // units/{id}.
  std::string name;
  std::string display_name;
  UnitKind kind = UnitKind::kDivision;
  // units/{id} of the unit above; empty for a root.
  std::string parent = {};
  absl::CivilDay valid_from;
  // The first day on which it no longer exists.
  std::optional<absl::CivilDay> valid_to = {};
  // units/{id} that took over; empty for nobody.
  std::string successor = {};
};

bool ExistsOn(const Unit& unit, absl::CivilDay day);

// What the department decided about who counts.
struct CountingRule {
  // Whether Văn phòng is one of the "phòng, đơn vị" of the quota.
  bool office_counts = true;
};

// Whether `unit` counts for the quota on `day`: it exists, it is no body outside the department,
// and it is not the department itself, which is the whole and not a part.
bool Counts(const Unit& unit, absl::CivilDay day, CountingRule rule);

// The copy of the register at one moment. Immutable.
class Units {
 public:
  explicit Units(std::vector<Unit> units);

  // Null for a unit that is not known.
  const Unit* Find(absl::string_view name) const;

  // In the order of their names, so that nothing depends on the order in which they were read.
  const std::vector<Unit>& all() const { return units_; }

  // How people write it; the name itself when it is not known.
  std::string DisplayName(absl::string_view name) const;

  // The branch a unit belongs to: the topmost unit above it that is not the department. People of
  // one branch answer to one head, so they never inspect each other: neither their own unit, nor
  // one above or below it, nor one beside it in the same Chi cục. Directly under the department a
  // unit is a branch by itself; the department is a branch that nobody inspects.
  std::string BranchOf(absl::string_view name) const;

 private:
  std::vector<Unit> units_;
  absl::flat_hash_map<std::string, size_t> index_;
};

}  // namespace dondoc::inspection
