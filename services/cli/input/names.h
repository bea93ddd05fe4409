#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::cli {

// What a person typed, and where: `field` ("--unit", "TASK") names it in a refusal. `plan` is the
// plan that --plan names, for names that may leave theirs out; it may be empty.
struct Argument {
  absl::string_view field;
  absl::string_view text;
  absl::string_view plan = {};
};

// Each reads a name as people type it, or the full resource name, and answers the resource name.
// INVALID_ARGUMENT with reason NAME_NOT_UNDERSTOOD for anything else; the refusal names the
// argument and shows the right form. Whether such a thing exists only the service knows.
//
//   PlanName        cchc-2023                   plans/cchc-2023
//   TaskName        cchc-2023/29, or 29         plans/cchc-2023/tasks/29
//   PhaseName       cchc-2023/1/2               plans/cchc-2023/tasks/1/phases/2
//   AssignmentName  cchc-2023/1/2@van-phong     …/phases/2/assignments/van-phong
//   ReportName      cchc-2023/2023-Q1           plans/cchc-2023/reports/2023-Q1
//   UnitName        van-phong                   units/van-phong
//   IndicatorName   hai-long                    indicators/hai-long
//   TargetName      hai-long/I.2.d              indicators/hai-long/targets/I.2.d
//   ProgrammeName   2023                        programmes/2023
//   InspectionName  2023/1                      programmes/2023/inspections/1
//   NoticeName      0185…                       notices/0185…
//   DeliveryName    0185…                       deliveries/0185…
absl::StatusOr<std::string> PlanName(const Argument& argument);
absl::StatusOr<std::string> TaskName(const Argument& argument);
absl::StatusOr<std::string> PhaseName(const Argument& argument);
absl::StatusOr<std::string> AssignmentName(const Argument& argument);
absl::StatusOr<std::string> ReportName(const Argument& argument);
absl::StatusOr<std::string> UnitName(const Argument& argument);
absl::StatusOr<std::string> IndicatorName(const Argument& argument);
absl::StatusOr<std::string> TargetName(const Argument& argument);
absl::StatusOr<std::string> ProgrammeName(const Argument& argument);
absl::StatusOr<std::string> InspectionName(const Argument& argument);
absl::StatusOr<std::string> NoticeName(const Argument& argument);
absl::StatusOr<std::string> DeliveryName(const Argument& argument);

// As UnitName(), and "" for "": an option that was left out.
absl::StatusOr<std::string> UnitNameOrNone(const Argument& argument);

}  // namespace dondoc::cli
