#include "services/notification/timers/ledger.h"

#include "absl/strings/str_cat.h"
#include "dondoc/notification/v1/events.pb.h"
#include "services/notification/store/preferences.h"
#include "services/notification/wire/convert.h"

namespace dondoc::notification {
namespace {

absl::string_view FirstVerb(NoticeState state) {
  switch (state) {
    case NoticeState::kDue:
      return "due";
    case NoticeState::kSent:
      return "sent";
    case NoticeState::kSkipped:
      return "skipped";
  }
  return "";
}

}  // namespace

void Ledger::Record(const TrackedDeadline& deadline, const Verdict& verdict) {
  Notice notice{.id = last_id_ + 1,
                .deadline = deadline.id,
                .revision = deadline.revision,
                .kind = verdict.step.kind,
                .days_left = verdict.step.days_left,
                .recipient = deadline.recipient,
                .matter = deadline.matter(),
                .due = deadline.deadline.due,
                .planned_at = verdict.step.fire_at,
                .told_at = transaction_.now(),
                .state = NoticeState::kSkipped,
                .skip_reason = std::string(verdict.skip_reason)};
  Recipient* recipient = nullptr;
  if (verdict.skip_reason.empty()) {
    recipient = &RecipientOf(deadline.recipient);
    notice.digest = recipient->digest.id;
    notice.state = recipient->reached_outside ? NoticeState::kDue : NoticeState::kSent;
  }
  if (!InsertNotice(transaction_.sql(), notice)) return;
  last_id_ = notice.id;
  if (recipient != nullptr) {
    Digest& digest = recipient->digest;
    if (digest.first_notice == 0) digest.first_notice = notice.id;
    digest.last_notice = notice.id;
    ++digest.notice_count;
  }
  // An event that ends a deadline skips its notices; one that the clock tells came of the deadline.
  const bool by_event = !transaction_.origin().traceparent.empty();
  EmitNotice(transaction_, notice, FirstVerb(notice.state),
             by_event ? transaction_.origin().traceparent : deadline.traceparent);
}

void Ledger::Finish() {
  for (const auto& [name, recipient] : recipients_) {
    UpdateDigest(transaction_.sql(), recipient.digest);
  }
}

Ledger::Recipient& Ledger::RecipientOf(const std::string& name) {
  const auto found = recipients_.find(name);
  if (found != recipients_.end()) return found->second;
  Recipient recipient;
  if (auto open = FindOpenDigest(transaction_.sql(), name)) {
    recipient.digest = *std::move(open);
  } else {
    recipient.digest = {.recipient = name, .created_at = transaction_.now()};
    InsertDigest(transaction_.sql(), recipient.digest);
  }
  const Contact contact = FindContact(transaction_.sql(), name).contact;
  recipient.reached_outside = (channels_.email && !contact.email.empty()) ||
                              (channels_.webhook && !contact.webhook_url.empty());
  return recipients_.emplace(name, std::move(recipient)).first->second;
}

void EmitNotice(store::Transaction& transaction, const Notice& notice, absl::string_view verb,
                const std::string& traceparent) {
  pb::NoticeChanged changed;
  *changed.mutable_notice() = ToProto(notice);
  transaction.Emit({.type = absl::StrCat("dondoc.notification.notice.", verb),
                    .name = NoticeName(notice.id),
                    .version = notice.version,
                    .schema = changed.GetTypeName(),
                    .payload = changed.SerializeAsString(),
                    .traceparent = traceparent});
}

void MarkSent(store::Transaction& transaction, const Digest& digest) {
  for (Notice& notice : NoticesOnTheWayIn(transaction.sql(), digest)) {
    notice.state = NoticeState::kSent;
    ++notice.version;
    UpdateNotice(transaction.sql(), notice);
    EmitNotice(transaction, notice, "sent");
  }
}

}  // namespace dondoc::notification
