#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "libs/base/decimal.h"
#include "services/kpi/domain/indicator.h"

namespace dondoc::kpi {

// Observations added up: of one unit in one month, or of many units over a period. The parts of a
// ratio stay apart, so that sums of sums are right where an average of ratios is not.
struct ValueSum {
  Decimal numerator;
  Decimal denominator;
  // The largest numerator.
  Decimal maximum;
  int64_t count = 0;

  friend bool operator==(const ValueSum&, const ValueSum&) = default;
};

// Adds `part` to `sum`. OUT_OF_RANGE, reason SUM_OVERFLOW, when the figures do not fit; `sum` is
// then not to be used.
absl::Status Add(const ValueSum& part, ValueSum& sum);

// What a sum comes to. No denominator means that nothing arose ("không phát sinh").
struct Fraction {
  Decimal numerator;
  Decimal denominator;

  bool NothingArose() const { return denominator.IsZero(); }
};
Fraction FractionOf(Aggregation aggregation, const ValueSum& sum);

// The fraction times `factor`, rounded half away from zero to two decimals. For showing only; the
// fraction must have a denominator.
Decimal Rounded(const Fraction& fraction, int32_t factor);

}  // namespace dondoc::kpi
