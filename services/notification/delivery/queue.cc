#include "services/notification/delivery/queue.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "services/notification/delivery/mail.h"
#include "services/notification/delivery/webhook.h"
#include "services/notification/domain/digest.h"
#include "services/notification/store/deliveries.h"
#include "services/notification/store/notices.h"
#include "services/notification/store/preferences.h"
#include "services/notification/store/units.h"
#include "services/notification/timers/ledger.h"

namespace dondoc::notification {
namespace {

// How many notices of a digest are read for its text; it spells out fewer, and counts the rest.
constexpr int64_t kNoticesReadMax = 1'000;

constexpr char kAddressGone[] = "the recipient has no address that may be used on this channel";

// Spreads retries, and always the same way for the same attempt.
int PermilleOf(const Delivery& delivery) {
  const std::string hash = Sha256(absl::StrCat(delivery.id, delivery.attempts));
  return (static_cast<unsigned char>(hash[0]) * 256 + static_cast<unsigned char>(hash[1])) % 1'000;
}

absl::string_view NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSent:
      return "SENT";
    case Outcome::kRetry:
      return "RETRY";
    case Outcome::kDead:
      return "DEAD";
  }
  return "";
}

void TellNotices(store::Transaction& transaction, const Delivery& delivery) {
  if (const auto digest = FindDigest(transaction.sql(), delivery.digest)) {
    MarkSent(transaction, *digest);
  }
}

void GiveUp(store::Transaction& transaction, Delivery& delivery) {
  delivery.state = DeliveryState::kDead;
  delivery.next_at.reset();
  UpdateDelivery(transaction, delivery, "dead");
  if (!IsOnTheWay(transaction.sql(), delivery.digest)) TellNotices(transaction, delivery);
}

// Counts an attempt, and decides what comes next. True when the delivery was given up.
bool EndAttempt(store::Transaction& transaction, Delivery& delivery, const SendResult& result,
                absl::string_view logged_as) {
  ++delivery.attempts;
  delivery.lease.clear();
  delivery.last_answer = result.answer;
  InsertAttempt(transaction.sql(), {.delivery = delivery.id,
                                    .attempt = delivery.attempts,
                                    .at = transaction.now(),
                                    .outcome = std::string(logged_as),
                                    .answer = result.answer});
  if (result.outcome == Outcome::kSent) {
    delivery.state = DeliveryState::kSent;
    delivery.sent_at = transaction.now();
    delivery.next_at.reset();
    UpdateDelivery(transaction, delivery, "sent");
    TellNotices(transaction, delivery);
    return false;
  }
  const int failures = delivery.attempts - delivery.round;
  if (result.outcome == Outcome::kDead || failures >= kAttemptsMax) {
    GiveUp(transaction, delivery);
    return true;
  }
  delivery.state = DeliveryState::kRetrying;
  delivery.next_at =
      transaction.now() + RetryDelay(failures, PermilleOf(delivery), result.retry_after);
  UpdateDelivery(transaction, delivery, "failed");
  return false;
}

std::string AddressOn(Channel channel, const Contact& contact) {
  switch (channel) {
    case Channel::kEmail:
      return contact.email;
    case Channel::kWebhook:
      return contact.webhook_url;
    case Channel::kInbox:
      return "";
  }
  return "";
}

std::string TextOfMail(store::Transaction& transaction, const Outside& outside,
                       const Delivery& delivery, const std::string& address) {
  const std::optional<Digest> digest = FindDigest(transaction.sql(), delivery.digest);
  if (!digest) return "";
  std::vector<DigestItem> items;
  for (Notice& notice : NoticesIn(transaction.sql(), *digest, kNoticesReadMax)) {
    items.push_back({.matter = std::move(notice.matter), .telling = notice.telling()});
  }
  const std::optional<Unit> unit = FindUnit(transaction.sql(), delivery.recipient);
  const int64_t unlisted = digest->notice_count - static_cast<int64_t>(items.size());
  auto mail = WriteMail(
      {.from = outside.smtp_from,
       .to = address,
       .id = delivery.id,
       .date = delivery.created_at,
       .text = WriteDigest(unit ? unit->display_name : delivery.recipient, items, unlisted)});
  return mail.ok() ? *std::move(mail) : "";
}

// Nothing when the delivery cannot be packed: there is no address any more, or none that a message
// may go to by the settings of today.
std::optional<Parcel> Pack(store::Transaction& transaction, const Outside& outside,
                           const Delivery& delivery) {
  const Contact contact = FindContact(transaction.sql(), delivery.recipient).contact;
  Parcel parcel{.id = delivery.id,
                .channel = delivery.channel,
                .address = AddressOn(delivery.channel, contact)};
  if (parcel.address.empty()) return std::nullopt;
  if (delivery.channel == Channel::kEmail) {
    parcel.content = TextOfMail(transaction, outside, delivery, parcel.address);
    return parcel;
  }
  const auto secret = ParseWebhookSecret(contact.webhook_secret);
  if (!secret.ok() || !ParseWebhookUrl(parcel.address, outside.webhook_loopback).ok()) {
    return std::nullopt;
  }
  parcel.content = WebhookBody(delivery);
  parcel.headers = WebhookHeaders(delivery.id, transaction.now(), parcel.content, *secret);
  return parcel;
}

// An attempt whose end nobody saw, because the service that made it has gone.
bool CountLostAttempt(store::Transaction& transaction, Delivery& delivery) {
  return EndAttempt(
      transaction, delivery,
      {.outcome = Outcome::kRetry, .answer = "the service ended before the answer came"},
      "UNKNOWN");
}

// What may be taken now, the earliest first.
std::vector<std::string> DueIds(store::Transaction& transaction, const std::string& lease,
                                Capacity capacity) {
  std::vector<std::string> ids;
  store::Sql& sql = transaction.sql();
  const absl::Time now = transaction.now();
  if (capacity.mails > 0) {
    for (const Delivery& mail :
         DueDeliveries(sql, Channel::kEmail, now, lease, capacity.mails, capacity.mails)) {
      ids.push_back(mail.id);
    }
  }
  // Reads past those that wait for a busy webhook.
  const int64_t limit =
      capacity.webhooks + kPerWebhookMax * static_cast<int64_t>(capacity.busy.size());
  for (const Delivery& call :
       DueDeliveries(sql, Channel::kWebhook, now, lease, kPerWebhookMax, limit)) {
    int64_t& busy = capacity.busy[call.address];
    if (capacity.webhooks == 0 || busy == kPerWebhookMax) continue;
    ++busy;
    --capacity.webhooks;
    ids.push_back(call.id);
  }
  return ids;
}

}  // namespace

Taken TakeDue(store::Transaction& transaction, const Outside& outside, const std::string& lease,
              Capacity capacity) {
  store::Sql& sql = transaction.sql();
  Taken taken;
  for (const std::string& id : DueIds(transaction, lease, std::move(capacity))) {
    std::optional<Delivery> delivery = FindDelivery(sql, id);
    if (!delivery->lease.empty()) {
      if (CountLostAttempt(transaction, *delivery)) ++taken.given_up;
      continue;
    }
    if (auto parcel = Pack(transaction, outside, *delivery)) {
      SetLease(sql, delivery->id, lease);
      taken.parcels.push_back(*std::move(parcel));
    } else {
      delivery->last_answer = kAddressGone;
      GiveUp(transaction, *delivery);
      ++taken.given_up;
    }
  }
  return taken;
}

bool RecordResult(store::Transaction& transaction, const Parcel& parcel, const SendResult& result) {
  std::optional<Delivery> delivery = FindDelivery(transaction.sql(), parcel.id);
  if (!delivery || !delivery->next_at) return false;
  delivery->address = parcel.address;
  return EndAttempt(transaction, *delivery, result, NameOf(result.outcome));
}

}  // namespace dondoc::notification
