#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace dondoc::registry {

// Decides what a group of a lead column may name, and who counts for the inspection quota.
enum class UnitKind {
  kDepartment,
  kOffice,
  kDivision,
  kInspectorate,
  kSubDepartment,
  kPublicServiceUnit,
  // A body outside the department: may be named, never obliged.
  kExternal
};

// What anybody may say of a unit, uncleaned.
struct NewUnit {
  std::string id;
  std::string display_name;
  std::vector<std::string> aliases;
  UnitKind kind = UnitKind::kDivision;
  std::string parent;  // id; empty for a root
  absl::CivilDay valid_from;
  std::string decision;
  std::string email;
  bool illustrative = false;
};

struct UnitChange {
  std::string display_name;
  std::vector<std::string> aliases;
  std::string parent;
  std::string decision;
  std::string email;
};

struct Dissolution {
  absl::CivilDay valid_to;
  std::string successor;  // id; empty for nobody
  std::string decision;   // empty keeps the one on record
};

struct UnitState {
  std::string id;
  std::string display_name;
  std::vector<std::string> aliases;
  UnitKind kind = UnitKind::kDivision;
  std::string parent;
  absl::CivilDay valid_from;
  std::optional<absl::CivilDay> valid_to;
  std::string successor;
  std::string decision;
  std::string email;
  bool illustrative = false;
};

// A body that may lead, coordinate or be inspected, for the days on which it exists.
//
// A Unit that exists is valid: its texts are clean and within their limits, no two of its names
// count as the same, and it ends after it began. It is never deleted, only dissolved. What needs
// other units to judge (names taken, the place in the tree) is judged by the functions below.
class Unit {
 public:
  static absl::StatusOr<Unit> Create(NewUnit fields);
  // What a store kept; not checked again.
  static Unit Restore(UnitState state) { return Unit(std::move(state)); }

  absl::Status Update(UnitChange change);
  // Puts its end on record, at most some years ahead of `today`. From then on it takes no new work,
  // even if it still exists for a while. The caller judges the successor.
  absl::Status Dissolve(const Dissolution& dissolution, absl::CivilDay today);

  const UnitState& state() const { return state_; }
  const std::string& id() const { return state_.id; }

  bool ExistsOn(absl::CivilDay day) const {
    return state_.valid_from <= day && (!state_.valid_to || day < *state_.valid_to);
  }
  bool Overlaps(const Unit& other) const;
  bool HasEnd() const { return state_.valid_to.has_value(); }
  bool IsExternal() const { return state_.kind == UnitKind::kExternal; }

  // Its display name and aliases, the first one being the display name.
  std::vector<std::string> Names() const;

 private:
  explicit Unit(UnitState state) : state_(std::move(state)) {}
  absl::Status SetWords(UnitChange change);

  UnitState state_;
};

// What the tree around a unit looks like, read by the caller in the same transaction.
struct PlaceInTree {
  // The parent, its parent, … up to the root.
  std::vector<Unit> above;
  // How many levels stand below the unit; 0 for a leaf or a new unit.
  size_t height_below = 0;
};

// Refuses a parent that is the unit itself or stands below it (UNIT_CYCLE), one that never exists
// together with it, and a tree that becomes too deep.
absl::Status CheckPlace(const Unit& unit, const PlaceInTree& place);

// Refuses a name that one of `others` has on a common day. `others` are the units (but not this
// one) with at least one name that counts as the same.
absl::Status CheckNames(const Unit& unit, const std::vector<Unit>& others);

// Refuses a unit that cannot be obliged on `day`: it is external, does not exist then, or its end
// is on record already.
absl::Status CheckAssignable(const Unit& unit, absl::CivilDay day);

}  // namespace dondoc::registry
