#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/tls.h"

namespace dondoc::process {

// When the first of the certificates in a PEM file ends; a file may hold a chain, or several
// authorities. INVALID_ARGUMENT when it cannot be read or holds none.
absl::StatusOr<absl::Time> FirstExpiryIn(const std::string& path);

// dondoc_tls_certificate_expires_timestamp_seconds, one for each file: when the first certificate
// in it ends, as seconds since 1970, also when that is past.
class CertificateGauges {
 public:
  // Of the own files as they were read at the start; those that cannot be read have kept the server
  // from it. `watched` are files of somebody else, separated by commas. Borrows the metrics.
  CertificateGauges(const rpc::TlsFiles& files, const std::string& watched,
                    metrics::Registry& metrics);

  // Reads the files of somebody else again, who may renew them at any time. One that cannot be read
  // has ended, at 0: so that somebody looks.
  void ReadWatched();

 private:
  const std::vector<std::string> watched_;
  // Null when there is nothing to tell.
  metrics::Family<metrics::Gauge>* expires_ = nullptr;
};

}  // namespace dondoc::process
