#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/names.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {
namespace {

std::string RestoreUnitId(const std::string& name) {
  return name.empty() ? "" : ParseUnitName("body", name).value();
}

absl::StatusOr<std::string> ReadOptionalUnitName(absl::string_view field, const std::string& name) {
  if (name.empty()) return std::string();
  return ParseUnitName(field, name);
}

}  // namespace

pb::Unit ToProto(const Unit& unit, int64_t version) {
  const UnitState& state = unit.state();
  pb::Unit message;
  message.set_name(UnitName(state.id));
  message.set_etag(EtagOf(version));
  message.set_display_name(state.display_name);
  *message.mutable_aliases() = {state.aliases.begin(), state.aliases.end()};
  message.set_kind(ToProto(state.kind));
  message.set_parent(UnitName(state.parent));
  message.set_valid_from(DateText(state.valid_from));
  message.set_valid_to(DateText(state.valid_to));
  message.set_successor(UnitName(state.successor));
  message.set_decision(state.decision);
  message.set_email(state.email);
  message.set_illustrative(state.illustrative);
  return message;
}

Unit RestoreUnit(const pb::Unit& message) {
  return Unit::Restore({.id = RestoreUnitId(message.name()),
                        .display_name = message.display_name(),
                        .aliases = {message.aliases().begin(), message.aliases().end()},
                        .kind = ReadUnitKind("body", message.kind()).value(),
                        .parent = RestoreUnitId(message.parent()),
                        .valid_from = RestoreDate(message.valid_from()),
                        .valid_to = RestoreOptionalDate(message.valid_to()),
                        .successor = RestoreUnitId(message.successor()),
                        .decision = message.decision(),
                        .email = message.email(),
                        .illustrative = message.illustrative()});
}

absl::StatusOr<NewUnit> ReadNewUnit(const pb::Unit& message) {
  NewUnit fields;
  ASSIGN_OR_RETURN(fields.id, ParseUnitName("unit.name", message.name()));
  fields.display_name = message.display_name();
  fields.aliases = {message.aliases().begin(), message.aliases().end()};
  ASSIGN_OR_RETURN(fields.kind, ReadUnitKind("unit.kind", message.kind()));
  ASSIGN_OR_RETURN(fields.parent, ReadOptionalUnitName("unit.parent", message.parent()));
  ASSIGN_OR_RETURN(fields.valid_from, calendar::ParseDate("unit.valid_from", message.valid_from()));
  fields.decision = message.decision();
  fields.email = message.email();
  fields.illustrative = message.illustrative();
  return fields;
}

absl::StatusOr<UnitChange> ReadUnitChange(const pb::Unit& message) {
  UnitChange change;
  change.display_name = message.display_name();
  change.aliases = {message.aliases().begin(), message.aliases().end()};
  ASSIGN_OR_RETURN(change.parent, ReadOptionalUnitName("unit.parent", message.parent()));
  change.decision = message.decision();
  change.email = message.email();
  return change;
}

}  // namespace dondoc::registry
