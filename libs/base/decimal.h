#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc {

// An exact decimal number: units * 10^-6. Six decimals are enough for every figure of a plan (money
// in đồng, percentages to a hundredth, minutes). One figure is at most 10^12; int64 holds the sum
// of nine such, and sums are checked: whoever adds up a year uses Add() or a wider integer. No
// double ever comes near a figure that is judged.
//
// The canonical text is an optional "-", digits, and, only when there is a fraction, "." and at
// most six digits with no zero at the end: "86", "85.99", "-0.5", "0".
class Decimal {
 public:
  static constexpr int kScale = 1'000'000;
  static constexpr int64_t kWholeMax = 1'000'000'000'000;

  constexpr Decimal() = default;
  static constexpr Decimal OfUnits(int64_t units) { return Decimal(units); }
  static constexpr Decimal OfWhole(int64_t whole) { return Decimal(whole * kScale); }

  // Reads plain notation with "." as decimal point; a leading "+" and zeros are allowed, "-0" is 0.
  // INVALID_ARGUMENT with reason DECIMAL_INVALID for anything else (NaN, Inf, exponents, "1,5",
  // more than six decimals, beyond +-10^12), saying what is wrong.
  static absl::StatusOr<Decimal> Parse(absl::string_view text);

  // Canonical text.
  std::string ToString() const;

  constexpr int64_t units() const { return units_; }
  constexpr bool IsZero() const { return units_ == 0; }
  constexpr auto operator<=>(const Decimal&) const = default;

  // The sum; OUT_OF_RANGE with reason DECIMAL_OVERFLOW when it does not fit.
  static absl::StatusOr<Decimal> Add(Decimal a, Decimal b);

 private:
  explicit constexpr Decimal(int64_t units) : units_(units) {}
  int64_t units_ = 0;
};

// Compares numerator/denominator * factor with `bound` exactly, in 128-bit integers, without ever
// dividing: less, equal or greater. `denominator` must be > 0. This is how a target is judged
// (domain rule: compare before rounding).
std::strong_ordering CompareRatio(Decimal numerator, Decimal denominator, int64_t factor,
                                  Decimal bound);

// numerator/denominator * factor, rounded half away from zero to `decimals` (0 to 6) places. For
// showing only. `denominator` must be > 0.
Decimal RoundedRatio(Decimal numerator, Decimal denominator, int64_t factor, int decimals);

}  // namespace dondoc
