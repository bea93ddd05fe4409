#include "libs/identity/test_issuer.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "absl/strings/str_cat.h"
#include "libs/identity/base64url.h"

namespace dondoc::identity::testing {
namespace {

const unsigned char* Unsigned(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// One number of a key in base64url, padded to `size` bytes when that is given.
std::string NumberOf(const EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  std::string bytes(static_cast<size_t>(size > 0 ? size : BN_num_bytes(number)), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
               static_cast<int>(bytes.size()));
  BN_free(number);
  return ToBase64Url(bytes);
}

// r and s of a DER signature, side by side.
std::string Raw(absl::string_view der) {
  const unsigned char* at = Unsigned(der);
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  std::string raw(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32);
  ECDSA_SIG_free(pair);
  return raw;
}

}  // namespace

TestKey::TestKey(evp_pkey_st* key) : key_(key, EVP_PKEY_free) {}

TestKey TestKey::Rsa(unsigned bits) { return TestKey(EVP_RSA_gen(bits)); }
TestKey TestKey::P256() { return TestKey(EVP_EC_gen("P-256")); }
TestKey TestKey::P384() { return TestKey(EVP_EC_gen("P-384")); }
TestKey TestKey::Ed25519() { return TestKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

std::string TestKey::Jwk(absl::string_view id, absl::string_view more) const {
  std::string fields;
  if (EVP_PKEY_is_a(key_.get(), "RSA") == 1) {
    fields = absl::StrCat(R"("kty":"RSA","n":")", NumberOf(key_.get(), OSSL_PKEY_PARAM_RSA_N),
                          R"(","e":")", NumberOf(key_.get(), OSSL_PKEY_PARAM_RSA_E), "\"");
  } else if (EVP_PKEY_is_a(key_.get(), "EC") == 1) {
    const int size = (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
    fields = absl::StrCat(R"("kty":"EC","crv":"P-)", size * 8, R"(","x":")",
                          NumberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, size), R"(","y":")",
                          NumberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, size), "\"");
  } else {
    unsigned char raw[32];
    size_t size = sizeof raw;
    EVP_PKEY_get_raw_public_key(key_.get(), raw, &size);
    fields = absl::StrCat(R"("kty":"OKP","crv":"Ed25519","x":")",
                          ToBase64Url({reinterpret_cast<char*>(raw), size}), "\"");
  }
  return absl::StrCat("{", fields, R"(,"kid":")", id, "\"", more, "}");
}

std::string TestKey::Sign(absl::string_view message) const {
  const bool ed25519 = EVP_PKEY_is_a(key_.get(), "ED25519") == 1;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, ed25519 ? nullptr : EVP_sha256(), nullptr, key_.get());
  std::string signature(1024, '\0');
  size_t size = signature.size();
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                 Unsigned(message), message.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  const bool p256 = EVP_PKEY_is_a(key_.get(), "EC") == 1 && EVP_PKEY_get_bits(key_.get()) == 256;
  return ToBase64Url(p256 ? Raw(signature) : signature);
}

std::string TestKey::Token(absl::string_view header, absl::string_view payload) const {
  const std::string text = absl::StrCat(ToBase64Url(header), ".", ToBase64Url(payload));
  return absl::StrCat(text, ".", Sign(text));
}

std::string TestKey::PublicPem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key_.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string pem(bytes, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string JwkSet(const std::string& jwks) { return absl::StrCat("{\"keys\":[", jwks, "]}"); }

std::string Hs256Token(absl::string_view header, absl::string_view payload,
                       absl::string_view secret) {
  const std::string text = absl::StrCat(ToBase64Url(header), ".", ToBase64Url(payload));
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), Unsigned(text), text.size(),
       mac, &size);
  return absl::StrCat(text, ".", ToBase64Url({reinterpret_cast<char*>(mac), size}));
}

}  // namespace dondoc::identity::testing
