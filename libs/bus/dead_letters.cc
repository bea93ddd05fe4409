#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/refusal.h"
#include "libs/bus/bus.h"
#include "libs/bus/event_row.h"

namespace dondoc::bus {
namespace {

// Letters that ReadDeadLetters() returns at most: what a person can look through.
constexpr int64_t kDeadLettersRead = 1000;

}  // namespace

std::vector<DeadLetter> ReadDeadLetters(store::Snapshot& snapshot) {
  std::vector<DeadLetter> letters;
  snapshot.sql()
      .ForEach<int64_t, std::string, int64_t, std::string, std::string, int64_t, std::string,
               std::string, int64_t, std::string, std::string, std::string, store::Bytes>(
          "select attempts, reason, buried_at, source, name, version, id, type, at, actor, "
          "traceparent, schema, payload from bus_dead_letters order by buried_at, id limit :limit",
          [&](int64_t attempts, std::string reason, int64_t buried_at, auto... column) {
            letters.push_back({.event = EventFromRow(std::move(column)...),
                               .reason = std::move(reason),
                               .attempts = attempts,
                               .at = absl::FromUnixMicros(buried_at)});
          },
          kDeadLettersRead);
  return letters;
}

absl::Status DeadLetterNotFound(absl::string_view event_id) {
  return Refuse(
      absl::StatusCode::kNotFound, "DEAD_LETTER_NOT_FOUND",
      {.vi =
           absl::StrCat("Không có sự kiện hỏng nào mang mã ", event_id, "; hãy xem lại danh sách."),
       .en = absl::StrCat("there is no dead letter ", event_id, "; look at the list again")},
      {{"event_id", std::string(event_id)}});
}

absl::Status RedriveDeadLetter(store::Transaction& transaction, absl::string_view event_id) {
  const std::string id(event_id);
  const auto version =
      transaction.sql().Value<int64_t>("select version from bus_dead_letters where id = :id", id);
  if (!version) return DeadLetterNotFound(id);
  if (*version < 1) {
    return Refuse(
        absl::StatusCode::kFailedPrecondition, "DEAD_LETTER_UNREADABLE",
        {.vi = absl::StrCat("Sự kiện ", id, " không đọc được; hãy để dịch vụ nguồn phát lại."),
         .en = absl::StrCat("the letter ", id, " is no event; have its source publish it again")},
        {{"event_id", id}});
  }
  transaction.sql().Run(
      "insert into bus_parked (source, name, version, id, type, at, actor, traceparent, schema, "
      "payload, attempts, reason, retry_at) select source, name, version, id, type, at, actor, "
      "traceparent, schema, payload, 0, reason, 0 from bus_dead_letters where id = :id",
      id);
  transaction.sql().Run("delete from bus_dead_letters where id = :id", id);
  return absl::OkStatus();
}

}  // namespace dondoc::bus
