#include "libs/bus/relay_state.h"

namespace dondoc::bus {

RelayState ReadRelayState(store::Snapshot& snapshot) {
  const auto row = snapshot.sql().One<int64_t, int64_t, std::string, int64_t, int64_t>(
      "select published, republish_until, republish_id, stream_created, stream_last from "
      "bus_relay");
  if (!row) return {};
  const auto& [published, republish_until, republish_id, created, last] = *row;
  return {.published = published,
          .republish_until = republish_until,
          .republish_id = republish_id,
          .stream = {.created = created, .last_sequence = last}};
}

void WriteRelayState(store::Transaction& transaction, const RelayState& state) {
  transaction.sql().Run(
      "insert into bus_relay (id, published, republish_until, republish_id, stream_created, "
      "stream_last) values (1, :published, :republish_until, :republish_id, :created, :last) "
      "on conflict (id) do update set published = excluded.published, "
      "republish_until = excluded.republish_until, republish_id = excluded.republish_id, "
      "stream_created = excluded.stream_created, stream_last = excluded.stream_last",
      state.published, state.republish_until, state.republish_id, state.stream.created,
      state.stream.last_sequence);
}

}  // namespace dondoc::bus
