#include "services/inspection/domain/programme.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/working_days.h"
#include "services/inspection/domain/errors.h"

namespace dondoc::inspection {
namespace {

absl::Status CheckInspectors(const std::vector<Inspector>& inspectors, const Units& units) {
  std::set<absl::string_view> seen;
  for (const Inspector& inspector : inspectors) {
    if (!seen.insert(inspector.id).second) return error::InspectorTwice(inspector.id);
    if (units.Find(inspector.unit) == nullptr) {
      return error::InspectorUnitUnknown(inspector.id, inspector.unit);
    }
  }
  return absl::OkStatus();
}

// The days on which visits may take place.
absl::StatusOr<std::vector<absl::CivilDay>> WorkingDays(const ProgrammeWish& wish,
                                                        absl::CivilDay today,
                                                        const calendar::Holidays& holidays) {
  const absl::CivilDay new_year(wish.year, 1, 1);
  const absl::CivilDay year_end(wish.year, 12, 31);
  const absl::CivilDay end = wish.end.value_or(year_end);
  if (wish.start && *wish.start < today) return error::WindowPast(*wish.start, today);
  const absl::CivilDay start = wish.start.value_or(std::max(new_year, today));
  for (const absl::CivilDay day : {wish.start.value_or(new_year), end}) {
    if (day < new_year || day > year_end) return error::WindowOutsideYear(day, wish.year);
  }
  if (wish.start && end < start) return error::WindowReversed(start, end);
  std::vector<absl::CivilDay> days;
  for (absl::CivilDay day = start; day <= end; ++day) {
    const absl::StatusOr<bool> working = calendar::IsWorkingDay(holidays, day);
    if (!working.ok()) return error::NoCalendar(wish.year);
    if (*working) days.push_back(day);
  }
  if (days.empty()) return error::WindowEmpty();
  return days;
}

std::vector<UnitFacts> FactsOfCountingUnits(const Circumstances& circumstances) {
  const absl::CivilDay today = DateOf(circumstances.now);
  std::vector<UnitFacts> facts;
  for (const Unit& unit : circumstances.units.all()) {
    if (!Counts(unit, today, circumstances.rule)) continue;
    const auto known = circumstances.facts.find(unit.name);
    facts.push_back(known == circumstances.facts.end() ? UnitFacts{} : known->second);
    facts.back().unit = unit.name;
  }
  return facts;
}

std::vector<Inspection> ToInspections(int year, const std::vector<Candidate>& candidates,
                                      const std::vector<Visit>& visits) {
  std::vector<Inspection> inspections;
  for (size_t i = 0; i < visits.size(); ++i) {
    inspections.push_back({.year = year,
                           .unit = visits[i].unit,
                           .planned = visits[i].day,
                           .team = visits[i].team,
                           .reason_vi = candidates[i].reason_vi,
                           .reason_en = candidates[i].reason_en});
  }
  std::stable_sort(inspections.begin(), inspections.end(),
                   [](const Inspection& a, const Inspection& b) { return a.planned < b.planned; });
  int number = 0;
  for (Inspection& inspection : inspections) inspection.number = ++number;
  return inspections;
}

}  // namespace

std::string ProgrammeName(int year) { return absl::StrCat("programmes/", year); }

absl::StatusOr<ProgrammeDraft> Propose(const ProgrammeWish& wish,
                                       const Circumstances& circumstances) {
  RETURN_IF_ERROR(CheckInspectors(wish.inspectors, circumstances.units));
  std::vector<UnitFacts> facts = FactsOfCountingUnits(circumstances);
  const auto unit_count = static_cast<int64_t>(facts.size());
  const std::optional<int64_t> required = wish.share.RequiredOf(unit_count);
  if (!required) return error::NoUnits();
  if (*required + wish.extra_units > unit_count) {
    return error::ExtraUnitsTooMany(wish.extra_units, unit_count - *required);
  }
  ASSIGN_OR_RETURN(std::vector<absl::CivilDay> days,
                   WorkingDays(wish, DateOf(circumstances.now), circumstances.holidays));

  Programme programme{.year = wish.year,
                      .share = wish.share,
                      .unit_count = unit_count,
                      .required_count = *required,
                      .seed = wish.seed != 0 ? wish.seed : absl::ToUnixMicros(circumstances.now),
                      .inspectors = wish.inspectors,
                      .proposed_at = circumstances.now};
  ASSIGN_OR_RETURN(programme.candidates,
                   Select(std::move(facts), {.place_count = *required + wish.extra_units,
                                             .seed = programme.seed,
                                             .mandatory = wish.mandatory}));
  ScheduleProblem problem{.units_to_visit = {},
                          .days = std::move(days),
                          .inspectors = wish.inspectors,
                          .team_size = wish.team_size};
  for (const Candidate& candidate : programme.candidates) {
    if (candidate.selected) problem.units_to_visit.push_back(candidate.unit);
  }
  ASSIGN_OR_RETURN(const std::vector<Visit> visits, Schedule(problem, circumstances.units));
  ProgrammeDraft draft{.programme = std::move(programme), .inspections = {}};
  draft.inspections = ToInspections(wish.year, draft.programme.candidates, visits);
  return draft;
}

absl::StatusOr<ProgrammeDraft> Approve(ProgrammeDraft draft, Approval approval) {
  Programme& programme = draft.programme;
  if (programme.state != ProgrammeState::kProposed) {
    return error::ProgrammeAlreadyApproved(programme.year);
  }
  if (!approval.approver.empty() && approval.approver == programme.proposer) {
    return error::OwnProposal(programme.year);
  }
  for (const Inspection& inspection : draft.inspections) {
    if (inspection.planned < DateOf(approval.now)) {
      return error::ProgrammeOutOfDate(NameOf(inspection), inspection.planned);
    }
  }
  programme.state = ProgrammeState::kApproved;
  programme.decision = std::move(approval.decision);
  programme.approved_at = approval.now;
  return draft;
}

}  // namespace dondoc::inspection
