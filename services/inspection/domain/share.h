#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/base/decimal.h"

namespace dondoc::inspection {

// The share of units that has to be inspected in a year, as an exact percentage.
//
// A Share that exists is more than 0 and at most 100. Whether it is reached is decided in whole
// numbers, never on a rounded percentage: 3 of 11 units print as 27.27 %, and 29.99 % of them would
// print as 30 %.
class Share {
 public:
  // INVALID_ARGUMENT with reason SHARE_INVALID for anything but a plain decimal in (0, 100].
  static absl::StatusOr<Share> Parse(absl::string_view text);

  // The smallest whole number that is at least the share of `unit_count`: for 30 % that is
  // (3n + 9) div 10. Nothing for no units at all: a share of nothing is not defined.
  std::optional<int64_t> RequiredOf(int64_t unit_count) const;

  // Whether `inspected` of `unit_count` units reach the share; of no units, never.
  bool IsReachedBy(int64_t inspected, int64_t unit_count) const;

  bool IsAtLeast(const Share& other) const { return percent_ >= other.percent_; }

  // Canonical text: "30", "33.5".
  std::string ToString() const { return percent_.ToString(); }

  bool operator==(const Share&) const = default;

 private:
  explicit Share(Decimal percent) : percent_(percent) {}
  Decimal percent_;
};

}  // namespace dondoc::inspection
