#include "services/kpi/domain/value.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "libs/base/status_macros.h"
#include "services/kpi/domain/errors.h"

namespace dondoc::kpi {
namespace {

constexpr int kDecimalsShown = 2;

absl::StatusOr<Decimal> CheckedSum(Decimal a, Decimal b) {
  const absl::int128 sum = absl::int128(a.units()) + b.units();
  const auto units = static_cast<int64_t>(sum);
  if (sum != units) return error::SumOverflow();
  return Decimal::OfUnits(units);
}

}  // namespace

absl::Status Add(const ValueSum& part, ValueSum& sum) {
  ASSIGN_OR_RETURN(sum.numerator, CheckedSum(sum.numerator, part.numerator));
  ASSIGN_OR_RETURN(sum.denominator, CheckedSum(sum.denominator, part.denominator));
  sum.maximum = std::max(sum.maximum, part.maximum);
  sum.count += part.count;
  return absl::OkStatus();
}

Fraction FractionOf(Aggregation aggregation, const ValueSum& sum) {
  const Decimal one = Decimal::OfWhole(1);
  switch (aggregation) {
    case Aggregation::kRatio:
      return {.numerator = sum.numerator, .denominator = sum.denominator};
    case Aggregation::kMaximum:
      return {.numerator = sum.maximum, .denominator = sum.denominator.IsZero() ? Decimal() : one};
    case Aggregation::kSum:
      return {.numerator = sum.numerator, .denominator = one};
  }
  return {};
}

Decimal Rounded(const Fraction& fraction, int32_t factor) {
  return RoundedRatio(fraction.numerator, fraction.denominator, factor, kDecimalsShown);
}

}  // namespace dondoc::kpi
