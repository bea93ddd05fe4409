#include "services/kpi/store/catalog.h"

#include <utility>

#include "services/kpi/domain/names.h"
#include "services/kpi/store/indicators.h"
#include "services/kpi/store/units.h"

namespace dondoc::kpi {
namespace {

// A tree of units is never deeper; what seems so is a loop in data that we only copied.
constexpr size_t kDepthMax = 100;

}  // namespace

int64_t CatalogRevision(store::Snapshot& snapshot) {
  return snapshot.sql()
      .Value<int64_t>("select revision from revisions where name = 'catalog'")
      .value_or(0);
}

int64_t RaiseCatalogRevision(store::Transaction& transaction) {
  transaction.sql().Run("update revisions set revision = revision + 1 where name = 'catalog'");
  return CatalogRevision(transaction);
}

void Catalog::Load(store::Snapshot& snapshot) {
  const int64_t revision = CatalogRevision(snapshot);
  std::vector<SharedEntry> entries = ReadIndicators(snapshot.sql());
  std::vector<UnitEntry> units = ReadUnits(snapshot.sql());
  std::unique_lock lock(mutex_);
  // Somebody with a newer snapshot was faster.
  if (revision < revision_) return;
  revision_ = revision;
  indicators_.clear();
  indicator_names_.clear();
  units_.clear();
  unit_names_.clear();
  for (SharedEntry& entry : entries) {
    const std::string name = IndicatorName(entry->indicator.id);
    indicator_names_[entry->row] = name;
    indicators_[name] = std::move(entry);
  }
  for (UnitEntry& unit : units) {
    unit_names_[unit.row] = unit.name;
    units_[unit.name] = std::move(unit);
  }
}

void Catalog::CatchUp(store::Snapshot& snapshot) {
  const int64_t revision = CatalogRevision(snapshot);
  {
    std::shared_lock lock(mutex_);
    if (revision <= revision_) return;
  }
  Load(snapshot);
}

bool Catalog::Follow(int64_t revision) {
  if (revision <= revision_) return false;
  if (revision == revision_ + 1) revision_ = revision;
  return true;
}

void Catalog::SetListener(ChangeListener* listener) {
  std::lock_guard lock(listener_mutex_);
  listener_ = listener;
}

SharedEntry Catalog::FindIndicator(const std::string& name) const {
  std::shared_lock lock(mutex_);
  const auto found = indicators_.find(name);
  return found == indicators_.end() ? nullptr : found->second;
}

SharedEntry Catalog::FindByRow(int64_t row) const {
  std::shared_lock lock(mutex_);
  const auto name = indicator_names_.find(row);
  return name == indicator_names_.end() ? nullptr : indicators_.at(name->second);
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
  for (const auto& [name, entry] : indicators_) entries.push_back(entry);
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
  return found == catalog_.indicators_.end() ? nullptr : found->second.get();
}

const UnitEntry* Catalog::Look::Unit(const std::string& name) const {
  const auto found = catalog_.units_.find(name);
  return found == catalog_.units_.end() ? nullptr : &found->second;
}

void Catalog::PutIndicator(SharedEntry entry, int64_t revision) {
  {
    std::unique_lock lock(mutex_);
    if (Follow(revision)) {
      const std::string name = IndicatorName(entry->indicator.id);
      indicator_names_[entry->row] = name;
      indicators_[name] = entry;
    }
  }
  std::lock_guard listener_lock(listener_mutex_);
  if (listener_ != nullptr) listener_->IndicatorChanged(entry);
}

void Catalog::PutUnit(const UnitEntry& unit, int64_t revision) {
  std::unique_lock lock(mutex_);
  if (!Follow(revision)) return;
  unit_names_[unit.row] = unit.name;
  units_[unit.name] = unit;
}

void Catalog::TellTreeChanged() {
  std::lock_guard listener_lock(listener_mutex_);
  if (listener_ != nullptr) listener_->TreeChanged();
}

void Catalog::TellSumsChanged(int64_t indicator_row, int64_t inputs_revision,
                              const std::vector<Cell>& cells) {
  const SharedEntry entry = FindByRow(indicator_row);
  // Another replica's indicator that nobody here has asked for yet; the listener looks for those.
  if (entry == nullptr) return;
  std::lock_guard listener_lock(listener_mutex_);
  if (listener_ != nullptr) listener_->SumsChanged(entry, inputs_revision, cells);
}

}  // namespace dondoc::kpi
