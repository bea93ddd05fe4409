#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dondoc::notification {

// True for "<collection>/<id>" where the id is 1 to 63 characters of a-z, 0-9 and "-".
bool IsNameIn(absl::string_view collection, absl::string_view name);

// INVALID_ARGUMENT, reason NAME_INVALID, unless it is "units/{id}".
absl::Status CheckUnitName(absl::string_view field, absl::string_view name);

// The same for "plans/{id}" and "plans/-".
absl::Status CheckPlanName(absl::string_view field, absl::string_view name);

}  // namespace dondoc::notification
