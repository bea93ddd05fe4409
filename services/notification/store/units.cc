#include "services/notification/store/units.h"

#include <utility>

#include "services/notification/store/columns.h"

namespace dondoc::notification {
namespace {

Unit UnitOf(std::string name, std::string display_name, int64_t kind,
            std::optional<int64_t> valid_to) {
  Unit unit{.name = std::move(name), .display_name = std::move(display_name), .kind = kind};
  if (valid_to) unit.valid_to = DayOf(*valid_to);
  return unit;
}

}  // namespace

std::optional<Unit> FindUnit(store::Sql& sql, const std::string& name) {
  auto row = sql.One<std::string, std::string, int64_t, std::optional<int64_t>>(
      "select name, display_name, kind, valid_to from units where name = :name", name);
  if (!row) return std::nullopt;
  return std::apply(UnitOf, *std::move(row));
}

std::vector<Unit> AllUnits(store::Sql& sql) {
  std::vector<Unit> units;
  for (auto& row : sql.All<std::string, std::string, int64_t, std::optional<int64_t>>(
           "select name, display_name, kind, valid_to from units order by name")) {
    units.push_back(std::apply(UnitOf, std::move(row)));
  }
  return units;
}

void PutUnit(store::Sql& sql, const Unit& unit) {
  std::optional<int64_t> valid_to;
  if (unit.valid_to) valid_to = DayNumber(*unit.valid_to);
  sql.Run(
      "insert into units (name, display_name, kind, valid_to) values (:name, :display_name, :kind, "
      ":valid_to) on conflict (name) do update set display_name = excluded.display_name, kind = "
      "excluded.kind, valid_to = excluded.valid_to",
      unit.name, unit.display_name, unit.kind, valid_to);
}

void PutReport(store::Sql& sql, const Report& report) {
  sql.Run(
      "insert into reports (name, label, due_day) values (:name, :label, :due_day) "
      "on conflict (name) do update set label = excluded.label, due_day = excluded.due_day",
      report.name, report.label, DayNumber(report.due));
}

std::vector<Report> ReportsDueFrom(store::Sql& sql, absl::CivilDay day) {
  std::vector<Report> reports;
  sql.ForEach<std::string, std::string, int64_t>(
      "select name, label, due_day from reports where due_day >= :day order by name",
      [&](std::string name, std::string label, int64_t due_day) {
        reports.push_back(
            {.name = std::move(name), .label = std::move(label), .due = DayOf(due_day)});
      },
      DayNumber(day));
  return reports;
}

}  // namespace dondoc::notification
