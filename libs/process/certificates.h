#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/tls.h"

namespace dondoc::process {

// When the first of the certificates in a PEM file ends; a file may hold a chain, or several
// authorities. INVALID_ARGUMENT when it cannot be read or holds none.
absl::StatusOr<absl::Time> FirstExpiryIn(const std::string& path);

// dondoc_tls_certificate_expires_timestamp_seconds, one for each file with certificates that this
// process has read at its start: when the first in it ends, as seconds since 1970, also when that
// is past. Nothing without TLS, and nothing for a file that cannot be read: the server, which reads
// it next, says so.
void AddCertificateGauges(const rpc::TlsFiles& files, metrics::Registry& metrics);

}  // namespace dondoc::process
