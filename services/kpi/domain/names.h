#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Resource names (AIP-122) and the ids inside them.
namespace dondoc::kpi {

inline constexpr size_t kIdMax = 63;

// 1 to 63 characters of a-z, 0-9 and "-".
bool IsId(absl::string_view text);

// "indicators/{id}" -> id. INVALID_ARGUMENT, reason NAME_INVALID, with the field.
absl::StatusOr<std::string> IndicatorId(absl::string_view field, absl::string_view name);

// "indicators/{id}/targets/{id}".
struct TargetName {
  std::string indicator;
  std::string target;
};
absl::StatusOr<TargetName> ParseTargetName(absl::string_view field, absl::string_view name);

// "plans/{id}" -> id.
absl::StatusOr<std::string> PlanId(absl::string_view field, absl::string_view name);

std::string IndicatorName(absl::string_view id);
std::string TargetNameOf(absl::string_view indicator, absl::string_view target);
std::string PlanName(absl::string_view id);

// The id part of a clause id: "I.2.dd" -> "i-2-dd". Letters are folded to lower case, everything
// that an id cannot hold becomes "-".
std::string SlugOf(absl::string_view text);

// "{plan}-{slug}", the id of what was made from a plan. Too long a one is cut and ends in a piece
// of its hash, so that it stays unique and always comes out the same.
std::string DerivedId(absl::string_view plan, absl::string_view slug);

}  // namespace dondoc::kpi
