#include "services/inspection/wire/requests.h"

#include <set>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/calendar/dates.h"
#include "services/inspection/domain/errors.h"
#include "services/inspection/domain/limits.h"
#include "services/inspection/wire/names.h"

namespace dondoc::inspection {
namespace {

template <typename List>
absl::Status CheckLength(absl::string_view field, const List& list, size_t length_max) {
  const auto length = static_cast<size_t>(list.size());
  return length > length_max ? error::ListTooLong(field, length, length_max) : absl::OkStatus();
}

absl::StatusOr<std::optional<absl::CivilDay>> OptionalDate(absl::string_view field,
                                                           const std::string& text) {
  if (text.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const absl::CivilDay day, calendar::ParseDate(field, text));
  return day;
}

absl::StatusOr<Inspector> FromRequest(const pb::Inspector& message) {
  if (!IsId(message.id())) return error::InspectorIdInvalid(message.id());
  Inspector inspector{.id = message.id(), .display_name = {}, .unit = {}};
  ASSIGN_OR_RETURN(inspector.display_name,
                   RequiredLine("inspectors.display_name", message.display_name()));
  ASSIGN_OR_RETURN(inspector.unit, ParseUnitName("inspectors.unit", message.unit()));
  RETURN_IF_ERROR(CheckLength("inspectors.unavailable_dates", message.unavailable_dates(),
                              kUnavailableDaysMax));
  for (const std::string& text : message.unavailable_dates()) {
    ASSIGN_OR_RETURN(const absl::CivilDay day,
                     calendar::ParseDate("inspectors.unavailable_dates", text));
    inspector.unavailable.insert(day);
  }
  return inspector;
}

absl::StatusOr<std::vector<Inspector>> InspectorsOf(const pb::ProposeProgrammeRequest& request) {
  if (request.inspectors().empty()) return error::InspectorsMissing();
  RETURN_IF_ERROR(CheckLength("inspectors", request.inspectors(), kNamedPerRequestMax));
  std::vector<Inspector> inspectors;
  for (const pb::Inspector& message : request.inspectors()) {
    ASSIGN_OR_RETURN(Inspector inspector, FromRequest(message));
    inspectors.push_back(std::move(inspector));
  }
  return inspectors;
}

absl::StatusOr<std::vector<MandatoryPick>> MandatoryOf(const pb::ProposeProgrammeRequest& request) {
  RETURN_IF_ERROR(CheckLength("mandatory_units", request.mandatory_units(), kNamedPerRequestMax));
  std::vector<MandatoryPick> picks;
  std::set<std::string> seen;
  for (const pb::MandatoryUnit& message : request.mandatory_units()) {
    ASSIGN_OR_RETURN(std::string unit, ParseUnitName("mandatory_units.unit", message.unit()));
    ASSIGN_OR_RETURN(std::string reason,
                     RequiredReason("mandatory_units.reason", message.reason()));
    if (!seen.insert(unit).second) return error::MandatoryUnitTwice(unit);
    picks.push_back({.unit = std::move(unit), .reason = std::move(reason)});
  }
  return picks;
}

}  // namespace

absl::StatusOr<ProgrammeWish> FromRequest(const pb::ProposeProgrammeRequest& request,
                                          const Share& share, const Regulation& regulation) {
  RETURN_IF_ERROR(CheckYear(request.year()));
  ProgrammeWish wish{.year = request.year(),
                     .share = share,
                     .seed = request.seed(),
                     .inspectors = {},
                     .team_size = regulation.team_size,
                     .extra_units = request.extra_units()};
  if (!request.share().empty()) {
    ASSIGN_OR_RETURN(wish.share, Share::Parse(request.share()));
  }
  ASSIGN_OR_RETURN(wish.mandatory, MandatoryOf(request));
  ASSIGN_OR_RETURN(wish.inspectors, InspectorsOf(request));
  if (request.team_size() != 0) wish.team_size = request.team_size();
  if (wish.team_size < 1 || wish.team_size > kTeamSizeMax) {
    return error::TeamSizeInvalid(wish.team_size);
  }
  ASSIGN_OR_RETURN(wish.start, OptionalDate("start_date", request.start_date()));
  ASSIGN_OR_RETURN(wish.end, OptionalDate("end_date", request.end_date()));
  if (wish.extra_units < 0) return error::CountNegative("extra_units", wish.extra_units);
  return wish;
}

absl::StatusOr<Inspection> FromRequest(const pb::AddInspectionRequest& request) {
  Inspection inspection;
  inspection.kind = InspectionKind::kAdHoc;
  ASSIGN_OR_RETURN(inspection.year, ParseProgrammeName("parent", request.parent()));
  ASSIGN_OR_RETURN(inspection.unit, ParseUnitName("unit", request.unit()));
  ASSIGN_OR_RETURN(inspection.planned, calendar::ParseDate("planned_date", request.planned_date()));
  if (request.team().empty()) return error::TeamMissing();
  RETURN_IF_ERROR(CheckLength("team", request.team(), static_cast<size_t>(kTeamSizeMax)));
  inspection.team = {request.team().begin(), request.team().end()};
  // The Office's own words stand for both languages.
  ASSIGN_OR_RETURN(inspection.reason_vi, RequiredReason("reason", request.reason()));
  inspection.reason_en = inspection.reason_vi;
  return inspection;
}

absl::StatusOr<std::vector<Finding>> FromRequest(const pb::CompleteInspectionRequest& request) {
  RETURN_IF_ERROR(CheckLength("findings", request.findings(), kFindingsMax));
  std::vector<Finding> findings;
  for (const pb::Finding& message : request.findings()) {
    Finding finding{.field = {}, .text = {}, .serious = message.serious()};
    ASSIGN_OR_RETURN(finding.field, RequiredLine("findings.field", message.field()));
    ASSIGN_OR_RETURN(finding.text, CleanLine("findings.text", message.text(), kFindingMax));
    findings.push_back(std::move(finding));
  }
  return findings;
}

absl::StatusOr<Remedy> FromRequest(const pb::RemedyFindingRequest& request) {
  Remedy remedy{
      .finding_number = request.finding_number(), .document = {}, .verified_by = {}, .today = {}};
  ASSIGN_OR_RETURN(remedy.document, RequiredLine("document", request.document()));
  ASSIGN_OR_RETURN(remedy.verified_by, ParseUnitName("verified_by", request.verified_by()));
  return remedy;
}

absl::StatusOr<std::string> RequiredLine(absl::string_view field, absl::string_view text) {
  return CleanLine(field, text, kLineMax);
}

absl::StatusOr<std::string> RequiredReason(absl::string_view field, absl::string_view text) {
  return CleanLine(field, text, kParagraphMax);
}

absl::Status CheckYear(int64_t year) {
  const bool valid = calendar::kYearMin <= year && year <= calendar::kYearMax;
  return valid ? absl::OkStatus() : error::YearInvalid(year);
}

}  // namespace dondoc::inspection
