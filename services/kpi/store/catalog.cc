#include "services/kpi/store/catalog.h"

#include <algorithm>
#include <utility>

#include "services/kpi/domain/names.h"
#include "services/kpi/store/indicators.h"
#include "services/kpi/store/sums.h"
#include "services/kpi/store/units.h"

namespace dondoc::kpi {
namespace {

// A tree of units is never deeper; what seems so is a loop in data that we only copied.
constexpr size_t kDepthMax = 100;

}  // namespace

void Catalog::Load(store::Snapshot& snapshot) {
  std::vector<SharedEntry> entries = ReadIndicators(snapshot.sql());
  std::vector<UnitEntry> units = ReadUnits(snapshot.sql());
  std::unique_lock lock(mutex_);
  indicators_.clear();
  indicator_names_.clear();
  units_.clear();
  unit_names_.clear();
  for (SharedEntry& entry : entries) {
    const std::string name = IndicatorName(entry->indicator.id);
    indicator_names_[entry->row] = name;
    const int64_t revision = InputsRevision(snapshot.sql(), entry->row);
    indicators_[name] = Slot{.entry = std::move(entry), .revision = revision};
  }
  for (UnitEntry& unit : units) {
    unit_names_[unit.row] = unit.name;
    units_[unit.name] = std::move(unit);
  }
  tree_revision_ = TreeRevision(snapshot.sql());
}

void Catalog::SetListener(ChangeListener* listener) {
  std::lock_guard lock(listener_mutex_);
  listener_ = listener;
}

std::optional<Catalog::Found> Catalog::FindIndicator(const std::string& name) const {
  std::shared_lock lock(mutex_);
  const auto found = indicators_.find(name);
  if (found == indicators_.end()) return std::nullopt;
  return Found{.entry = found->second.entry, .revision = found->second.revision + tree_revision_};
}

SharedEntry Catalog::FindByRow(int64_t row) const {
  std::shared_lock lock(mutex_);
  const auto name = indicator_names_.find(row);
  return name == indicator_names_.end() ? nullptr : indicators_.at(name->second).entry;
}

std::optional<UnitEntry> Catalog::FindUnit(const std::string& name) const {
  std::shared_lock lock(mutex_);
  const auto found = units_.find(name);
  if (found == units_.end()) return std::nullopt;
  return found->second;
}

std::vector<SharedEntry> Catalog::AllIndicators() const {
  std::shared_lock lock(mutex_);
  std::vector<SharedEntry> entries;
  entries.reserve(indicators_.size());
  for (const auto& [name, slot] : indicators_) entries.push_back(slot.entry);
  return entries;
}

std::vector<std::string> Catalog::UpwardsFrom(int64_t unit_row) const {
  std::shared_lock lock(mutex_);
  std::vector<std::string> names;
  const auto name = unit_names_.find(unit_row);
  if (name == unit_names_.end()) return names;
  auto unit = units_.find(name->second);
  while (unit != units_.end() && names.size() < kDepthMax) {
    names.push_back(unit->first);
    unit = units_.find(unit->second.parent);
  }
  return names;
}

const IndicatorEntry* Catalog::Look::Indicator(const std::string& name) const {
  const auto found = catalog_.indicators_.find(name);
  return found == catalog_.indicators_.end() ? nullptr : found->second.entry.get();
}

const UnitEntry* Catalog::Look::Unit(const std::string& name) const {
  const auto found = catalog_.units_.find(name);
  return found == catalog_.units_.end() ? nullptr : &found->second;
}

void Catalog::PutIndicator(SharedEntry entry) {
  {
    std::unique_lock lock(mutex_);
    const std::string name = IndicatorName(entry->indicator.id);
    indicator_names_[entry->row] = name;
    indicators_[name].entry = entry;
  }
  std::lock_guard listener_lock(listener_mutex_);
  if (listener_ != nullptr) listener_->IndicatorChanged(entry);
}

void Catalog::PutUnit(const UnitEntry& unit) {
  std::unique_lock lock(mutex_);
  unit_names_[unit.row] = unit.name;
  units_[unit.name] = unit;
}

void Catalog::PutTreeRevision(int64_t revision) {
  {
    std::unique_lock lock(mutex_);
    tree_revision_ = std::max(tree_revision_, revision);
  }
  std::lock_guard listener_lock(listener_mutex_);
  if (listener_ != nullptr) listener_->TreeChanged();
}

void Catalog::PutRevision(int64_t indicator_row, int64_t revision, const std::vector<Cell>& cells) {
  SharedEntry entry;
  {
    std::unique_lock lock(mutex_);
    const auto name = indicator_names_.find(indicator_row);
    if (name == indicator_names_.end()) return;
    Slot& slot = indicators_.at(name->second);
    slot.revision = std::max(slot.revision, revision);
    entry = slot.entry;
  }
  std::lock_guard listener_lock(listener_mutex_);
  if (listener_ != nullptr) listener_->SumsChanged(entry, cells);
}

}  // namespace dondoc::kpi
