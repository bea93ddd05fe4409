#pragma once

#include <string>
#include <vector>

#include "libs/bus/bus.h"
#include "services/kpi/store/catalog.h"

namespace dondoc::kpi {

// The services whose events are consumed here.
std::vector<std::string> Sources();

// What each kind of event means here:
//   registry   units, plans (their targets become indicators), assignments (share done on time)
//   inspection coverage
// Borrows the catalog.
std::vector<bus::Subscription> Subscriptions(Catalog& catalog);

}  // namespace dondoc::kpi
