#include "services/kpi/store/observations.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/store/one_of.h"
#include "services/kpi/domain/errors.h"
#include "services/kpi/store/schema.h"

namespace dondoc::kpi {
namespace {

// How many observations one page looks through at most.
constexpr int64_t kLookedThroughMax = 20'000;

// The row number of a text, which is added when it is new.
int64_t TextRow(store::Sql& sql, const std::string& text) {
  auto row = sql.Value<int64_t>("select id from texts where text = :text", text);
  if (row) return *row;
  sql.Run("insert into texts (text) values (:text)", text);
  return *sql.Value<int64_t>("select id from texts where text = :text", text);
}

// What is at rest under a key.
struct Kept {
  int64_t unit = 0;
  Figures figures;
  std::optional<std::string> replaces_key;
  std::optional<std::string> replaced_by;
};

std::optional<Kept> Find(store::Sql& sql, int64_t indicator, const std::string& key) {
  auto row = sql.One<int64_t, int64_t, int64_t, int64_t, std::optional<std::string>,
                     std::optional<std::string>>(
      "select unit_id, day, numerator, denominator, replaces_key, replaced_by from observations "
      "where indicator_id = :indicator and key = :key",
      indicator, key);
  if (!row) return std::nullopt;
  auto& [unit, day, numerator, denominator, replaces_key, replaced_by] = *row;
  return Kept{.unit = unit,
              .figures = {.date = DayOf(day),
                          .numerator = Decimal::OfUnits(numerator),
                          .denominator = Decimal::OfUnits(denominator)},
              .replaces_key = std::move(replaces_key),
              .replaced_by = std::move(replaced_by)};
}

Contribution ContributionOf(int64_t indicator, int64_t unit, const Figures& figures, bool by_case) {
  return {.indicator = indicator,
          .cell = {.unit = unit, .month = MonthNumber(figures.date)},
          .numerator = figures.numerator,
          .denominator = figures.denominator,
          .by_case = by_case};
}

// The columns that a row has beside those of the observation itself.
struct Record {
  int64_t source = 0;
  int64_t actor = 0;
  int64_t at = 0;
};

// True when the key is new and its observation was inserted.
bool Insert(store::Sql& sql, const NewObservation& observation, const Record& record) {
  const std::optional<std::string> replaces_key =
      observation.replaces_key.empty() ? std::nullopt : std::optional(observation.replaces_key);
  return sql.Run(
             "insert into observations (indicator_id, key, unit_id, day, numerator, denominator, "
             "source_id, actor_id, recorded_at, by_case, replaces_key) values (:indicator, :key, "
             ":unit, :day, :numerator, :denominator, :source, :actor, :at, :by_case, "
             ":replaces_key) on conflict do nothing",
             observation.indicator, observation.key, observation.unit,
             DayNumber(observation.figures.date), observation.figures.numerator.units(),
             observation.figures.denominator.units(), record.source, record.actor, record.at,
             observation.by_case, replaces_key) > 0;
}

// Whether `unit` is one that the batch may write for.
bool Reaches(store::Sql& sql, const identity::Reach& reach, int64_t unit) {
  if (reach.IsEverything()) return true;
  const auto name = sql.Value<std::string>("select name from units where id = :id", unit);
  return name && reach.Contains(*name);
}

// Takes the observation that `observation` replaces out of force.
absl::Status Replace(store::Sql& sql, const identity::Reach& reach,
                     const NewObservation& observation, SumChanges& sums) {
  const std::string& old_key = observation.replaces_key;
  if (old_key == observation.key) return error::ReplacesItself(old_key);
  const std::optional<Kept> old = Find(sql, observation.indicator, old_key);
  if (!old || !Reaches(sql, reach, old->unit)) return error::ReplacedNotFound(old_key);
  if (old->replaced_by) return error::AlreadyReplaced(old_key, *old->replaced_by);
  sql.Run(
      "update observations set replaced_by = :by where indicator_id = :indicator and key = :key",
      observation.key, observation.indicator, old_key);
  sums.Remove(ContributionOf(observation.indicator, old->unit, old->figures, observation.by_case));
  return absl::OkStatus();
}

absl::Status CheckRepeats(store::Sql& sql, const NewObservation& observation) {
  const std::optional<Kept> kept = Find(sql, observation.indicator, observation.key);
  if (kept && kept->unit == observation.unit && kept->figures == observation.figures &&
      kept->replaces_key.value_or("") == observation.replaces_key) {
    return absl::OkStatus();
  }
  return error::KeyReused(observation.key);
}

// True when it was recorded, false when it had been before.
absl::StatusOr<bool> RecordOne(store::Sql& sql, const identity::Reach& reach,
                               const NewObservation& observation, const Record& record,
                               SumChanges& sums) {
  if (!Insert(sql, observation, record)) {
    RETURN_IF_ERROR(CheckRepeats(sql, observation));
    return false;
  }
  if (!observation.replaces_key.empty()) RETURN_IF_ERROR(Replace(sql, reach, observation, sums));
  sums.Add(ContributionOf(observation.indicator, observation.unit, observation.figures,
                          observation.by_case));
  return true;
}

// A grant may have been taken away while the batch waited.
absl::Status CheckReach(store::Sql& sql, const ObservationBatch& batch) {
  if (batch.reach.IsEverything()) return absl::OkStatus();
  std::set<int64_t> units;
  for (const NewObservation& observation : batch.observations) units.insert(observation.unit);
  for (const int64_t unit : units) {
    const auto name = sql.Value<std::string>("select name from units where id = :id", unit);
    RETURN_IF_ERROR(identity::CheckUnit(batch.reach, name.value_or("")));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RecordedBatch> RecordBatch(store::Transaction& transaction, Catalog& catalog,
                                          const ObservationBatch& batch) {
  store::Sql& sql = transaction.sql();
  std::vector<int64_t> sources;
  for (const std::string& source : batch.sources) sources.push_back(TextRow(sql, source));
  RETURN_IF_ERROR(CheckReach(sql, batch));
  Record record{.source = 0,
                .actor = TextRow(sql, batch.actor),
                .at = absl::ToUnixSeconds(transaction.now())};
  SumChanges sums;
  RecordedBatch result;
  for (size_t i = 0; i < batch.observations.size(); ++i) {
    const NewObservation& observation = batch.observations[i];
    record.source = sources[observation.source];
    const absl::StatusOr<bool> is_new = RecordOne(sql, batch.reach, observation, record, sums);
    if (!is_new.ok()) return error::WithDetail(is_new.status(), "index", absl::StrCat(i));
    ++(*is_new ? result.recorded : result.repeated);
  }
  RETURN_IF_ERROR(sums.Write(transaction, catalog));
  return result;
}

void PutComputed(store::Transaction& transaction, const ComputedObservation& observation,
                 SumChanges& sums) {
  store::Sql& sql = transaction.sql();
  const std::optional<Kept> kept = Find(sql, observation.indicator, observation.key);
  const bool same = kept ? observation.figures == kept->figures && observation.unit == kept->unit
                         : !observation.figures.has_value();
  if (same) return;
  if (kept) {
    sql.Run("delete from observations where indicator_id = :indicator and key = :key",
            observation.indicator, observation.key);
    sums.Remove(ContributionOf(observation.indicator, kept->unit, kept->figures, false));
  }
  if (observation.figures) {
    const Record record{.source = TextRow(sql, observation.source),
                        .actor = TextRow(sql, transaction.origin().actor),
                        .at = absl::ToUnixSeconds(transaction.now())};
    Insert(sql,
           {.indicator = observation.indicator,
            .unit = observation.unit,
            .figures = *observation.figures,
            .by_case = false,
            .source = 0,
            .key = observation.key,
            .replaces_key = {}},
           record);
    sums.Add(ContributionOf(observation.indicator, observation.unit, *observation.figures, false));
  }
}

std::optional<Figures> FindFigures(store::Sql& sql, int64_t indicator, const std::string& key) {
  const std::optional<Kept> kept = Find(sql, indicator, key);
  if (!kept) return std::nullopt;
  return kept->figures;
}

ObservationPage ListObservations(store::Sql& sql, const ObservationQuery& query,
                                 const std::string& after, int64_t limit) {
  ObservationPage page;
  int64_t seen = 0;
  std::string last;
  const bool narrow = !query.reach.IsEverything();
  const bool filtered = !narrow && !query.unit.empty();
  const int64_t rows_max = filtered ? kLookedThroughMax : limit;
  const auto each = [&](std::string key, int64_t day, int64_t numerator, int64_t denominator,
                        std::string source, std::optional<std::string> replaces_key,
                        std::optional<std::string> unit_name) {
    if (static_cast<int64_t>(page.observations.size()) == limit) return;
    ++seen;
    last = key;
    if (filtered && unit_name != query.unit) return;
    page.observations.push_back({.unit = std::move(unit_name).value_or(""),
                                 .figures = {.date = DayOf(day),
                                             .numerator = Decimal::OfUnits(numerator),
                                             .denominator = Decimal::OfUnits(denominator)},
                                 .source = std::move(source),
                                 .key = std::move(key),
                                 .replaces_key = std::move(replaces_key).value_or("")});
  };
  const auto select = [&](absl::string_view condition, const auto&... units) {
    sql.ForEach<std::string, int64_t, int64_t, int64_t, std::string, std::optional<std::string>,
                std::optional<std::string>>(
        absl::StrCat(
            "select o.key, o.day, o.numerator, o.denominator, x.text, o.replaces_key, u.name "
            "from observations o join texts x on x.id = o.source_id "
            "left join units u on u.id = o.unit_id "
            "where o.indicator_id = :indicator and o.key > :after ",
            condition, " order by o.key limit :limit")
            .c_str(),
        each, query.indicator, after, units..., rows_max);
  };
  if (narrow) {
    const std::set<std::string> one = {query.unit};
    select(absl::StrCat("and o.unit_id in (select id from units where ",
                        store::OneOf(sql, "name", ":units"), ")"),
           store::ListOf(query.unit.empty() ? query.reach.units : one));
  } else {
    select("");
  }
  const bool page_full = static_cast<int64_t>(page.observations.size()) == limit;
  if (page_full || seen == rows_max) page.next_after = last;
  return page;
}

}  // namespace dondoc::kpi
