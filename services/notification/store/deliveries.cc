#include "services/notification/store/deliveries.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "dondoc/notification/v1/events.pb.h"
#include "services/notification/store/columns.h"
#include "services/notification/store/notices.h"
#include "services/notification/wire/convert.h"

namespace dondoc::notification {
namespace {

constexpr char kColumns[] =
    "id, digest, recipient, channel, address, state, attempts, round, created_at, next_at, "
    "sent_at, last_answer, lease, version";

// Runs a query over kColumns; `source` is what follows "from".
template <typename... P>
std::vector<Delivery> Select(store::Sql& sql, absl::string_view source, const P&... params) {
  std::vector<Delivery> rows;
  sql.ForEach<std::string, int64_t, std::string, int64_t, std::string, int64_t, int64_t, int64_t,
              int64_t, std::optional<int64_t>, std::optional<int64_t>, std::string, std::string,
              int64_t>(
      absl::StrCat("select ", kColumns, " from ", source).c_str(),
      [&](std::string id, int64_t digest, std::string recipient, int64_t channel,
          std::string address, int64_t state, int64_t attempts, int64_t round, int64_t created_at,
          std::optional<int64_t> next_at, std::optional<int64_t> sent_at, std::string last_answer,
          std::string lease, int64_t version) {
        rows.push_back({.id = std::move(id),
                        .digest = digest,
                        .recipient = std::move(recipient),
                        .channel = static_cast<Channel>(channel),
                        .address = std::move(address),
                        .state = static_cast<DeliveryState>(state),
                        .attempts = static_cast<int>(attempts),
                        .round = static_cast<int>(round),
                        .created_at = TimeOf(created_at),
                        .next_at = TimeOf(next_at),
                        .sent_at = TimeOf(sent_at),
                        .last_answer = std::move(last_answer),
                        .lease = std::move(lease),
                        .version = version});
      },
      params...);
  return rows;
}

void FillInNotices(store::Sql& sql, Delivery& delivery) {
  const std::optional<Digest> digest = FindDigest(sql, delivery.digest);
  if (!digest) return;
  delivery.notice_count = digest->notice_count;
  delivery.notices = NoticeIdsIn(sql, *digest, kNoticesShownMax);
}

void EmitDelivery(store::Transaction& transaction, const Delivery& delivery,
                  absl::string_view verb) {
  pb::DeliveryChanged changed;
  *changed.mutable_delivery() = ToProto(delivery);
  transaction.Emit({.type = absl::StrCat("dondoc.notification.delivery.", verb),
                    .name = DeliveryName(delivery.id),
                    .version = delivery.version,
                    .schema = changed.GetTypeName(),
                    .payload = changed.SerializeAsString()});
}

}  // namespace

void InsertDelivery(store::Transaction& transaction, const Delivery& delivery,
                    absl::string_view verb) {
  static const std::string query = absl::StrCat(
      "insert into deliveries (", kColumns,
      ") values (:id, :digest, :recipient, :channel, :address, :state, :attempts, :round, "
      ":created_at, :next_at, :sent_at, :last_answer, :lease, :version)");
  transaction.sql().Run(query.c_str(), delivery.id, delivery.digest, delivery.recipient,
                        delivery.channel, delivery.address, delivery.state, delivery.attempts,
                        delivery.round, Micros(delivery.created_at), Micros(delivery.next_at),
                        Micros(delivery.sent_at), delivery.last_answer, delivery.lease,
                        delivery.version);
  EmitDelivery(transaction, delivery, verb);
}

void UpdateDelivery(store::Transaction& transaction, Delivery& delivery, absl::string_view verb) {
  ++delivery.version;
  transaction.sql().Run(
      "update deliveries set address = :address, state = :state, attempts = :attempts, round = "
      ":round, next_at = :next_at, sent_at = :sent_at, last_answer = :last_answer, lease = :lease, "
      "version = :version where id = :id",
      delivery.address, delivery.state, delivery.attempts, delivery.round, Micros(delivery.next_at),
      Micros(delivery.sent_at), delivery.last_answer, delivery.lease, delivery.version,
      delivery.id);
  EmitDelivery(transaction, delivery, verb);
}

std::optional<Delivery> FindDelivery(store::Sql& sql, const std::string& id) {
  std::vector<Delivery> rows = Select(sql, "deliveries where id = :id", id);
  if (rows.empty()) return std::nullopt;
  FillInNotices(sql, rows.front());
  return std::move(rows.front());
}

std::vector<Delivery> DeliveriesBefore(store::Sql& sql, const DeliveryFilter& filter,
                                       const std::string& before, int64_t limit) {
  std::vector<Delivery> rows =
      Select(sql,
             "deliveries where (:all = '' or id < :before) and (:state = 0 or state = :state2) and "
             "(:channel = 0 or channel = :channel2) order by id desc limit :limit",
             before, before, filter.state, filter.state, filter.channel, filter.channel, limit);
  for (Delivery& delivery : rows) FillInNotices(sql, delivery);
  return rows;
}

bool IsOnTheWay(store::Sql& sql, int64_t digest) {
  return sql
      .Value<std::string>(
          "select id from deliveries where digest = :digest and next_at is not null limit 1",
          digest)
      .has_value();
}

std::optional<absl::Time> NextAttemptTime(store::Sql& sql, const std::string& lease) {
  return TimeOf(sql.Value<int64_t>(
      "select next_at from deliveries where next_at is not null and lease <> :lease "
      "order by next_at limit 1",
      lease));
}

std::vector<Delivery> DueDeliveries(store::Sql& sql, Channel channel, absl::Time now,
                                    const std::string& lease, int64_t per_address, int64_t limit) {
  return Select(sql,
                absl::StrCat("(select ", kColumns,
                             ", row_number() over (partition by address order by next_at, id) as "
                             "place from deliveries where next_at <= :now and channel = :channel "
                             "and lease <> :lease) as due where place <= :per_address "
                             "order by next_at, id limit :limit"),
                Micros(now), channel, lease, per_address, limit);
}

void SetLease(store::Sql& sql, const std::string& id, const std::string& lease) {
  sql.Run("update deliveries set lease = :lease where id = :id", lease, id);
}

void InsertAttempt(store::Sql& sql, const AttemptRow& row) {
  sql.Run(
      "insert into delivery_attempts (delivery, attempt, at, outcome, answer) values (:delivery, "
      ":attempt, :at, :outcome, :answer)",
      row.delivery, row.attempt, Micros(row.at), row.outcome, row.answer);
}

}  // namespace dondoc::notification
