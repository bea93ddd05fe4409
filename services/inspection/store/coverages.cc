#include "services/inspection/store/coverages.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "libs/calendar/dates.h"
#include "libs/store/one_of.h"
#include "services/inspection/store/programmes.h"
#include "services/inspection/store/registry_copy.h"
#include "services/inspection/wire/convert.h"

namespace dondoc::inspection {
namespace {

using calendar::FormatDate;

struct YearRange {
  std::string first;
  std::string last;
};
YearRange RangeOf(int year) {
  return {FormatDate(absl::CivilDay(year, 1, 1)), FormatDate(absl::CivilDay(year, 12, 31))};
}

std::vector<InspectedUnit> InspectionsThatCount(store::Snapshot& snapshot, int year,
                                                const Sight& sight) {
  const YearRange range = RangeOf(year);
  std::vector<InspectedUnit> inspections;
  snapshot.sql().ForEach<std::string, std::string>(
      "select unit, concluded_date from inspections "
      "where concluded_date >= :first and concluded_date <= :last",
      [&](std::string unit, const std::string& concluded) {
        const bool named = sight.reach.Contains(unit);
        inspections.push_back({.unit = std::move(unit),
                               .concluded = calendar::ParseDate("stored", concluded).value(),
                               .named = named});
      },
      range.first, range.last);
  snapshot.sql().ForEach<std::string, int64_t>(
      "select unit, known_to_unit from inspections where year = :year and version > 0 "
      "and state in (:planned, :notified, :done)",
      [&](std::string unit, int64_t known_to_unit) {
        if (known_to_unit == 0 && !sight.inside.Contains(unit)) return;
        inspections.push_back({.unit = std::move(unit), .concluded = std::nullopt});
      },
      year, pb::INSPECTION_STATE_PLANNED, pb::INSPECTION_STATE_NOTIFIED, pb::INSPECTION_STATE_DONE);
  return inspections;
}

FindingCounts CountFindings(store::Snapshot& snapshot, int year, const identity::Reach& reach) {
  const YearRange range = RangeOf(year);
  const auto count = [&](absl::string_view condition, const auto&... units) {
    return snapshot.sql().One<int64_t, int64_t, int64_t>(
        absl::StrCat(
            "select count(*), count(remedied_date), "
            "count(case when remedied_date is null and remedy_due_date < :today then 1 end) "
            "from findings where concluded_date >= :first and concluded_date <= :last",
            condition)
            .c_str(),
        FormatDate(snapshot.today()), range.first, range.last, units...);
  };
  const auto row =
      reach.IsEverything()
          ? count("")
          : count(absl::StrCat(" and ", store::OneOf(snapshot.sql(), "unit", ":reach")),
                  store::ListOf(reach.units));
  const auto& [all, remedied, overdue] = *row;
  return {.all = all, .remedied = remedied, .overdue = overdue};
}

Share ShareOf(store::Snapshot& snapshot, int year, const Programme* programme,
              const Regulation& regulation) {
  if (programme != nullptr && programme->state == ProgrammeState::kApproved) {
    return programme->share;
  }
  return PlanShareOf(snapshot, year).value_or(regulation.default_share);
}

// Publishes the coverage of `year` when it is news.
void Refresh(store::Transaction& transaction, int year, const Regulation& regulation) {
  pb::CoverageChanged event;
  *event.mutable_coverage() = ToProto(CountCoverage(transaction, year, regulation));
  const auto published = transaction.sql().One<int64_t, store::Bytes>(
      "select version, body from coverages where year = :year", year);
  int64_t version = 1;
  if (published) {
    const auto& [last_version, body] = *published;
    pb::Coverage last;
    last.ParseFromString(body.value);
    if (WithoutWhatDaysChange(last).SerializeAsString() ==
        WithoutWhatDaysChange(event.coverage()).SerializeAsString()) {
      return;
    }
    version = last_version + 1;
  }
  transaction.sql().Run(
      "insert into coverages (year, version, body) values (:year, :version, :body) "
      "on conflict (year) do update set version = excluded.version, body = excluded.body",
      year, version, store::Bytes{event.coverage().SerializeAsString()});
  transaction.Emit({.type = "dondoc.inspection.coverage.changed",
                    .name = absl::StrCat(ProgrammeName(year), "/coverage"),
                    .version = version,
                    .schema = pb::CoverageChanged::descriptor()->full_name(),
                    .payload = event.SerializeAsString()});
}

}  // namespace

Coverage CountCoverage(store::Snapshot& snapshot, int year, const Regulation& regulation,
                       const Sight& sight) {
  const std::optional<Programme> programme = FindProgramme(snapshot, year);
  const Programme* made = programme ? &*programme : nullptr;
  const Units units = LoadUnits(snapshot);
  const std::vector<InspectedUnit> inspections = InspectionsThatCount(snapshot, year, sight);
  return CountCoverage({.year = year,
                        .today = snapshot.today(),
                        .share = ShareOf(snapshot, year, made, regulation),
                        .units = units,
                        .rule = regulation.counting,
                        .inspections = inspections,
                        .findings = CountFindings(snapshot, year, sight.reach),
                        .programme = made});
}

void RefreshCoverages(store::Transaction& transaction, const Regulation& regulation) {
  const auto years = transaction.sql().All<int64_t>(
      "select year from programmes union select year from plans order by 1");
  for (const auto& [year] : years) Refresh(transaction, static_cast<int>(year), regulation);
}

}  // namespace dondoc::inspection
