#include "services/notification/events/inspection_events.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "libs/base/status_macros.h"
#include "services/notification/domain/plan_rules.h"
#include "services/notification/events/payload.h"
#include "services/notification/timers/track.h"

namespace dondoc::notification {
namespace {

namespace ipb = ::dondoc::inspection::v1;

Standing StandingOfDate(ipb::InspectionState state) {
  switch (state) {
    case ipb::INSPECTION_STATE_PLANNED:
    case ipb::INSPECTION_STATE_NOTIFIED:
      return Standing::kOpen;
    case ipb::INSPECTION_STATE_CANCELLED:
      return Standing::kCancelled;
    default:
      return Standing::kDone;
  }
}

Standing StandingOfFinding(ipb::InspectionState state, const ipb::Finding& finding) {
  if (state == ipb::INSPECTION_STATE_CANCELLED) return Standing::kCancelled;
  return finding.remedied_date().empty() ? Standing::kOpen : Standing::kDone;
}

bool IsConcluded(ipb::InspectionState state) {
  return state == ipb::INSPECTION_STATE_CONCLUDED || state == ipb::INSPECTION_STATE_REMEDIED ||
         state == ipb::INSPECTION_STATE_CANCELLED;
}

// A unit is told of an inspection once the team has announced it, and what was told is taken back
// when it is cancelled.
bool MayBeTold(const ipb::Inspection& inspection) {
  return !inspection.notified_date().empty() ||
         inspection.state() == ipb::INSPECTION_STATE_CANCELLED;
}

Obligation ObligationOf(const ipb::Inspection& inspection, absl::Time since) {
  return {.subject = inspection.name(),
          .recipient = inspection.unit(),
          .plan = std::string(kEveryPlan),
          .deadline = {.kind = DeadlineKind::kInspection},
          .standing = StandingOfDate(inspection.state()),
          .since = since};
}

}  // namespace

absl::Status ApplyInspectionChanged(store::Transaction& transaction, const Channels& channels,
                                    const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<ipb::InspectionChanged>(event));
  const ipb::Inspection& inspection = changed.inspection();
  if (inspection.kind() == ipb::INSPECTION_KIND_PLANNED) {
    Obligation date = ObligationOf(inspection, event.at);
    ASSIGN_OR_RETURN(date.deadline.due, DateIn(event, "planned_date", inspection.planned_date()));
    if (MayBeTold(inspection)) Track(transaction, channels, date);
  }
  if (!IsConcluded(inspection.state())) return absl::OkStatus();
  for (const ipb::Finding& finding : inspection.findings()) {
    if (finding.remedy_due_date().empty()) continue;
    Obligation remedy = ObligationOf(inspection, event.at);
    remedy.subject = absl::StrCat(inspection.name(), "/findings/", finding.number());
    remedy.deadline.kind = DeadlineKind::kRemedy;
    remedy.title = finding.text();
    remedy.standing = StandingOfFinding(inspection.state(), finding);
    ASSIGN_OR_RETURN(remedy.deadline.due,
                     DateIn(event, "remedy_due_date", finding.remedy_due_date()));
    Track(transaction, channels, remedy);
  }
  return absl::OkStatus();
}

}  // namespace dondoc::notification
