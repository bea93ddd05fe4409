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

void ForEachRow(Sql& sql, int64_t from, const std::function<void(LogRow)>& each) {
  sql.ForEach<int64_t, std::string, std::string, std::string, int64_t, std::string, Bytes,
              std::string, int64_t, std::string, std::optional<std::string>, std::optional<Bytes>,
              std::optional<Bytes>, Bytes>(
      "select seq, id, type, name, version, schema, payload, actor, at, traceparent, request_id, "
      "request_hash, response, previous_hash from events where seq >= :from order by seq",
      [&](int64_t sequence, std::string id, std::string type, std::string name, int64_t version,
          std::string schema, Bytes payload, std::string actor, int64_t at_us,
          std::string traceparent, std::optional<std::string> request_id,
          std::optional<Bytes> request_hash, std::optional<Bytes> response, Bytes previous_hash) {
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
      from);
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
