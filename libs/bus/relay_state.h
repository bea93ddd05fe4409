#pragma once

#include <cstdint>
#include <string>

#include "libs/bus/stream.h"
#include "libs/store/database.h"

namespace dondoc::bus {

// Where the relay stands; the one row of bus_relay.
struct RelayState {
  // The broker has acknowledged every event of the log up to here.
  int64_t published = 0;
  // Events up to here are sent once more on purpose. They get message ids of their own, made with
  // `republish_id`, because JetStream would swallow the old ones as repetitions.
  int64_t republish_until = 0;
  std::string republish_id;
  // The stream that acknowledged, and the highest sequence it gave to us.
  StreamState stream;
};

RelayState ReadRelayState(store::Snapshot& snapshot);
void WriteRelayState(store::Transaction& transaction, const RelayState& state);

}  // namespace dondoc::bus
