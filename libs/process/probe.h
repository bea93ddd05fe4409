#pragma once

#include <string>

#include "absl/status/status.h"
#include "libs/rpc/tls.h"

namespace dondoc::process {

// Asks the service that listens on `listen` of this machine for its health, over a new connection
// and with the service's own certificate. UNAVAILABLE when it does not say within two seconds that
// it serves.
absl::Status Probe(const std::string& listen, const rpc::TlsFiles& tls);

}  // namespace dondoc::process
