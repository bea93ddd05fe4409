#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/call.h"

namespace dondoc::rpc {

// Called once for each finished RPC, from whatever thread finished it.
using Observer = std::function<void(const Call&, const absl::Status&, absl::Duration took)>;

// A log line for each refusal: an event "rpc.refused" with method, code, reason and actor; as an
// error when the fault is ours, with what happened. What was answered is "rpc.answered", at debug.
void LogRefusal(const Call& call, const absl::Status& status, absl::Duration took);

// LogRefusal, and for Prometheus dondoc_rpc_seconds by method, dondoc_rpc_total by method and code,
// and dondoc_rpc_refused_total by reason. Borrows `registry`.
Observer LogAndCount(metrics::Registry& registry);

// The record of a call of an audited method, refused ones too: an event "audit" with caller,
// method, outcome (the status code), reason, request_id and resource. It is written whatever the
// level of the log is, and never lost in its queue: the call waits instead (log::Audit). Nothing
// for other methods, and nothing where access is open, because there nobody has proven who they
// are.
void Audit(const Call& call, const absl::Status& status);

}  // namespace dondoc::rpc
