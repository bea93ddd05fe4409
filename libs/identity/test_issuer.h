#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct evp_pkey_st;

namespace dondoc::identity::testing {

// A pair of keys made on the spot, and what an issuer does with it. For tests.
class TestKey {
 public:
  static TestKey Rsa(unsigned bits = 2048);
  static TestKey P256();
  static TestKey P384();
  static TestKey Ed25519();

  // The public half as a JWK. `more` is added at its end: ",\"use\":\"enc\"".
  std::string Jwk(absl::string_view id, absl::string_view more = "") const;
  // What follows the second dot of a JWS.
  std::string Sign(absl::string_view message) const;
  // Header and payload as JSON, signed.
  std::string Token(absl::string_view header, absl::string_view payload) const;
  std::string PublicPem() const;

 private:
  explicit TestKey(evp_pkey_st* key);

  std::shared_ptr<evp_pkey_st> key_;
};

// {"keys":[…]}
std::string JwkSet(const std::string& jwks);

// A token "signed" with a shared secret.
std::string Hs256Token(absl::string_view header, absl::string_view payload,
                       absl::string_view secret);

}  // namespace dondoc::identity::testing
