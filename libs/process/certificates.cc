#include "libs/process/certificates.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "absl/strings/str_cat.h"

namespace dondoc::process {
namespace {

struct SslFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <typename T>
using SslOwned = std::unique_ptr<T, SslFree>;

// ASN.1 tells times in UTC.
absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<absl::Time> FirstExpiryIn(const std::string& path) {
  const SslOwned<BIO> file(BIO_new_file(path.c_str(), "rb"));
  absl::Time first = absl::InfiniteFuture();
  while (file != nullptr) {
    const SslOwned<X509> certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
    if (certificate == nullptr) break;
    first = std::min(first, TimeOf(X509_get0_notAfter(certificate.get())));
  }
  if (first == absl::InfiniteFuture()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", path, "\" holds no certificate as PEM"));
  }
  return first;
}

void AddCertificateGauges(const rpc::TlsFiles& files, metrics::Registry& metrics) {
  if (!files.Used()) return;
  auto& expires =
      metrics.AddGauges({.name = "dondoc_tls_certificate_expires_timestamp_seconds",
                         .help = "When the first certificate in a file ends, since 1970.",
                         .labels = {"file"}});
  for (const std::string& path : {files.certificate, files.ca}) {
    const absl::StatusOr<absl::Time> first = FirstExpiryIn(path);
    if (!first.ok()) continue;
    expires.With({path}).Set(absl::ToDoubleSeconds(*first - absl::UnixEpoch()));
  }
}

}  // namespace dondoc::process
