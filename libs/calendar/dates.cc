#include "libs/calendar/dates.h"

#include <cstddef>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/base/refusal.h"

namespace dondoc::calendar {
namespace {

// A longer text is no date; the refusal then leaves it out of its sentence.
constexpr size_t kShownBytesMax = 40;

absl::Status DateInvalid(absl::string_view field, absl::string_view text, const Sentence& why) {
  const std::string shown =
      text.size() <= kShownBytesMax ? absl::CHexEscape(text) : absl::StrCat(text.size(), " byte");
  return Refuse(absl::StatusCode::kInvalidArgument, "DATE_INVALID",
                {.vi = absl::StrCat(field, ": ngày \"", shown, "\" không hợp lệ: ", why.vi),
                 .en = absl::StrCat(field, ": date \"", shown, "\" is not valid: ", why.en)},
                {{"field", std::string(field)}, {"value", shown}});
}

// The number written in `digits`, or nothing when one of them is no digit.
std::optional<int> Number(absl::string_view digits) {
  int number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view field, absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return DateInvalid(field, text,
                       {.vi = "hãy viết năm-tháng-ngày, ví dụ 2023-04-30",
                        .en = "write year-month-day, such as 2023-04-30"});
  }
  const std::optional<int> year = Number(text.substr(0, 4));
  const std::optional<int> month = Number(text.substr(5, 2));
  const std::optional<int> day = Number(text.substr(8, 2));
  if (!year || !month || !day) {
    return DateInvalid(field, text, {.vi = "chỉ dùng chữ số 0-9", .en = "use the digits 0-9 only"});
  }
  if (*year < kYearMin || *year > kYearMax) {
    return DateInvalid(field, text,
                       {.vi = "năm phải từ 2000 đến 2100", .en = "the year must be 2000 to 2100"});
  }
  // CivilDay carries 31/02 over to March, so a day that does not exist comes back changed.
  const absl::CivilDay date(*year, *month, *day);
  if (date.year() != *year || date.month() != *month || date.day() != *day) {
    return DateInvalid(field, text,
                       {.vi = "ngày này không có trong lịch", .en = "there is no such day"});
  }
  return date;
}

std::string FormatDate(absl::CivilDay date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string FormatVietnamese(absl::CivilDay date) {
  return absl::StrFormat("%02d/%02d/%04d", date.day(), date.month(), date.year());
}

absl::string_view WeekdayName(absl::CivilDay date) {
  switch (absl::GetWeekday(date)) {
    case absl::Weekday::monday:
      return "Thứ Hai";
    case absl::Weekday::tuesday:
      return "Thứ Ba";
    case absl::Weekday::wednesday:
      return "Thứ Tư";
    case absl::Weekday::thursday:
      return "Thứ Năm";
    case absl::Weekday::friday:
      return "Thứ Sáu";
    case absl::Weekday::saturday:
      return "Thứ Bảy";
    case absl::Weekday::sunday:
      return "Chủ nhật";
  }
  return "";
}

}  // namespace dondoc::calendar
