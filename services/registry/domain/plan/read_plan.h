#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/calendar/holidays.h"
#include "services/registry/domain/plan/plan_document.h"

namespace dondoc::registry {

// The largest document that is read. The 2023 plan has 31 kB; the limit leaves room for a city's.
inline constexpr size_t kPlanBytesMax = size_t{2} * 1024 * 1024;
inline constexpr size_t kPlanTasksMax = 1000;
// Of the goals and of all tasks; each is compared with each.
inline constexpr size_t kPlanTargetsMax = 500;

struct ReadPlanOptions {
  // For the warnings about due dates on days off; null when nobody knows them. Borrowed.
  const calendar::Holidays* holidays = nullptr;
};

// Reads the text of a signed plan: head, goals, duties, and the appendix as a table with tabs
// between its columns. Pure: the same text gives the same document.
//
// A document that comes back is complete: every target and every row was understood, tasks are
// numbered without a gap, and what a person should look at is in `warnings`. Anything that is not
// understood refuses the whole document, with all problems together (see plan/errors.h for the
// reasons and plan/problems.h for how they are reported). Bytes that are no UTF-8 are refused as
// CleanText() does.
absl::StatusOr<PlanDocument> ReadPlan(absl::string_view text, const ReadPlanOptions& options = {});

}  // namespace dondoc::registry
