#include "libs/rpc/tls.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"

namespace dondoc::rpc {
namespace {

struct SslFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using SslOwned = std::unique_ptr<T, SslFree>;

absl::StatusOr<std::string> ReadPem(const std::string& what, const std::string& path) {
  if (path.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("TLS needs a certificate, its key and a CA; there is no ", what));
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read the ", what, " \"", path, "\""));
  }
  return text;
}

SslOwned<BIO> Memory(const std::string& pem) {
  return SslOwned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

SslOwned<X509> ParseCertificate(const std::string& pem) {
  return SslOwned<X509>(PEM_read_bio_X509(Memory(pem).get(), nullptr, nullptr, nullptr));
}

// Nobody is there to be asked for the password of an encrypted key.
int NoPassword(char*, int, int, void*) { return 0; }

absl::Status Unusable(const std::string& what, const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat("\"", path, "\" holds no ", what, " as PEM"));
}

}  // namespace

absl::StatusOr<TlsPem> ReadTls(const TlsFiles& files) {
  TlsPem pem;
  ASSIGN_OR_RETURN(pem.certificate, ReadPem("certificate", files.certificate));
  ASSIGN_OR_RETURN(pem.key, ReadPem("key", files.key));
  ASSIGN_OR_RETURN(pem.ca, ReadPem("CA", files.ca));
  const SslOwned<X509> certificate = ParseCertificate(pem.certificate);
  if (certificate == nullptr) return Unusable("certificate", files.certificate);
  if (ParseCertificate(pem.ca) == nullptr) return Unusable("certificate", files.ca);
  const SslOwned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(Memory(pem.key).get(), nullptr, NoPassword, nullptr));
  if (key == nullptr) return Unusable("key without a password", files.key);
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return absl::InvalidArgumentError(absl::StrCat("the key \"", files.key,
                                                   "\" does not belong to the certificate \"",
                                                   files.certificate, "\""));
  }
  return pem;
}

std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const TlsPem& pem) {
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = pem.ca;
  options.pem_key_cert_pairs.push_back({pem.key, pem.certificate});
  return grpc::SslServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentialsOf(const TlsPem& pem) {
  return grpc::SslCredentials(
      {.pem_root_certs = pem.ca, .pem_private_key = pem.key, .pem_cert_chain = pem.certificate});
}

}  // namespace dondoc::rpc
