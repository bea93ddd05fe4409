#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/store/database.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/wire/registry.h"

// Our copy of the register of units, and the tree over it.
namespace dondoc::kpi {

std::vector<UnitEntry> ReadUnits(store::Sql& sql);
std::optional<UnitEntry> ReadUnit(store::Sql& sql, const std::string& name);

// Grows when a unit moves in the tree.
int64_t TreeRevision(store::Sql& sql);

// Adds a unit or takes over its new state. A parent that is not known yet counts once it is.
void PutUnit(store::Transaction& transaction, Catalog& catalog, const UnitFacts& facts);

}  // namespace dondoc::kpi
