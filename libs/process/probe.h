#pragma once

#include <string>

#include "absl/status/status.h"

namespace dondoc::process {

// Where this machine hears what listens on `listen`: its own address, and 127.0.0.1 for one that
// stands for all ("0.0.0.0:7401", "[::]:7401").
std::string HereOf(const std::string& listen);

// Whether anybody is alive on `listen`: it says hello over a new connection, as a caller of gRPC
// does, with TLS or without, and is content with any answer. Which names, purposes and authorities
// are in whose certificates is between the listener and its callers. UNAVAILABLE when nothing comes
// back within two seconds.
absl::Status AskListener(const std::string& listen, bool tls);

// What the service whose metrics are at `metrics_listen` says of its health (health.h).
// UNAVAILABLE, in one sentence with all that is wrong, when it is not well or does not answer
// within two seconds.
absl::Status AskHealth(const std::string& metrics_listen);

}  // namespace dondoc::process
