#pragma once

#include <cstddef>
#include <optional>

#include "absl/time/civil_time.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {

// Years that a plan may speak of. A year has four digits, so nothing is guessed about "23".
inline constexpr int kYearMin = 1945;
inline constexpr int kYearMax = 2099;

struct DateAt {
  absl::CivilDay date;
  size_t words = 0;  // how many words it takes
};

// Reads "15/3/2024" or "15 tháng 3 năm 2024" at `at`; the word "ngày" before it is the caller's.
// Nothing for a day that does not exist.
std::optional<DateAt> ReadDate(const Words& words, size_t at);

// A year of four digits at `at`.
std::optional<int> ReadYear(const Words& words, size_t at);

// A month, 1 to 12, of one or two digits.
std::optional<int> ReadMonth(const Words& words, size_t at);

// A quarter, "I" to "IV" or "1" to "4".
std::optional<int> ReadQuarter(const Words& words, size_t at);

// The first and last day of the months `first` to `last`, both included.
struct CivilWindow {
  absl::CivilDay start;
  absl::CivilDay end;
  bool operator==(const CivilWindow&) const = default;
};
struct MonthSpan {
  int year = 0;
  int first = 1;
  int last = 12;
};
CivilWindow WindowOf(const MonthSpan& span);

}  // namespace dondoc::registry::plan
