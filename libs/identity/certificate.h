#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::identity {

// What a call shows about the certificate of the system that makes it.
struct ForwardedCertificate {
  // The common name of the TLS peer of this call itself, as the handshake proved it; empty without
  // TLS.
  std::string peer;
  // All values of the metadata entry "x-client-cert-subject", which the edge sets from the
  // certificate it has checked, and removes from whatever a caller sends.
  std::vector<absl::string_view> subjects;
};

// Told why a certificate was refused, in one word for the log.
using TellCertificateCause = std::function<void(absl::string_view cause)>;
void LogCertificateCause(absl::string_view cause);

// The principal "system:<common name>". What is forwarded is believed only when the peer is the
// edge (`edge`: the common name of its certificate; never empty), because anybody else can write
// that header. Everything wrong is the same refusal, UNAUTHENTICATED with reason
// CERTIFICATE_REFUSED.
absl::StatusOr<std::string> SystemOf(const ForwardedCertificate& certificate,
                                     absl::string_view edge,
                                     const TellCertificateCause& tell = LogCertificateCause);

// The same where callers come without an edge, by the certificate of their own connection; "" for a
// `peer` that is empty. Nobody forwards anything there, so that a forwarded subject is refused.
absl::StatusOr<std::string> SystemOfPeer(const ForwardedCertificate& certificate,
                                         const TellCertificateCause& tell = LogCertificateCause);

// The common name in a distinguished name, as HAProxy's ssl_c_s_dn writes it ("/C=VN/O=…/CN=name")
// or as RFC 2253 does ("CN=name,O=…,C=VN"). "" for anything that leaves a doubt: no CN or two, an
// escape, an attribute without a value, a name that is not 1 to 63 of a-z, 0-9, ".", "_", "-".
std::string CommonNameOf(absl::string_view distinguished_name);

}  // namespace dondoc::identity
