#pragma once

#include <vector>

#include "libs/bus/bus.h"
#include "services/inspection/domain/regulation.h"

// What this service hears from the registry: units (who counts), plans (the share), assignments
// (who is late). Each handler keeps its small copy and publishes the coverage when that has
// changed.
namespace dondoc::inspection {

// `regulation` is borrowed.
std::vector<bus::Subscription> RegistrySubscriptions(const Regulation& regulation);

}  // namespace dondoc::inspection
