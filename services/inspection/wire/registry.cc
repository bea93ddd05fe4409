#include "services/inspection/wire/registry.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"

namespace dondoc::inspection {
namespace {

namespace rpb = ::dondoc::registry::v1;

absl::StatusOr<std::optional<absl::CivilDay>> OptionalDate(absl::string_view field,
                                                           const std::string& text) {
  if (text.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const absl::CivilDay day, calendar::ParseDate(field, text));
  return day;
}

absl::StatusOr<UnitKind> KindOf(const rpb::Unit& message) {
  switch (message.kind()) {
    case rpb::UNIT_KIND_DEPARTMENT:
      return UnitKind::kDepartment;
    case rpb::UNIT_KIND_OFFICE:
      return UnitKind::kOffice;
    case rpb::UNIT_KIND_DIVISION:
      return UnitKind::kDivision;
    case rpb::UNIT_KIND_INSPECTORATE:
      return UnitKind::kInspectorate;
    case rpb::UNIT_KIND_SUB_DEPARTMENT:
      return UnitKind::kSubDepartment;
    case rpb::UNIT_KIND_PUBLIC_SERVICE_UNIT:
      return UnitKind::kPublicServiceUnit;
    case rpb::UNIT_KIND_EXTERNAL:
      return UnitKind::kExternal;
    case rpb::UNIT_KIND_UNSPECIFIED:
    case rpb::UnitKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case rpb::UnitKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(message.name(), " is of kind ", message.kind(), ", which is not known here"));
}

}  // namespace

absl::StatusOr<Unit> FromEvent(const rpb::Unit& message) {
  Unit unit{.name = message.name(),
            .display_name = message.display_name(),
            .parent = message.parent(),
            .valid_from = {},
            .successor = message.successor()};
  ASSIGN_OR_RETURN(unit.kind, KindOf(message));
  ASSIGN_OR_RETURN(unit.valid_from, calendar::ParseDate("valid_from", message.valid_from()));
  ASSIGN_OR_RETURN(unit.valid_to, OptionalDate("valid_to", message.valid_to()));
  return unit;
}

absl::StatusOr<Obligation> FromEvent(const rpb::Assignment& message) {
  Obligation obligation{.name = message.name(),
                        .unit = message.unit(),
                        .due = {},
                        .handed_in = {},
                        .cancelled = message.cancelled()};
  ASSIGN_OR_RETURN(obligation.due, calendar::ParseDate("due_date", message.due_date()));
  const std::string& handed_in = !message.completed_date().empty() ? message.completed_date()
                                 : message.progress() == rpb::PROGRESS_SUBMITTED
                                     ? message.submission().submitted_date()
                                     : std::string();
  ASSIGN_OR_RETURN(obligation.handed_in, OptionalDate("submitted_date", handed_in));
  return obligation;
}

absl::StatusOr<PlanShare> FromEvent(const rpb::Plan& message) {
  PlanShare plan{.plan = message.name(), .year = message.year(), .share = {}};
  if (!message.inspection_share().empty()) {
    ASSIGN_OR_RETURN(plan.share, Share::Parse(message.inspection_share()));
  }
  return plan;
}

}  // namespace dondoc::inspection
