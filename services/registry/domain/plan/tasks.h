#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/appendix.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/plan/problems.h"

namespace dondoc::registry::plan {

// Understands the cells of the appendix's rows: products, parties, windows, hidden figures. What a
// row lacks or says unintelligibly is a problem of that row.
struct TaskContext {
  absl::string_view issuer;
  int year = 0;
};
std::vector<PlanTask> ReadTasks(const std::vector<AppendixRow>& rows, const TaskContext& context,
                                Problems& problems);

// "Tờ trình/ Quyết định" is a choice; "(nếu có …)" a condition.
PlanProduct ReadProduct(absl::string_view cell);

}  // namespace dondoc::registry::plan
