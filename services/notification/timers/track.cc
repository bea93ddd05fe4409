#include "services/notification/timers/track.h"

#include <algorithm>
#include <utility>

#include "services/notification/domain/catch_up.h"
#include "services/notification/store/deadlines.h"
#include "services/notification/store/preferences.h"
#include "services/notification/timers/ledger.h"

namespace dondoc::notification {
namespace {

bool SaysTheSame(const TrackedDeadline& known, const Obligation& obligation) {
  return known.plan == obligation.plan && known.deadline.due == obligation.deadline.due &&
         known.deadline.window_start == obligation.deadline.window_start &&
         known.title == obligation.title && known.label == obligation.label &&
         known.standing == obligation.standing;
}

void Begin(store::Transaction& transaction, const Obligation& obligation) {
  TrackedDeadline fresh{.subject = obligation.subject,
                        .recipient = obligation.recipient,
                        .plan = obligation.plan,
                        .deadline = obligation.deadline,
                        .title = obligation.title,
                        .label = obligation.label,
                        .standing = obligation.standing,
                        .told_to = obligation.since,
                        .traceparent = transaction.origin().traceparent};
  const PlanRules rules = RulesFor(transaction.sql(), fresh.plan).rules;
  if (const auto next = NextStep(rules, fresh.deadline, fresh.told_to)) {
    fresh.next_at = next->fire_at;
  }
  InsertDeadline(transaction.sql(), fresh);
}

// Records the steps of `known` that should have been told up to `until`, and never will be.
void SkipMissed(store::Transaction& transaction, const Channels& channels, const PlanRules& rules,
                const TrackedDeadline& known, absl::Time until, absl::string_view reason) {
  const absl::Time from = std::max(known.told_to, transaction.now() - kCatchUpWindow);
  Ledger ledger(transaction, channels);
  for (const Step& step : StepsBetween(rules, known.deadline, from, until)) {
    ledger.Record(known, {.step = step, .skip_reason = reason});
  }
  ledger.Finish();
}

}  // namespace

void Track(store::Transaction& transaction, const Channels& channels,
           const Obligation& obligation) {
  store::Sql& sql = transaction.sql();
  std::optional<TrackedDeadline> known =
      FindDeadline(sql, obligation.subject, obligation.recipient);
  if (!known) {
    if (obligation.standing == Standing::kOpen) Begin(transaction, obligation);
    return;
  }
  if (SaysTheSame(*known, obligation)) return;

  const bool was_open = known->standing == Standing::kOpen;
  const bool is_open = obligation.standing == Standing::kOpen;
  const bool moved = known->deadline.due != obligation.deadline.due;
  const PlanRules rules = RulesFor(sql, obligation.plan).rules;
  if (was_open && (moved || !is_open)) {
    const absl::string_view reason = is_open ? skip::kMoved : SkipReasonOf(obligation.standing);
    SkipMissed(transaction, channels, rules, *known, std::min(obligation.since, transaction.now()),
               reason);
  }
  if (moved) {
    ++known->revision;
    known->acknowledged.reset();
  }
  if (moved || was_open != is_open) known->told_to = std::max(known->told_to, obligation.since);
  known->plan = obligation.plan;
  known->deadline = obligation.deadline;
  known->title = obligation.title;
  known->label = obligation.label;
  known->standing = obligation.standing;
  known->traceparent = transaction.origin().traceparent;
  known->next_at.reset();
  if (is_open) {
    if (const auto next = NextStep(rules, known->deadline, known->told_to)) {
      known->next_at = next->fire_at;
    }
  }
  UpdateDeadline(sql, *known);
}

}  // namespace dondoc::notification
