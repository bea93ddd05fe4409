#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/registry/domain/assignment.h"
#include "services/registry/domain/periodic_report.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/task.h"
#include "services/registry/domain/unit_directory.h"

namespace dondoc::registry {

// The names of the document that must or may be units of the register, each once.
std::vector<std::string> NamesIn(const PlanDocument& document);

// What a signed plan becomes when it is put in motion.
struct PlanInMotion {
  std::vector<Task> tasks;
  // One for each phase and each unit that a lead column names.
  std::vector<Assignment> assignments;
  std::vector<PeriodicReport> reports;
  // What was noticed on the way, besides what the reader noticed.
  std::vector<PlanWarning> warnings;
};

// Matches the lead and coordinating columns to units as of the day of signature, and opens what
// they owe; the work of a unit that has ended since goes to its successor. Refuses, all findings
// together (domain/plan/problems.h): UNIT_UNKNOWN for a name that no unit had on the day of
// signature, UNIT_WITHOUT_SUCCESSOR for a lead that was dissolved and whose work nobody took over.
absl::StatusOr<PlanInMotion> SetInMotion(const PlanDocument& document, const UnitDirectory& units,
                                         absl::string_view plan);

}  // namespace dondoc::registry
