#include "services/notification/wire/convert.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/calendar/dates.h"
#include "services/notification/domain/wording.h"

namespace dondoc::notification {
namespace {

constexpr int64_t kMicros = 1'000'000;

google::protobuf::Timestamp ToProto(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  // Rounds towards the past, so that nanos are never negative.
  const int64_t seconds = (micros >= 0 ? micros : micros - (kMicros - 1)) / kMicros;
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>((micros - seconds * kMicros) * 1'000));
  return timestamp;
}

}  // namespace

pb::Notice ToProto(const Notice& notice) {
  const Sentence text = NoticeText(notice.matter, notice.telling());
  pb::Notice message;
  message.set_name(NoticeName(notice.id));
  message.set_recipient(notice.recipient);
  message.set_deadline_kind(ToProto(notice.deadline_kind()));
  message.set_kind(ToProto(notice.kind));
  message.set_days_left(notice.days_left);
  message.set_subject(notice.matter.subject);
  message.set_due_date(calendar::FormatDate(notice.due));
  message.set_text_vi(text.vi);
  message.set_text_en(text.en);
  *message.mutable_due_time() = ToProto(notice.planned_at);
  *message.mutable_create_time() = ToProto(notice.told_at);
  message.set_state(ToProto(notice.state));
  message.set_skip_reason(notice.skip_reason);
  if (notice.acknowledged_at)
    *message.mutable_acknowledge_time() = ToProto(*notice.acknowledged_at);
  message.set_acknowledged_by(notice.acknowledged_by);
  message.set_digest(DigestName(notice.digest));
  return message;
}

pb::Delivery ToProto(const Delivery& delivery) {
  pb::Delivery message;
  message.set_name(DeliveryName(delivery.id));
  message.set_recipient(delivery.recipient);
  message.set_channel(ToProto(delivery.channel));
  message.set_address(delivery.address);
  message.set_state(ToProto(delivery.state));
  message.set_attempt_count(delivery.attempts);
  *message.mutable_create_time() = ToProto(delivery.created_at);
  if (delivery.next_at) *message.mutable_next_attempt_time() = ToProto(*delivery.next_at);
  if (delivery.sent_at) *message.mutable_sent_time() = ToProto(*delivery.sent_at);
  message.set_last_answer(delivery.last_answer);
  for (const int64_t notice : delivery.notices) message.add_notices(NoticeName(notice));
  message.set_notice_count(static_cast<int32_t>(delivery.notice_count));
  return message;
}

pb::Contact ToProto(const Contact& contact) {
  pb::Contact message;
  message.set_recipient(contact.recipient);
  message.set_email(contact.email);
  message.set_webhook_url(contact.webhook_url);
  return message;
}

Contact FromProto(const pb::Contact& contact) {
  return {.recipient = contact.recipient(),
          .email = contact.email(),
          .webhook_url = contact.webhook_url(),
          .webhook_secret = contact.webhook_secret()};
}

pb::PlanRules ToProto(const PlanRules& rules, absl::string_view plan, int64_t version) {
  pb::PlanRules message;
  message.set_plan(std::string(plan));
  message.set_etag(Etag(version));
  for (const int days : rules.days_before) message.add_days_before(days);
  message.set_overdue_step_days(rules.overdue_step_days);
  message.set_overdue_limit_days(rules.overdue_limit_days);
  message.set_hour(rules.hour);
  message.set_check_ins(rules.check_ins);
  return message;
}

PlanRules FromProto(const pb::PlanRules& rules) {
  return {.days_before = {rules.days_before().begin(), rules.days_before().end()},
          .overdue_step_days = rules.overdue_step_days(),
          .overdue_limit_days = rules.overdue_limit_days(),
          .hour = rules.hour(),
          .check_ins = rules.check_ins()};
}

pb::DeadlineKind ToProto(DeadlineKind kind) {
  switch (kind) {
    case DeadlineKind::kPhase:
      return pb::DEADLINE_KIND_PHASE;
    case DeadlineKind::kReport:
      return pb::DEADLINE_KIND_REPORT;
    case DeadlineKind::kInspection:
      return pb::DEADLINE_KIND_INSPECTION;
    case DeadlineKind::kRemedy:
      return pb::DEADLINE_KIND_REMEDY;
    case DeadlineKind::kCheckIn:
      return pb::DEADLINE_KIND_CHECK_IN;
  }
  return pb::DEADLINE_KIND_UNSPECIFIED;
}

pb::NoticeKind ToProto(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::kBeforeDue:
      return pb::NOTICE_KIND_BEFORE_DUE;
    case NoticeKind::kDue:
      return pb::NOTICE_KIND_DUE;
    case NoticeKind::kOverdue:
      return pb::NOTICE_KIND_OVERDUE;
    case NoticeKind::kCheckIn:
      return pb::NOTICE_KIND_CHECK_IN;
  }
  return pb::NOTICE_KIND_UNSPECIFIED;
}

pb::NoticeState ToProto(NoticeState state) {
  switch (state) {
    case NoticeState::kDue:
      return pb::NOTICE_STATE_DUE;
    case NoticeState::kSent:
      return pb::NOTICE_STATE_SENT;
    case NoticeState::kSkipped:
      return pb::NOTICE_STATE_SKIPPED;
  }
  return pb::NOTICE_STATE_UNSPECIFIED;
}

pb::Channel ToProto(Channel channel) {
  switch (channel) {
    case Channel::kInbox:
      return pb::CHANNEL_INBOX;
    case Channel::kEmail:
      return pb::CHANNEL_EMAIL;
    case Channel::kWebhook:
      return pb::CHANNEL_WEBHOOK;
  }
  return pb::CHANNEL_UNSPECIFIED;
}

pb::DeliveryState ToProto(DeliveryState state) {
  switch (state) {
    case DeliveryState::kPending:
      return pb::DELIVERY_STATE_PENDING;
    case DeliveryState::kRetrying:
      return pb::DELIVERY_STATE_RETRYING;
    case DeliveryState::kSent:
      return pb::DELIVERY_STATE_SENT;
    case DeliveryState::kDead:
      return pb::DELIVERY_STATE_DEAD;
  }
  return pb::DELIVERY_STATE_UNSPECIFIED;
}

std::string NoticeName(int64_t id) { return id == 0 ? "" : absl::StrCat("notices/", id); }

std::string DigestName(int64_t id) { return id == 0 ? "" : absl::StrCat("digests/", id); }

std::string DeliveryName(absl::string_view id) { return absl::StrCat("deliveries/", id); }

std::string ContactName(absl::string_view recipient) {
  return absl::StrCat("contacts/", absl::StripPrefix(recipient, "units/"));
}

std::string Etag(int64_t version) { return absl::StrCat("\"", version, "\""); }

}  // namespace dondoc::notification
