#include "services/kpi/wire/registry.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/kpi/domain/names.h"

namespace dondoc::kpi {
namespace {

namespace rpb = ::dondoc::registry::v1;

absl::Status NotUnderstood(absl::string_view name, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(name, ": ", what, " cannot be read"));
}

absl::StatusOr<std::optional<absl::CivilDay>> OptionalDay(absl::string_view field,
                                                          const std::string& text) {
  if (text.empty()) return std::optional<absl::CivilDay>();
  ASSIGN_OR_RETURN(const absl::CivilDay day, calendar::ParseDate(field, text));
  return std::optional<absl::CivilDay>(day);
}

std::optional<Comparator> FromProto(rpb::Comparator comparator) {
  switch (comparator) {
    case rpb::COMPARATOR_AT_LEAST:
      return Comparator::kAtLeast;
    case rpb::COMPARATOR_GREATER:
      return Comparator::kGreater;
    case rpb::COMPARATOR_AT_MOST:
      return Comparator::kAtMost;
    case rpb::COMPARATOR_LESS:
      return Comparator::kLess;
    case rpb::COMPARATOR_EQUAL:
      return Comparator::kEqual;
    case rpb::COMPARATOR_UNSPECIFIED:
    case rpb::Comparator_INT_MIN_SENTINEL_DO_NOT_USE_:
    case rpb::Comparator_INT_MAX_SENTINEL_DO_NOT_USE_:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<PlanTargetKind> FromProto(rpb::TargetKind kind) {
  switch (kind) {
    case rpb::TARGET_KIND_NUMERIC:
      return PlanTargetKind::kNumeric;
    case rpb::TARGET_KIND_BY_REFERENCE:
      return PlanTargetKind::kByReference;
    case rpb::TARGET_KIND_QUALITATIVE:
      return PlanTargetKind::kQualitative;
    case rpb::TARGET_KIND_NOT_SET:
      return PlanTargetKind::kNotSet;
    case rpb::TARGET_KIND_UNSPECIFIED:
    case rpb::TargetKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case rpb::TargetKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      return std::nullopt;
  }
  return std::nullopt;
}

// The last part of "plans/{plan}/targets/{id}".
std::string LastPart(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return std::string(slash == absl::string_view::npos ? name : name.substr(slash + 1));
}

absl::StatusOr<PlanTarget> FromEvent(const rpb::Target& proto) {
  const std::optional<PlanTargetKind> kind = FromProto(proto.kind());
  if (!kind) return NotUnderstood(proto.name(), "kind");
  PlanTarget target;
  target.id = LastPart(proto.name());
  target.clause = proto.clause();
  target.text = proto.text();
  target.indicator = proto.indicator();
  target.kind = *kind;
  target.comparator = FromProto(proto.comparator());
  if (!proto.value().empty()) {
    ASSIGN_OR_RETURN(target.value, Decimal::Parse(proto.value()));
    if (!target.comparator) return NotUnderstood(proto.name(), "comparator");
  }
  target.unit = proto.unit();
  ASSIGN_OR_RETURN(target.effective_from, OptionalDay("effective_from", proto.effective_from()));
  ASSIGN_OR_RETURN(target.due_date, OptionalDay("due_date", proto.due_date()));
  target.nested_in = LastPart(proto.nested_in());
  target.exclusion = proto.exclusion();
  target.reference = proto.reference();
  target.tasks.assign(proto.tasks().begin(), proto.tasks().end());
  return target;
}

ObligationState StateOf(const rpb::Assignment& assignment) {
  if (assignment.cancelled()) return ObligationState::kReleased;
  switch (assignment.progress()) {
    case rpb::PROGRESS_SUBMITTED:
      return ObligationState::kSubmitted;
    case rpb::PROGRESS_DONE:
      return ObligationState::kDone;
    case rpb::PROGRESS_NOT_ARISING:
      return ObligationState::kReleased;
    case rpb::PROGRESS_UNSPECIFIED:
    case rpb::PROGRESS_NOT_STARTED:
    case rpb::PROGRESS_IN_PROGRESS:
    case rpb::PROGRESS_SUSPENDED:
    case rpb::Progress_INT_MIN_SENTINEL_DO_NOT_USE_:
    case rpb::Progress_INT_MAX_SENTINEL_DO_NOT_USE_:
      return ObligationState::kOpen;
  }
  return ObligationState::kOpen;
}

bool OnTime(rpb::Timeliness timeliness) {
  return timeliness == rpb::TIMELINESS_DONE_EARLY || timeliness == rpb::TIMELINESS_DONE_ON_TIME;
}

}  // namespace

absl::StatusOr<UnitFacts> FromEvent(const rpb::Unit& proto) {
  UnitFacts unit{.name = proto.name(), .parent = proto.parent(), .valid_from = {}, .valid_to = {}};
  ASSIGN_OR_RETURN(unit.valid_from, calendar::ParseDate("valid_from", proto.valid_from()));
  ASSIGN_OR_RETURN(unit.valid_to, OptionalDay("valid_to", proto.valid_to()));
  return unit;
}

absl::StatusOr<PlanFacts> FromEvent(const rpb::Plan& proto) {
  PlanFacts plan;
  ASSIGN_OR_RETURN(plan.id, PlanId("name", proto.name()));
  if (proto.year() < calendar::kYearMin || proto.year() > calendar::kYearMax) {
    return NotUnderstood(proto.name(), "year");
  }
  plan.year = proto.year();
  for (const rpb::Target& proto_target : proto.targets()) {
    ASSIGN_OR_RETURN(PlanTarget target, FromEvent(proto_target));
    plan.targets.push_back(std::move(target));
  }
  if (!proto.inspection_share().empty()) {
    ASSIGN_OR_RETURN(plan.inspection_share, Decimal::Parse(proto.inspection_share()));
  }
  return plan;
}

absl::StatusOr<AssignmentFacts> FromEvent(const rpb::Assignment& proto) {
  AssignmentFacts facts{.name = proto.name(), .plan = {}, .unit = proto.unit(), .obligation = {}};
  absl::string_view plan = proto.name();
  if (!absl::ConsumePrefix(&plan, "plans/") || plan.find('/') == absl::string_view::npos) {
    return NotUnderstood(proto.name(), "plan");
  }
  facts.plan = std::string(plan.substr(0, plan.find('/')));
  Obligation& obligation = facts.obligation;
  obligation.state = StateOf(proto);
  ASSIGN_OR_RETURN(obligation.due_date, calendar::ParseDate("due_date", proto.due_date()));
  obligation.handed_in = obligation.due_date;
  const std::string& handed_in = proto.submission().submitted_date().empty()
                                     ? proto.completed_date()
                                     : proto.submission().submitted_date();
  if (!handed_in.empty()) {
    ASSIGN_OR_RETURN(obligation.handed_in, calendar::ParseDate("submitted_date", handed_in));
  }
  obligation.on_time = OnTime(proto.timeliness());
  return facts;
}

absl::StatusOr<CoverageFacts> FromEvent(const inspection::v1::Coverage& proto) {
  if (proto.year() < calendar::kYearMin || proto.year() > calendar::kYearMax) {
    return NotUnderstood("coverage", "year");
  }
  if (proto.concluded_count() < 0 || proto.unit_count() < 0 ||
      (proto.unit_count() == 0 && proto.concluded_count() > 0)) {
    return NotUnderstood("coverage", "counts");
  }
  CoverageFacts facts{.year = proto.year(),
                      .share = {},
                      .concluded = proto.concluded_count(),
                      .units = proto.unit_count()};
  if (!proto.share().empty()) {
    ASSIGN_OR_RETURN(facts.share, Decimal::Parse(proto.share()));
  }
  return facts;
}

}  // namespace dondoc::kpi
