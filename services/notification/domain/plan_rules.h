#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::notification {

// The name under which the rules of every plan without rules of its own are kept.
inline constexpr absl::string_view kEveryPlan = "plans/-";

// When deadlines of a plan are told. What these say when nobody has set anything is the default.
struct PlanRules {
  static constexpr int kDaysBeforeMax = 365;
  static constexpr int kDaysBeforeCountMax = 10;
  static constexpr int kOverdueStepMax = 365;
  static constexpr int kOverdueLimitMax = 3650;

  // The largest first, none twice.
  std::vector<int> days_before = {30, 7, 3, 1};
  // Overdue notices on day 1, 1 + step, 1 + 2 * step, … up to the limit.
  int overdue_step_days = 3;
  int overdue_limit_days = 90;
  // Hour of the day in Vietnam.
  int hour = 7;
  bool check_ins = true;

  friend bool operator==(const PlanRules&, const PlanRules&) = default;
};

// The rules with days_before in order and each once. INVALID_ARGUMENT, reason RULES_INVALID, naming
// the field that is out of its bounds.
absl::StatusOr<PlanRules> CheckRules(PlanRules rules);

}  // namespace dondoc::notification
