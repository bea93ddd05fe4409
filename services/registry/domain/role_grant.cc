#include "services/registry/domain/role_grant.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/identity/account_name.h"
#include "libs/identity/errors.h"
#include "libs/identity/grants.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/text_fields.h"

namespace dondoc::registry {
namespace {

constexpr char kSystem[] = "system:";
constexpr char kAccount[] = "account:";

// A principal is compared byte by byte with what a token or a certificate says, so it is refused
// and not mended when it is no clean line.
absl::Status CheckPrincipal(const std::string& principal) {
  const auto clean = CleanLine("grant.principal", principal, kLineMax);
  if (!clean.ok()) return clean.status();
  if (*clean != principal) return identity::error::GrantPrincipalInvalid(principal);
  absl::string_view name = principal;
  if (absl::ConsumePrefix(&name, kAccount) && !identity::IsAccountName(name)) {
    return identity::error::GrantPrincipalInvalid(principal);
  }
  return absl::OkStatus();
}

absl::Status CheckNotTooFar(absl::string_view field, absl::CivilDay day, absl::CivilDay today) {
  const absl::CivilDay last = LastDateAllowed(today);
  return day > last ? error::DateTooFar(field, day, last) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<RoleGrant> RoleGrant::Create(NewRoleGrant fields, absl::CivilDay today) {
  RoleGrantState state{.principal = std::move(fields.principal),
                       .role = fields.role,
                       .unit = std::move(fields.unit),
                       .valid_from = fields.valid_from.value_or(today),
                       .valid_to = fields.valid_to};
  RETURN_IF_ERROR(CheckPrincipal(state.principal));
  RETURN_IF_ERROR(identity::CheckGrant({.principal = state.principal,
                                        .role = state.role,
                                        .unit = UnitName(state.unit),
                                        .valid_from = state.valid_from,
                                        .valid_to = state.valid_to}));
  const bool system = absl::StartsWith(state.principal, kSystem);
  if (state.role == identity::Role::kOperator ||
      (state.role == identity::Role::kSystem && !system)) {
    return error::GrantRoleInvalid(state.principal, identity::RoleName(state.role));
  }
  if (state.valid_from < today) return error::GrantStartsInPast(state.valid_from);
  RETURN_IF_ERROR(CheckNotTooFar("grant.valid_from", state.valid_from, today));
  if (state.valid_to) RETURN_IF_ERROR(CheckNotTooFar("grant.valid_to", *state.valid_to, today));
  ASSIGN_OR_RETURN(state.decision,
                   CleanOptionalLine({"grant.decision", kLineMax}, fields.decision));
  return RoleGrant(std::move(state));
}

absl::Status RoleGrant::End(const std::optional<absl::CivilDay>& valid_to, absl::CivilDay today) {
  const absl::CivilDay earliest = std::max(today, state_.valid_from);
  const absl::CivilDay end = valid_to.value_or(earliest);
  if (end < today) return error::GrantEndsInPast(end);
  if (end < state_.valid_from) return identity::error::GrantDatesInvalid();
  if (state_.valid_to && *state_.valid_to <= end) {
    return error::GrantEnded(state_.number, *state_.valid_to);
  }
  RETURN_IF_ERROR(CheckNotTooFar("valid_to", end, today));
  state_.valid_to = end;
  return absl::OkStatus();
}

bool RoleGrant::Overlaps(const RoleGrant& other) const {
  const auto begins_before_end = [](const RoleGrantState& a, const RoleGrantState& b) {
    return !b.valid_to || a.valid_from < *b.valid_to;
  };
  // One that was ended before it began holds on no day.
  return begins_before_end(state_, other.state_) && begins_before_end(other.state_, state_) &&
         begins_before_end(state_, state_) && begins_before_end(other.state_, other.state_);
}

}  // namespace dondoc::registry
