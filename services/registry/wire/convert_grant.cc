#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "libs/identity/directory_events.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

pb::Grant ToProto(const RoleGrant& grant, int64_t version) {
  const RoleGrantState& state = grant.state();
  pb::Grant message;
  message.set_name(GrantName(state.number));
  message.set_etag(EtagOf(version));
  message.set_principal(state.principal);
  message.set_role(identity::ToProto(state.role));
  message.set_unit(UnitName(state.unit));
  message.set_valid_from(DateText(state.valid_from));
  message.set_valid_to(DateText(state.valid_to));
  message.set_decision(state.decision);
  return message;
}

RoleGrant RestoreGrant(const pb::Grant& message) {
  return RoleGrant::Restore(
      {.number = ParseGrantName("body", message.name()).value(),
       .principal = message.principal(),
       .role = identity::RoleOf(message.role()).value(),
       .unit = message.unit().empty() ? "" : ParseUnitName("body", message.unit()).value(),
       .valid_from = RestoreDate(message.valid_from()),
       .valid_to = RestoreOptionalDate(message.valid_to()),
       .decision = message.decision()});
}

absl::StatusOr<NewRoleGrant> ReadNewGrant(const pb::Grant& message) {
  NewRoleGrant fields;
  fields.principal = message.principal();
  const auto role = identity::RoleOf(message.role());
  if (!role) return error::EnumInvalid("grant.role", message.role());
  fields.role = *role;
  if (!message.unit().empty()) {
    ASSIGN_OR_RETURN(fields.unit, ParseUnitName("grant.unit", message.unit()));
  }
  if (!message.valid_from().empty()) {
    ASSIGN_OR_RETURN(fields.valid_from,
                     calendar::ParseDate("grant.valid_from", message.valid_from()));
  }
  if (!message.valid_to().empty()) {
    ASSIGN_OR_RETURN(fields.valid_to, calendar::ParseDate("grant.valid_to", message.valid_to()));
  }
  fields.decision = message.decision();
  return fields;
}

}  // namespace dondoc::registry
