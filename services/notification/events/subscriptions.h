#pragma once

#include <vector>

#include "libs/bus/bus.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// What this service listens to, and what it does with it:
//   dondoc.registry.unit.*           keeps the unit's name, end and e-mail
//   dondoc.registry.assignment.*     a deadline for the unit
//   dondoc.registry.report.*         a deadline for every unit that owes reports
//   dondoc.inspection.inspection.*   the date of the inspection, and a deadline for each finding
std::vector<bus::Subscription> Subscriptions(const Channels& channels);

// The services it listens to.
std::vector<std::string> EventSources();

}  // namespace dondoc::notification
