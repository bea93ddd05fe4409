#include "services/inspection/wire/convert.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "libs/calendar/dates.h"
#include "services/inspection/wire/names.h"

namespace dondoc::inspection {
namespace {

using calendar::FormatDate;
using OptionalDay = std::optional<absl::CivilDay>;

std::string TextOf(const OptionalDay& day) { return day ? FormatDate(*day) : std::string(); }

absl::CivilDay DayOf(const std::string& text) {
  return calendar::ParseDate("stored", text).value();
}
OptionalDay OptionalDayOf(const std::string& text) {
  return text.empty() ? OptionalDay() : OptionalDay(DayOf(text));
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  timestamp.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(timestamp.seconds()))));
  return timestamp;
}
absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

pb::ProgrammeState ToProto(ProgrammeState state) {
  switch (state) {
    case ProgrammeState::kProposed:
      return pb::PROGRAMME_STATE_PROPOSED;
    case ProgrammeState::kApproved:
      return pb::PROGRAMME_STATE_APPROVED;
  }
  return pb::PROGRAMME_STATE_UNSPECIFIED;
}

pb::InspectionKind ToProto(InspectionKind kind) {
  switch (kind) {
    case InspectionKind::kPlanned:
      return pb::INSPECTION_KIND_PLANNED;
    case InspectionKind::kAdHoc:
      return pb::INSPECTION_KIND_AD_HOC;
  }
  return pb::INSPECTION_KIND_UNSPECIFIED;
}

pb::InspectionState ToProto(InspectionState state) {
  switch (state) {
    case InspectionState::kPlanned:
      return pb::INSPECTION_STATE_PLANNED;
    case InspectionState::kNotified:
      return pb::INSPECTION_STATE_NOTIFIED;
    case InspectionState::kDone:
      return pb::INSPECTION_STATE_DONE;
    case InspectionState::kConcluded:
      return pb::INSPECTION_STATE_CONCLUDED;
    case InspectionState::kRemedied:
      return pb::INSPECTION_STATE_REMEDIED;
    case InspectionState::kCancelled:
      return pb::INSPECTION_STATE_CANCELLED;
  }
  return pb::INSPECTION_STATE_UNSPECIFIED;
}

InspectionState FromStored(pb::InspectionState state) {
  for (const InspectionState known :
       {InspectionState::kPlanned, InspectionState::kNotified, InspectionState::kDone,
        InspectionState::kConcluded, InspectionState::kRemedied}) {
    if (ToProto(known) == state) return known;
  }
  return InspectionState::kCancelled;
}

pb::SelectionReason ToProto(SelectionReason reason) {
  switch (reason) {
    case SelectionReason::kMandatory:
      return pb::SELECTION_REASON_MANDATORY;
    case SelectionReason::kNeverInspected:
      return pb::SELECTION_REASON_NEVER_INSPECTED;
    case SelectionReason::kLongestAgo:
      return pb::SELECTION_REASON_LONGEST_AGO;
    case SelectionReason::kLateWork:
      return pb::SELECTION_REASON_LATE_WORK;
    case SelectionReason::kOpenFindings:
      return pb::SELECTION_REASON_OPEN_FINDINGS;
    case SelectionReason::kDrawn:
      return pb::SELECTION_REASON_DRAWN;
  }
  return pb::SELECTION_REASON_UNSPECIFIED;
}

SelectionReason FromStored(pb::SelectionReason reason) {
  for (const SelectionReason known :
       {SelectionReason::kMandatory, SelectionReason::kNeverInspected, SelectionReason::kLongestAgo,
        SelectionReason::kLateWork, SelectionReason::kOpenFindings}) {
    if (ToProto(known) == reason) return known;
  }
  return SelectionReason::kDrawn;
}

pb::Inspector ToProto(const Inspector& inspector) {
  pb::Inspector message;
  message.set_id(inspector.id);
  message.set_display_name(inspector.display_name);
  message.set_unit(inspector.unit);
  for (const absl::CivilDay day : inspector.unavailable) {
    message.add_unavailable_dates(FormatDate(day));
  }
  return message;
}

Inspector FromStored(const pb::Inspector& message) {
  Inspector inspector{
      .id = message.id(), .display_name = message.display_name(), .unit = message.unit()};
  for (const std::string& day : message.unavailable_dates()) {
    inspector.unavailable.insert(DayOf(day));
  }
  return inspector;
}

pb::Candidate ToProto(const Candidate& candidate) {
  pb::Candidate message;
  message.set_unit(candidate.unit);
  message.set_selected(candidate.selected);
  message.set_reason(ToProto(candidate.reason));
  message.set_reason_vi(candidate.reason_vi);
  message.set_reason_en(candidate.reason_en);
  message.set_last_inspected_date(TextOf(candidate.last_inspected));
  message.set_late_count(static_cast<int32_t>(candidate.late_count));
  return message;
}

Candidate FromStored(const pb::Candidate& message) {
  return {.unit = message.unit(),
          .selected = message.selected(),
          .reason = FromStored(message.reason()),
          .reason_vi = message.reason_vi(),
          .reason_en = message.reason_en(),
          .last_inspected = OptionalDayOf(message.last_inspected_date()),
          .late_count = message.late_count()};
}

pb::Finding ToProto(const Finding& finding) {
  pb::Finding message;
  message.set_number(finding.number);
  message.set_field(finding.field);
  message.set_text(finding.text);
  message.set_serious(finding.serious);
  message.set_remedy_due_date(TextOf(finding.remedy_due));
  message.set_remedied_date(TextOf(finding.remedied));
  message.set_remedy_document(finding.remedy_document);
  message.set_verified_by(finding.verified_by);
  return message;
}

Finding FromStored(const pb::Finding& message) {
  return {.number = message.number(),
          .field = message.field(),
          .text = message.text(),
          .serious = message.serious(),
          .remedy_due = OptionalDayOf(message.remedy_due_date()),
          .remedied = OptionalDayOf(message.remedied_date()),
          .remedy_document = message.remedy_document(),
          .verified_by = message.verified_by()};
}

pb::DateMove ToProto(const DateMove& move) {
  pb::DateMove message;
  message.set_old_date(FormatDate(move.old_date));
  message.set_new_date(FormatDate(move.new_date));
  message.set_reason(move.reason);
  message.set_actor(move.actor);
  *message.mutable_move_time() = ToTimestamp(move.at);
  return message;
}

DateMove FromStored(const pb::DateMove& message) {
  return {.old_date = DayOf(message.old_date()),
          .new_date = DayOf(message.new_date()),
          .reason = message.reason(),
          .actor = message.actor(),
          .at = ToTime(message.move_time())};
}

}  // namespace

std::string EtagOf(int64_t version) {
  return version == 0 ? std::string() : absl::StrCat("\"", version, "\"");
}

pb::Programme ToProto(const Programme& programme) {
  pb::Programme message;
  message.set_name(ProgrammeName(programme.year));
  message.set_etag(EtagOf(programme.version));
  message.set_year(programme.year);
  message.set_state(ToProto(programme.state));
  message.set_share(programme.share.ToString());
  message.set_unit_count(static_cast<int32_t>(programme.unit_count));
  message.set_required_count(static_cast<int32_t>(programme.required_count));
  message.set_seed(programme.seed);
  for (const Inspector& inspector : programme.inspectors) {
    *message.add_inspectors() = ToProto(inspector);
  }
  for (const Candidate& candidate : programme.candidates) {
    *message.add_candidates() = ToProto(candidate);
  }
  *message.mutable_propose_time() = ToTimestamp(programme.proposed_at);
  if (programme.approved_at) {
    *message.mutable_approve_time() = ToTimestamp(*programme.approved_at);
  }
  message.set_decision(programme.decision);
  message.set_proposer(programme.proposer);
  return message;
}

Programme FromStored(const pb::Programme& message, int64_t version) {
  Programme programme{.year = message.year(),
                      .version = version,
                      .state = message.state() == pb::PROGRAMME_STATE_APPROVED
                                   ? ProgrammeState::kApproved
                                   : ProgrammeState::kProposed,
                      .share = Share::Parse(message.share()).value(),
                      .unit_count = message.unit_count(),
                      .required_count = message.required_count(),
                      .seed = message.seed(),
                      .inspectors = {},
                      .proposed_at = ToTime(message.propose_time()),
                      .decision = message.decision(),
                      .proposer = message.proposer()};
  for (const pb::Inspector& inspector : message.inspectors()) {
    programme.inspectors.push_back(FromStored(inspector));
  }
  for (const pb::Candidate& candidate : message.candidates()) {
    programme.candidates.push_back(FromStored(candidate));
  }
  if (message.has_approve_time()) programme.approved_at = ToTime(message.approve_time());
  return programme;
}

pb::Inspection ToProto(const Inspection& inspection) {
  pb::Inspection message;
  message.set_name(NameOf(inspection));
  message.set_etag(EtagOf(inspection.version));
  message.set_unit(inspection.unit);
  message.set_kind(ToProto(inspection.kind));
  message.set_state(ToProto(inspection.state));
  message.set_planned_date(FormatDate(inspection.planned));
  message.set_quarter((inspection.planned.month() - 1) / 3 + 1);
  for (const std::string& member : inspection.team) message.add_team(member);
  message.set_reason_vi(inspection.reason_vi);
  message.set_reason_en(inspection.reason_en);
  message.set_notified_date(TextOf(inspection.notified));
  message.set_done_date(TextOf(inspection.done));
  message.set_concluded_date(TextOf(inspection.concluded));
  message.set_conclusion_document(inspection.conclusion_document);
  for (const Finding& finding : inspection.findings) *message.add_findings() = ToProto(finding);
  message.set_remedied_date(TextOf(inspection.remedied));
  message.set_cancel_reason(inspection.cancel_reason);
  for (const DateMove& move : inspection.date_moves) *message.add_date_moves() = ToProto(move);
  return message;
}

Inspection FromStored(const pb::Inspection& message, int64_t version) {
  const InspectionKey key = ParseInspectionName("stored", message.name()).value();
  Inspection inspection{.year = key.year,
                        .number = key.number,
                        .version = version,
                        .unit = message.unit(),
                        .kind = message.kind() == pb::INSPECTION_KIND_AD_HOC
                                    ? InspectionKind::kAdHoc
                                    : InspectionKind::kPlanned,
                        .state = FromStored(message.state()),
                        .planned = DayOf(message.planned_date()),
                        .team = {message.team().begin(), message.team().end()},
                        .reason_vi = message.reason_vi(),
                        .reason_en = message.reason_en(),
                        .notified = OptionalDayOf(message.notified_date()),
                        .done = OptionalDayOf(message.done_date()),
                        .concluded = OptionalDayOf(message.concluded_date()),
                        .conclusion_document = message.conclusion_document(),
                        .remedied = OptionalDayOf(message.remedied_date()),
                        .cancel_reason = message.cancel_reason()};
  for (const pb::Finding& finding : message.findings()) {
    inspection.findings.push_back(FromStored(finding));
  }
  for (const pb::DateMove& move : message.date_moves()) {
    inspection.date_moves.push_back(FromStored(move));
  }
  return inspection;
}

pb::Coverage ToProto(const Coverage& coverage) {
  pb::Coverage message;
  message.set_year(coverage.year);
  message.set_share(coverage.share.ToString());
  message.set_unit_count(static_cast<int32_t>(coverage.unit_count));
  message.set_required_count(static_cast<int32_t>(coverage.required_count));
  message.set_concluded_count(static_cast<int32_t>(coverage.concluded_count));
  message.set_planned_count(static_cast<int32_t>(coverage.planned_count));
  message.set_met(coverage.met);
  message.set_expected_by_today(static_cast<int32_t>(coverage.expected_by_today));
  message.set_pace_vi(coverage.pace_vi);
  message.set_pace_en(coverage.pace_en);
  for (const std::string& unit : coverage.inspected_units) message.add_inspected_units(unit);
  for (const std::string& why : coverage.unit_changes_vi) message.add_unit_changes_vi(why);
  for (const std::string& why : coverage.unit_changes_en) message.add_unit_changes_en(why);
  message.set_finding_count(static_cast<int32_t>(coverage.finding_count));
  message.set_remedied_finding_count(static_cast<int32_t>(coverage.remedied_finding_count));
  message.set_overdue_finding_count(static_cast<int32_t>(coverage.overdue_finding_count));
  return message;
}

void AddDerived(pb::Inspection& inspection, absl::CivilDay today) {
  for (pb::Finding& finding : *inspection.mutable_findings()) {
    finding.set_overdue(IsOverdue(FromStored(finding), today));
  }
}

pb::Coverage WithoutWhatDaysChange(pb::Coverage coverage) {
  coverage.clear_expected_by_today();
  coverage.clear_pace_vi();
  coverage.clear_pace_en();
  coverage.clear_overdue_finding_count();
  return coverage;
}

}  // namespace dondoc::inspection
