#include "services/kpi/domain/observation.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/calendar/dates.h"
#include "services/kpi/domain/errors.h"

namespace dondoc::kpi {
namespace {

absl::StatusOr<Decimal> CheckFigure(absl::string_view field, absl::string_view text) {
  absl::StatusOr<Decimal> figure = Decimal::Parse(text);
  if (!figure.ok()) return error::AtField(figure.status(), field);
  if (*figure < Decimal()) return error::FigureNegative(field, *figure);
  return figure;
}

// A key that needs no cleaning, as nearly all do: Unicode normalisation costs more than the rest of
// an observation together.
bool IsPlain(absl::string_view key) {
  return !key.empty() && key.size() <= kKeyMax && std::all_of(key.begin(), key.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
}

}  // namespace

absl::StatusOr<Figures> CheckFigures(const FiguresText& text, Aggregation aggregation,
                                     absl::CivilDay today) {
  Figures figures;
  ASSIGN_OR_RETURN(figures.date, calendar::ParseDate("date", text.date));
  if (figures.date > today) return error::DateInFuture(figures.date, today);
  ASSIGN_OR_RETURN(figures.numerator, CheckFigure("numerator", text.numerator));
  if (aggregation == Aggregation::kSum && text.denominator.empty()) return figures;
  ASSIGN_OR_RETURN(figures.denominator, CheckFigure("denominator", text.denominator));
  if (aggregation != Aggregation::kSum && figures.denominator.IsZero() &&
      !figures.numerator.IsZero()) {
    return error::DenominatorZero(figures.numerator);
  }
  return figures;
}

absl::Status CheckUnitExists(absl::string_view unit, const UnitDays& days, absl::CivilDay date) {
  if (days.valid_from <= date && date < days.valid_to) return absl::OkStatus();
  return error::UnitNotOnDate(unit, date);
}

absl::StatusOr<std::string> CheckKey(absl::string_view field, absl::string_view key) {
  if (IsPlain(key)) return std::string(key);
  return CleanLine(field, key, kKeyMax);
}

}  // namespace dondoc::kpi
