#include "libs/calendar/holidays.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/calendar/dates.h"
#include "libs/calendar/working_days.h"

namespace dondoc::calendar {
namespace {

absl::Status CalendarInvalid(int line, const Sentence& why) {
  return Refuse(absl::StatusCode::kInvalidArgument, "CALENDAR_INVALID",
                {.vi = absl::StrCat("Lịch nghỉ, dòng ", line, ": ", why.vi),
                 .en = absl::StrCat("calendar, line ", line, ": ", why.en)},
                {{"line", absl::StrCat(line)}});
}

std::optional<SpecialDayKind> KindNamed(absl::string_view word) {
  if (word == "holiday") return SpecialDayKind::kHoliday;
  if (word == "compensatory") return SpecialDayKind::kCompensatory;
  if (word == "worked") return SpecialDayKind::kWorked;
  return std::nullopt;
}

// Takes the first word off `rest`.
absl::string_view TakeWord(absl::string_view& rest) {
  rest = absl::StripLeadingAsciiWhitespace(rest);
  const size_t end = rest.find_first_of(" \t");
  const absl::string_view word = rest.substr(0, end);
  rest.remove_prefix(word.size());
  rest = absl::StripAsciiWhitespace(rest);
  return word;
}

// One notice while it is read, line by line.
class Notice {
 public:
  absl::Status ReadLine(int number, absl::string_view line) {
    line_ = number;
    absl::string_view rest = line.substr(0, line.find('#'));
    const absl::string_view word = TakeWord(rest);
    if (word.empty()) return absl::OkStatus();
    if (word == "year") return ReadYear(rest);
    if (!year_) {
      return CalendarInvalid(line_, {.vi = "dòng đầu tiên phải là năm, ví dụ: year 2023",
                                     .en = "the first line must be the year: year 2023"});
    }
    if (word == "source") return ReadSource(rest);
    if (const auto kind = KindNamed(word)) return ReadDays(*kind, rest);
    return CalendarInvalid(line_, {.vi = "phải bắt đầu bằng holiday, compensatory hoặc worked",
                                   .en = "it must begin with holiday, compensatory or worked"});
  }

  absl::Status Finish() const {
    if (!has_source_) {
      return CalendarInvalid(line_, {.vi = "thiếu nguồn (source) của thông báo nghỉ",
                                     .en = "the source of the notice is missing"});
    }
    if (days_.empty()) {
      return CalendarInvalid(
          line_, {.vi = "thông báo không có ngày nghỉ nào", .en = "the notice has no day off"});
    }
    return absl::OkStatus();
  }

  absl::civil_year_t year() const { return *year_; }
  std::map<absl::CivilDay, SpecialDay> TakeDays() { return std::move(days_); }

 private:
  absl::Status ReadYear(absl::string_view text) {
    int year = 0;
    if (year_ || !absl::SimpleAtoi(text, &year) || year < kYearMin || year > kYearMax) {
      return CalendarInvalid(line_, {.vi = "phải có đúng một năm, từ 2000 đến 2100",
                                     .en = "there must be one year, from 2000 to 2100"});
    }
    year_ = year;
    return absl::OkStatus();
  }

  absl::Status ReadSource(absl::string_view text) {
    if (has_source_ || text.empty()) {
      return CalendarInvalid(
          line_, {.vi = "phải ghi đúng một nguồn (source)", .en = "there must be one source"});
    }
    has_source_ = true;
    return absl::OkStatus();
  }

  absl::Status ReadDays(SpecialDayKind kind, absl::string_view rest) {
    const std::pair<absl::string_view, absl::string_view> ends =
        absl::StrSplit(TakeWord(rest), absl::MaxSplits("..", 1));
    if (rest.empty()) {
      return CalendarInvalid(line_, {.vi = "thiếu tên ngày nghỉ", .en = "the name is missing"});
    }
    ASSIGN_OR_RETURN(const absl::CivilDay first, ReadDate(ends.first));
    ASSIGN_OR_RETURN(const absl::CivilDay last,
                     ends.second.empty() ? first : ReadDate(ends.second));
    if (last < first) {
      return CalendarInvalid(line_, {.vi = "ngày cuối đứng trước ngày đầu",
                                     .en = "the last day comes before the first"});
    }
    for (absl::CivilDay day = first; day <= last; ++day) RETURN_IF_ERROR(AddDay(day, kind, rest));
    return absl::OkStatus();
  }

  absl::StatusOr<absl::CivilDay> ReadDate(absl::string_view text) const {
    const absl::StatusOr<absl::CivilDay> date = ParseDate("date", text);
    if (!date.ok() || date->year() != *year_) {
      return CalendarInvalid(
          line_, {.vi = absl::StrCat("phải là ngày của năm ", *year_, ", viết như 2023-04-30"),
                  .en = absl::StrCat("it must be a day of ", *year_, " written like 2023-04-30")});
    }
    return *date;
  }

  absl::Status AddDay(absl::CivilDay day, SpecialDayKind kind, absl::string_view name) {
    if (kind == SpecialDayKind::kWorked && !IsWeekend(day)) {
      return CalendarInvalid(line_, {.vi = absl::StrCat(FormatVietnamese(day),
                                                        " vốn là ngày làm việc, không thể làm bù"),
                                     .en = absl::StrCat(FormatDate(day), " is a weekday anyway")});
    }
    if (kind == SpecialDayKind::kCompensatory && IsWeekend(day)) {
      return CalendarInvalid(
          line_, {.vi = absl::StrCat(FormatVietnamese(day), " vốn là ngày nghỉ, không thể nghỉ bù"),
                  .en = absl::StrCat(FormatDate(day), " is a weekend anyway")});
    }
    if (!days_.emplace(day, SpecialDay{.kind = kind, .name = std::string(name)}).second) {
      return CalendarInvalid(line_,
                             {.vi = absl::StrCat(FormatVietnamese(day), " đã được ghi ở trên"),
                              .en = absl::StrCat(FormatDate(day), " was named above")});
    }
    return absl::OkStatus();
  }

  int line_ = 0;
  std::optional<absl::civil_year_t> year_;
  bool has_source_ = false;
  std::map<absl::CivilDay, SpecialDay> days_;
};

}  // namespace

absl::Status Holidays::AddNotice(absl::string_view text) {
  ASSIGN_OR_RETURN(const std::string clean, CleanText(text));
  Notice notice;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(clean, '\n')) {
    RETURN_IF_ERROR(notice.ReadLine(++number, line));
  }
  RETURN_IF_ERROR(notice.Finish());
  if (Knows(notice.year())) {
    return CalendarInvalid(number,
                           {.vi = absl::StrCat("năm ", notice.year(), " đã có thông báo khác"),
                            .en = absl::StrCat(notice.year(), " has another notice")});
  }
  years_.insert(notice.year());
  days_.merge(notice.TakeDays());
  return absl::OkStatus();
}

const SpecialDay* Holidays::Find(absl::CivilDay date) const {
  const auto found = days_.find(date);
  return found == days_.end() ? nullptr : &found->second;
}

}  // namespace dondoc::calendar
