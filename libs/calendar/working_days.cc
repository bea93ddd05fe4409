#include "libs/calendar/working_days.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"

namespace dondoc::calendar {
namespace {

absl::Status CalendarMissing(absl::civil_year_t year) {
  return Refuse(absl::StatusCode::kFailedPrecondition, "CALENDAR_MISSING",
                {.vi = absl::StrCat("Chưa có lịch nghỉ chính thức của năm ", year,
                                    "; hãy thêm thông báo nghỉ lễ, Tết của năm đó rồi làm lại"),
                 .en = absl::StrCat("there is no official calendar of ", year,
                                    " yet; add that year's notice and try again")},
                {{"year", absl::StrCat(year)}});
}

// `date` moved by `months`, kept within its month.
absl::CivilDay PlusMonths(absl::CivilDay date, int months) {
  const absl::CivilMonth month = absl::CivilMonth(date) + months;
  const absl::CivilDay last_day = absl::CivilDay(month + 1) - 1;
  return std::min(absl::CivilDay(month) + (date.day() - 1), last_day);
}

}  // namespace

bool IsWeekend(absl::CivilDay date) {
  const absl::Weekday weekday = absl::GetWeekday(date);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

absl::StatusOr<bool> IsWorkingDay(const Holidays& holidays, absl::CivilDay date) {
  if (!holidays.Knows(date.year())) return CalendarMissing(date.year());
  const SpecialDay* special = holidays.Find(date);
  return special == nullptr ? !IsWeekend(date) : special->kind == SpecialDayKind::kWorked;
}

absl::StatusOr<absl::CivilDay> NextWorkingDay(const Holidays& holidays, absl::CivilDay date) {
  for (;; ++date) {
    ASSIGN_OR_RETURN(const bool working, IsWorkingDay(holidays, date));
    if (working) return date;
  }
}

absl::StatusOr<absl::CivilDay> AddWorkingDays(const Holidays& holidays, absl::CivilDay event,
                                              int days) {
  const int step = days < 0 ? -1 : 1;
  absl::CivilDay date = event;
  for (int left = days; left != 0;) {
    date += step;
    ASSIGN_OR_RETURN(const bool working, IsWorkingDay(holidays, date));
    if (working) left -= step;
  }
  return date;
}

absl::StatusOr<absl::CivilDay> EndOfTerm(const Holidays& holidays, absl::CivilDay event,
                                         TermLength length, LastDayOff rule) {
  const absl::CivilDay last = PlusMonths(event, length.months) + length.days;
  if (rule == LastDayOff::kStays) return last;
  return NextWorkingDay(holidays, last);
}

DayOffAnswer DayOff(const Holidays& holidays, absl::CivilDay date) {
  DayOffAnswer answer{.reason = std::nullopt, .name = "", .known = holidays.Knows(date.year())};
  const SpecialDay* special = holidays.Find(date);
  if (special == nullptr) {
    if (IsWeekend(date)) answer.reason = DayOffReason::kWeekend;
    return answer;
  }
  answer.name = special->name;
  switch (special->kind) {
    case SpecialDayKind::kHoliday:
      answer.reason = DayOffReason::kHoliday;
      break;
    case SpecialDayKind::kCompensatory:
      answer.reason = DayOffReason::kCompensatory;
      break;
    case SpecialDayKind::kWorked:
      break;
  }
  return answer;
}

}  // namespace dondoc::calendar
