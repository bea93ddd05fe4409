#include "services/registry/domain/unit_directory.h"

#include <utility>

#include "libs/base/text.h"

namespace dondoc::registry {

void UnitDirectory::Add(Unit unit) {
  std::string id = unit.id();
  const auto [entry, added] = units_.emplace(std::move(id), std::move(unit));
  if (!added) return;
  for (const std::string& name : entry->second.Names()) {
    by_key_.emplace(ComparisonKey(name), &entry->second);
  }
}

const Unit* UnitDirectory::FindNamed(absl::string_view text, absl::CivilDay day) const {
  const auto [first, last] = by_key_.equal_range(ComparisonKey(text));
  for (auto it = first; it != last; ++it) {
    if (it->second->ExistsOn(day)) return it->second;
  }
  return nullptr;
}

const Unit* UnitDirectory::FindNamedEver(absl::string_view text) const {
  const auto it = by_key_.find(ComparisonKey(text));
  return it == by_key_.end() ? nullptr : it->second;
}

const Unit* UnitDirectory::HolderOf(absl::string_view id) const {
  auto it = units_.find(std::string(id));
  // A successor's end is put on record after its predecessor's, so the chain cannot turn back; the
  // bound is for registers that were written by hand.
  for (size_t step = 0; it != units_.end() && step <= units_.size(); ++step) {
    const Unit& unit = it->second;
    if (!unit.HasEnd()) return &unit;
    it = units_.find(unit.state().successor);
  }
  return nullptr;
}

}  // namespace dondoc::registry
