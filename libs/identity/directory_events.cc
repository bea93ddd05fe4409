#include "libs/identity/directory_events.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"

namespace dondoc::identity {
namespace {

namespace rpb = ::dondoc::registry::v1;

absl::StatusOr<std::optional<absl::CivilDay>> OptionalDay(absl::string_view field,
                                                          const std::string& text) {
  if (text.empty()) return std::optional<absl::CivilDay>();
  ASSIGN_OR_RETURN(const absl::CivilDay day, calendar::ParseDate(field, text));
  return std::optional<absl::CivilDay>(day);
}

template <typename Payload>
absl::StatusOr<Payload> PayloadOf(const bus::Event& event) {
  Payload payload;
  if (event.schema != Payload::descriptor()->full_name() ||
      !payload.ParseFromString(event.payload)) {
    return absl::InvalidArgumentError(
        absl::StrCat(event.type, ": payload is no ", Payload::descriptor()->full_name()));
  }
  return payload;
}

absl::Status OnGrant(store::Transaction& transaction, const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::GrantChanged>(event));
  ASSIGN_OR_RETURN(const GrantState state, FromEvent(changed.grant(), event.version));
  PutGrant(transaction, state);
  return absl::OkStatus();
}

absl::Status OnUnit(store::Transaction& transaction, const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::UnitChanged>(event));
  ASSIGN_OR_RETURN(const UnitState state, FromEvent(changed.unit(), event.version));
  PutUnit(transaction, state);
  return absl::OkStatus();
}

absl::Status OnKey(store::Transaction& transaction, const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::SigningKeyChanged>(event));
  ASSIGN_OR_RETURN(const KeyState state, FromEvent(changed.key(), event.version));
  PutKey(transaction, state);
  return absl::OkStatus();
}

}  // namespace

std::vector<bus::Subscription> DirectorySubscriptions() {
  return {{"dondoc.registry.grant.*", OnGrant},
          {"dondoc.registry.unit.*", OnUnit},
          {"dondoc.registry.key.*", OnKey}};
}

rpb::Role ToProto(Role role) {
  switch (role) {
    case Role::kOffice:
      return rpb::ROLE_OFFICE;
    case Role::kDirector:
      return rpb::ROLE_DIRECTOR;
    case Role::kUnitHead:
      return rpb::ROLE_UNIT_HEAD;
    case Role::kUnitStaff:
      return rpb::ROLE_UNIT_STAFF;
    case Role::kInspector:
      return rpb::ROLE_INSPECTOR;
    case Role::kAuditor:
      return rpb::ROLE_AUDITOR;
    case Role::kSystem:
      return rpb::ROLE_SYSTEM;
    case Role::kOperator:
      break;  // Is on the admin port by its certificate; no grant makes one.
  }
  return rpb::ROLE_UNSPECIFIED;
}

std::optional<Role> RoleOf(rpb::Role role) {
  for (const Role candidate : kRoles) {
    if (role != rpb::ROLE_UNSPECIFIED && ToProto(candidate) == role) return candidate;
  }
  return std::nullopt;
}

absl::StatusOr<GrantState> FromEvent(const rpb::Grant& message, int64_t version) {
  const std::optional<Role> role = RoleOf(message.role());
  if (!role) {
    return absl::InvalidArgumentError(
        absl::StrCat(message.name(), " gives role ", message.role(), ", which is not known here"));
  }
  GrantState state{
      .name = message.name(),
      .version = version,
      .grant = {.principal = message.principal(), .role = *role, .unit = message.unit()}};
  ASSIGN_OR_RETURN(state.grant.valid_from, calendar::ParseDate("valid_from", message.valid_from()));
  ASSIGN_OR_RETURN(state.grant.valid_to, OptionalDay("valid_to", message.valid_to()));
  return state;
}

absl::StatusOr<UnitState> FromEvent(const rpb::Unit& message, int64_t version) {
  UnitState state{.version = version, .unit = {.name = message.name(), .parent = message.parent()}};
  ASSIGN_OR_RETURN(state.unit.valid_from, calendar::ParseDate("valid_from", message.valid_from()));
  ASSIGN_OR_RETURN(state.unit.valid_to, OptionalDay("valid_to", message.valid_to()));
  return state;
}

absl::StatusOr<KeyState> FromEvent(const rpb::SigningKey& message, int64_t version) {
  absl::string_view id = message.name();
  if (!absl::ConsumePrefix(&id, "keys/") || id.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", message.name(), "\" is no key"));
  }
  return KeyState{
      .id = std::string(id), .version = version, .x = message.x(), .retired = message.retired()};
}

}  // namespace dondoc::identity
