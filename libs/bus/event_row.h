#pragma once

#include <string>
#include <utility>

#include "libs/bus/bus.h"
#include "libs/store/sql.h"

namespace dondoc::bus {

// The event in the columns source, name, version, id, type, at, actor, traceparent, schema, payload
// of bus_parked or bus_dead_letters.
inline Event EventFromRow(std::string source, std::string name, int64_t version, std::string id,
                          std::string type, int64_t at, std::string actor, std::string traceparent,
                          std::string schema, store::Bytes payload) {
  return {.id = std::move(id),
          .type = std::move(type),
          .source = std::move(source),
          .name = std::move(name),
          .version = version,
          .at = absl::FromUnixMicros(at),
          .actor = std::move(actor),
          .traceparent = std::move(traceparent),
          .schema = std::move(schema),
          .payload = std::move(payload.value)};
}

}  // namespace dondoc::bus
