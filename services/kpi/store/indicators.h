#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/store/database.h"
#include "services/kpi/domain/plan_indicators.h"
#include "services/kpi/store/catalog.h"

// Indicators and targets at rest. Each change raises the version of what changed by one, emits its
// event, and reaches the catalog once it is committed.
namespace dondoc::kpi {

std::vector<SharedEntry> ReadIndicators(store::Sql& sql);

// By id; null when there is none.
SharedEntry ReadIndicator(store::Sql& sql, const std::string& id);

// Indicators after the one named `after`, in the order of their names.
std::vector<Indicator> ListIndicators(store::Sql& sql, const std::string& after, int64_t limit);

// Which targets to list; empty for all.
struct TargetFilter {
  std::string indicator;  // id
  std::string plan;       // id
};
std::vector<Target> ListTargets(store::Sql& sql, const TargetFilter& filter,
                                const std::string& after, int64_t limit);

// Targets of a plan, or of all plans when it is empty, as people read their clauses.
std::vector<Target> BoardTargets(store::Sql& sql, const std::string& plan);

// Adds an indicator. ALREADY_EXISTS when its id is taken.
absl::StatusOr<Indicator> AddIndicator(store::Transaction& transaction, Catalog& catalog,
                                       const Indicator& indicator);

// Adds a target or changes one; flags of its siblings follow. `etag` is checked when it is given.
absl::StatusOr<Target> PutTarget(store::Transaction& transaction, Catalog& catalog,
                                 const Target& target, const std::string& etag);

// Takes over what a plan or a programme says: adds what is new, changes what the source says
// differently from before, and leaves alone what was set by hand since.
absl::Status PutMeasures(store::Transaction& transaction, Catalog& catalog,
                         const std::vector<PlanMeasure>& measures);

void PutPlanYear(store::Transaction& transaction, const std::string& plan, int year);
std::optional<int> PlanYear(store::Sql& sql, const std::string& plan);

}  // namespace dondoc::kpi
