#include "services/registry/store/units.h"

#include <utility>

#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/calendar/dates.h"
#include "libs/identity/directory.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/store/body.h"

namespace dondoc::registry {
namespace {

using store::Bytes;

// Stands for "no end": sorts after every date that is accepted.
constexpr char kNoEnd[] = "9999-12-31";

void SaveNames(store::Transaction& transaction, const Unit& unit) {
  transaction.sql().Run("delete from unit_names where unit = :unit", unit.id());
  for (const std::string& name : unit.Names()) {
    transaction.sql().Run("insert into unit_names (unit, key) values (:unit, :key)", unit.id(),
                          ComparisonKey(name));
  }
}

}  // namespace

absl::StatusOr<Stored<Unit>> FindUnit(store::Snapshot& snapshot, absl::string_view id) {
  const auto row =
      snapshot.sql().One<int64_t, Bytes>("select version, body from units where id = :id", id);
  if (!row) return error::UnitNotFound(id);
  return Stored<Unit>{RestoreUnit(Decode<pb::Unit>(std::get<1>(*row))), std::get<0>(*row)};
}

bool UnitExists(store::Snapshot& snapshot, absl::string_view id) {
  return snapshot.sql().Value<int64_t>("select 1 from units where id = :id", id).has_value();
}

pb::Unit SaveUnit(store::Transaction& transaction, Stored<Unit>& unit, absl::string_view verb) {
  const UnitState& state = unit.value.state();
  pb::UnitChanged event;
  *event.mutable_unit() = ToProto(unit.value, ++unit.version);
  const std::optional<std::string> parent =
      state.parent.empty() ? std::nullopt : std::optional(state.parent);
  transaction.sql().Run(
      "insert into units (id, version, kind, parent, valid_from, valid_to, body) "
      "values (:id, :version, :kind, :parent, :valid_from, :valid_to, :body) "
      "on conflict (id) do update set version = excluded.version, parent = excluded.parent, "
      "valid_to = excluded.valid_to, body = excluded.body",
      state.id, unit.version, ToProto(state.kind), parent, event.unit().valid_from(),
      state.valid_to ? event.unit().valid_to() : std::string(kNoEnd), Encode(event.unit()));
  SaveNames(transaction, unit.value);
  identity::PutUnit(transaction, {.version = unit.version,
                                  .unit = {.name = event.unit().name(),
                                           .parent = event.unit().parent(),
                                           .valid_from = state.valid_from,
                                           .valid_to = state.valid_to}});
  Emit(transaction,
       {.noun = "unit", .verb = verb, .name = event.unit().name(), .version = unit.version}, event);
  return std::move(*event.mutable_unit());
}

absl::StatusOr<std::vector<Unit>> ChainUpFrom(store::Snapshot& snapshot, absl::string_view id) {
  std::vector<Unit> chain;
  std::string next(id);
  // No cycle is ever kept, so the walk ends at a root.
  while (!next.empty()) {
    ASSIGN_OR_RETURN(Stored<Unit> unit, FindUnit(snapshot, next));
    next = unit.value.state().parent;
    chain.push_back(std::move(unit.value));
  }
  return chain;
}

size_t HeightBelow(store::Snapshot& snapshot, absl::string_view id) {
  return static_cast<size_t>(
      snapshot.sql()
          .Value<int64_t>("with recursive below (id, height) as ("
                          "  select id, 1 from units where parent = :unit"
                          "  union all"
                          "  select units.id, below.height + 1"
                          "  from units join below on units.parent = below.id) "
                          "select coalesce(max(height), 0) from below",
                          id)
          .value_or(0));
}

std::string ChildFrom(store::Snapshot& snapshot, absl::string_view id, absl::CivilDay day) {
  return snapshot.sql()
      .Value<std::string>(
          "select id from units where parent = :unit and valid_to > :day "
          "order by id limit 1",
          id, calendar::FormatDate(day))
      .value_or("");
}

std::vector<Unit> UnitsNamed(store::Snapshot& snapshot, absl::string_view name) {
  std::vector<Unit> units;
  snapshot.sql().ForEach<Bytes>(
      "select units.body from unit_names join units on units.id = unit_names.unit "
      "where unit_names.key = :key order by units.id",
      [&](const Bytes& body) { units.push_back(RestoreUnit(Decode<pb::Unit>(body))); },
      ComparisonKey(name));
  return units;
}

absl::Status AddWithSuccessors(store::Snapshot& snapshot, absl::string_view id,
                               UnitDirectory& directory) {
  std::string next(id);
  while (!next.empty() && !directory.Knows(next)) {
    ASSIGN_OR_RETURN(Stored<Unit> unit, FindUnit(snapshot, next));
    next = unit.value.state().successor;
    directory.Add(std::move(unit.value));
  }
  return absl::OkStatus();
}

std::vector<Unit> UnitsOfKind(store::Snapshot& snapshot, UnitKind kind, absl::CivilDay day) {
  std::vector<Unit> units;
  snapshot.sql().ForEach<Bytes>(
      "select body from units where kind = :kind and valid_from <= :day and valid_to = :no_end "
      "order by id",
      [&](const Bytes& body) { units.push_back(RestoreUnit(Decode<pb::Unit>(body))); },
      ToProto(kind), calendar::FormatDate(day), kNoEnd);
  return units;
}

void TellUnknownUnitsAgain(store::Transaction& transaction) {
  std::vector<Stored<Unit>> unknown;
  transaction.sql().ForEach<int64_t, Bytes>(
      "select version, body from units where not exists (select 1 from directory_units d where "
      "d.name = 'units/' || units.id) order by id",
      [&](int64_t version, const Bytes& body) {
        unknown.push_back({RestoreUnit(Decode<pb::Unit>(body)), version});
      });
  for (Stored<Unit>& unit : unknown) SaveUnit(transaction, unit, "changed");
}

std::vector<pb::Unit> ListUnitBodies(store::Snapshot& snapshot, const UnitQuery& query) {
  // Without a day, every unit began by the last one and ends after the first one.
  const std::string began_by = query.as_of ? calendar::FormatDate(*query.as_of) : kNoEnd;
  const std::string ends_after = query.as_of ? calendar::FormatDate(*query.as_of) : "";
  std::vector<pb::Unit> units;
  snapshot.sql().ForEach<Bytes>(
      "select body from units where id > :after and valid_from <= :began_by and "
      "valid_to > :ends_after order by id limit :limit",
      [&](const Bytes& body) { units.push_back(Decode<pb::Unit>(body)); }, query.after, began_by,
      ends_after, query.limit);
  return units;
}

}  // namespace dondoc::registry
