#include "services/notification/domain/plan_rules.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "libs/base/status_macros.h"
#include "services/notification/domain/errors.h"

namespace dondoc::notification {
namespace {

struct Bounds {
  int least;
  int most;
};

absl::Status CheckBounds(absl::string_view field, int value, Bounds bounds) {
  if (value >= bounds.least && value <= bounds.most) return absl::OkStatus();
  return error::RulesInvalid(field, value, bounds.least, bounds.most);
}

}  // namespace

absl::StatusOr<PlanRules> CheckRules(PlanRules rules) {
  const int count = static_cast<int>(rules.days_before.size());
  RETURN_IF_ERROR(
      CheckBounds("days_before.size", count, {.least = 0, .most = PlanRules::kDaysBeforeCountMax}));
  for (const int days : rules.days_before) {
    RETURN_IF_ERROR(
        CheckBounds("days_before", days, {.least = 1, .most = PlanRules::kDaysBeforeMax}));
  }
  RETURN_IF_ERROR(CheckBounds("overdue_step_days", rules.overdue_step_days,
                              {.least = 1, .most = PlanRules::kOverdueStepMax}));
  RETURN_IF_ERROR(CheckBounds("overdue_limit_days", rules.overdue_limit_days,
                              {.least = 1, .most = PlanRules::kOverdueLimitMax}));
  RETURN_IF_ERROR(CheckBounds("hour", rules.hour, {.least = 0, .most = 23}));
  std::sort(rules.days_before.begin(), rules.days_before.end(), std::greater<>());
  rules.days_before.erase(std::unique(rules.days_before.begin(), rules.days_before.end()),
                          rules.days_before.end());
  return rules;
}

}  // namespace dondoc::notification
