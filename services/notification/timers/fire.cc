#include "services/notification/timers/fire.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/ids.h"
#include "services/notification/domain/catch_up.h"
#include "services/notification/store/deadlines.h"
#include "services/notification/store/deliveries.h"
#include "services/notification/store/preferences.h"
#include "services/notification/store/units.h"
#include "services/notification/timers/ledger.h"

namespace dondoc::notification {
namespace {

// Until when each recipient exists, asked once for each.
class Lifetimes {
 public:
  explicit Lifetimes(store::Sql& sql) : sql_(sql) {}

  std::optional<absl::CivilDay> EndOf(const std::string& recipient) {
    const auto found = by_name_.find(recipient);
    if (found != by_name_.end()) return found->second;
    const std::optional<Unit> unit = FindUnit(sql_, recipient);
    return by_name_.emplace(recipient, unit ? unit->valid_to : std::nullopt).first->second;
  }

 private:
  store::Sql& sql_;
  std::map<std::string, std::optional<absl::CivilDay>> by_name_;
};

int64_t FireDue(store::Transaction& transaction, const Channels& channels, int64_t batch) {
  store::Sql& sql = transaction.sql();
  const absl::Time now = transaction.now();
  std::vector<TrackedDeadline> due = DueDeadlines(sql, now, batch);
  if (due.empty()) return 0;
  RuleBook rules(sql);
  Lifetimes lifetimes(sql);
  Ledger ledger(transaction, channels);
  for (TrackedDeadline& deadline : due) {
    const PlanRules& plan_rules = rules.For(deadline.plan);
    const absl::Time from = std::max(deadline.told_to, now - kCatchUpWindow);
    const Circumstances circumstances = {.acknowledged = deadline.acknowledged,
                                         .dissolved_on = lifetimes.EndOf(deadline.recipient)};
    const std::vector<Step> steps = StepsBetween(plan_rules, deadline.deadline, from, now);
    for (const Verdict& verdict : Judge(steps, circumstances)) {
      ledger.Record(deadline, verdict);
      if (verdict.skip_reason == skip::kDissolved) deadline.standing = Standing::kDissolved;
    }
    deadline.told_to = std::max(deadline.told_to, now);
    deadline.next_at.reset();
    if (deadline.standing == Standing::kOpen) {
      const auto next = NextStep(plan_rules, deadline.deadline, deadline.told_to);
      if (next) deadline.next_at = next->fire_at;
    }
    MoveTimer(sql, deadline);
  }
  ledger.Finish();
  return static_cast<int64_t>(due.size());
}

// Puts a digest on its way on every channel that its recipient has now.
void Dispatch(store::Transaction& transaction, const Channels& channels, const Digest& digest) {
  const Contact contact = FindContact(transaction.sql(), digest.recipient).contact;
  Delivery delivery{.digest = digest.id,
                    .recipient = digest.recipient,
                    .created_at = transaction.now(),
                    .notices = NoticeIdsIn(transaction.sql(), digest, kNoticesShownMax),
                    .notice_count = digest.notice_count};
  const auto queue = [&](Channel channel, const std::string& address) {
    delivery.id = NewUuid();
    delivery.channel = channel;
    delivery.address = address;
    delivery.next_at = transaction.now();
    InsertDelivery(transaction, delivery, "queued");
  };
  const bool email = channels.email && !contact.email.empty();
  const bool webhook = channels.webhook && !contact.webhook_url.empty();
  if (email) queue(Channel::kEmail, contact.email);
  if (webhook) queue(Channel::kWebhook, contact.webhook_url);
  // The inbox has it already.
  delivery.id = NewUuid();
  delivery.channel = Channel::kInbox;
  delivery.address.clear();
  delivery.state = DeliveryState::kSent;
  delivery.next_at.reset();
  delivery.sent_at = transaction.now();
  InsertDelivery(transaction, delivery, "sent");
  // It had other channels when the run began, and somebody has just taken them away.
  if (!email && !webhook) MarkSent(transaction, digest);
}

int64_t CloseDigests(store::Transaction& transaction, const Channels& channels, int64_t batch) {
  const std::vector<Digest> digests = OpenDigests(transaction.sql(), batch);
  for (const Digest& digest : digests) {
    CloseDigest(transaction.sql(), digest, transaction.now());
    // An empty one stays when all its notices had been told before: nobody gets an empty message.
    if (digest.notice_count > 0) Dispatch(transaction, channels, digest);
  }
  return static_cast<int64_t>(digests.size());
}

}  // namespace

bool RunTimers(store::Transaction& transaction, const Channels& channels, int64_t batch) {
  if (FireDue(transaction, channels, batch) == batch) return true;
  return CloseDigests(transaction, channels, batch) == batch;
}

}  // namespace dondoc::notification
