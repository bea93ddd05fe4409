#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "libs/calendar/holidays.h"
#include "services/registry/domain/plan/plan_document.h"

// For tests: the real documents, and ways to damage them.
namespace dondoc::registry::plan {

// The plan of 2023 as it is deployed.
const std::string& PlanOf2023();

// The days off of 2023.
const calendar::Holidays& HolidaysOf2023();

// PlanOf2023() as read, with its warnings.
const PlanDocument& DocumentOf2023();

// `text` with `from`, which must stand there exactly once, replaced by `to`.
std::string Replaced(const std::string& text, absl::string_view from, absl::string_view to);

// The line of `text` that begins with `opening`, without its end.
std::string LineWith(const std::string& text, absl::string_view opening);

// The task with a number; it must exist.
const PlanTask& TaskOf(const PlanDocument& document, int number);

}  // namespace dondoc::registry::plan
