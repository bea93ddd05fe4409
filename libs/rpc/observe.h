#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/metrics/metrics.h"

namespace dondoc::rpc {

// Who calls, and in which trace.
struct Call {
  // RPC name without package: "AcceptResult".
  std::string method;
  // From the metadata entry dondoc-actor; "anonymous" without one.
  std::string actor;
  // W3C traceparent of our part; never empty when it came from Gate::CallOf.
  std::string traceparent;
};

// Called once for each finished RPC, from whatever thread finished it.
using Observer = std::function<void(const Call&, const absl::Status&, absl::Duration took)>;

// A log line for each refusal: an event "rpc.refused" with method, code, reason and actor; as an
// error when the fault is ours, with what happened. What was answered is "rpc.answered", at debug.
void LogRefusal(const Call& call, const absl::Status& status, absl::Duration took);

// LogRefusal, and for Prometheus dondoc_rpc_seconds by method and dondoc_rpc_total by method and
// code. Borrows `registry`.
Observer LogAndCount(metrics::Registry& registry);

}  // namespace dondoc::rpc
