#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/rpc/tls.h"

namespace dondoc::cli {

struct CallerOptions {
  // "registry"; how people know the service.
  std::string service;
  std::string address;
  std::string actor = {};
  absl::Duration timeout = absl::Seconds(10);
  // The request_id of the run's write; empty for a new one for each.
  std::string request_id = {};
  // W3C traceparent that every call carries; empty for a trace of its own for each call.
  std::string traceparent = {};
  // How often a call is tried in all. One where whoever calls has a better moment to try again.
  int tries_max = 3;
  // Who we are to a service that speaks mutual TLS; nothing for one that speaks without.
  std::optional<rpc::TlsPem> tls = std::nullopt;
  // The token that goes along with each call; empty for none. Asked with `renew` when the last one
  // was refused. Its failure is the call's.
  std::function<absl::StatusOr<std::string>(bool renew)> token = nullptr;
};

// How this program calls one service: the channel, the actor, the deadline, and trying again.
//
// A call that ends with UNAVAILABLE is tried again, `tries_max` times in all, within its deadline.
// So is one that ends with CANCELLED and no reason, which this program never asks for: a server
// that stops answers so what reaches it before its goodbye has reached us. That is safe for writes
// too, because every try carries the same request_id: a change that was made by a call whose answer
// got lost is answered again, not made again. Not thread-safe.
class Caller {
 public:
  explicit Caller(CallerOptions options);

  const CallerOptions& options() const { return options_; }
  // Connects when it is first used.
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // The request_id for the next write.
  std::string RequestId() const;

  // Runs `attempt` with a context that carries actor, trace and deadline until it is answered. What
  // the service refused comes back as it refused it; a service that cannot be reached, or does not
  // answer in time, is told with its address and what to do. Each has the detail trace_id: under it
  // the operators find what the services logged about the call.
  absl::Status Invoke(const std::function<grpc::Status(grpc::ClientContext&)>& attempt) const {
    return Invoke(attempt, options_.timeout);
  }
  // The same for work that may take longer than one call.
  absl::Status Invoke(const std::function<grpc::Status(grpc::ClientContext&)>& attempt,
                      absl::Duration timeout) const;

  // As Invoke() for a stream that has no end: no deadline, and `attempt` is run again whenever the
  // service goes away, until that happened `tries_max` times with nothing received between.
  // `attempt` sets `received` when something came.
  absl::Status Follow(
      const std::function<grpc::Status(grpc::ClientContext&, bool& received)>& attempt) const;

 private:
  // The traceparent of the next call.
  std::string Traceparent() const;
  absl::Status Prepare(grpc::ClientContext& context, const std::string& traceparent,
                       bool renew) const;
  // Waits for a connection other than the one that stands, if any, until `until` at most.
  void AwaitAnother(absl::Time until) const;
  // Whether the service did not believe a token that another one may replace.
  bool TokenRefused(const grpc::Status& status) const;
  absl::Status Explain(const grpc::Status& status, absl::Duration timeout,
                       const std::string& traceparent) const;

  CallerOptions options_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace dondoc::cli
