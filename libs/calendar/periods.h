#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace dondoc::calendar {

enum class PeriodKind { kMonth, kQuarter, kHalf, kNineMonths, kYear };

// A month, quarter, half-year, the first nine months, or a year, between 2000 and 2100.
//
// A Period that exists is valid. Its id is stable and may be stored: "2023-M07", "2023-Q1",
// "2023-H1", "2023-9M", "2023". Refusals are INVALID_ARGUMENT with reason PERIOD_INVALID.
class Period {
 public:
  // `number` counts within the year from 1; for the nine months and the year it is 1.
  static absl::StatusOr<Period> Create(PeriodKind kind, int year, int number = 1);

  static absl::StatusOr<Period> FromId(absl::string_view id);

  // Reads what people write, in either case, with or without a final dot: "Quý I/2023",
  // "quý 3 năm 2023", "Tháng 7/2023", "6 tháng đầu năm 2023", "6 tháng năm 2023" (the first six),
  // "6 tháng cuối năm 2023", "9 tháng năm 2023", "Năm 2023", "Cả năm 2023", "Trong năm 2023".
  static absl::StatusOr<Period> Parse(absl::string_view text);

  // The period of `kind` into which `date` falls; nothing after September for the nine months, and
  // nothing outside the years of all periods.
  static std::optional<Period> Containing(PeriodKind kind, absl::CivilDay date);

  PeriodKind kind() const { return kind_; }
  int year() const { return year_; }
  int number() const { return number_; }

  std::string id() const;

  // "Tháng 7/2023", "Quý I/2023", "6 tháng đầu năm 2023", "9 tháng đầu năm 2023", "Năm 2023".
  std::string ToVietnamese() const;

  // First and last day, both inclusive.
  absl::CivilDay first() const;
  absl::CivilDay last() const;
  bool Contains(absl::CivilDay date) const { return first() <= date && date <= last(); }

  // The next larger period (month, quarter, half, year; nine months, year); nothing above a year.
  std::optional<Period> Parent() const;

  // The next smaller ones, in order: a year has halves, a half and the nine months have quarters, a
  // quarter has months. They cover it without gap or overlap; a month has none.
  std::vector<Period> Children() const;

  auto operator<=>(const Period&) const = default;

 private:
  Period(PeriodKind kind, int year, int number) : year_(year), kind_(kind), number_(number) {}

  // Create(), quoting in a refusal the `text` that it was read from.
  static absl::StatusOr<Period> CreateFrom(absl::string_view text, PeriodKind kind, int year,
                                           int number);

  absl::CivilMonth FirstMonth() const;
  absl::CivilMonth LastMonth() const;

  int year_;
  PeriodKind kind_;
  int number_;
};

// How the days are cut from which a report of a period takes its data.
enum class WindowScheme {
  // The period's own days.
  kCalendar,
  // From the 15th of the month before the period to the 14th of its last month, as the Government's
  // reporting regime has it: quarter I is 15/12 of the year before to 14/3.
  kFifteenthToFourteenth,
};

// A stretch of days, both ends inclusive.
struct Window {
  absl::CivilDay first;
  absl::CivilDay last;

  bool Contains(absl::CivilDay date) const { return first <= date && date <= last; }
  friend bool operator==(const Window&, const Window&) = default;
};

Window DataWindow(const Period& period, WindowScheme scheme);

}  // namespace dondoc::calendar
