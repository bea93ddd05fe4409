#pragma once

#include <nats/nats.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/bus/bus.h"

namespace dondoc::bus {

// Frees what the NATS library made.
struct NatsFree {
  void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
  void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
  void operator()(natsSubscription* subscription) const { natsSubscription_Destroy(subscription); }
  void operator()(natsMsg* message) const { natsMsg_Destroy(message); }
  void operator()(jsCtx* context) const { jsCtx_Destroy(context); }
  void operator()(jsStreamInfo* info) const { jsStreamInfo_Destroy(info); }
  void operator()(jsConsumerInfo* info) const { jsConsumerInfo_Destroy(info); }
};
template <typename T>
using NatsOwned = std::unique_ptr<T, NatsFree>;
using Message = NatsOwned<natsMsg>;

// What the library said while `doing` something. JetStream's own codes become NOT_FOUND and
// RESOURCE_EXHAUSTED where that matters to somebody.
absl::Status ToStatus(natsStatus status, absl::string_view doing, jsErrCode code = {});

// One connection to the broker with one inbox, to which the answers to everything we send come.
//
// It lives for one session: when it breaks it is thrown away and another one is made, instead of
// letting the library reconnect. So every session begins in the same way, by looking at what the
// broker really has, and the races that nats.c 3.4.1 has when it reconnects are never met. No call
// waits longer than a few seconds, whatever the broker does, and Close() ends each of them early.
//
// Close() and Alive() may be called from any thread; the rest belongs to one thread.
class Connection {
 public:
  // Connects as "<service>-<role>". UNAVAILABLE when nobody answers in time.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const BusOptions& options,
                                                          absl::string_view role);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool Alive() const { return !natsConnection_IsClosed(connection_.get()); }
  void Close() { natsConnection_Close(connection_.get()); }

  // The subject of our inbox that ends in `tag`.
  std::string ReplyTo(absl::string_view tag) const;
  // What comes after the inbox's name in `subject`, or nothing when it is another subject.
  absl::string_view TagOf(absl::string_view subject) const;

  // Sends without waiting for anything. INVALID_ARGUMENT when the message is larger than the broker
  // takes.
  absl::Status Send(natsMsg* message);
  absl::Status Send(const std::string& subject, const std::string& reply_to,
                    const std::string& text);

  // The next message in the inbox; null when none came in time. NOT_FOUND when the broker says that
  // nobody serves a subject we sent to.
  absl::StatusOr<Message> Receive(absl::Duration wait);

  jsCtx* jetstream() { return jetstream_.get(); }

 private:
  explicit Connection(NatsOwned<natsConnection> connection) : connection_(std::move(connection)) {}

  NatsOwned<natsConnection> connection_;
  NatsOwned<jsCtx> jetstream_;
  NatsOwned<natsSubscription> inbox_;
  std::string inbox_name_;
};

}  // namespace dondoc::bus
