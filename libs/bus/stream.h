#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/bus/bus.h"
#include "libs/bus/connection.h"

// What the bus asks of JetStream besides moving messages: one stream for all services, one durable
// consumer for each service and each service it listens to.
//
// nats-server 2.9.10 dies of a nil pointer when it is asked for a message of a stream that somebody
// else is making in that moment, which is what happens when all services start together. Such a
// stream says that it is empty; so nobody here asks an empty stream for a message.
namespace dondoc::bus {

inline constexpr char kStream[] = "DONDOC";
inline constexpr char kSubjectRoot[] = "dondoc";

// Which stream it is, and how far it goes. A stream that was lost and made again has another time
// of creation; one that lost its end in a power cut has a lower last sequence.
struct StreamState {
  int64_t created = 0;  // nanoseconds since 1970
  int64_t last_sequence = 0;
};

// Makes the stream when it is missing and adapts its limits when the settings have changed.
absl::StatusOr<StreamState> EnsureStream(Connection& connection, const BusOptions& options);

// NOT_FOUND when it is missing.
absl::StatusOr<StreamState> GetStream(Connection& connection);

// The sequence in its own log of the last event of `service` that the stream holds, or nothing.
absl::StatusOr<std::optional<int64_t>> LastPublished(Connection& connection,
                                                     const StreamState& stream,
                                                     const std::string& service);

// A message of the stream, and the event it carried.
struct Position {
  int64_t stream_sequence = 0;
  std::string event_id;
};

// Whether the stream still has that event at that place. If so it has lost nothing before it
// either: a publisher writes in order, and what a broker loses is the end of the stream, or all of
// it.
absl::StatusOr<bool> StillThere(Connection& connection, const StreamState& stream,
                                const Position& position);

// "kpi-from-registry".
std::string DurableName(const std::string& service, const std::string& source);

// Makes the durable consumer anew, from the message `first` on.
absl::Status MakeConsumer(Connection& connection, const std::string& service,
                          const std::string& source, int64_t first);

// How many messages the consumer has not acknowledged. NOT_FOUND when it is gone.
absl::StatusOr<int64_t> ConsumerLag(Connection& connection, const std::string& durable);

}  // namespace dondoc::bus
