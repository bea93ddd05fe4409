#include "services/notification/events/registry_events.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_macros.h"
#include "libs/log/log.h"
#include "services/notification/domain/contact.h"
#include "services/notification/events/payload.h"
#include "services/notification/store/preferences.h"
#include "services/notification/store/units.h"
#include "services/notification/timers/track.h"

namespace dondoc::notification {
namespace {

namespace rpb = ::dondoc::registry::v1;

// Periodic reports go from the units to the Office (plan, III.1.b): the Office does not owe itself
// one, the department is its units, and an external body owes nothing.
bool OwesReports(int64_t kind) {
  switch (static_cast<rpb::UnitKind>(kind)) {
    case rpb::UNIT_KIND_DIVISION:
    case rpb::UNIT_KIND_INSPECTORATE:
    case rpb::UNIT_KIND_SUB_DEPARTMENT:
    case rpb::UNIT_KIND_PUBLIC_SERVICE_UNIT:
      return true;
    default:
      return false;
  }
}

Standing StandingOf(const rpb::Assignment& assignment) {
  if (assignment.cancelled()) return Standing::kCancelled;
  switch (assignment.progress()) {
    case rpb::PROGRESS_SUBMITTED:
      return Standing::kSubmitted;
    case rpb::PROGRESS_DONE:
    case rpb::PROGRESS_NOT_ARISING:
      return Standing::kDone;
    case rpb::PROGRESS_SUSPENDED:
      return Standing::kSuspended;
    default:
      return Standing::kOpen;
  }
}

// What `unit` owes for `report`.
Obligation ObligationOf(const Report& report, const std::string& unit, Standing standing,
                        absl::Time since) {
  return {.subject = report.name,
          .recipient = unit,
          .plan = PlanOf(report.name),
          .deadline = {.kind = DeadlineKind::kReport, .due = report.due},
          .title = report.label,
          .standing = standing,
          .since = since};
}

// The e-mail address of the register, unless somebody entered a contact here. One that cannot be
// used is left out: a typing mistake must not hold up the unit's other news.
void TakeOverEmail(store::Transaction& transaction, const rpb::Unit& unit) {
  KeptContact kept = FindContact(transaction.sql(), unit.name());
  std::string email = unit.email();
  if (!email.empty() && !CheckEmail(email).ok()) {
    log::Warning("contact.email_unusable", {{"unit", unit.name()}});
    email.clear();
  }
  if (kept.set_by_hand || kept.contact.email == email) return;
  kept.contact.email = std::move(email);
  ++kept.version;
  PutContact(transaction, kept);
}

}  // namespace

absl::Status ApplyUnitChanged(store::Transaction& transaction, const Channels& channels,
                              const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::UnitChanged>(event));
  Unit unit{.name = changed.unit().name(),
            .display_name = changed.unit().display_name(),
            .kind = changed.unit().kind()};
  if (!changed.unit().valid_to().empty()) {
    ASSIGN_OR_RETURN(unit.valid_to, DateIn(event, "valid_to", changed.unit().valid_to()));
  }
  ASSIGN_OR_RETURN(const absl::CivilDay valid_from,
                   DateIn(event, "valid_from", changed.unit().valid_from()));
  const bool is_new = !FindUnit(transaction.sql(), unit.name).has_value();
  PutUnit(transaction.sql(), unit);
  TakeOverEmail(transaction, changed.unit());
  if (!is_new || !OwesReports(unit.kind)) return absl::OkStatus();
  for (const Report& report : ReportsDueFrom(transaction.sql(), valid_from)) {
    Track(transaction, channels, ObligationOf(report, unit.name, Standing::kOpen, event.at));
  }
  return absl::OkStatus();
}

absl::Status ApplyAssignmentChanged(store::Transaction& transaction, const Channels& channels,
                                    const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::AssignmentChanged>(event));
  const rpb::Assignment& assignment = changed.assignment();
  ASSIGN_OR_RETURN(const absl::CivilDay due, DateIn(event, "due_date", assignment.due_date()));
  std::optional<absl::CivilDay> window_start;
  if (!assignment.window_start().empty()) {
    ASSIGN_OR_RETURN(window_start, DateIn(event, "window_start", assignment.window_start()));
  }
  Track(transaction, channels,
        {.subject = assignment.name(),
         .recipient = assignment.unit(),
         .plan = PlanOf(assignment.name()),
         .deadline = {.kind = DeadlineKind::kPhase, .window_start = window_start, .due = due},
         .title = assignment.task_text(),
         .label = assignment.phase_label(),
         .standing = StandingOf(assignment),
         .since = event.at});
  return absl::OkStatus();
}

absl::Status ApplyReportChanged(store::Transaction& transaction, const Channels& channels,
                                const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::PeriodicReportChanged>(event));
  ASSIGN_OR_RETURN(const absl::CivilDay due,
                   DateIn(event, "due_date", changed.report().due_date()));
  const Report report{
      .name = changed.report().name(), .label = changed.report().label(), .due = due};
  PutReport(transaction.sql(), report);
  std::map<std::string, Standing> standings;
  for (const Unit& unit : AllUnits(transaction.sql())) {
    if (!OwesReports(unit.kind)) continue;
    if (unit.valid_to && *unit.valid_to <= DateOf(event.at)) continue;
    standings[unit.name] = Standing::kOpen;
  }
  for (const rpb::ReportDelivery& delivery : changed.report().deliveries()) {
    standings[delivery.unit()] = Standing::kDone;
  }
  for (const auto& [unit, standing] : standings) {
    Track(transaction, channels, ObligationOf(report, unit, standing, event.at));
  }
  return absl::OkStatus();
}

}  // namespace dondoc::notification
