#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Resource names (AIP-122) as callers send them. All functions refuse with INVALID_ARGUMENT, reason
// RESOURCE_NAME_INVALID, naming the field.
namespace dondoc::inspection {

struct InspectionKey {
  int year = 0;
  int number = 0;
};

// programmes/{year} -> year.
absl::StatusOr<int> ParseProgrammeName(absl::string_view field, absl::string_view name);

// programmes/{year}/inspections/{number}.
absl::StatusOr<InspectionKey> ParseInspectionName(absl::string_view field, absl::string_view name);

// units/{id}: the name itself, when it is one.
absl::StatusOr<std::string> ParseUnitName(absl::string_view field, absl::string_view name);

// 1 to 63 characters of a-z, 0-9 and "-".
bool IsId(absl::string_view id);

}  // namespace dondoc::inspection
