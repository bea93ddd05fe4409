#include "services/kpi/store/indicators.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dondoc/kpi/v1/events.pb.h"
#include "libs/base/status_macros.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/domain/names.h"
#include "services/kpi/wire/convert.h"

namespace dondoc::kpi {
namespace {

using store::Bytes;

template <typename Message>
Message Parsed(const Bytes& body) {
  Message message;
  message.ParseFromString(body.value);
  return message;
}

// What a source said, without what is this service's own: two such texts are equal when the source
// says the same again.
Bytes DerivedForm(Indicator indicator) {
  indicator.version = 0;
  return Bytes{ToProto(indicator).SerializeAsString()};
}
Bytes DerivedForm(Target target) {
  target.version = 0;
  target.conflicting = false;
  return Bytes{ToProto(target).SerializeAsString()};
}

void Emit(store::Transaction& transaction, const Indicator& indicator) {
  pb::IndicatorChanged event;
  *event.mutable_indicator() = ToProto(indicator);
  transaction.Emit({.type = indicator.version == 1 ? "dondoc.kpi.indicator.defined"
                                                   : "dondoc.kpi.indicator.changed",
                    .name = IndicatorName(indicator.id),
                    .version = indicator.version,
                    .schema = event.GetDescriptor()->full_name(),
                    .payload = event.SerializeAsString()});
}

void Emit(store::Transaction& transaction, const Target& target) {
  pb::TargetChanged event;
  *event.mutable_target() = ToProto(target);
  transaction.Emit(
      {.type = target.version == 1 ? "dondoc.kpi.target.set" : "dondoc.kpi.target.changed",
       .name = TargetNameOf(target.indicator, target.id),
       .version = target.version,
       .schema = event.GetDescriptor()->full_name(),
       .payload = event.SerializeAsString()});
}

// Inserts (version 1) or updates, and emits.
void Save(store::Transaction& transaction, const Indicator& indicator) {
  transaction.sql().Run(
      "insert into indicators (name, version, body) values (:name, :version, :body) "
      "on conflict (name) do update set version = excluded.version, body = excluded.body",
      IndicatorName(indicator.id), indicator.version,
      Bytes{ToProto(indicator).SerializeAsString()});
  Emit(transaction, indicator);
}

void Save(store::Transaction& transaction, int64_t indicator_row, const Target& target) {
  transaction.sql().Run(
      "insert into targets (name, version, indicator_id, plan, clause_order, body) "
      "values (:name, :version, :indicator, :plan, :clause_order, :body) "
      "on conflict (name) do update set version = excluded.version, plan = excluded.plan, "
      "clause_order = excluded.clause_order, body = excluded.body",
      TargetNameOf(target.indicator, target.id), target.version, indicator_row,
      target.plan.empty() ? "" : PlanName(target.plan), ClauseOrder(target.clause),
      Bytes{ToProto(target).SerializeAsString()});
  Emit(transaction, target);
}

// The catalog shows the indicator as it is now, once that is committed.
void Refresh(store::Transaction& transaction, Catalog& catalog, const std::string& id) {
  SharedEntry entry = ReadIndicator(transaction.sql(), id);
  const int64_t revision = RaiseCatalogRevision(transaction);
  transaction.AfterCommit([&catalog, entry, revision] { catalog.PutIndicator(entry, revision); });
}

std::vector<Target> TargetsOf(store::Sql& sql, int64_t indicator_row) {
  std::vector<Target> targets;
  sql.ForEach<Bytes>(
      "select body from targets where indicator_id = :indicator order by name",
      [&](const Bytes& body) { targets.push_back(FromStored(Parsed<pb::Target>(body))); },
      indicator_row);
  return targets;
}

// Puts `wanted` among the targets of its indicator, sets everybody's flags anew, and saves those
// that differ from before.
Target PutAmongSiblings(store::Transaction& transaction, int64_t indicator_row, Target wanted) {
  const std::vector<Target> before = TargetsOf(transaction.sql(), indicator_row);
  std::vector<Target> after = before;
  const auto same_id = [&](const Target& target) { return target.id == wanted.id; };
  const auto found = std::find_if(after.begin(), after.end(), same_id);
  const auto at = static_cast<size_t>(found - after.begin());
  if (found == after.end()) {
    wanted.version = 0;
    after.push_back(std::move(wanted));
  } else {
    wanted.version = found->version;
    *found = std::move(wanted);
  }
  MarkConflicts(after);
  for (size_t i = 0; i < after.size(); ++i) {
    if (i < before.size() && after[i] == before[i]) continue;
    ++after[i].version;
    Save(transaction, indicator_row, after[i]);
  }
  return after[at];
}

absl::Status PutIndicatorOfSource(store::Transaction& transaction, const Indicator& said) {
  const Bytes form = DerivedForm(said);
  const std::string name = IndicatorName(said.id);
  const auto stored = transaction.sql().One<Bytes, std::optional<Bytes>>(
      "select body, derived from indicators where name = :name", name);
  if (stored && std::get<1>(*stored) && std::get<1>(*stored)->value == form.value) {
    return absl::OkStatus();
  }
  Indicator wanted = said;
  if (stored) {
    const Indicator before = FromStored(Parsed<pb::Indicator>(std::get<0>(*stored)));
    wanted.version = before.version;
    // What was recorded under these would mean something else.
    wanted.aggregation = before.aggregation;
    wanted.computed = before.computed;
    if (wanted != before) {
      ++wanted.version;
      Save(transaction, wanted);
    }
  } else {
    wanted.version = 1;
    Save(transaction, wanted);
    transaction.sql().Run(
        "insert into inputs (indicator_id, revision, numerator, denominator) "
        "select id, 1, 0, 0 from indicators where name = :name",
        name);
  }
  transaction.sql().Run("update indicators set derived = :derived where name = :name", form, name);
  return absl::OkStatus();
}

void PutTargetOfSource(store::Transaction& transaction, int64_t indicator_row, const Target& said) {
  const Bytes form = DerivedForm(said);
  const std::string name = TargetNameOf(said.indicator, said.id);
  const auto derived = transaction.sql().Value<std::optional<Bytes>>(
      "select derived from targets where name = :name", name);
  if (derived && *derived && (*derived)->value == form.value) return;
  PutAmongSiblings(transaction, indicator_row, said);
  transaction.sql().Run("update targets set derived = :derived where name = :name", form, name);
}

}  // namespace

std::vector<SharedEntry> ReadIndicators(store::Sql& sql) {
  std::map<int64_t, IndicatorEntry> entries;
  sql.ForEach<int64_t, Bytes>("select id, body from indicators order by name",
                              [&](int64_t row, const Bytes& body) {
                                entries[row].row = row;
                                entries[row].indicator = FromStored(Parsed<pb::Indicator>(body));
                              });
  sql.ForEach<int64_t, Bytes>(
      "select indicator_id, body from targets order by name", [&](int64_t row, const Bytes& body) {
        entries[row].targets.push_back(FromStored(Parsed<pb::Target>(body)));
      });
  std::vector<SharedEntry> shared;
  for (auto& [row, entry] : entries) {
    shared.push_back(std::make_shared<const IndicatorEntry>(std::move(entry)));
  }
  return shared;
}

SharedEntry ReadIndicator(store::Sql& sql, const std::string& id) {
  const auto stored = sql.One<int64_t, Bytes>("select id, body from indicators where name = :name",
                                              IndicatorName(id));
  if (!stored) return nullptr;
  const auto& [row, body] = *stored;
  return std::make_shared<const IndicatorEntry>(
      IndicatorEntry{.row = row,
                     .indicator = FromStored(Parsed<pb::Indicator>(body)),
                     .targets = TargetsOf(sql, row)});
}

std::vector<Indicator> ListIndicators(store::Sql& sql, const std::string& after, int64_t limit) {
  std::vector<Indicator> indicators;
  sql.ForEach<Bytes>(
      "select body from indicators where name > :after order by name limit :limit",
      [&](const Bytes& body) { indicators.push_back(FromStored(Parsed<pb::Indicator>(body))); },
      after, limit);
  return indicators;
}

std::vector<Target> ListTargets(store::Sql& sql, const TargetFilter& filter,
                                const std::string& after, int64_t limit) {
  std::vector<Target> targets;
  const auto each = [&](const Bytes& body) {
    targets.push_back(FromStored(Parsed<pb::Target>(body)));
  };
  const std::string plan = filter.plan.empty() ? "" : PlanName(filter.plan);
  if (filter.indicator.empty()) {
    sql.ForEach<Bytes>(
        "select body from targets where name > :after and (:plan = '' or plan = :same_plan) "
        "order by name limit :limit",
        each, after, plan, plan, limit);
  } else {
    sql.ForEach<Bytes>(
        "select t.body from targets t join indicators i on i.id = t.indicator_id "
        "where i.name = :indicator and t.name > :after and (:plan = '' or t.plan = :same_plan) "
        "order by t.name limit :limit",
        each, IndicatorName(filter.indicator), after, plan, plan, limit);
  }
  return targets;
}

std::vector<Target> BoardTargets(store::Sql& sql, const std::string& plan) {
  std::vector<Target> targets;
  const std::string name = plan.empty() ? "" : PlanName(plan);
  sql.ForEach<Bytes>(
      "select body from targets where :plan = '' or plan = :same_plan "
      "order by plan, clause_order, name",
      [&](const Bytes& body) { targets.push_back(FromStored(Parsed<pb::Target>(body))); }, name,
      name);
  return targets;
}

absl::StatusOr<Indicator> AddIndicator(store::Transaction& transaction, Catalog& catalog,
                                       const Indicator& indicator) {
  const std::string name = IndicatorName(indicator.id);
  if (ReadIndicator(transaction.sql(), indicator.id) != nullptr)
    return error::IndicatorExists(name);
  RETURN_IF_ERROR(CheckNesting(indicator.id, indicator.nested_in,
                               [&](const std::string& id) -> std::optional<std::string> {
                                 const SharedEntry above = ReadIndicator(transaction.sql(), id);
                                 if (above == nullptr) return std::nullopt;
                                 return above->indicator.nested_in;
                               }));
  Indicator added = indicator;
  added.version = 1;
  Save(transaction, added);
  transaction.sql().Run(
      "insert into inputs (indicator_id, revision, numerator, denominator) "
      "select id, 1, 0, 0 from indicators where name = :name",
      name);
  Refresh(transaction, catalog, indicator.id);
  return added;
}

absl::StatusOr<Target> PutTarget(store::Transaction& transaction, Catalog& catalog,
                                 const Target& target, const std::string& etag) {
  const SharedEntry entry = ReadIndicator(transaction.sql(), target.indicator);
  if (entry == nullptr) {
    return error::IndicatorNotFound("target.name", IndicatorName(target.indicator));
  }
  const auto current = std::find_if(entry->targets.begin(), entry->targets.end(),
                                    [&](const Target& other) { return other.id == target.id; });
  const std::string current_etag = current == entry->targets.end() ? "" : EtagOf(current->version);
  if (!etag.empty() && etag != current_etag) {
    return error::EtagStale(TargetNameOf(target.indicator, target.id), current_etag);
  }
  Target put = PutAmongSiblings(transaction, entry->row, target);
  Refresh(transaction, catalog, target.indicator);
  return put;
}

absl::Status PutMeasures(store::Transaction& transaction, Catalog& catalog,
                         const std::vector<PlanMeasure>& measures) {
  for (const PlanMeasure& measure : measures) {
    RETURN_IF_ERROR(PutIndicatorOfSource(transaction, measure.indicator));
    const int64_t row = ReadIndicator(transaction.sql(), measure.indicator.id)->row;
    for (const Target& target : measure.targets) PutTargetOfSource(transaction, row, target);
    Refresh(transaction, catalog, measure.indicator.id);
  }
  return absl::OkStatus();
}

void PutPlanYear(store::Transaction& transaction, const std::string& plan, int year) {
  transaction.sql().Run(
      "insert into plans (name, year) values (:name, :year) "
      "on conflict (name) do update set year = excluded.year",
      PlanName(plan), year);
}

std::optional<int> PlanYear(store::Sql& sql, const std::string& plan) {
  const auto year = sql.Value<int64_t>("select year from plans where name = :name", PlanName(plan));
  if (!year) return std::nullopt;
  return static_cast<int>(*year);
}

}  // namespace dondoc::kpi
