#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Resource names (AIP-122). Inside the service ids travel; names are made and read at its border.
// Every Parse function refuses with INVALID_ARGUMENT, reason RESOURCE_NAME_INVALID; `field` names
// the place in the request.
namespace dondoc::registry {

// plans/{plan}/tasks/{number}
struct TaskKey {
  std::string plan;
  int number = 0;
  bool operator==(const TaskKey&) const = default;
};

// plans/{plan}/tasks/{number}/phases/{ordinal}
struct PhaseKey {
  TaskKey task;
  int ordinal = 0;
  bool operator==(const PhaseKey&) const = default;
};

// plans/{plan}/tasks/{number}/phases/{ordinal}/assignments/{unit}
struct AssignmentKey {
  PhaseKey phase;
  std::string unit;
  bool operator==(const AssignmentKey&) const = default;
};

// plans/{plan}/reports/{period}, the period as libs/calendar writes it: "2023-Q1".
struct ReportKey {
  std::string plan;
  std::string period;
  bool operator==(const ReportKey&) const = default;
};

// units/{unit}; "" for no unit.
std::string UnitName(absl::string_view id);
std::string PlanName(absl::string_view id);
// grants/{number}
std::string GrantName(int64_t number);
std::string NameOf(const TaskKey& key);
std::string NameOf(const PhaseKey& key);
std::string NameOf(const AssignmentKey& key);
std::string NameOf(const ReportKey& key);

absl::StatusOr<std::string> ParseUnitName(absl::string_view field, absl::string_view name);
absl::StatusOr<std::string> ParsePlanName(absl::string_view field, absl::string_view name);
absl::StatusOr<int64_t> ParseGrantName(absl::string_view field, absl::string_view name);
absl::StatusOr<TaskKey> ParseTaskName(absl::string_view field, absl::string_view name);
absl::StatusOr<PhaseKey> ParsePhaseName(absl::string_view field, absl::string_view name);
absl::StatusOr<AssignmentKey> ParseAssignmentName(absl::string_view field, absl::string_view name);
absl::StatusOr<ReportKey> ParseReportName(absl::string_view field, absl::string_view name);

// An id on its own: 1 to 63 characters of a-z, 0-9 and "-".
absl::StatusOr<std::string> ParseId(absl::string_view field, absl::string_view id);

}  // namespace dondoc::registry
