#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace dondoc::calendar {

// What a yearly notice may say about a day.
enum class SpecialDayKind {
  kHoliday,       // a public holiday, on a weekend too
  kCompensatory,  // a weekday off, for a holiday on a weekend or for a worked weekend day
  kWorked,        // a Saturday or Sunday that is worked
};

struct SpecialDay {
  SpecialDayKind kind = SpecialDayKind::kHoliday;
  std::string name;
};

// The official days off and worked weekends, year by year, exactly as notified. Nothing is computed
// or assumed, holidays with a fixed date neither: a year is known when its notice was added.
//
// A notice is a small text file. Each line is blank, a comment after "#", or one of
//
//   year 2025                                  first of all, once
//   source Thông báo số ...                    where the days come from, once
//   holiday 2025-01-27..2025-01-31 Tết         one day or a range, then its name
//   compensatory 2025-05-02 Hoán đổi           the same; on weekdays only
//   worked 2025-04-26 Làm bù ngày 02/5         the same; on Saturdays and Sundays only
//
// Thread-compatible: filled at start, then only read.
class Holidays {
 public:
  // Adds one year from the text of its notice. Refuses, with reason CALENDAR_INVALID and the line,
  // a line that it cannot read, a day of another year, a day named twice, a compensatory weekend
  // day, a worked weekday, a notice without a day, and a year that was added before. Nothing is
  // added then.
  absl::Status AddNotice(absl::string_view text);

  bool Knows(absl::civil_year_t year) const { return years_.contains(year); }

  // What the notice says about `date`, or null when it says nothing.
  const SpecialDay* Find(absl::CivilDay date) const;

 private:
  std::set<absl::civil_year_t> years_;
  std::map<absl::CivilDay, SpecialDay> days_;
};

// All notices of a folder: its files whose names end in ".txt". The one function of this library
// that touches the disk; for a service's main(). Refuses what AddNotice() refuses and names the
// file; NOT_FOUND when the folder cannot be read.
absl::StatusOr<Holidays> LoadHolidays(const std::string& folder);

}  // namespace dondoc::calendar
