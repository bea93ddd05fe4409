#include "libs/admin/facts.h"

#include <utility>

#include "libs/base/ids.h"
#include "libs/store/log.h"

namespace dondoc::admin {

LogEnd ReadLogEnd(store::Snapshot& snapshot) {
  LogEnd end;
  const int64_t last =
      snapshot.sql().Value<int64_t>("select seq from events order by seq desc limit 1").value_or(0);
  store::ForEachRow(snapshot.sql(), last, [&](const store::LogRow& row) {
    end = {.sequence = row.sequence, .hash = Hex(store::HashOfRow(row))};
  });
  return end;
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
