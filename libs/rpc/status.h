#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dondoc::rpc {

// The gRPC form of a status. A refusal (libs/base/refusal.h) also carries a google.rpc.ErrorInfo
// with its reason, domain "dondoc" and details, in grpc-status-details-bin, and a RetryInfo when it
// says after how long another try is worth while. What the caller cannot
// have caused (INTERNAL, UNKNOWN, DATA_LOSS) says only that: no SQL, no path, no stack leaves the
// server.
grpc::Status ToGrpc(const absl::Status& status);

// The other way, for clients: code, sentence, reason and details are what the server refused with.
absl::Status FromGrpc(const grpc::Status& status);

// INVALID_ARGUMENT with reason REQUEST_ID_INVALID: a request_id must be a UUID.
absl::Status RequestIdInvalid(absl::string_view request_id);

}  // namespace dondoc::rpc
