#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/store/database.h"

namespace dondoc::admin {

// How far a log of events goes: its last sequence and the hash of that row, which stands for all
// before it. 0 and "" when the log is empty.
struct LogEnd {
  int64_t sequence = 0;
  std::string hash;
};
LogEnd ReadLogEnd(store::Snapshot& snapshot);
// The same when the log ended there. OUT_OF_RANGE when it has no such event.
absl::StatusOr<LogEnd> ReadLogAt(store::Snapshot& snapshot, int64_t sequence);

// A step that the schema was made with.
struct SchemaStep {
  std::string component;
  int number = 0;
  std::string sha256;
};
// In the order of component and number.
std::vector<SchemaStep> ReadSchema(store::Snapshot& snapshot);

}  // namespace dondoc::admin
