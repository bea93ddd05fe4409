#include "services/inspection/domain/inspection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/working_days.h"
#include "services/inspection/domain/errors.h"

namespace dondoc::inspection {
namespace {

absl::Status CheckMember(const std::string& id, const Inspection& inspection,
                         const Agenda& agenda) {
  const auto found = std::find_if(agenda.inspectors.begin(), agenda.inspectors.end(),
                                  [&](const Inspector& inspector) { return inspector.id == id; });
  if (found == agenda.inspectors.end()) return error::InspectorUnknown(id);
  if (std::count(inspection.team.begin(), inspection.team.end(), id) > 1) {
    return error::InspectorTwice(id);
  }
  if (!IsIndependent(agenda.units, *found, inspection.unit)) {
    return error::InspectorNotIndependent(id, agenda.units.DisplayName(inspection.unit));
  }
  if (found->unavailable.contains(inspection.planned)) {
    return error::InspectorUnavailable(id, inspection.planned);
  }
  for (const Inspection& other : agenda.same_day) {
    if (std::count(other.team.begin(), other.team.end(), id) > 0) {
      return error::InspectorBusy(id, NameOf(other), inspection.planned);
    }
  }
  return absl::OkStatus();
}

bool IsIn(const Inspection& inspection, std::initializer_list<InspectionState> states) {
  return std::find(states.begin(), states.end(), inspection.state) != states.end();
}

absl::Status WrongState(const Inspection& inspection, InspectionState to) {
  return error::InspectionStateWrong(NameOf(inspection), inspection.state, to);
}

}  // namespace

bool IsOverdue(const Finding& finding, absl::CivilDay today) {
  return !finding.remedied && finding.remedy_due && *finding.remedy_due < today;
}

std::string NameOf(const Inspection& inspection) {
  return absl::StrCat("programmes/", inspection.year, "/inspections/", inspection.number);
}

bool IsStillToCome(const Inspection& inspection) {
  return IsIn(inspection,
              {InspectionState::kPlanned, InspectionState::kNotified, InspectionState::kDone});
}

bool IsConcluded(const Inspection& inspection) {
  return IsIn(inspection, {InspectionState::kConcluded, InspectionState::kRemedied});
}

bool IsKnownToUnit(const Inspection& inspection) {
  return inspection.notified.has_value() || inspection.done.has_value();
}

absl::Status CheckPlan(const Inspection& inspection, const Agenda& agenda) {
  const absl::CivilDay day = inspection.planned;
  if (day.year() != inspection.year) return error::InspectionDateOutsideYear(day, inspection.year);
  if (day < agenda.today) return error::InspectionDatePast(day, agenda.today);
  ASSIGN_OR_RETURN(const bool working, calendar::IsWorkingDay(agenda.holidays, day));
  if (!working) return error::NotAWorkingDay(day);
  const Unit* unit = agenda.units.Find(inspection.unit);
  // Văn phòng may be inspected whether or not it counts for the quota.
  if (unit == nullptr || !Counts(*unit, day, {.office_counts = true})) {
    return error::UnitNotInspected(inspection.unit, day);
  }
  for (const Inspection& other : agenda.same_day) {
    if (other.unit == inspection.unit) return error::UnitVisitedTwice(inspection.unit, day);
  }
  for (const std::string& id : inspection.team) {
    RETURN_IF_ERROR(CheckMember(id, inspection, agenda));
  }
  return absl::OkStatus();
}

absl::StatusOr<Inspection> Notify(Inspection inspection, absl::CivilDay today) {
  if (inspection.state != InspectionState::kPlanned) {
    return WrongState(inspection, InspectionState::kNotified);
  }
  if (inspection.kind == InspectionKind::kAdHoc)
    return error::AdHocNotAnnounced(NameOf(inspection));
  inspection.state = InspectionState::kNotified;
  inspection.notified = today;
  return inspection;
}

absl::StatusOr<Inspection> Complete(Inspection inspection, std::vector<Finding> findings,
                                    absl::CivilDay today) {
  const InspectionState before = inspection.kind == InspectionKind::kAdHoc
                                     ? InspectionState::kPlanned
                                     : InspectionState::kNotified;
  if (inspection.state != before) return WrongState(inspection, InspectionState::kDone);
  inspection.state = InspectionState::kDone;
  inspection.done = today;
  for (Finding& finding : findings) {
    inspection.findings.push_back({.number = static_cast<int>(inspection.findings.size()) + 1,
                                   .field = std::move(finding.field),
                                   .text = std::move(finding.text),
                                   .serious = finding.serious});
  }
  return inspection;
}

absl::StatusOr<Inspection> Conclude(Inspection inspection, const Conclusion& conclusion,
                                    const calendar::Holidays& holidays) {
  if (inspection.state != InspectionState::kDone) {
    return WrongState(inspection, InspectionState::kConcluded);
  }
  inspection.state = InspectionState::kConcluded;
  inspection.concluded = conclusion.today;
  inspection.conclusion_document = conclusion.document;
  for (Finding& finding : inspection.findings) {
    finding.remedy_due = RemedyDueDate(conclusion.today, conclusion.remedy_days, holidays);
  }
  if (inspection.findings.empty()) {
    inspection.state = InspectionState::kRemedied;
    inspection.remedied = conclusion.today;
  }
  return inspection;
}

absl::StatusOr<Inspection> PutRight(Inspection inspection, const Remedy& remedy,
                                    const Units& units) {
  if (inspection.state != InspectionState::kConcluded) {
    return WrongState(inspection, InspectionState::kRemedied);
  }
  const auto found =
      std::find_if(inspection.findings.begin(), inspection.findings.end(),
                   [&](const Finding& finding) { return finding.number == remedy.finding_number; });
  if (found == inspection.findings.end()) {
    return error::FindingNotFound(NameOf(inspection), remedy.finding_number);
  }
  if (found->remedied) {
    return error::FindingAlreadyRemedied(NameOf(inspection), found->number, *found->remedied);
  }
  const Unit* verifier = units.Find(remedy.verified_by);
  if (verifier == nullptr || !ExistsOn(*verifier, remedy.today)) {
    return error::VerifierUnknown(remedy.verified_by);
  }
  if (!remedy.within_grants) {
    return error::VerifierBeyondGrants(verifier->name, verifier->display_name);
  }
  if (found->serious && units.BranchOf(verifier->name) == units.BranchOf(inspection.unit)) {
    return error::VerifierNotIndependent(verifier->display_name, found->number);
  }
  found->remedied = remedy.today;
  found->remedy_document = remedy.document;
  found->verified_by = remedy.verified_by;
  const bool all_remedied =
      std::all_of(inspection.findings.begin(), inspection.findings.end(),
                  [](const Finding& finding) { return finding.remedied.has_value(); });
  if (all_remedied) {
    inspection.state = InspectionState::kRemedied;
    inspection.remedied = remedy.today;
  }
  return inspection;
}

absl::StatusOr<Inspection> Reschedule(Inspection inspection, DateMove move, const Agenda& agenda) {
  if (!IsIn(inspection, {InspectionState::kPlanned, InspectionState::kNotified})) {
    return WrongState(inspection, InspectionState::kPlanned);
  }
  move.old_date = inspection.planned;
  inspection.planned = move.new_date;
  RETURN_IF_ERROR(CheckPlan(inspection, agenda));
  inspection.date_moves.push_back(std::move(move));
  return inspection;
}

absl::StatusOr<Inspection> Cancel(Inspection inspection, std::string reason) {
  if (!IsIn(inspection, {InspectionState::kPlanned, InspectionState::kNotified})) {
    return WrongState(inspection, InspectionState::kCancelled);
  }
  inspection.state = InspectionState::kCancelled;
  inspection.cancel_reason = std::move(reason);
  return inspection;
}

absl::CivilDay RemedyDueDate(absl::CivilDay concluded, int days,
                             const calendar::Holidays& holidays) {
  return calendar::EndOfTerm(holidays, concluded, {.days = days},
                             calendar::LastDayOff::kMovesToNextWorkingDay)
      .value_or(concluded + days);
}

}  // namespace dondoc::inspection
