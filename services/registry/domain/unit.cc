#include "services/registry/domain/unit.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/text_fields.h"

namespace dondoc::registry {
namespace {

// Enough to catch what cannot be an address; whether it is one, only a mail server knows.
bool LooksLikeEmail(absl::string_view text) {
  const size_t at = text.find('@');
  if (text.size() > kEmailBytesMax || at == 0 || at == absl::string_view::npos) return false;
  const absl::string_view domain = text.substr(at + 1);
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c != 0x7F && c != ',' && c != ';' && c != '<' && c != '>' && c != '"';
  });
  return plain && domain.find('@') == absl::string_view::npos && !domain.empty() &&
         domain.front() != '.' && domain.back() != '.';
}

}  // namespace

absl::StatusOr<Unit> Unit::Create(NewUnit fields) {
  if (!fields.parent.empty() && fields.parent == fields.id) {
    return error::UnitIsItsOwnParent(fields.id);
  }
  Unit unit({.id = std::move(fields.id),
             .display_name = {},
             .aliases = {},
             .kind = fields.kind,
             .parent = {},
             .valid_from = fields.valid_from,
             .valid_to = {},
             .successor = {},
             .decision = {},
             .email = {},
             .illustrative = fields.illustrative});
  RETURN_IF_ERROR(unit.SetWords({.display_name = std::move(fields.display_name),
                                 .aliases = std::move(fields.aliases),
                                 .parent = std::move(fields.parent),
                                 .decision = std::move(fields.decision),
                                 .email = std::move(fields.email)}));
  return unit;
}

absl::Status Unit::Update(UnitChange change) { return SetWords(std::move(change)); }

absl::Status Unit::SetWords(UnitChange change) {
  UnitState next = state_;
  ASSIGN_OR_RETURN(next.display_name,
                   CleanLine("unit.display_name", change.display_name, kLineMax));
  if (change.aliases.size() > kAliasesMax) {
    return error::TooManyItems("unit.aliases", change.aliases.size(), kAliasesMax);
  }
  std::set<std::string> keys = {ComparisonKey(next.display_name)};
  next.aliases.clear();
  for (const std::string& alias : change.aliases) {
    ASSIGN_OR_RETURN(std::string line, CleanLine("unit.aliases", alias, kLineMax));
    if (!keys.insert(ComparisonKey(line)).second) return error::Repeated("unit.aliases", line);
    next.aliases.push_back(std::move(line));
  }
  ASSIGN_OR_RETURN(next.decision, CleanOptionalLine({"unit.decision", kLineMax}, change.decision));
  ASSIGN_OR_RETURN(next.email, CleanOptionalLine({"unit.email", kLineMax}, change.email));
  if (!next.email.empty() && !LooksLikeEmail(next.email)) return error::EmailInvalid(next.email);
  next.parent = std::move(change.parent);
  state_ = std::move(next);
  return absl::OkStatus();
}

absl::Status Unit::Dissolve(const Dissolution& dissolution, absl::CivilDay today) {
  if (state_.valid_to) return error::UnitDissolved(id(), *state_.valid_to);
  const absl::CivilDay last = LastDateAllowed(today);
  if (dissolution.valid_to > last) {
    return error::DateTooFar("valid_to", dissolution.valid_to, last);
  }
  if (dissolution.valid_to <= state_.valid_from) {
    return error::DissolvedBeforeFounded(state_.valid_from, dissolution.valid_to);
  }
  if (dissolution.successor == id()) return error::SuccessorIsItself(id());
  ASSIGN_OR_RETURN(const std::string decision,
                   CleanOptionalLine({"decision", kLineMax}, dissolution.decision));
  state_.valid_to = dissolution.valid_to;
  state_.successor = dissolution.successor;
  if (!decision.empty()) state_.decision = decision;
  return absl::OkStatus();
}

bool Unit::Overlaps(const Unit& other) const {
  return (!state_.valid_to || other.state_.valid_from < *state_.valid_to) &&
         (!other.state_.valid_to || state_.valid_from < *other.state_.valid_to);
}

std::vector<std::string> Unit::Names() const {
  std::vector<std::string> names = {state_.display_name};
  names.insert(names.end(), state_.aliases.begin(), state_.aliases.end());
  return names;
}

absl::Status CheckPlace(const Unit& unit, const PlaceInTree& place) {
  if (place.above.empty()) return absl::OkStatus();
  const Unit& parent = place.above.front();
  for (const Unit& ancestor : place.above) {
    if (ancestor.id() == unit.id()) return error::UnitCycle(unit.id(), parent.id());
  }
  if (!unit.Overlaps(parent)) return error::ParentNotThere(unit.id(), parent.id());
  if (place.above.size() + 1 + place.height_below > kUnitDepthMax) {
    return error::UnitTooDeep(unit.id());
  }
  return absl::OkStatus();
}

absl::Status CheckNames(const Unit& unit, const std::vector<Unit>& others) {
  std::set<std::string> taken;
  for (const Unit& other : others) {
    if (!unit.Overlaps(other)) continue;
    for (const std::string& name : other.Names()) taken.insert(ComparisonKey(name));
    for (const std::string& name : unit.Names()) {
      if (taken.contains(ComparisonKey(name))) return error::UnitNameTaken(name, other.id());
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAssignable(const Unit& unit, absl::CivilDay day) {
  if (unit.IsExternal()) return error::UnitExternal(unit.id());
  if (!unit.ExistsOn(day)) return error::UnitNotThere(unit.id(), day);
  if (unit.HasEnd()) return error::UnitNotThere(unit.id(), *unit.state().valid_to);
  return absl::OkStatus();
}

}  // namespace dondoc::registry
