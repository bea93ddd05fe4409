#include "libs/identity/signing_keys.h"

#include <sodium.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/ids.h"
#include "libs/identity/base64url.h"

namespace dondoc::identity {
namespace {

struct Pair {
  unsigned char open[crypto_sign_PUBLICKEYBYTES];
  unsigned char secret[crypto_sign_SECRETKEYBYTES];
};

Pair PairOf(const SigningKey& key) {
  Pair pair;
  crypto_sign_seed_keypair(pair.open, pair.secret,
                           reinterpret_cast<const unsigned char*>(key.seed.data()));
  return pair;
}

std::string Text(const unsigned char* bytes, size_t size) {
  return ToBase64Url({reinterpret_cast<const char*>(bytes), size});
}

std::string OpenHalf(const SigningKey& key) {
  const Pair pair = PairOf(key);
  return Text(pair.open, sizeof pair.open);
}

std::string NewSeed() {
  std::string seed(crypto_sign_SEEDBYTES, '\0');
  randombytes_buf(seed.data(), seed.size());
  return seed;
}

}  // namespace

std::vector<KeyState> RotateSigningKeys(store::Transaction& transaction) {
  std::vector<KeyState> changes;
  const std::vector<SigningKey> keys = ReadSigningKeys(transaction);
  const absl::Time now = transaction.now();
  if (keys.empty() || now - keys[0].created >= kKeyRotation) {
    const SigningKey key = {.id = NewUuid(), .seed = NewSeed(), .created = now};
    transaction.sql().Run(
        "insert into identity_keys (id, seed, created_at) values (:id, :seed, :created_at)", key.id,
        ToBase64Url(key.seed), absl::ToUnixMicros(now));
    changes.push_back({.id = key.id, .version = 1, .x = OpenHalf(key)});
  }
  // A key stops signing when the next has been published for long enough.
  if (keys.size() > 1 && now - keys[0].created >= 2 * kKeyNotice) {
    transaction.sql().Run("delete from identity_keys where created_at < :newest",
                          absl::ToUnixMicros(keys[0].created));
    for (const SigningKey& key : keys) {
      if (key.created >= keys[0].created) continue;
      changes.push_back({.id = key.id, .version = 2, .x = OpenHalf(key), .retired = true});
    }
  }
  return changes;
}

std::vector<SigningKey> ReadSigningKeys(store::Snapshot& snapshot) {
  std::vector<SigningKey> keys;
  snapshot.sql().ForEach<std::string, std::string, int64_t>(
      "select id, seed, created_at from identity_keys order by created_at desc, id desc",
      [&](std::string id, const std::string& seed, int64_t created_at) {
        keys.push_back({.id = std::move(id),
                        .seed = FromBase64Url(seed).value_or(std::string()),
                        .created = absl::FromUnixMicros(created_at)});
      });
  return keys;
}

const SigningKey& KeyThatSigns(const std::vector<SigningKey>& keys, absl::Time now) {
  for (const SigningKey& key : keys) {
    if (now - key.created >= kKeyNotice) return key;
  }
  return keys.back();
}

std::string JwkSetOf(const std::vector<SigningKey>& keys) {
  std::vector<std::string> jwks;
  for (const SigningKey& key : keys) {
    jwks.push_back(absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":")",
                                key.id, R"(","x":")", OpenHalf(key), "\"}"));
  }
  return absl::StrCat("{\"keys\":[", absl::StrJoin(jwks, ","), "]}");
}

std::string SignToken(const SigningKey& key, absl::string_view payload) {
  Pair pair = PairOf(key);
  const std::string header = absl::StrCat(R"({"alg":"EdDSA","kid":")", key.id, R"(","typ":"JWT"})");
  const std::string text = absl::StrCat(ToBase64Url(header), ".", ToBase64Url(payload));
  unsigned char signature[crypto_sign_BYTES];
  crypto_sign_detached(signature, nullptr, reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), pair.secret);
  sodium_memzero(&pair, sizeof pair);
  return absl::StrCat(text, ".", Text(signature, sizeof signature));
}

}  // namespace dondoc::identity
