#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "libs/calendar/holidays.h"

// Working days and terms by articles 146 to 148 of the Civil Code of 2015.
//
// Whether a day is worked is known only when the year's notice is: every function here that returns
// a StatusOr refuses a day of another year with FAILED_PRECONDITION, reason CALENDAR_MISSING,
// rather than guess.
namespace dondoc::calendar {

// Saturday or Sunday, worked or not.
bool IsWeekend(absl::CivilDay date);

absl::StatusOr<bool> IsWorkingDay(const Holidays& holidays, absl::CivilDay date);

// `date` itself when it is a working day, else the first one after it.
absl::StatusOr<absl::CivilDay> NextWorkingDay(const Holidays& holidays, absl::CivilDay date);

// The working day that is `days` working days after `event`. The day of the event is not counted
// (article 147). Negative `days` count backwards; 0 is `event` itself, whatever day it is.
absl::StatusOr<absl::CivilDay> AddWorkingDays(const Holidays& holidays, absl::CivilDay event,
                                              int days);

// How long a term is: months first, then days. A month ends on the same day number, or on the last
// day of a shorter month (article 148).
struct TermLength {
  int months = 0;
  int days = 0;
};

// What happens to a term whose last day is a day off.
enum class LastDayOff {
  kStays,                  // as written; for dates that a plan names
  kMovesToNextWorkingDay,  // article 148; for durations
};

// The last day of a term that starts with `event`. The day of the event is not counted.
absl::StatusOr<absl::CivilDay> EndOfTerm(const Holidays& holidays, absl::CivilDay event,
                                         TermLength length, LastDayOff rule);

enum class DayOffReason { kWeekend, kHoliday, kCompensatory };

// A best-effort answer, for those who only want to warn.
struct DayOffAnswer {
  // Empty for a working day.
  std::optional<DayOffReason> reason;
  // What the notice calls the day; "" when it says nothing.
  std::string name;
  // False when the year has no notice: then only weekends are seen, and a weekend may be worked.
  bool known = false;
};

DayOffAnswer DayOff(const Holidays& holidays, absl::CivilDay date);

}  // namespace dondoc::calendar
