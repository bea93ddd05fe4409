#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/identity/access_table.h"
#include "libs/identity/roles.h"

namespace dondoc::identity {

// What somebody is in one part of the register, from one day to another.
struct Grant {
  // "person:…", "account:…" or "system:…".
  std::string principal;
  Role role = Role::kUnitStaff;
  // units/{id}: this unit and all below it. Empty: the whole register.
  std::string unit = {};
  absl::CivilDay valid_from = {};
  // The first day on which it no longer holds; nothing while it goes on.
  std::optional<absl::CivilDay> valid_to = {};
};

// INVALID_ARGUMENT: GRANT_PRINCIPAL_INVALID, GRANT_UNIT_INVALID, GRANT_DATES_INVALID.
absl::Status CheckGrant(const Grant& grant);

// A service's own copy of who stands below whom, fed by the registry's events. Not thread-safe.
class UnitTree {
 public:
  struct Unit {
    std::string name;
    // Empty for a root.
    std::string parent = {};
    absl::CivilDay valid_from = {};
    std::optional<absl::CivilDay> valid_to = {};
  };

  // Adds a unit, or takes its newest state.
  void Put(Unit unit);

  bool ExistsOn(const std::string& name, absl::CivilDay day) const;
  // The unit and all below it, dissolved ones too: what they left belongs to the one above.
  std::set<std::string> SubtreeOf(const std::string& name) const;

 private:
  std::map<std::string, Unit> units_;
  std::map<std::string, std::set<std::string>> children_;
};

// How far a call may see and change. A query takes it as a condition, so that a list cannot leak.
struct Reach {
  enum class Kind {
    kEverything,
    kUnits,  // those in `units`, and what belongs to no unit stays out
    kOwn,    // only what belongs to the caller itself
  };
  Kind kind = Kind::kUnits;
  std::set<std::string> units = {};

  // Of what is done for no caller in particular, and where access is open.
  static const Reach& Everything() {
    static const Reach kEverything = {.kind = Kind::kEverything};
    return kEverything;
  }

  bool IsEverything() const { return kind == Kind::kEverything; }
  // `unit` is units/{id}.
  bool Contains(const std::string& unit) const {
    return kind == Kind::kEverything || (kind == Kind::kUnits && units.contains(unit));
  }
};

// Whether `principal` (empty: nobody is proven) may call the method on `today`, and how far. Of
// `grants` only its own count. A grant on a unit that does not exist today gives nothing.
//
// UNAUTHENTICATED, reason NOT_SIGNED_IN; PERMISSION_DENIED, reasons NO_GRANT (none holds today),
// ROLE_MISSING, SCOPE_TOO_NARROW (the method is for the whole register).
absl::StatusOr<Reach> Allows(const std::string& principal, const std::vector<Grant>& grants,
                             const MethodRule& rule, const UnitTree& tree, absl::CivilDay today);

// PERMISSION_DENIED, reason OUT_OF_SCOPE, when a request names a unit beyond `reach`.
absl::Status CheckUnit(const Reach& reach, const std::string& unit);

}  // namespace dondoc::identity
