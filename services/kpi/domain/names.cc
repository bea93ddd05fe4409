#include "services/kpi/domain/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/ids.h"
#include "services/kpi/domain/errors.h"

namespace dondoc::kpi {
namespace {

constexpr absl::string_view kIndicators = "indicators/";
constexpr absl::string_view kPlans = "plans/";
constexpr absl::string_view kTargets = "/targets/";

bool IsIdCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

absl::StatusOr<std::string> IdAfter(absl::string_view prefix, absl::string_view field,
                                    absl::string_view name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, prefix) || !IsId(id)) {
    return error::NameInvalid(field, name, absl::StrCat(prefix, "{id}"));
  }
  return std::string(id);
}

}  // namespace

bool IsId(absl::string_view text) {
  return !text.empty() && text.size() <= kIdMax &&
         std::all_of(text.begin(), text.end(), IsIdCharacter);
}

absl::StatusOr<std::string> IndicatorId(absl::string_view field, absl::string_view name) {
  return IdAfter(kIndicators, field, name);
}

absl::StatusOr<std::string> PlanId(absl::string_view field, absl::string_view name) {
  return IdAfter(kPlans, field, name);
}

absl::StatusOr<TargetName> ParseTargetName(absl::string_view field, absl::string_view name) {
  absl::string_view rest = name;
  const size_t at = name.find(kTargets);
  if (at != absl::string_view::npos && absl::ConsumePrefix(&rest, kIndicators)) {
    const absl::string_view indicator = name.substr(kIndicators.size(), at - kIndicators.size());
    const absl::string_view target = name.substr(at + kTargets.size());
    if (IsId(indicator) && IsId(target)) {
      return TargetName{.indicator = std::string(indicator), .target = std::string(target)};
    }
  }
  return error::NameInvalid(field, name, "indicators/{id}/targets/{id}");
}

std::string IndicatorName(absl::string_view id) { return absl::StrCat(kIndicators, id); }

std::string TargetNameOf(absl::string_view indicator, absl::string_view target) {
  return absl::StrCat(kIndicators, indicator, kTargets, target);
}

std::string PlanName(absl::string_view id) { return absl::StrCat(kPlans, id); }

std::string SlugOf(absl::string_view text) {
  std::string slug = absl::AsciiStrToLower(text);
  for (char& c : slug) {
    if (!IsIdCharacter(c)) c = '-';
  }
  return slug;
}

std::string DerivedId(absl::string_view plan, absl::string_view slug) {
  constexpr size_t kHashDigits = 8;
  std::string id = absl::StrCat(plan, "-", slug);
  if (id.size() <= kIdMax) return id;
  const std::string hash = Hex(Sha256(id)).substr(0, kHashDigits);
  return absl::StrCat(id.substr(0, kIdMax - kHashDigits - 1), "-", hash);
}

}  // namespace dondoc::kpi
