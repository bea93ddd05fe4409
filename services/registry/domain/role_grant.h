#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "libs/identity/roles.h"

namespace dondoc::registry {

// What the Office may say of a grant, uncleaned.
struct NewRoleGrant {
  std::string principal;
  identity::Role role = identity::Role::kUnitStaff;
  std::string unit = {};                          // id; empty for the whole register
  std::optional<absl::CivilDay> valid_from = {};  // nothing for today
  std::optional<absl::CivilDay> valid_to = {};
  std::string decision = {};
};

struct RoleGrantState {
  int64_t number = 0;
  std::string principal;
  identity::Role role = identity::Role::kUnitStaff;
  std::string unit = {};
  absl::CivilDay valid_from = {};
  std::optional<absl::CivilDay> valid_to = {};
  std::string decision = {};
};

// A role of somebody in a subtree of units, from one day to another. Whether the unit exists, and
// whether somebody holds the same already, is judged by the caller.
//
// It begins today at the earliest and ends today at the earliest: what somebody was allowed to do
// on a past day never changes afterwards.
class RoleGrant {
 public:
  // GRANT_PRINCIPAL_INVALID, GRANT_ROLE_INVALID, GRANT_DATES_INVALID, GRANT_STARTS_IN_PAST,
  // DATE_TOO_FAR, or what the decision is refused for.
  static absl::StatusOr<RoleGrant> Create(NewRoleGrant fields, absl::CivilDay today);
  // What a store kept; not checked again.
  static RoleGrant Restore(RoleGrantState state) { return RoleGrant(std::move(state)); }

  // Nothing for the first day on which that is possible. GRANT_ENDS_IN_PAST, GRANT_DATES_INVALID,
  // GRANT_ENDED.
  absl::Status End(const std::optional<absl::CivilDay>& valid_to, absl::CivilDay today);

  void SetNumber(int64_t number) { state_.number = number; }
  const RoleGrantState& state() const { return state_; }

  // The one kind that gives all others, with no end in sight.
  bool IsStandingOffice() const {
    return state_.role == identity::Role::kOffice && state_.unit.empty() && !state_.valid_to;
  }
  // Whether both hold on some day.
  bool Overlaps(const RoleGrant& other) const;

 private:
  explicit RoleGrant(RoleGrantState state) : state_(std::move(state)) {}

  RoleGrantState state_;
};

}  // namespace dondoc::registry
