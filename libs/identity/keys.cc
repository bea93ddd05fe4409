#include "libs/identity/keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/identity/base64url.h"
#include "libs/identity/json.h"

namespace dondoc::identity {
namespace {

constexpr int kRsaBitsMin = 2048;
// A larger key only costs us time.
constexpr int kRsaBitsMax = 4096;
constexpr size_t kP256Bytes = 32;
constexpr size_t kKeyIdBytesMax = 200;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

const unsigned char* Unsigned(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Number NumberOf(absl::string_view bytes) {
  return Number(BN_bin2bn(Unsigned(bytes), static_cast<int>(bytes.size()), nullptr));
}

// A public key of `type` from what `fill` puts in, once OpenSSL has found that it can be one: a
// point that is not on its curve is not.
template <typename Fill>
Key KeyOf(const char* type, Fill fill) {
  const std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  if (!fill(builder.get())) return nullptr;
  const std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>> params(
      OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  Key key(made);
  const std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>> check(
      EVP_PKEY_CTX_new(key.get(), nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
  return key;
}

Key RsaKey(absl::string_view modulus, absl::string_view exponent) {
  // Before any arithmetic: what is longer than a key may be is not worth computing with.
  if (modulus.size() > kRsaBitsMax / 8 || exponent.size() > 4) return nullptr;
  const Number n = NumberOf(modulus);
  const Number e = NumberOf(exponent);
  if (n == nullptr || e == nullptr || BN_is_zero(n.get()) || BN_is_zero(e.get())) return nullptr;
  return KeyOf("RSA", [&](OSSL_PARAM_BLD* builder) {
    return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e.get()) == 1;
  });
}

Key EcKey(absl::string_view x, absl::string_view y) {
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) return nullptr;
  const std::string point = absl::StrCat("\x04", x, y);
  return KeyOf("EC", [&](OSSL_PARAM_BLD* builder) {
    return OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ==
               1 &&
           OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                            point.size()) == 1;
  });
}

std::optional<std::string> BytesOf(const JsonObject& jwk, const std::string& name) {
  const auto text = jwk.Text(name);
  return text ? FromBase64Url(*text) : std::nullopt;
}

std::optional<PublicKey> KeyOfJwk(const JsonObject& jwk) {
  const std::string type = jwk.Text("kty").value_or("");
  const std::string curve = jwk.Text("crv").value_or("");
  const auto x = BytesOf(jwk, "x");
  Key key;
  if (type == "RSA") {
    const auto n = BytesOf(jwk, "n");
    const auto e = BytesOf(jwk, "e");
    if (n && e) key = RsaKey(*n, *e);
  } else if (type == "EC" && curve == "P-256") {
    const auto y = BytesOf(jwk, "y");
    if (x && y) key = EcKey(*x, *y);
  } else if (type == "OKP" && curve == "Ed25519" && x) {
    return PublicKey::OfEd25519(*x);
  }
  return key == nullptr ? std::nullopt : PublicKey::Of(key.get());
}

// JOSE writes a signature of P-256 as two numbers of 32 bytes; OpenSSL reads DER.
std::optional<std::string> DerOf(absl::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return std::nullopt;
  const std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>> pair(ECDSA_SIG_new());
  Number r = NumberOf(signature.substr(0, kP256Bytes));
  Number s = NumberOf(signature.substr(kP256Bytes));
  if (pair == nullptr || r == nullptr || s == nullptr) return std::nullopt;
  if (ECDSA_SIG_set0(pair.get(), r.release(), s.release()) != 1) return std::nullopt;
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

absl::string_view AlgorithmName(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kRs256:
      return "RS256";
    case Algorithm::kEs256:
      return "ES256";
    case Algorithm::kEdDsa:
      return "EdDSA";
  }
  return "";
}

std::optional<PublicKey> PublicKey::Of(EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  std::optional<Algorithm> algorithm;
  if (EVP_PKEY_is_a(key, "RSA") == 1 && bits >= kRsaBitsMin && bits <= kRsaBitsMax) {
    algorithm = Algorithm::kRs256;
  } else if (EVP_PKEY_is_a(key, "EC") == 1) {
    char group[32] = {};
    size_t length = 0;
    if (EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1 &&
        absl::string_view(group, length) == "prime256v1") {
      algorithm = Algorithm::kEs256;
    }
  } else if (EVP_PKEY_is_a(key, "ED25519") == 1) {
    algorithm = Algorithm::kEdDsa;
  }
  if (!algorithm) return std::nullopt;
  EVP_PKEY_up_ref(key);
  return PublicKey(*algorithm, std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free));
}

std::optional<PublicKey> PublicKey::OfEd25519(absl::string_view raw) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Unsigned(raw), raw.size()));
  return key == nullptr ? std::nullopt : Of(key.get());
}

bool PublicKey::Verifies(absl::string_view message, absl::string_view signature) const {
  std::string der;
  if (algorithm_ == Algorithm::kEs256) {
    auto converted = DerOf(signature);
    if (!converted) return false;
    der = *std::move(converted);
    signature = der;
  }
  const std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  // Ed25519 takes the message as it is and names no digest.
  const EVP_MD* digest = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  return context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), Unsigned(signature), signature.size(), Unsigned(message),
                          message.size()) == 1;
}

std::optional<KeySet> KeySet::Parse(absl::string_view json) {
  if (json.size() > kBytesMax) return std::nullopt;
  const auto document = JsonObject::Parse(json);
  if (!document) return std::nullopt;
  const auto jwks = document->Objects("keys");
  if (!jwks || jwks->size() > kKeysMax) return std::nullopt;
  KeySet set;
  for (const JsonObject& jwk : *jwks) {
    const std::string id = jwk.Text("kid").value_or("");
    if (id.empty() || id.size() > kKeyIdBytesMax) continue;
    if (jwk.Text("use").value_or("sig") != "sig") continue;
    const auto key = KeyOfJwk(jwk);
    if (!key) continue;
    if (jwk.Has("alg") && jwk.Text("alg") != std::string(AlgorithmName(key->algorithm()))) continue;
    if (!set.keys_.emplace(id, *key).second) return std::nullopt;
  }
  if (set.keys_.empty()) return std::nullopt;
  return set;
}

const PublicKey* KeySet::Find(absl::string_view id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace dondoc::identity
