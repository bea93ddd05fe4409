#include "libs/store/log.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/store/database.h"

namespace dondoc::store {
namespace {

void AppendField(std::string& text, absl::string_view field) {
  absl::StrAppend(&text, field.size(), ":", field);
}

}  // namespace

std::string HashOfRow(const LogRow& row) {
  std::string text = row.previous_hash;
  AppendField(text, absl::StrCat(row.sequence));
  AppendField(text, row.id);
  AppendField(text, row.type);
  AppendField(text, row.name);
  AppendField(text, absl::StrCat(row.version));
  AppendField(text, row.schema);
  AppendField(text, row.payload);
  AppendField(text, row.actor);
  AppendField(text, absl::StrCat(row.at_us));
  AppendField(text, row.traceparent);
  AppendField(text, row.request_id.value_or(""));
  AppendField(text, row.request_hash ? row.request_hash->value : "");
  AppendField(text, row.response ? row.response->value : "");
  return Sha256(text);
}

namespace {

// How many rows are in memory at once while a whole log is read.
constexpr int64_t kPage = 1'000;

// Returns how many rows there were.
int64_t ForEachRowOfPage(Sql& sql, int64_t from, const std::function<void(LogRow)>& each) {
  int64_t rows = 0;
  sql.ForEach<int64_t, std::string, std::string, std::string, int64_t, std::string, Bytes,
              std::string, int64_t, std::string, std::optional<std::string>, std::optional<Bytes>,
              std::optional<Bytes>, Bytes>(
      "select seq, id, type, name, version, schema, payload, actor, at, traceparent, request_id, "
      "request_hash, response, previous_hash from events where seq >= :from order by seq "
      "limit :limit",
      [&](int64_t sequence, std::string id, std::string type, std::string name, int64_t version,
          std::string schema, Bytes payload, std::string actor, int64_t at_us,
          std::string traceparent, std::optional<std::string> request_id,
          std::optional<Bytes> request_hash, std::optional<Bytes> response, Bytes previous_hash) {
        ++rows;
        each({.sequence = sequence,
              .id = std::move(id),
              .type = std::move(type),
              .name = std::move(name),
              .version = version,
              .schema = std::move(schema),
              .payload = std::move(payload.value),
              .actor = std::move(actor),
              .at_us = at_us,
              .traceparent = std::move(traceparent),
              .request_id = std::move(request_id),
              .request_hash = std::move(request_hash),
              .response = std::move(response),
              .previous_hash = std::move(previous_hash.value)});
      },
      from, kPage);
  return rows;
}

}  // namespace

void ForEachRow(Sql& sql, int64_t from, const std::function<void(LogRow)>& each) {
  int64_t next = from;
  const auto one = [&](LogRow row) {
    next = row.sequence + 1;
    each(std::move(row));
  };
  while (ForEachRowOfPage(sql, next, one) == kPage) {
  }
}

void FindLogEnd(Sql& sql, LogEnd& end) {
  const int64_t last =
      sql.Value<int64_t>("select seq from events order by seq desc limit 1").value_or(0);
  if (last + 1 == end.next_sequence) return;
  end = {.next_sequence = last + 1, .last_hash = {}};
  ForEachRow(sql, last, [&](const LogRow& row) { end.last_hash = HashOfRow(row); });
}

void AppendEvents(Sql& sql, const Transaction& transaction, LogEnd& end) {
  const Origin& origin = transaction.origin();
  bool first = true;
  for (const NewEvent& event : transaction.emitted()) {
    LogRow row{.sequence = end.next_sequence,
               .id = NewUuid(),
               .type = event.type,
               .name = event.name,
               .version = event.version,
               .schema = event.schema,
               .payload = event.payload,
               .actor = origin.actor,
               .at_us = absl::ToUnixMicros(transaction.now()),
               .traceparent = event.traceparent.empty() ? origin.traceparent : event.traceparent,
               .request_id = {},
               .request_hash = {},
               .response = {},
               .previous_hash = end.last_hash};
    if (first && !origin.request_id.empty()) {
      row.request_id = origin.request_id;
      row.request_hash = Bytes{origin.request_hash};
      // Most answers are the new state, as the event is: those are not kept twice.
      if (transaction.response() != row.payload) row.response = Bytes{transaction.response()};
    }
    sql.Run(
        "insert into events (seq, id, type, name, version, schema, payload, actor, at, "
        "traceparent, request_id, request_hash, response, previous_hash) values (:seq, :id, "
        ":type, :name, :version, :schema, :payload, :actor, :at, :traceparent, :request_id, "
        ":request_hash, :response, :previous_hash)",
        row.sequence, row.id, row.type, row.name, row.version, row.schema, Bytes{row.payload},
        row.actor, row.at_us, row.traceparent, row.request_id, row.request_hash, row.response,
        Bytes{row.previous_hash});
    end.last_hash = HashOfRow(row);
    ++end.next_sequence;
    first = false;
  }
}

std::vector<Event> ReadEvents(Snapshot& snapshot, int64_t from, int64_t limit) {
  std::vector<Event> events;
  snapshot.sql()
      .ForEach<int64_t, std::string, std::string, std::string, int64_t, std::string, Bytes,
               std::string, int64_t, std::string>(
          "select seq, id, type, name, version, schema, payload, actor, at, traceparent "
          "from events where seq >= :from order by seq limit :limit",
          [&](int64_t sequence, std::string id, std::string type, std::string name, int64_t version,
              std::string schema, Bytes payload, std::string actor, int64_t at_us,
              std::string traceparent) {
            events.push_back({.sequence = sequence,
                              .id = std::move(id),
                              .type = std::move(type),
                              .name = std::move(name),
                              .version = version,
                              .schema = std::move(schema),
                              .payload = std::move(payload.value),
                              .actor = std::move(actor),
                              .at = absl::FromUnixMicros(at_us),
                              .traceparent = std::move(traceparent)});
          },
          from, limit);
  return events;
}

absl::Status VerifyLog(Snapshot& snapshot) {
  absl::Status verdict;
  std::string expected;
  int64_t next = 1;
  absl::flat_hash_map<std::string, int64_t> versions;
  ForEachRow(snapshot.sql(), 1, [&](const LogRow& row) {
    if (!verdict.ok()) return;
    if (row.version != ++versions[row.name]) {
      verdict =
          absl::DataLossError(absl::StrCat("the log of events has version ", row.version, " of ",
                                           row.name, " out of turn, at sequence ", row.sequence));
      return;
    }
    if (row.sequence != next || row.previous_hash != expected) {
      verdict = absl::DataLossError(
          absl::StrCat("the log of events was altered before sequence ", row.sequence));
      return;
    }
    expected = HashOfRow(row);
    ++next;
  });
  return verdict;
}

}  // namespace dondoc::store
