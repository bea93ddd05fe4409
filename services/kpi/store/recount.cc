#include "services/kpi/store/recount.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "libs/base/status_macros.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/store/schema.h"
#include "services/kpi/store/values.h"

namespace dondoc::kpi {
namespace {

struct CellKey {
  int64_t indicator = 0;
  int64_t unit = 0;
  int64_t month = 0;

  friend bool operator==(const CellKey&, const CellKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const CellKey& key) {
    return H::combine(std::move(h), key.indicator, key.unit, key.month);
  }
};
using Sums = absl::flat_hash_map<CellKey, ValueSum>;

// The month of a day, remembered: turning a day into a date costs more than adding it up.
class Months {
 public:
  int64_t Of(int64_t day) {
    const auto [at, is_new] = months_.try_emplace(day, 0);
    if (is_new) at->second = MonthNumber(DayOf(day));
    return at->second;
  }

 private:
  absl::flat_hash_map<int64_t, int64_t> months_;
};

absl::StatusOr<Sums> AddUp(store::Sql& sql) {
  Sums sums;
  Months months;
  absl::Status status;
  sql.ForEach<int64_t, int64_t, int64_t, int64_t, int64_t, int64_t>(
      "select indicator_id, unit_id, day, numerator, denominator, by_case from observations "
      "where replaced_by is null",
      [&](int64_t indicator, int64_t unit, int64_t day, int64_t numerator, int64_t denominator,
          int64_t by_case) {
        ValueSum& sum = sums[{indicator, unit, months.Of(day)}];
        status.Update(kpi::Add({.numerator = Decimal::OfUnits(numerator),
                                .denominator = Decimal::OfUnits(denominator),
                                .maximum = Decimal::OfUnits(by_case != 0 ? numerator : 0),
                                .count = 1},
                               sum));
      });
  RETURN_IF_ERROR(status);
  return sums;
}

Sums StoredSums(store::Sql& sql) {
  Sums sums;
  sql.ForEach<int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t>(
      "select indicator_id, unit_id, month, numerator, denominator, maximum, count "
      "from month_sums",
      [&](int64_t indicator, int64_t unit, int64_t month, int64_t numerator, int64_t denominator,
          int64_t maximum, int64_t count) {
        sums[{indicator, unit, month}] = {.numerator = Decimal::OfUnits(numerator),
                                          .denominator = Decimal::OfUnits(denominator),
                                          .maximum = Decimal::OfUnits(maximum),
                                          .count = count};
      });
  return sums;
}

CountedCell CellOf(const CellKey& key, const ValueSum& sum) {
  return {.indicator = key.indicator, .cell = {.unit = key.unit, .month = key.month}, .sum = sum};
}

int64_t Repairs(store::Sql& sql) {
  return sql.Value<int64_t>("select revision from revisions where name = 'repairs'").value_or(0);
}

// The totals that bound all sums of an indicator, moved by what a cell was wrong by.
void RepairTotals(store::Sql& sql, int64_t indicator) {
  sql.Run(
      "update inputs set revision = revision + 1, "
      "numerator = (select coalesce(sum(numerator), 0) from month_sums "
      "where indicator_id = :indicator), "
      "denominator = (select coalesce(sum(denominator), 0) from month_sums "
      "where indicator_id = :same_indicator) where indicator_id = :row",
      indicator, indicator, indicator);
}

}  // namespace

absl::StatusOr<Recount> CountAgain(store::Snapshot& snapshot) {
  ASSIGN_OR_RETURN(const Sums counted, AddUp(snapshot.sql()));
  const Sums stored = StoredSums(snapshot.sql());
  Recount recount{.repairs = Repairs(snapshot.sql()), .cells = {}, .differences = {}};
  for (const auto& [key, sum] : counted) {
    recount.cells.push_back(CellOf(key, sum));
    const auto found = stored.find(key);
    const ValueSum before = found == stored.end() ? ValueSum() : found->second;
    if (before != sum) {
      recount.differences.push_back({.right = CellOf(key, sum), .stored = before});
    }
  }
  for (const auto& [key, sum] : stored) {
    if (sum != ValueSum() && !counted.contains(key)) {
      recount.differences.push_back({.right = CellOf(key, ValueSum()), .stored = sum});
    }
  }
  return recount;
}

absl::Status Repair(store::Transaction& transaction, Catalog& catalog, const Recount& recount) {
  store::Sql& sql = transaction.sql();
  if (Repairs(sql) != recount.repairs) return error::RecomputeRunning();
  sql.Run("update revisions set revision = revision + 1 where name = 'repairs'");
  std::map<int64_t, std::vector<Cell>> touched;
  for (const Difference& difference : recount.differences) {
    const auto& [indicator, cell, right] = difference.right;
    const ValueSum& stored = difference.stored;
    sql.Run(
        "insert into month_sums (indicator_id, unit_id, month, numerator, denominator, maximum, "
        "count) values (:indicator, :unit, :month, 0, 0, 0, 0) on conflict do nothing",
        indicator, cell.unit, cell.month);
    sql.Run(
        "update month_sums set numerator = numerator + :numerator, "
        "denominator = denominator + :denominator, count = count + :count, "
        "maximum = case when maximum = :stored or maximum < :right then :right_again "
        "else maximum end "
        "where indicator_id = :indicator and unit_id = :unit and month = :month",
        right.numerator.units() - stored.numerator.units(),
        right.denominator.units() - stored.denominator.units(), right.count - stored.count,
        stored.maximum.units(), right.maximum.units(), right.maximum.units(), indicator, cell.unit,
        cell.month);
    touched[indicator].push_back(cell);
  }
  for (auto& [indicator, cells] : touched) {
    RepairTotals(sql, indicator);
    const int64_t revision =
        sql.Value<int64_t>("select revision from inputs where indicator_id = :row", indicator)
            .value_or(0);
    transaction.AfterCommit([&catalog, row = indicator, revision, cells = std::move(cells)] {
      catalog.TellSumsChanged(row, revision, cells);
    });
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<pb::Value>> ValuesOf(const Recount& recount, const Catalog& catalog) {
  struct Part {
    ValueSum sum;
    std::set<int64_t> reporting;
  };
  std::map<int64_t, std::map<std::pair<std::string, std::string>, Part>> parts;
  for (const CountedCell& counted : recount.cells) {
    if (counted.sum.count == 0) continue;
    std::vector<std::string> units = catalog.UpwardsFrom(counted.cell.unit);
    units.emplace_back();
    for (const calendar::Period& period : PeriodsOfMonth(counted.cell.month)) {
      for (const std::string& unit : units) {
        Part& part = parts[counted.indicator][{unit, period.id()}];
        RETURN_IF_ERROR(kpi::Add(counted.sum, part.sum));
        if (counted.cell.unit != 0) part.reporting.insert(counted.cell.unit);
      }
    }
  }
  std::vector<pb::Value> values;
  for (const auto& [row, of_indicator] : parts) {
    const SharedEntry entry = catalog.FindByRow(row);
    if (entry == nullptr) continue;
    for (const auto& [name, part] : of_indicator) {
      values.push_back(ToProto({.indicator = IndicatorName(entry->indicator.id),
                                .unit = name.first,
                                .period = name.second},
                               entry->indicator,
                               {.sum = part.sum,
                                .reporting_units = static_cast<int32_t>(part.reporting.size()),
                                .revision = 0},
                               absl::UnixEpoch()));
    }
  }
  return values;
}

}  // namespace dondoc::kpi
