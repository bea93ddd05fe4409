#pragma once

#include <openssl/types.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace dondoc::identity {

// The signatures that are believed. Each kind of key has exactly one, so a header can never choose
// how a key is used: a shared secret (HS256) and "none" do not exist here.
enum class Algorithm { kRs256, kEs256, kEdDsa };

// "RS256", "ES256", "EdDSA", as RFC 7518 and 8037 write them.
absl::string_view AlgorithmName(Algorithm algorithm);

// A key of an issuer: RSA of 2048 to 4096 bits, EC P-256 or Ed25519. Cheap to copy; thread-safe.
class PublicKey {
 public:
  // Nothing when `key` is of another kind or size. Takes a reference of its own.
  static std::optional<PublicKey> Of(EVP_PKEY* key);
  static std::optional<PublicKey> OfEd25519(absl::string_view raw);

  Algorithm algorithm() const { return algorithm_; }
  bool Verifies(absl::string_view message, absl::string_view signature) const;

 private:
  PublicKey(Algorithm algorithm, std::shared_ptr<EVP_PKEY> key)
      : algorithm_(algorithm), key_(std::move(key)) {}

  Algorithm algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

// The keys of an issuer by their id (kid), as a JWK set (RFC 7517) lists them.
class KeySet {
 public:
  static constexpr size_t kBytesMax = 64 * 1024;
  static constexpr size_t kKeysMax = 64;

  KeySet() = default;
  // Keys that cannot verify a token here (no id, another kind, for encryption) are passed over.
  // Nothing when `json` is no JWK set, holds an id twice, or no usable key at all.
  static std::optional<KeySet> Parse(absl::string_view json);

  const PublicKey* Find(absl::string_view id) const;
  size_t size() const { return keys_.size(); }

 private:
  std::map<std::string, PublicKey, std::less<>> keys_;
};

// Finds a key by its id: in a set that was fetched (FetchedKeys) or among our own (SigningKeys).
// Called for each token: it must not wait.
using FindKey = std::function<std::optional<PublicKey>(absl::string_view id)>;

}  // namespace dondoc::identity
