#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/identity/test_issuer.h"
#include "libs/testing/certificates.h"
#include "tests/system/city.h"

namespace dondoc::testing {

// What a call shows of who makes it: the certificate of its connection, by the name of the program
// that has it, and metadata.
struct Shown {
  std::string peer = "edge";
  std::vector<std::pair<std::string, std::string>> metadata = {};
};

// What came back: the first message of the answer, or the refusal.
struct Answer {
  absl::Status status;
  std::string bytes = {};
};

// What a token says and how it is made, so that a test can make it wrong.
struct TokenOf {
  std::string subject = {};
  std::string issuer = "https://id.example";
  std::string audience = "dondoc";
  // From now.
  absl::Duration not_before = absl::ZeroDuration();
  absl::Duration expires = absl::Hours(1);
  std::string authorized_party = {};
  std::string key_id = "k1";
  // By k2, an RSA key, "RS256"; and "HS256": with the public half of the key, which everybody has,
  // as the secret.
  std::string algorithm = "EdDSA";
  bool signed_by_another = false;
};

// A program with a certificate of the authority of all of them, which no service knows.
inline constexpr char kStranger[] = "stranger";

// A City whose services have been started again as behind an edge: on this machine's clock, with
// mutual TLS, an identity provider, and everything else as a fresh installation has it. So access
// is enforced. Until then it is open, which is how its data came there.
class Guarded {
 public:
  // Borrows the city.
  explicit Guarded(City& city);

  // Calls any method of any service, on its service port or, for those of operators, on the admin
  // port of `service`. A stream is one message long.
  Answer Ask(const google::protobuf::MethodDescriptor& method, const std::string& request,
             const Shown& shown);
  Answer AskAdmin(const std::string& service, const google::protobuf::MethodDescriptor& method,
                  const std::string& request, const Shown& shown);

  // A call by its full name, "dondoc.registry.v1.RegistryService/AddUnit"; the test fails unless it
  // is answered.
  template <typename Response>
  Response Must(const std::string& method, const google::protobuf::Message& request,
                const Shown& shown) {
    Response response;
    MustAsk(method, request, shown, response);
    return response;
  }

  std::string Token(const TokenOf& token) const;
  std::string KeysJwk() const;
  // The end of each service's log: its sequence and its hash.
  std::map<std::string, std::string> EndsOfLogs();
  Shown Person(const std::string& name) const;
  // As the edge tells of it.
  static Shown System(const std::string& name);

  // The command line client behind the edge, with a file that holds the person's token.
  std::string Cli(const std::string& person, const std::vector<std::string>& words, int* exit_code);

 private:
  Answer Call(int port, const google::protobuf::MethodDescriptor& method,
              const std::string& request, const Shown& shown);
  grpc::GenericStub& StubFor(int port, const std::string& peer);
  void MustAsk(const std::string& method, const google::protobuf::Message& request,
               const Shown& shown, google::protobuf::Message& response);

  City& city_;
  Certificates files_;
  const identity::testing::TestKey key_ = identity::testing::TestKey::Ed25519();
  const identity::testing::TestKey rsa_key_ = identity::testing::TestKey::Rsa();
  const identity::testing::TestKey other_key_ = identity::testing::TestKey::Ed25519();
  std::map<std::string, int> admin_ports_;
  std::map<std::pair<int, std::string>, std::unique_ptr<grpc::GenericStub>> stubs_;
};

// Of a method: "dondoc.registry.v1.RegistryService/AddUnit", as proto/access.csv writes it.
std::string RowOf(const google::protobuf::MethodDescriptor& method);
const google::protobuf::MethodDescriptor& MethodNamed(const std::string& row);

}  // namespace dondoc::testing
