#include "services/inspection/domain/share.h"

#include "services/inspection/domain/errors.h"

namespace dondoc::inspection {
namespace {

constexpr Decimal kWhole = Decimal::OfWhole(100);

}  // namespace

absl::StatusOr<Share> Share::Parse(absl::string_view text) {
  const absl::StatusOr<Decimal> percent = Decimal::Parse(text);
  if (!percent.ok() || *percent <= Decimal() || *percent > kWhole) return error::ShareInvalid(text);
  return Share(*percent);
}

std::optional<int64_t> Share::RequiredOf(int64_t unit_count) const {
  if (unit_count <= 0) return std::nullopt;
  // Percent are units of 10^-6, at most 10^8; a register of 10^9 units still fits 64 bits.
  return (percent_.units() * unit_count + kWhole.units() - 1) / kWhole.units();
}

bool Share::IsReachedBy(int64_t inspected, int64_t unit_count) const {
  const std::optional<int64_t> required = RequiredOf(unit_count);
  return required && inspected >= *required;
}

}  // namespace dondoc::inspection
