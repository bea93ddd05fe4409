#include "services/registry/domain/plan/dates.h"

namespace dondoc::registry::plan {
namespace {

std::optional<absl::CivilDay> ExistingDay(int year, int month, int day) {
  const absl::CivilDay date(year, month, day);
  // A civil day normalises: 31/02 becomes 03/03, which nobody wrote.
  if (date.year() != year || date.month() != month || date.day() != day) return std::nullopt;
  return date;
}

std::optional<int> NumberOfTwoDigits(const Words& words, size_t at) {
  const std::optional<int> number = WholeNumberAt(words, at);
  if (!number || words[at].key.size() > 2) return std::nullopt;
  return number;
}

}  // namespace

std::optional<int> ReadYear(const Words& words, size_t at) {
  const std::optional<int> year = WholeNumberAt(words, at);
  if (!year || words[at].key.size() != 4 || *year < kYearMin || *year > kYearMax) {
    return std::nullopt;
  }
  return year;
}

std::optional<int> ReadMonth(const Words& words, size_t at) {
  const std::optional<int> month = NumberOfTwoDigits(words, at);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  return month;
}

std::optional<int> ReadQuarter(const Words& words, size_t at) {
  if (at >= words.size()) return std::nullopt;
  std::optional<int> quarter;
  if (words[at].kind == WordKind::kLetters) quarter = RomanNumeral(words[at].key);
  if (words[at].kind == WordKind::kNumber && words[at].key.size() == 1) {
    quarter = WholeNumberAt(words, at);
  }
  if (!quarter || *quarter < 1 || *quarter > 4) return std::nullopt;
  return quarter;
}

std::optional<DateAt> ReadDate(const Words& words, size_t at) {
  static const Phrase kMonth("tháng");
  static const Phrase kYear("năm");
  const std::optional<int> day = NumberOfTwoDigits(words, at);
  const std::optional<int> month = ReadMonth(words, at + 2);
  const std::optional<int> year = ReadYear(words, at + 4);
  if (!day || !month || !year) return std::nullopt;
  const bool in_figures = IsSymbol(words, at + 1, "/") && IsSymbol(words, at + 3, "/");
  const bool in_words = kMonth.IsAt(words, at + 1) && kYear.IsAt(words, at + 3);
  if (!in_figures && !in_words) return std::nullopt;
  const std::optional<absl::CivilDay> date = ExistingDay(*year, *month, *day);
  if (!date) return std::nullopt;
  return DateAt{.date = *date, .words = 5};
}

CivilWindow WindowOf(const MonthSpan& span) {
  const absl::CivilMonth last(span.year, span.last);
  return {.start = absl::CivilDay(span.year, span.first, 1), .end = absl::CivilDay(last + 1) - 1};
}

}  // namespace dondoc::registry::plan
