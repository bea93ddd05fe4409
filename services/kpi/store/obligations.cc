#include "services/kpi/store/obligations.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/domain/plan_indicators.h"
#include "services/kpi/store/indicators.h"
#include "services/kpi/store/observations.h"
#include "services/kpi/store/schema.h"
#include "services/kpi/store/units.h"

namespace dondoc::kpi {
namespace {

constexpr char kSource[] = "Sổ theo dõi nhiệm vụ";

// The row of the plan's computed indicator, which is made when its first obligation comes before
// the plan itself.
absl::StatusOr<int64_t> IndicatorRow(store::Transaction& transaction, Catalog& catalog,
                                     const std::string& plan) {
  const Indicator indicator = TasksOnTimeOf(plan);
  SharedEntry entry = ReadIndicator(transaction.sql(), indicator.id);
  if (entry == nullptr) {
    RETURN_IF_ERROR(PutMeasures(transaction, catalog, {{.indicator = indicator, .targets = {}}}));
    entry = ReadIndicator(transaction.sql(), indicator.id);
  }
  return entry->row;
}

// One obligation as it is at rest.
struct Owed {
  std::string name;
  std::string plan;
  int64_t unit = 0;
  Obligation obligation;
};

// Sets the observation of an obligation to what it counts as of today, and remembers whether it
// counts at all.
absl::Status Count(store::Transaction& transaction, Catalog& catalog, const Owed& owed,
                   SumChanges& sums) {
  const std::optional<OnTimeFigure> figure = CountObligation(owed.obligation, transaction.today());
  ASSIGN_OR_RETURN(const int64_t indicator, IndicatorRow(transaction, catalog, owed.plan));
  std::optional<Figures> figures;
  if (figure) {
    figures = Figures{.date = figure->date,
                      .numerator = Decimal::OfWhole(figure->on_time ? 1 : 0),
                      .denominator = Decimal::OfWhole(1)};
  }
  transaction.sql().Run("update obligations set counted = :counted where name = :name",
                        figure.has_value(), owed.name);
  PutComputed(transaction,
              {.indicator = indicator,
               .unit = owed.unit,
               .key = owed.name,
               .source = kSource,
               .figures = figures},
              sums);
  return absl::OkStatus();
}

}  // namespace

absl::Status PutAssignment(store::Transaction& transaction, Catalog& catalog,
                           const AssignmentFacts& facts) {
  const std::optional<UnitEntry> unit = ReadUnit(transaction.sql(), facts.unit);
  if (!unit) {
    return absl::FailedPreconditionError(
        absl::StrCat(facts.name, ": ", facts.unit, " has not arrived yet"));
  }
  const Obligation& obligation = facts.obligation;
  transaction.sql().Run(
      "insert into obligations (name, plan, unit_id, state, due_day, handed_in, on_time, counted) "
      "values (:name, :plan, :unit, :state, :due, :handed_in, :on_time, 0) "
      "on conflict (name) do update set unit_id = excluded.unit_id, state = excluded.state, "
      "due_day = excluded.due_day, handed_in = excluded.handed_in, on_time = excluded.on_time",
      facts.name, PlanName(facts.plan), unit->row, obligation.state, DayNumber(obligation.due_date),
      DayNumber(obligation.handed_in), obligation.on_time);
  SumChanges sums;
  RETURN_IF_ERROR(Count(
      transaction, catalog,
      {.name = facts.name, .plan = facts.plan, .unit = unit->row, .obligation = obligation}, sums));
  return sums.Write(transaction, catalog);
}

absl::StatusOr<int64_t> CountOverdue(store::Transaction& transaction, Catalog& catalog,
                                     int64_t limit) {
  std::vector<Owed> overdue;
  transaction.sql().ForEach<std::string, std::string, int64_t, int64_t, int64_t, int64_t, bool>(
      "select name, plan, unit_id, state, due_day, handed_in, on_time from obligations "
      "where counted = 0 and state = 0 and due_day < :today order by due_day limit :limit",
      [&](std::string name, const std::string& plan, int64_t unit, int64_t state, int64_t due,
          int64_t handed_in, bool on_time) {
        overdue.push_back({.name = std::move(name),
                           .plan = plan.substr(PlanName("").size()),
                           .unit = unit,
                           .obligation = {.state = static_cast<ObligationState>(state),
                                          .due_date = DayOf(due),
                                          .handed_in = DayOf(handed_in),
                                          .on_time = on_time}});
      },
      DayNumber(transaction.today()), limit);
  SumChanges sums;
  for (const Owed& owed : overdue) RETURN_IF_ERROR(Count(transaction, catalog, owed, sums));
  RETURN_IF_ERROR(sums.Write(transaction, catalog));
  return static_cast<int64_t>(overdue.size());
}

}  // namespace dondoc::kpi
