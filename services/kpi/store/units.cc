#include "services/kpi/store/units.h"

#include <map>
#include <set>
#include <utility>

#include "services/kpi/store/schema.h"

namespace dondoc::kpi {
namespace {

UnitEntry EntryOf(int64_t row, std::string name, std::string parent, int64_t valid_from,
                  std::optional<int64_t> valid_to) {
  return {.row = row,
          .name = std::move(name),
          .parent = std::move(parent),
          .days = {.valid_from = DayOf(valid_from),
                   .valid_to = valid_to ? DayOf(*valid_to) : absl::CivilDay::max()}};
}

// A new unit with nothing below it: itself, and one more below each that its parent is below.
void AddLeaf(store::Sql& sql, const UnitEntry& unit) {
  sql.Run("insert into unit_tree (unit_id, below_id) values (:unit, :same)", unit.row, unit.row);
  sql.Run(
      "insert into unit_tree (unit_id, below_id) "
      "select t.unit_id, cast(:unit as bigint) from unit_tree t join units p on p.id = t.below_id "
      "where p.name = :parent",
      unit.row, unit.parent);
}

// Units move seldom and are few: the tree is then built anew.
void RebuildTree(store::Sql& sql) {
  std::map<std::string, UnitEntry> units;
  for (UnitEntry& unit : ReadUnits(sql)) {
    std::string name = unit.name;
    units[std::move(name)] = std::move(unit);
  }
  sql.Run("delete from unit_tree");
  for (const auto& [name, unit] : units) {
    std::set<int64_t> above;  // guards against a loop in data that we only copied
    for (auto at = units.find(name); at != units.end(); at = units.find(at->second.parent)) {
      if (!above.insert(at->second.row).second) break;
      sql.Run("insert into unit_tree (unit_id, below_id) values (:unit, :below)", at->second.row,
              unit.row);
    }
  }
}

bool HasChildren(store::Sql& sql, const std::string& name) {
  return sql.Value<int64_t>("select 1 from units where parent = :name limit 1", name).has_value();
}

}  // namespace

std::vector<UnitEntry> ReadUnits(store::Sql& sql) {
  std::vector<UnitEntry> units;
  sql.ForEach<int64_t, std::string, std::string, int64_t, std::optional<int64_t>>(
      "select id, name, parent, valid_from, valid_to from units order by id",
      [&](int64_t row, std::string name, std::string parent, int64_t from,
          std::optional<int64_t> to) {
        units.push_back(EntryOf(row, std::move(name), std::move(parent), from, to));
      });
  return units;
}

std::optional<UnitEntry> ReadUnit(store::Sql& sql, const std::string& name) {
  auto stored = sql.One<int64_t, std::string, int64_t, std::optional<int64_t>>(
      "select id, parent, valid_from, valid_to from units where name = :name", name);
  if (!stored) return std::nullopt;
  auto& [row, parent, from, to] = *stored;
  return EntryOf(row, name, std::move(parent), from, to);
}

int64_t TreeRevision(store::Sql& sql) {
  return sql.Value<int64_t>("select revision from tree where id = 1").value_or(0);
}

void PutUnit(store::Transaction& transaction, Catalog& catalog, const UnitFacts& facts) {
  store::Sql& sql = transaction.sql();
  const std::optional<UnitEntry> before = ReadUnit(sql, facts.name);
  std::optional<int64_t> valid_to;
  if (facts.valid_to) valid_to = DayNumber(*facts.valid_to);
  sql.Run(
      "insert into units (name, parent, valid_from, valid_to) "
      "values (:name, :parent, :valid_from, :valid_to) "
      "on conflict (name) do update set parent = excluded.parent, "
      "valid_from = excluded.valid_from, valid_to = excluded.valid_to",
      facts.name, facts.parent, DayNumber(facts.valid_from), valid_to);
  const UnitEntry after = *ReadUnit(sql, facts.name);
  const int64_t revision = RaiseCatalogRevision(transaction);
  transaction.AfterCommit([&catalog, after, revision] { catalog.PutUnit(after, revision); });

  const bool moved = before ? before->parent != after.parent : HasChildren(sql, after.name);
  if (moved) {
    RebuildTree(sql);
    sql.Run("update tree set revision = revision + 1 where id = 1");
    transaction.AfterCommit([&catalog] { catalog.TellTreeChanged(); });
  } else if (!before) {
    AddLeaf(sql, after);
  }
}

}  // namespace dondoc::kpi
