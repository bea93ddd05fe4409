#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace dondoc::calendar {

// Years outside these are typing mistakes, or milliseconds taken for seconds.
inline constexpr int kYearMin = 2000;
inline constexpr int kYearMax = 2100;

// Reads "2023-04-30": ten characters, and a day that exists. INVALID_ARGUMENT with reason
// DATE_INVALID for anything else, saying what is wrong. `field` names it in the refusal.
absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view field, absl::string_view text);

// "2023-04-30".
std::string FormatDate(absl::CivilDay date);

// "30/04/2023", as the office writes it.
std::string FormatVietnamese(absl::CivilDay date);

// "Thứ Hai" to "Thứ Bảy", "Chủ nhật".
absl::string_view WeekdayName(absl::CivilDay date);

}  // namespace dondoc::calendar
