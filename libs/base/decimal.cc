#include "libs/base/decimal.h"

#include <array>
#include <cstdlib>
#include <limits>

#include "absl/numeric/int128.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"

namespace dondoc {
namespace {

constexpr size_t kDecimalsMax = 6;
constexpr std::array<int64_t, kDecimalsMax + 1> kPowerOfTen = {1,      10,      100,      1'000,
                                                               10'000, 100'000, 1'000'000};

// A longer text is no number; the refusal then leaves it out of its sentence.
constexpr size_t kShownBytesMax = 40;

absl::Status Invalid(absl::string_view text, const Sentence& why) {
  const std::string shown = text.size() <= kShownBytesMax
                                ? absl::StrCat("\"", absl::CHexEscape(text), "\"")
                                : absl::StrCat("[", text.size(), " byte]");
  return Refuse(absl::StatusCode::kInvalidArgument, "DECIMAL_INVALID",
                {.vi = absl::StrCat("Số ", shown, " không hợp lệ: ", why.vi),
                 .en = absl::StrCat("number ", shown, " is not valid: ", why.en)},
                {{"value", shown}});
}

absl::Status NotANumber(absl::string_view text) {
  return Invalid(text, {.vi = "chỉ viết chữ số và một dấu chấm thập phân, ví dụ 85.99",
                        .en = "write digits and one decimal point, such as 85.99"});
}

absl::Status TooManyDecimals(absl::string_view text) {
  return Invalid(text, {.vi = "chỉ được tối đa 6 chữ số thập phân", .en = "at most six decimals"});
}

absl::Status TooLarge(absl::string_view text) {
  return Invalid(text, {.vi = "phải nằm trong khoảng từ -1000000000000 đến 1000000000000",
                        .en = "it must lie between -1000000000000 and 1000000000000"});
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

absl::StatusOr<Decimal> Decimal::Parse(absl::string_view text) {
  constexpr int64_t kUnitsMax = kWholeMax * kScale;
  absl::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative || (!rest.empty() && rest.front() == '+')) rest.remove_prefix(1);

  size_t i = 0;
  int64_t whole = 0;
  for (; i < rest.size() && IsDigit(rest[i]); ++i) {
    if (whole <= kWholeMax) whole = whole * 10 + (rest[i] - '0');
  }
  if (i == 0) return NotANumber(text);

  int64_t fraction = 0;
  if (i < rest.size()) {
    if (rest[i] != '.') return NotANumber(text);
    const size_t first = ++i;
    for (; i < rest.size() && IsDigit(rest[i]); ++i) {
      if (i - first < kDecimalsMax) fraction = fraction * 10 + (rest[i] - '0');
    }
    const size_t decimals = i - first;
    if (i < rest.size() || decimals == 0) return NotANumber(text);
    if (decimals > kDecimalsMax) return TooManyDecimals(text);
    fraction *= kPowerOfTen[kDecimalsMax - decimals];
  }

  if (whole > kWholeMax) return TooLarge(text);
  const int64_t units = whole * kScale + fraction;
  if (units > kUnitsMax) return TooLarge(text);
  return OfUnits(negative ? -units : units);
}

std::string Decimal::ToString() const {
  // Unsigned, because the smallest int64 has no positive twin.
  const uint64_t magnitude =
      units_ < 0 ? uint64_t{0} - static_cast<uint64_t>(units_) : static_cast<uint64_t>(units_);
  std::string text = absl::StrCat(units_ < 0 ? "-" : "", magnitude / kScale);
  const uint64_t fraction = magnitude % kScale;
  if (fraction == 0) return text;
  absl::StrAppend(&text, ".", absl::Dec(fraction, absl::kZeroPad6));
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

absl::StatusOr<Decimal> Decimal::Add(Decimal a, Decimal b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a.units_, b.units_, &sum)) {
    return Refuse(
        absl::StatusCode::kOutOfRange, "DECIMAL_OVERFLOW",
        {.vi = absl::StrCat("Tổng của ", a.ToString(), " và ", b.ToString(),
                            " vượt quá giới hạn; hãy kiểm tra lại số liệu hoặc đơn vị tính"),
         .en = absl::StrCat("the sum of ", a.ToString(), " and ", b.ToString(),
                            " does not fit; check the figures or their unit")},
        {{"a", a.ToString()}, {"b", b.ToString()}});
  }
  return OfUnits(sum);
}

std::strong_ordering CompareRatio(Decimal numerator, Decimal denominator, int64_t factor,
                                  Decimal bound) {
  if (denominator.units() <= 0) std::abort();
  // numerator * factor * 10^6 against bound * denominator. The left product may need 146 bits, so
  // its 10^6 is taken out of the right one instead: what remains there decides between equals.
  const absl::int128 left = absl::int128(numerator.units()) * factor;
  const absl::int128 right = absl::int128(bound.units()) * denominator.units();
  const absl::int128 right_whole = right / Decimal::kScale;
  const absl::int128 right_rest = right % Decimal::kScale;
  if (left != right_whole) {
    return left < right_whole ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return static_cast<int64_t>(0) <=> static_cast<int64_t>(right_rest);
}

Decimal RoundedRatio(Decimal numerator, Decimal denominator, int64_t factor, int decimals) {
  if (denominator.units() <= 0 || decimals < 0 || decimals > static_cast<int>(kDecimalsMax)) {
    std::abort();
  }
  constexpr int64_t kUnitsMax = std::numeric_limits<int64_t>::max();
  const int64_t places = kPowerOfTen[static_cast<size_t>(decimals)];
  const absl::int128 product = absl::int128(numerator.units()) * factor;
  const bool negative = product < 0;
  const absl::int128 magnitude = negative ? -product : product;

  // What no Decimal can hold is shown as the largest one.
  const absl::int128 whole = magnitude / denominator.units();
  if (whole >= kUnitsMax / Decimal::kScale) {
    return Decimal::OfUnits(negative ? -kUnitsMax : kUnitsMax);
  }
  const absl::int128 rest = magnitude % denominator.units() * places;
  absl::int128 fraction = rest / denominator.units();
  if (rest % denominator.units() * 2 >= denominator.units()) ++fraction;

  const absl::int128 step = Decimal::kScale / places;
  const int64_t units = static_cast<int64_t>(whole * Decimal::kScale + fraction * step);
  return Decimal::OfUnits(negative ? -units : units);
}

}  // namespace dondoc
