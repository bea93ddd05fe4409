#include "libs/calendar/periods.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "libs/base/refusal.h"
#include "libs/base/text.h"
#include "libs/calendar/dates.h"

namespace dondoc::calendar {
namespace {

constexpr std::array<absl::string_view, 4> kRoman = {"I", "II", "III", "IV"};

// A longer text is no period; the refusal then leaves it out of its sentence.
constexpr size_t kShownBytesMax = 80;

absl::Status PeriodInvalid(absl::string_view text, const Sentence& why) {
  const std::string shown = text.size() <= kShownBytesMax ? absl::Utf8SafeCHexEscape(text)
                                                          : absl::StrCat(text.size(), " byte");
  return Refuse(absl::StatusCode::kInvalidArgument, "PERIOD_INVALID",
                {.vi = absl::StrCat("Kỳ \"", shown, "\" không hợp lệ: ", why.vi),
                 .en = absl::StrCat("period \"", shown, "\" is not valid: ", why.en)},
                {{"value", shown}});
}

absl::Status FormUnknown(absl::string_view text) {
  return PeriodInvalid(text,
                       {.vi = "hãy viết như Quý I/2023, Tháng 7/2023, 6 tháng đầu năm 2023 "
                              "hoặc Năm 2023",
                        .en = "write it like Quý I/2023, Tháng 7/2023, 6 tháng đầu năm 2023 or "
                              "Năm 2023"});
}

// How many periods of a kind a year has, how many months each of them, and the letter of its id.
struct Shape {
  int count;
  int months;
  absl::string_view letter;
};

Shape ShapeOf(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kMonth:
      return {.count = 12, .months = 1, .letter = "M"};
    case PeriodKind::kQuarter:
      return {.count = 4, .months = 3, .letter = "Q"};
    case PeriodKind::kHalf:
      return {.count = 2, .months = 6, .letter = "H"};
    case PeriodKind::kNineMonths:
      return {.count = 1, .months = 9, .letter = "9M"};
    case PeriodKind::kYear:
      return {.count = 1, .months = 12, .letter = ""};
  }
  return {};
}

absl::Status NumberInvalid(absl::string_view text, PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kMonth:
      return PeriodInvalid(text, {.vi = "tháng phải từ 1 đến 12", .en = "a month is 1 to 12"});
    case PeriodKind::kQuarter:
      return PeriodInvalid(text, {.vi = "quý phải từ I đến IV", .en = "a quarter is I to IV"});
    default:
      return FormUnknown(text);
  }
}

bool IsDigits(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

// The number written in at most `digits_max` digits, else 0, which no period and no year has.
int NumberIn(absl::string_view text, size_t digits_max) {
  int number = 0;
  if (text.size() > digits_max || !IsDigits(text) || !absl::SimpleAtoi(text, &number)) return 0;
  return number;
}

int QuarterNumber(absl::string_view text) {
  for (size_t i = 0; i < kRoman.size(); ++i) {
    if (absl::EqualsIgnoreCase(text, kRoman[i])) return static_cast<int>(i) + 1;
  }
  return NumberIn(text, 1);
}

// What may stand before "năm 2023".
struct NamedPeriod {
  absl::string_view words;
  PeriodKind kind;
  int number;
};

constexpr std::array<NamedPeriod, 8> kNamedPeriods = {{
    {"", PeriodKind::kYear, 1},
    {"cả", PeriodKind::kYear, 1},
    {"trong", PeriodKind::kYear, 1},
    {"6 tháng", PeriodKind::kHalf, 1},
    {"6 tháng đầu", PeriodKind::kHalf, 1},
    {"6 tháng cuối", PeriodKind::kHalf, 2},
    {"9 tháng", PeriodKind::kNineMonths, 1},
    {"9 tháng đầu", PeriodKind::kNineMonths, 1},
}};

}  // namespace

absl::StatusOr<Period> Period::CreateFrom(absl::string_view text, PeriodKind kind, int year,
                                          int number) {
  if (year < kYearMin || year > kYearMax) {
    return PeriodInvalid(
        text, {.vi = "năm phải từ 2000 đến 2100", .en = "the year must be 2000 to 2100"});
  }
  if (number < 1 || number > ShapeOf(kind).count) return NumberInvalid(text, kind);
  return Period(kind, year, number);
}

absl::StatusOr<Period> Period::Create(PeriodKind kind, int year, int number) {
  return CreateFrom(absl::StrCat(year, "-", ShapeOf(kind).letter, number), kind, year, number);
}

absl::StatusOr<Period> Period::FromId(absl::string_view id) {
  const int year = NumberIn(id.substr(0, 4), 4);
  for (const PeriodKind kind : {PeriodKind::kMonth, PeriodKind::kQuarter, PeriodKind::kHalf,
                                PeriodKind::kNineMonths, PeriodKind::kYear}) {
    for (int number = 1; number <= ShapeOf(kind).count; ++number) {
      if (Period(kind, year, number).id() == id) return CreateFrom(id, kind, year, number);
    }
  }
  return PeriodInvalid(id, {.vi = "mã kỳ phải như 2023-M07, 2023-Q1, 2023-H1, 2023-9M hoặc 2023",
                            .en = "an id looks like 2023-M07, 2023-Q1, 2023-H1, 2023-9M or 2023"});
}

absl::StatusOr<Period> Period::Parse(absl::string_view text) {
  if (text.size() > kShownBytesMax) return FormUnknown(text);
  const std::string key = ComparisonKey(text);
  absl::string_view rest = absl::StripSuffix(key, ".");
  const absl::string_view year_text = rest.substr(rest.size() - std::min<size_t>(rest.size(), 4));
  const int year = year_text.size() == 4 ? NumberIn(year_text, 4) : 0;
  if (year == 0) return FormUnknown(text);
  rest = absl::StripTrailingAsciiWhitespace(absl::StripSuffix(rest, year_text));

  // "tháng", "năm" and "quý" are their own keys: each has its tone where a key has it.
  const bool slash = absl::ConsumeSuffix(&rest, "/");
  if (!slash && !absl::ConsumeSuffix(&rest, "năm")) return FormUnknown(text);
  rest = absl::StripTrailingAsciiWhitespace(rest);
  if (absl::ConsumePrefix(&rest, "quý ") || absl::ConsumePrefix(&rest, "quí ")) {
    return CreateFrom(text, PeriodKind::kQuarter, year, QuarterNumber(rest));
  }
  if (absl::ConsumePrefix(&rest, "tháng ")) {
    return CreateFrom(text, PeriodKind::kMonth, year, NumberIn(rest, 2));
  }
  for (const NamedPeriod& named : kNamedPeriods) {
    if (!slash && rest == ComparisonKey(named.words)) {
      return CreateFrom(text, named.kind, year, named.number);
    }
  }
  return FormUnknown(text);
}

std::optional<Period> Period::Containing(PeriodKind kind, absl::CivilDay date) {
  if (date.year() < kYearMin || date.year() > kYearMax) return std::nullopt;
  const Shape shape = ShapeOf(kind);
  const int number = (date.month() - 1) / shape.months + 1;
  if (number > shape.count) return std::nullopt;
  return Period(kind, static_cast<int>(date.year()), number);
}

std::string Period::id() const {
  switch (kind_) {
    case PeriodKind::kMonth:
      return absl::StrFormat("%04d-M%02d", year_, number_);
    case PeriodKind::kQuarter:
      return absl::StrFormat("%04d-Q%d", year_, number_);
    case PeriodKind::kHalf:
      return absl::StrFormat("%04d-H%d", year_, number_);
    case PeriodKind::kNineMonths:
      return absl::StrFormat("%04d-9M", year_);
    case PeriodKind::kYear:
      return absl::StrFormat("%04d", year_);
  }
  return "";
}

std::string Period::ToVietnamese() const {
  switch (kind_) {
    case PeriodKind::kMonth:
      return absl::StrCat("Tháng ", number_, "/", year_);
    case PeriodKind::kQuarter:
      return absl::StrCat("Quý ", kRoman[static_cast<size_t>(number_ - 1)], "/", year_);
    case PeriodKind::kHalf:
      return absl::StrCat("6 tháng ", number_ == 1 ? "đầu" : "cuối", " năm ", year_);
    case PeriodKind::kNineMonths:
      return absl::StrCat("9 tháng đầu năm ", year_);
    case PeriodKind::kYear:
      return absl::StrCat("Năm ", year_);
  }
  return "";
}

absl::CivilMonth Period::FirstMonth() const {
  return absl::CivilMonth(year_, 1 + (number_ - 1) * ShapeOf(kind_).months);
}

absl::CivilMonth Period::LastMonth() const { return FirstMonth() + (ShapeOf(kind_).months - 1); }

absl::CivilDay Period::first() const { return absl::CivilDay(FirstMonth()); }

absl::CivilDay Period::last() const { return absl::CivilDay(LastMonth() + 1) - 1; }

std::optional<Period> Period::Parent() const {
  switch (kind_) {
    case PeriodKind::kMonth:
      return Containing(PeriodKind::kQuarter, first());
    case PeriodKind::kQuarter:
      return Containing(PeriodKind::kHalf, first());
    case PeriodKind::kHalf:
    case PeriodKind::kNineMonths:
      return Containing(PeriodKind::kYear, first());
    case PeriodKind::kYear:
      return std::nullopt;
  }
  return std::nullopt;
}

std::vector<Period> Period::Children() const {
  const auto parts = [this](PeriodKind kind) {
    const Shape shape = ShapeOf(kind);
    std::vector<Period> children;
    for (int number = 1; number <= shape.count; ++number) {
      const Period part(kind, year_, number);
      if (Contains(part.first())) children.push_back(part);
    }
    return children;
  };
  switch (kind_) {
    case PeriodKind::kMonth:
      return {};
    case PeriodKind::kQuarter:
      return parts(PeriodKind::kMonth);
    case PeriodKind::kHalf:
    case PeriodKind::kNineMonths:
      return parts(PeriodKind::kQuarter);
    case PeriodKind::kYear:
      return parts(PeriodKind::kHalf);
  }
  return {};
}

Window DataWindow(const Period& period, WindowScheme scheme) {
  switch (scheme) {
    case WindowScheme::kCalendar:
      return {.first = period.first(), .last = period.last()};
    case WindowScheme::kFifteenthToFourteenth: {
      const absl::CivilMonth month_before = absl::CivilMonth(period.first()) - 1;
      return {.first = absl::CivilDay(month_before) + 14,
              .last = absl::CivilDay(absl::CivilMonth(period.last())) + 13};
    }
  }
  return {};
}

}  // namespace dondoc::calendar
