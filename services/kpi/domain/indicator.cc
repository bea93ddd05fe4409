#include "services/kpi/domain/indicator.h"

#include <utility>

#include "absl/strings/match.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"

namespace dondoc::kpi {
namespace {

// A line that may be left out.
absl::Status CleanOptional(absl::string_view field, std::string& text, size_t code_points_max) {
  if (text.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(text, CleanLine(field, text, code_points_max));
  return absl::OkStatus();
}

bool IsReserved(absl::string_view id) {
  return id == kInspectionCoverage || absl::EndsWith(id, kTasksOnTime);
}

}  // namespace

absl::StatusOr<Indicator> CheckIndicator(Indicator wanted) {
  if (IsReserved(wanted.id)) return error::IndicatorIdReserved(wanted.id);
  ASSIGN_OR_RETURN(wanted.display_name,
                   CleanLine("indicator.display_name", wanted.display_name, kDisplayNameMax));
  RETURN_IF_ERROR(
      CleanOptional("indicator.unit_of_measure", wanted.unit_of_measure, kShortTextMax));
  RETURN_IF_ERROR(CleanOptional("indicator.numerator_text", wanted.numerator_text, kLongTextMax));
  RETURN_IF_ERROR(
      CleanOptional("indicator.denominator_text", wanted.denominator_text, kLongTextMax));
  RETURN_IF_ERROR(CleanOptional("indicator.exclusion", wanted.exclusion, kLongTextMax));
  if (wanted.factor < 1 || wanted.factor > kFactorMax) return error::FactorInvalid(wanted.factor);
  wanted.version = 0;
  wanted.source.clear();
  wanted.computed = false;
  return wanted;
}

absl::Status CheckNesting(const std::string& id, const std::string& nested_in,
                          const NestingOf& nesting_of) {
  std::string above = nested_in;
  for (int depth = 0; !above.empty(); ++depth) {
    if (above == id) return error::IndicatorCycle(id, nested_in);
    if (depth == kNestingMax) return error::NestingTooDeep(id);
    std::optional<std::string> next = nesting_of(above);
    if (!next) return error::IndicatorNotFound("indicator.nested_in", above);
    above = *std::move(next);
  }
  return absl::OkStatus();
}

}  // namespace dondoc::kpi
