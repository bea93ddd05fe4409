#include "services/kpi/store/sums.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/store/schema.h"
#include "services/kpi/store/units.h"

namespace dondoc::kpi {
namespace {

// Adds up in two steps, so that each unit is counted once however many months it reported. SQLite
// walks the cells in the order of their key and sorts nothing. No sum here can overflow: figures
// are not negative, and the total of all of them fits (see `inputs`).
std::string SumSql(absl::string_view cells) {
  return absl::StrCat(
      "select coalesce(sum(n), 0), coalesce(sum(d), 0), coalesce(max(m), 0), coalesce(sum(c), 0), "
      "coalesce(sum(reports), 0) from (select sum(s.numerator) n, sum(s.denominator) d, "
      "max(s.maximum) m, sum(s.count) c, case when s.unit_id = 0 then 0 else 1 end reports from ",
      cells,
      " and s.indicator_id = :indicator and s.month between :first and :last and s.count > 0 "
      "group by s.unit_id) as by_unit");
}

// A total after a change, when it still fits.
absl::StatusOr<int64_t> Changed(int64_t total, absl::int128 change) {
  const absl::int128 sum = change + total;
  const auto units = static_cast<int64_t>(sum);
  if (sum != units) return error::SumOverflow();
  return units;
}

}  // namespace

int64_t InputsRevision(store::Sql& sql, int64_t indicator_row) {
  return sql
      .Value<int64_t>("select revision from inputs where indicator_id = :indicator", indicator_row)
      .value_or(0);
}

absl::StatusOr<MeasuredValue> ReadValue(store::Sql& sql, int64_t indicator_row,
                                        const std::string& unit, const calendar::Window& window) {
  static const std::string kWholeRegister = SumSql("month_sums s where true");
  static const std::string kUnitAndBelow = SumSql(
      "units u join unit_tree t on t.unit_id = u.id join month_sums s on s.unit_id = t.below_id "
      "where u.name = :unit");
  MeasuredValue value;
  value.revision = InputsRevision(sql, indicator_row) + TreeRevision(sql);
  const auto each = [&](int64_t numerator, int64_t denominator, int64_t maximum, int64_t count,
                        int64_t reporting_units) {
    value.sum = {.numerator = Decimal::OfUnits(numerator),
                 .denominator = Decimal::OfUnits(denominator),
                 .maximum = Decimal::OfUnits(maximum),
                 .count = count};
    value.reporting_units = static_cast<int32_t>(reporting_units);
  };
  const int64_t first = MonthNumber(window.first);
  const int64_t last = MonthNumber(window.last);
  if (unit.empty()) {
    sql.ForEach<int64_t, int64_t, int64_t, int64_t, int64_t>(kWholeRegister.c_str(), each,
                                                             indicator_row, first, last);
  } else {
    sql.ForEach<int64_t, int64_t, int64_t, int64_t, int64_t>(kUnitAndBelow.c_str(), each, unit,
                                                             indicator_row, first, last);
  }
  return value;
}

std::map<int64_t, std::set<Cell>> ReadCells(store::Sql& sql, int64_t first_month,
                                            int64_t last_month) {
  std::map<int64_t, std::set<Cell>> cells;
  sql.ForEach<int64_t, int64_t, int64_t>(
      "select indicator_id, unit_id, month from month_sums "
      "where month between :first and :last and count > 0",
      [&](int64_t indicator, int64_t unit, int64_t month) {
        cells[indicator].insert({.unit = unit, .month = month});
      },
      first_month, last_month);
  return cells;
}

std::set<Cell> CellsOf(store::Sql& sql, int64_t indicator_row) {
  std::set<Cell> cells;
  sql.ForEach<int64_t, int64_t>(
      "select unit_id, month from month_sums where indicator_id = :indicator",
      [&](int64_t unit, int64_t month) { cells.insert({.unit = unit, .month = month}); },
      indicator_row);
  return cells;
}

std::map<int64_t, int64_t> AllInputsRevisions(store::Sql& sql) {
  std::map<int64_t, int64_t> revisions;
  sql.ForEach<int64_t, int64_t>(
      "select indicator_id, revision from inputs",
      [&](int64_t indicator, int64_t revision) { revisions[indicator] = revision; });
  return revisions;
}

void SumChanges::Add(const Contribution& contribution) {
  for (Change* change :
       {&cells_[{contribution.indicator, contribution.cell}], &totals_[contribution.indicator]}) {
    change->numerator += contribution.numerator.units();
    change->denominator += contribution.denominator.units();
    if (contribution.by_case) change->maximum = std::max(change->maximum, contribution.numerator);
    ++change->count;
  }
}

void SumChanges::Remove(const Contribution& contribution) {
  for (Change* change :
       {&cells_[{contribution.indicator, contribution.cell}], &totals_[contribution.indicator]}) {
    change->numerator -= contribution.numerator.units();
    change->denominator -= contribution.denominator.units();
    change->maximum_lost = change->maximum_lost || contribution.by_case;
    --change->count;
  }
}

absl::Status SumChanges::Write(store::Transaction& transaction, Catalog& catalog) {
  store::Sql& sql = transaction.sql();
  // The totals first: they refuse what does not fit, and no cell is ever larger than they are.
  for (const auto& [indicator, total] : totals_) {
    RETURN_IF_ERROR(WriteTotals(sql, indicator, total));
  }
  std::map<int64_t, std::vector<Cell>> touched;
  for (const auto& [at, change] : cells_) {
    WriteCell(sql, at, change);
    touched[at.indicator].push_back(at.cell);
  }
  for (auto& [indicator, cells] : touched) {
    const int64_t revision = InputsRevision(sql, indicator);
    transaction.AfterCommit([&catalog, row = indicator, revision, cells = std::move(cells)] {
      catalog.TellSumsChanged(row, revision, cells);
    });
  }
  cells_.clear();
  totals_.clear();
  return absl::OkStatus();
}

absl::Status SumChanges::WriteTotals(store::Sql& sql, int64_t indicator, const Change& total) {
  const auto before = sql.One<int64_t, int64_t>(
      "select numerator, denominator from inputs where indicator_id = :indicator", indicator);
  if (!before) return absl::InternalError("an indicator has no row of inputs");
  ASSIGN_OR_RETURN(const int64_t numerator, Changed(std::get<0>(*before), total.numerator));
  ASSIGN_OR_RETURN(const int64_t denominator, Changed(std::get<1>(*before), total.denominator));
  sql.Run(
      "update inputs set revision = revision + 1, numerator = :numerator, "
      "denominator = :denominator where indicator_id = :indicator",
      numerator, denominator, indicator);
  return absl::OkStatus();
}

void SumChanges::WriteCell(store::Sql& sql, const CellOfIndicator& at, const Change& change) {
  sql.Run(
      "insert into month_sums (indicator_id, unit_id, month, numerator, denominator, maximum, "
      "count) values (:indicator, :unit, :month, :numerator, :denominator, :maximum, :count) "
      "on conflict (indicator_id, unit_id, month) do update set "
      "numerator = month_sums.numerator + excluded.numerator, "
      "denominator = month_sums.denominator + excluded.denominator, "
      "maximum = case when excluded.maximum > month_sums.maximum then excluded.maximum "
      "else month_sums.maximum end, "
      "count = month_sums.count + excluded.count",
      at.indicator, at.cell.unit, at.cell.month, static_cast<int64_t>(change.numerator),
      static_cast<int64_t>(change.denominator), change.maximum.units(), change.count);
  if (!change.maximum_lost) return;
  const auto year = static_cast<int>(at.cell.month / 12);
  const absl::CivilMonth month(year, static_cast<int>(at.cell.month % 12) + 1);
  const int64_t maximum =
      sql.Value<int64_t>(
             "select coalesce(max(numerator), 0) from observations where indicator_id = :indicator "
             "and unit_id = :unit and day between :first and :last and by_case = 1 "
             "and replaced_by is null",
             at.indicator, at.cell.unit, DayNumber(absl::CivilDay(month)),
             DayNumber(absl::CivilDay(month + 1) - 1))
          .value_or(0);
  sql.Run(
      "update month_sums set maximum = :maximum "
      "where indicator_id = :indicator and unit_id = :unit and month = :month",
      maximum, at.indicator, at.cell.unit, at.cell.month);
}

}  // namespace dondoc::kpi
