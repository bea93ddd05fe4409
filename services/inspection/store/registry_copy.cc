#include "services/inspection/store/registry_copy.h"

#include <utility>

#include "libs/calendar/dates.h"

namespace dondoc::inspection {
namespace {

using calendar::FormatDate;

std::optional<std::string> TextOf(const std::optional<absl::CivilDay>& day) {
  return day ? std::optional(FormatDate(*day)) : std::nullopt;
}
absl::CivilDay DayOf(const std::string& text) {
  return calendar::ParseDate("stored", text).value();
}

}  // namespace

void SaveUnit(store::Transaction& transaction, const Unit& unit) {
  transaction.sql().Run(
      "insert into units (name, display_name, kind, parent, valid_from, valid_to, successor) "
      "values (:name, :display_name, :kind, :parent, :valid_from, :valid_to, :successor) "
      "on conflict (name) do update set display_name = excluded.display_name, "
      "kind = excluded.kind, parent = excluded.parent, valid_from = excluded.valid_from, "
      "valid_to = excluded.valid_to, successor = excluded.successor",
      unit.name, unit.display_name, unit.kind, unit.parent, FormatDate(unit.valid_from),
      TextOf(unit.valid_to), unit.successor);
}

Units LoadUnits(store::Snapshot& snapshot) {
  std::vector<Unit> units;
  snapshot.sql()
      .ForEach<std::string, std::string, int64_t, std::string, std::string,
               std::optional<std::string>, std::string>(
          "select name, display_name, kind, parent, valid_from, valid_to, successor from units",
          [&](std::string name, std::string display_name, int64_t kind, std::string parent,
              const std::string& valid_from, const std::optional<std::string>& valid_to,
              std::string successor) {
            units.push_back({.name = std::move(name),
                             .display_name = std::move(display_name),
                             .kind = static_cast<UnitKind>(kind),
                             .parent = std::move(parent),
                             .valid_from = DayOf(valid_from),
                             .successor = std::move(successor)});
            if (valid_to) units.back().valid_to = DayOf(*valid_to);
          });
  return Units(std::move(units));
}

void SaveObligation(store::Transaction& transaction, const Obligation& obligation) {
  if (obligation.cancelled) {
    transaction.sql().Run("delete from obligations where name = :name", obligation.name);
    return;
  }
  transaction.sql().Run(
      "insert into obligations (name, unit, due_date, handed_in) "
      "values (:name, :unit, :due_date, :handed_in) "
      "on conflict (name) do update set unit = excluded.unit, due_date = excluded.due_date, "
      "handed_in = excluded.handed_in",
      obligation.name, obligation.unit, FormatDate(obligation.due), TextOf(obligation.handed_in));
}

std::map<std::string, int64_t> LateCounts(store::Snapshot& snapshot, absl::CivilDay today) {
  const std::string now = FormatDate(today);
  std::map<std::string, int64_t> counts;
  snapshot.sql().ForEach<std::string, int64_t>(
      "select unit, count(*) from obligations "
      "where due_date < coalesce(handed_in, :today) and coalesce(handed_in, :or_today) >= "
      ":new_year "
      "group by unit",
      [&](std::string unit, int64_t count) { counts[std::move(unit)] = count; }, now, now,
      FormatDate(absl::CivilDay(today.year(), 1, 1)));
  return counts;
}

void SavePlanShare(store::Transaction& transaction, const PlanShare& plan) {
  transaction.sql().Run(
      "insert into plans (name, year, share) values (:name, :year, :share) "
      "on conflict (name) do update set year = excluded.year, share = excluded.share",
      plan.plan, plan.year, plan.share ? plan.share->ToString() : std::string());
}

std::optional<Share> PlanShareOf(store::Snapshot& snapshot, int year) {
  std::optional<Share> largest;
  snapshot.sql().ForEach<std::string>(
      "select share from plans where year = :year and share <> ''",
      [&](const std::string& text) {
        const Share share = Share::Parse(text).value();
        if (!largest || share.IsAtLeast(*largest)) largest = share;
      },
      year);
  return largest;
}

}  // namespace dondoc::inspection
