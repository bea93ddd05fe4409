#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/bus/connection.h"

namespace dondoc::bus {

// Pulls messages from several durable consumers at once, through the one inbox of a connection.
//
// For each consumer one request stands at the broker: "up to kBatch messages, as they come, within
// kExpires". So a message is on its way the moment it is stored, nothing is asked for in vain, and
// one thread serves all consumers. It speaks JetStream's pull protocol itself because
// natsSubscription_Fetch of nats.c 3.4.1 waits until a batch is full, or returns too early
// (reliability.md 2.2). Belongs to one thread.
class Puller {
 public:
  // More than this many messages are never handed out at once, nor asked of one consumer.
  static constexpr int kBatch = 64;

  // Borrows the connection. `sources[i]` is served by `durables[i]`.
  Puller(Connection& connection, const std::vector<std::string>& sources,
         const std::string& service);

  // Messages that have come, in order; waits at most `wait` for the first. An error when a consumer
  // is gone or the connection is.
  absl::StatusOr<std::vector<Message>> Next(absl::Duration wait);

  // Tells the broker that these messages need not come again.
  absl::Status Acknowledge(const std::vector<Message>& messages);

 private:
  struct Lane {
    std::string source;
    std::string durable;
    // Messages the standing request may still bring; 0: there is none.
    int owed = 0;
    absl::Time given_up_at = {};
  };

  absl::Status AskWhereNothingIsOwed();
  absl::Status Ask(size_t lane);
  // Takes in what came: an event is put into `messages`, the broker's word on a request is noted.
  absl::Status Take(Message message, std::vector<Message>& messages);
  absl::Status TakeWord(natsMsg* message);

  Connection& connection_;
  std::vector<Lane> lanes_;
};

}  // namespace dondoc::bus
