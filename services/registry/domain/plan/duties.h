#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/registry/domain/plan/outline.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/plan/problems.h"

namespace dondoc::registry::plan {

struct Duties {
  std::vector<PlanDuty> duties;
  std::string reports_clause;
  std::vector<PlanReport> reports;
  std::optional<InspectionShare> inspection_share;
};

// Reads the part "TỔ CHỨC THỰC HIỆN": who owes what; the periodic reports named after "báo cáo định
// kỳ" ("quý I, quý II, 6 tháng, năm"); the least share of units to be inspected. A period in the
// brackets that is not understood is a problem.
Duties ReadDuties(const OutlinePart& part, Problems& problems);

}  // namespace dondoc::registry::plan
