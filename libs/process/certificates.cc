#include "libs/process/certificates.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/log/log.h"

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

CertificateGauges::CertificateGauges(const rpc::TlsFiles& files, const std::string& watched,
                                     metrics::Registry& metrics)
    : watched_(absl::StrSplit(watched, absl::ByAnyChar(", "), absl::SkipEmpty())) {
  if (!files.Used() && watched_.empty()) return;
  expires_ = &metrics.AddGauges({.name = "dondoc_tls_certificate_expires_timestamp_seconds",
                                 .help = "When the first certificate in a file ends, since 1970.",
                                 .labels = {"file"}});
  for (const std::string& path : {files.certificate, files.ca}) {
    const absl::StatusOr<absl::Time> first = FirstExpiryIn(path);
    if (first.ok()) expires_->With({path}).Set(absl::ToDoubleSeconds(*first - absl::UnixEpoch()));
  }
  ReadWatched();
}

void CertificateGauges::ReadWatched() {
  for (const std::string& path : watched_) {
    const absl::StatusOr<absl::Time> first = FirstExpiryIn(path);
    if (!first.ok()) log::Warning("certificates.unreadable", {{"why", first.status()}});
    expires_->With({path}).Set(
        absl::ToDoubleSeconds(first.value_or(absl::UnixEpoch()) - absl::UnixEpoch()));
  }
}

}  // namespace dondoc::process
