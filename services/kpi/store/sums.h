#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "libs/calendar/periods.h"
#include "libs/store/database.h"
#include "services/kpi/domain/value.h"
#include "services/kpi/store/catalog.h"
#include "services/kpi/wire/convert.h"

// Observations added up by unit and month, and values read from those sums.
namespace dondoc::kpi {

// The revision of an indicator's own inputs, without that of the tree of units.
int64_t InputsRevision(store::Sql& sql, int64_t indicator_row);

// Adds up an indicator over `unit` (units/{id}, "" for the whole register) with everything below it
// and the months of `window`, from one consistent view.
absl::StatusOr<MeasuredValue> ReadValue(store::Sql& sql, int64_t indicator_row,
                                        const std::string& unit, const calendar::Window& window);

// The cells of each indicator (by row) that hold observations, in a range of months.
std::map<int64_t, std::set<Cell>> ReadCells(store::Sql& sql, int64_t first_month,
                                            int64_t last_month);

// Those of one indicator, in all months.
std::set<Cell> CellsOf(store::Sql& sql, int64_t indicator_row);

// The revision of its own inputs of each indicator, by row.
std::map<int64_t, int64_t> AllInputsRevisions(store::Sql& sql);

// The figures that one observation adds to a cell, or takes from it.
struct Contribution {
  int64_t indicator = 0;
  Cell cell;
  Decimal numerator;
  Decimal denominator;
  // True where the largest value counts and not the sum.
  bool by_case = false;
};

// What one transaction changes in the sums: collected in memory, written once, so that a batch of
// observations of one unit and month costs one row.
class SumChanges {
 public:
  void Add(const Contribution& contribution);
  void Remove(const Contribution& contribution);

  // Writes everything, after the observations themselves, and raises the revision of each indicator
  // touched. OUT_OF_RANGE, reason SUM_OVERFLOW, when the total of an indicator no longer fits; the
  // transaction must then fail.
  absl::Status Write(store::Transaction& transaction, Catalog& catalog);

 private:
  struct Change {
    absl::int128 numerator = 0;
    absl::int128 denominator = 0;
    Decimal maximum;
    int64_t count = 0;
    // The largest value may be gone and has to be found again.
    bool maximum_lost = false;
  };
  struct CellOfIndicator {
    int64_t indicator = 0;
    Cell cell;

    friend bool operator==(const CellOfIndicator&, const CellOfIndicator&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const CellOfIndicator& key) {
      return H::combine(std::move(h), key.indicator, key.cell.unit, key.cell.month);
    }
  };

  absl::Status WriteTotals(store::Sql& sql, int64_t indicator, const Change& total);
  void WriteCell(store::Sql& sql, const CellOfIndicator& at, const Change& change);

  absl::flat_hash_map<CellOfIndicator, Change> cells_;
  std::map<int64_t, Change> totals_;
};

}  // namespace dondoc::kpi
