#include "services/inspection/store/programmes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "libs/calendar/dates.h"
#include "libs/store/one_of.h"
#include "services/inspection/wire/convert.h"

namespace dondoc::inspection {
namespace {

using calendar::FormatDate;
using store::Bytes;

template <typename Message>
Message Parsed(const Bytes& body) {
  Message message;
  message.ParseFromString(body.value);
  return message;
}

template <typename Event>
void Emit(store::Transaction& transaction, absl::string_view noun, absl::string_view verb,
          const std::string& name, int64_t version, const Event& event) {
  transaction.Emit({.type = absl::StrCat("dondoc.inspection.", noun, ".", verb),
                    .name = name,
                    .version = version,
                    .schema = Event::descriptor()->full_name(),
                    .payload = event.SerializeAsString()});
}

std::optional<std::string> TextOf(const std::optional<absl::CivilDay>& day) {
  return day ? std::optional(FormatDate(*day)) : std::nullopt;
}

void SaveRow(store::Transaction& transaction, const Inspection& inspection,
             const pb::Inspection& message) {
  transaction.sql().Run(
      "insert into inspections "
      "(year, number, version, unit, state, planned_date, concluded_date, known_to_unit, body) "
      "values (:year, :number, :version, :unit, :state, :planned_date, :concluded_date, "
      ":known_to_unit, :body) "
      "on conflict (year, number) do update set version = excluded.version, "
      "unit = excluded.unit, state = excluded.state, planned_date = excluded.planned_date, "
      "concluded_date = excluded.concluded_date, known_to_unit = excluded.known_to_unit, "
      "body = excluded.body",
      inspection.year, inspection.number, inspection.version, inspection.unit, message.state(),
      message.planned_date(), TextOf(inspection.concluded), IsKnownToUnit(inspection),
      Bytes{message.SerializeAsString()});
}

// Findings are on the books from the conclusion on.
void SaveFindings(store::Transaction& transaction, const Inspection& inspection) {
  if (!IsConcluded(inspection)) return;
  for (const Finding& finding : inspection.findings) {
    transaction.sql().Run(
        "insert into findings (year, inspection, number, unit, concluded_date, remedy_due_date, "
        "remedied_date) values (:year, :inspection, :number, :unit, :concluded_date, "
        ":remedy_due_date, :remedied_date) on conflict (year, inspection, number) do update set "
        "remedied_date = excluded.remedied_date",
        inspection.year, inspection.number, finding.number, inspection.unit,
        TextOf(inspection.concluded), TextOf(finding.remedy_due), TextOf(finding.remedied));
  }
}

}  // namespace

std::optional<Programme> FindProgramme(store::Snapshot& snapshot, int year) {
  const auto row = snapshot.sql().One<int64_t, Bytes>(
      "select version, body from programmes where year = :year", year);
  if (!row) return std::nullopt;
  const auto& [version, body] = *row;
  return FromStored(Parsed<pb::Programme>(body), version);
}

std::optional<pb::Programme> FindProgrammeBody(store::Snapshot& snapshot, int year) {
  const auto body =
      snapshot.sql().Value<Bytes>("select body from programmes where year = :year", year);
  if (!body) return std::nullopt;
  return Parsed<pb::Programme>(*body);
}

Programme SaveProgramme(store::Transaction& transaction, Programme programme,
                        absl::string_view verb) {
  ++programme.version;
  pb::ProgrammeChanged event;
  *event.mutable_programme() = ToProto(programme);
  transaction.sql().Run(
      "insert into programmes (year, version, body) values (:year, :version, :body) "
      "on conflict (year) do update set version = excluded.version, body = excluded.body",
      programme.year, programme.version, Bytes{event.programme().SerializeAsString()});
  Emit(transaction, "programme", verb, event.programme().name(), programme.version, event);
  return programme;
}

std::optional<Inspection> FindInspection(store::Snapshot& snapshot, int year, int number) {
  const auto row = snapshot.sql().One<int64_t, Bytes>(
      "select version, body from inspections where year = :year and number = :number", year,
      number);
  if (!row) return std::nullopt;
  const auto& [version, body] = *row;
  return FromStored(Parsed<pb::Inspection>(body), version);
}

std::vector<Inspection> InspectionsOf(store::Snapshot& snapshot, int year) {
  std::vector<Inspection> inspections;
  snapshot.sql().ForEach<int64_t, Bytes>(
      "select version, body from inspections where year = :year order by number",
      [&](int64_t version, const Bytes& body) {
        inspections.push_back(FromStored(Parsed<pb::Inspection>(body), version));
      },
      year);
  return inspections;
}

std::vector<Inspection> InspectionsOn(store::Snapshot& snapshot, absl::CivilDay day, int except) {
  std::vector<Inspection> inspections;
  snapshot.sql().ForEach<int64_t, Bytes>(
      "select version, body from inspections where planned_date = :day and number <> :except "
      "and state <> :cancelled order by number",
      [&](int64_t version, const Bytes& body) {
        inspections.push_back(FromStored(Parsed<pb::Inspection>(body), version));
      },
      FormatDate(day), except, pb::INSPECTION_STATE_CANCELLED);
  return inspections;
}

int NextInspectionNumber(store::Snapshot& snapshot, int year) {
  const auto last = snapshot.sql().Value<std::optional<int64_t>>(
      "select max(number) from inspections where year = :year", year);
  return static_cast<int>(last.value_or(std::nullopt).value_or(0)) + 1;
}

std::vector<pb::Inspection> ListInspectionBodies(store::Snapshot& snapshot,
                                                 const InspectionFilter& filter, const Sight& sight,
                                                 int64_t after, int64_t limit) {
  std::vector<pb::Inspection> bodies;
  const auto select = [&](absl::string_view condition, const auto&... units) {
    snapshot.sql().ForEach<Bytes>(
        absl::StrCat("select body from inspections where year = :year and number > :after "
                     "and (:any_unit = '' or unit = :unit) and (:any_state = 0 or state = :state) ",
                     condition, "order by number limit :limit")
            .c_str(),
        [&](const Bytes& body) { bodies.push_back(Parsed<pb::Inspection>(body)); }, filter.year,
        after, filter.unit, filter.unit, filter.state, filter.state, units..., limit);
  };
  const store::Sql& sql = snapshot.sql();
  const std::string prepared = store::OneOf(sql, "unit", ":inside");
  if (sight.inside.IsEverything()) {
    select("");
  } else if (sight.reach.IsEverything()) {
    select(absl::StrCat("and (known_to_unit = 1 or ", prepared, ") "),
           store::ListOf(sight.inside.units));
  } else {
    select(absl::StrCat("and ((known_to_unit = 1 and ", store::OneOf(sql, "unit", ":reach"),
                        ") or ", prepared, ") "),
           store::ListOf(sight.reach.units), store::ListOf(sight.inside.units));
  }
  return bodies;
}

bool Sees(const Sight& sight, const Inspection& inspection) {
  return sight.inside.Contains(inspection.unit) ||
         (IsKnownToUnit(inspection) && sight.reach.Contains(inspection.unit));
}

void ReplaceProposedInspections(store::Transaction& transaction, int year,
                                const std::vector<Inspection>& inspections) {
  transaction.sql().Run("delete from inspections where year = :year and version = 0", year);
  for (const Inspection& inspection : inspections) {
    SaveRow(transaction, inspection, ToProto(inspection));
  }
}

Inspection SaveInspection(store::Transaction& transaction, Inspection inspection,
                          absl::string_view verb) {
  ++inspection.version;
  pb::InspectionChanged event;
  *event.mutable_inspection() = ToProto(inspection);
  SaveRow(transaction, inspection, event.inspection());
  SaveFindings(transaction, inspection);
  Emit(transaction, "inspection", verb, event.inspection().name(), inspection.version, event);
  return inspection;
}

absl::flat_hash_map<std::string, UnitFacts> InspectionFacts(store::Snapshot& snapshot) {
  absl::flat_hash_map<std::string, UnitFacts> facts;
  snapshot.sql().ForEach<std::string, std::string>(
      "select unit, max(concluded_date) from inspections where concluded_date is not null "
      "group by unit",
      [&](const std::string& unit, const std::string& last) {
        facts[unit].last_inspected = calendar::ParseDate("stored", last).value();
      });
  snapshot.sql().ForEach<std::string, int64_t>(
      "select unit, count(*) from findings where remedied_date is null group by unit",
      [&](const std::string& unit, int64_t count) { facts[unit].open_finding_count = count; });
  return facts;
}

}  // namespace dondoc::inspection
