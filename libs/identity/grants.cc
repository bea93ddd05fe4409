#include "libs/identity/grants.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "libs/identity/errors.h"

namespace dondoc::identity {
namespace {

constexpr std::array<absl::string_view, 3> kPrincipals = {"person:", "account:", "system:"};
constexpr absl::string_view kUnits = "units/";

bool HoldsOn(const Grant& grant, absl::CivilDay day) {
  return grant.valid_from <= day && (!grant.valid_to || day < *grant.valid_to);
}

// What of `principal` holds today. A unit that is dissolved, or not founded yet, lends no power.
std::vector<const Grant*> InForce(const std::string& principal, const std::vector<Grant>& grants,
                                  const UnitTree& tree, absl::CivilDay today) {
  std::vector<const Grant*> in_force;
  for (const Grant& grant : grants) {
    if (grant.principal != principal || !HoldsOn(grant, today)) continue;
    if (!grant.unit.empty() && !tree.ExistsOn(grant.unit, today)) continue;
    in_force.push_back(&grant);
  }
  return in_force;
}

Reach UnitsOf(const std::vector<const Grant*>& grants, Scope scope, const UnitTree& tree) {
  Reach reach;
  for (const Grant* grant : grants) {
    if (grant->unit.empty()) return {.kind = Reach::Kind::kEverything};
    if (scope == Scope::kUnit) {
      reach.units.insert(grant->unit);
    } else {
      reach.units.merge(tree.SubtreeOf(grant->unit));
    }
  }
  return reach;
}

}  // namespace

absl::Status CheckGrant(const Grant& grant) {
  const bool known = std::any_of(kPrincipals.begin(), kPrincipals.end(), [&](auto prefix) {
    return absl::StartsWith(grant.principal, prefix) && grant.principal.size() > prefix.size();
  });
  if (!known) return error::GrantPrincipalInvalid(grant.principal);
  const bool unit_named = absl::StartsWith(grant.unit, kUnits) && grant.unit.size() > kUnits.size();
  if (!grant.unit.empty() && !unit_named) return error::GrantUnitInvalid(grant.unit);
  if (grant.valid_to && *grant.valid_to <= grant.valid_from) return error::GrantDatesInvalid();
  return absl::OkStatus();
}

void UnitTree::Put(Unit unit) {
  const auto known = units_.find(unit.name);
  if (known != units_.end()) children_[known->second.parent].erase(unit.name);
  children_[unit.parent].insert(unit.name);
  units_.insert_or_assign(unit.name, std::move(unit));
}

bool UnitTree::ExistsOn(const std::string& name, absl::CivilDay day) const {
  const auto found = units_.find(name);
  if (found == units_.end()) return false;
  const Unit& unit = found->second;
  return unit.valid_from <= day && (!unit.valid_to || day < *unit.valid_to);
}

std::set<std::string> UnitTree::SubtreeOf(const std::string& name) const {
  // The registry refuses cycles; a copy that is half fed might show one for a moment, and what has
  // been seen is not walked again.
  std::set<std::string> seen = {name};
  std::vector<std::string> to_visit = {name};
  while (!to_visit.empty()) {
    const auto below = children_.find(to_visit.back());
    to_visit.pop_back();
    if (below == children_.end()) continue;
    for (const std::string& child : below->second) {
      if (seen.insert(child).second) to_visit.push_back(child);
    }
  }
  return seen;
}

absl::StatusOr<Reach> Allows(const std::string& principal, const std::vector<Grant>& grants,
                             const MethodRule& rule, const UnitTree& tree, absl::CivilDay today) {
  if (rule.anyone) return Reach{.kind = Reach::Kind::kEverything};
  if (principal.empty()) return error::NotSignedIn();
  std::vector<const Grant*> mine = InForce(principal, grants, tree, today);
  if (mine.empty()) return error::NoGrant(principal);
  mine.erase(std::remove_if(mine.begin(), mine.end(),
                            [&](const Grant* grant) { return !rule.Names(grant->role); }),
             mine.end());
  if (mine.empty()) return error::RoleMissing(rule.method);
  switch (rule.scope) {
    case Scope::kPublic:
      return Reach{.kind = Reach::Kind::kEverything};
    case Scope::kSelf:
      return Reach{.kind = Reach::Kind::kOwn};
    case Scope::kWhole: {
      Reach reach = UnitsOf(mine, rule.scope, tree);
      if (!reach.IsEverything()) return error::ScopeTooNarrow(rule.method);
      return reach;
    }
    case Scope::kSubtree:
    case Scope::kUnit:
      return UnitsOf(mine, rule.scope, tree);
  }
  return error::RoleMissing(rule.method);
}

absl::Status CheckUnit(const Reach& reach, const std::string& unit) {
  return reach.Contains(unit) ? absl::OkStatus() : error::OutOfScope(unit);
}

}  // namespace dondoc::identity
