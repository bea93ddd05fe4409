#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/outline.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/plan/problems.h"

namespace dondoc::registry::plan {

struct Goals {
  std::vector<PlanGoal> goals;
  std::vector<PlanTarget> targets;
};

// Reads the part "MỤC TIÊU". Each item (or point without items) is cut at ";", at the end of a
// sentence and before "trong đó"; every piece with a figure is a target. A piece without a figure
// is a target by reference when it cites a document, else a qualitative one. Cuts inside brackets
// do not count. A figure that is not understood is a problem.
Goals ReadGoals(const OutlinePart& part, int year, Problems& problems);

// The figures hidden in the content and the product of a task.
struct TaskFigures {
  std::vector<PlanTarget> targets;
  bool understood = true;
  bool bare_duration = false;  // "trong 15 ngày": a figure, but no bound
};
struct TaskFiguresSource {
  int number = 0;
  absl::string_view content;
  absl::string_view product;
  int year = 0;
};
TaskFigures ReadTaskFigures(const TaskFiguresSource& task);

// "70%" is ">= 70%" and so on, for messages.
std::string ToText(const Bound& bound);

}  // namespace dondoc::registry::plan
