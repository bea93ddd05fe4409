#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/base/decimal.h"
#include "services/kpi/domain/indicator.h"

namespace dondoc::kpi {

inline constexpr size_t kKeyMax = 128;
inline constexpr size_t kBatchMax = 1'000;

// What was measured: the part of an observation that a repetition must not change.
struct Figures {
  absl::CivilDay date;
  Decimal numerator;
  Decimal denominator;

  friend bool operator==(const Figures&, const Figures&) = default;
};

// The same as a caller wrote it.
struct FiguresText {
  absl::string_view date;
  absl::string_view numerator;
  absl::string_view denominator;
};

// Reads and checks figures. Refuses a day after `today`, what is no number or negative, and a
// denominator of zero with a numerator: nothing cannot hold something. 0/0 says that nothing arose.
// A sum has no denominator; it may be left out, and counts as zero.
absl::StatusOr<Figures> CheckFigures(const FiguresText& text, Aggregation aggregation,
                                     absl::CivilDay today);

// Refuses a unit that did not exist on the day. `valid_to` is the first day on which it no longer
// exists, CivilDay::max() while it goes on.
struct UnitDays {
  absl::CivilDay valid_from;
  absl::CivilDay valid_to;
};
absl::Status CheckUnitExists(absl::string_view unit, const UnitDays& days, absl::CivilDay date);

// Reads a key: 1 to 128 characters on one line.
absl::StatusOr<std::string> CheckKey(absl::string_view field, absl::string_view key);

}  // namespace dondoc::kpi
