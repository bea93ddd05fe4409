#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "libs/store/database.h"
#include "services/kpi/domain/indicator.h"
#include "services/kpi/domain/observation.h"
#include "services/kpi/domain/target.h"

namespace dondoc::kpi {

// One indicator with its targets, as of its last change. Never altered, only replaced.
struct IndicatorEntry {
  int64_t row = 0;
  Indicator indicator;
  std::vector<Target> targets;  // by name
};
using SharedEntry = std::shared_ptr<const IndicatorEntry>;

struct UnitEntry {
  int64_t row = 0;
  std::string name;    // units/{id}
  std::string parent;  // units/{id} or ""
  UnitDays days;
};

// The sums of one unit in one month. Unit 0 stands for observations that belong to no unit.
struct Cell {
  int64_t unit = 0;
  int64_t month = 0;

  auto operator<=>(const Cell&) const = default;
};

// Who wants to know what was committed. Called from the writer thread; must be quick.
class ChangeListener {
 public:
  virtual ~ChangeListener() = default;
  // Sums of an indicator changed in these cells, which made its inputs those of `revision`.
  virtual void SumsChanged(const SharedEntry& /*entry*/, int64_t /*revision*/,
                           const std::vector<Cell>& /*cells*/) {}
  // The indicator or a target of it changed: same values, maybe other verdicts.
  virtual void IndicatorChanged(const SharedEntry& /*entry*/) {}
  // A unit moved: every value of every unit may be another.
  virtual void TreeChanged() {}
};

// The revision of what a Catalog holds, as the database has it.
int64_t CatalogRevision(store::Snapshot& snapshot);
// Whoever changes an indicator, a target or a unit says so in the same transaction. Returns the
// revision that it makes.
int64_t RaiseCatalogRevision(store::Transaction& transaction);

// What answering needs of the small tables, in memory: indicators with targets, units. It is
// changed only by what has been committed, before the caller who changed it is answered
// (Transaction::AfterCommit). What other replicas commit it learns from the database: whoever
// answers from it lets it catch up with a snapshot first. So a read that follows a write sees it,
// whichever replica wrote. Thread-safe.
class Catalog {
 public:
  // Reads everything anew.
  void Load(store::Snapshot& snapshot);
  // Is at least as new as `snapshot` afterwards: reads one number, and everything when another
  // replica has changed something.
  void CatchUp(store::Snapshot& snapshot);

  // At most one, borrowed; null for none. Once this returns, the one before is not called any more.
  void SetListener(ChangeListener* listener);

  // By resource name; null when there is none.
  SharedEntry FindIndicator(const std::string& name) const;
  SharedEntry FindByRow(int64_t row) const;
  std::optional<UnitEntry> FindUnit(const std::string& name) const;
  std::vector<SharedEntry> AllIndicators() const;
  // Names of a unit and of those above it; empty for unit 0.
  std::vector<std::string> UpwardsFrom(int64_t unit_row) const;

  // Many look-ups under one lock. What it returns lives as long as it does.
  class Look {
   public:
    explicit Look(const Catalog& catalog) : catalog_(catalog), lock_(catalog.mutex_) {}
    const IndicatorEntry* Indicator(const std::string& name) const;
    const UnitEntry* Unit(const std::string& name) const;

   private:
    const Catalog& catalog_;
    std::shared_lock<std::shared_mutex> lock_;
  };

  // After a commit. `revision` is that of the catalog in which it was made.
  void PutIndicator(SharedEntry entry, int64_t revision);
  void PutUnit(const UnitEntry& unit, int64_t revision);
  // For the listener.
  void TellTreeChanged();
  void TellSumsChanged(int64_t indicator_row, int64_t inputs_revision,
                       const std::vector<Cell>& cells);

 private:
  // Whether what was committed as `revision` is news here. Called with the lock held. It is none
  // when a reader has caught up with it before its writer came to say so, maybe with more than it:
  // then it would bring back what another replica has changed since. What lies between is another
  // replica's, and read by CatchUp().
  bool Follow(int64_t revision);

  mutable std::shared_mutex mutex_;
  // Everything committed up to here is in it.
  int64_t revision_ = 0;
  std::unordered_map<std::string, SharedEntry> indicators_;
  std::unordered_map<int64_t, std::string> indicator_names_;
  std::unordered_map<std::string, UnitEntry> units_;
  std::unordered_map<int64_t, std::string> unit_names_;

  // Held while the listener is called; taken after mutex_ has been let go.
  std::mutex listener_mutex_;
  ChangeListener* listener_ = nullptr;
};

}  // namespace dondoc::kpi
