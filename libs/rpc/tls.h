#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Mutual TLS: each side shows a certificate and checks the other's. There is no half of it.
namespace dondoc::rpc {

// Paths of PEM files; all three, or none for a port without TLS.
struct TlsFiles {
  std::string certificate = {};
  std::string key = {};
  // Whose certificates the other side may show.
  std::string ca = {};

  bool Used() const { return !certificate.empty() || !key.empty() || !ca.empty(); }
};

// What stood in the files.
struct TlsPem {
  std::string certificate;
  std::string key;
  std::string ca;
};

// Reads the files. INVALID_ARGUMENT, in one sentence with the path, when one is missing, cannot be
// read or holds no PEM, when the key does not belong to the certificate, and when only some of the
// three were named. What has expired is read too: the other side will say so.
absl::StatusOr<TlsPem> ReadTls(const TlsFiles& files);

// Of a server that takes no caller without a certificate of the CA; TLS 1.2 or newer.
std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const TlsPem& pem);
// Of a caller that shows its certificate and takes no server but one of the CA.
std::shared_ptr<grpc::ChannelCredentials> ChannelCredentialsOf(const TlsPem& pem);

}  // namespace dondoc::rpc
