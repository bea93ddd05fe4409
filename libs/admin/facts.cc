#include "libs/admin/facts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/store/log.h"

namespace dondoc::admin {

LogEnd ReadLogEnd(store::Snapshot& snapshot) {
  store::LogEnd end;
  store::FindLogEnd(snapshot.sql(), end);
  return {.sequence = end.next_sequence - 1, .hash = Hex(end.last_hash)};
}

// The row behind it carries its hash; the last one has none behind it.
absl::StatusOr<LogEnd> ReadLogAt(store::Snapshot& snapshot, int64_t sequence) {
  const LogEnd end = ReadLogEnd(snapshot);
  if (sequence == end.sequence) return end;
  const auto hash = snapshot.sql().Value<store::Bytes>(
      "select previous_hash from events where seq = :next", sequence + 1);
  if (!hash) {
    return absl::OutOfRangeError(
        absl::StrCat("the log ends at ", end.sequence, ", before ", sequence));
  }
  return LogEnd{.sequence = sequence, .hash = Hex(hash->value)};
}

std::vector<SchemaStep> ReadSchema(store::Snapshot& snapshot) {
  std::vector<SchemaStep> steps;
  snapshot.sql().ForEach<std::string, int64_t, std::string>(
      "select component, number, sha256 from schema_steps order by component, number",
      [&](std::string component, int64_t number, std::string sha256) {
        steps.push_back({.component = std::move(component),
                         .number = static_cast<int>(number),
                         .sha256 = std::move(sha256)});
      });
  return steps;
}

}  // namespace dondoc::admin
