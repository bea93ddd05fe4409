#pragma once

#include <optional>
#include <string>

#include "tests/system/city.h"

namespace dondoc::testing {

// The value of one metric without labels of a service of a City, as a monitoring system reads it;
// nothing when the service does not answer or has no such metric.
std::optional<double> MetricOf(const City& city, const std::string& service,
                               const std::string& name);

}  // namespace dondoc::testing
