#include "libs/identity/keys.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/identity/test_issuer.h"

namespace dondoc::identity {
namespace {

using testing::JwkSet;
using testing::TestKey;

TEST(KeySet, PassesOverKeysItCannotUse) {
  const TestKey key = TestKey::P256();
  const std::string ed = TestKey::Ed25519().Jwk("b");
  const struct {
    std::string name;
    std::string jwk;
  } rows[] = {
      {"for encryption", key.Jwk("a", R"(,"use":"enc")")},
      {"named for another signature", key.Jwk("a", R"(,"alg":"RS256")")},
      {"no id", absl::StrReplaceAll(key.Jwk("a"), {{R"("kid":"a")", R"("x-id":"a")"}})},
      {"P-384", TestKey::P384().Jwk("a")},
      {"RSA of 1024 bits", TestKey::Rsa(1024).Jwk("a")},
      {"a shared secret", R"({"kty":"oct","k":"c2VjcmV0","kid":"a"})"},
      {"a point off the curve",
       absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")", std::string(42, 'A'), "E\",\"y\":\"",
                    std::string(42, 'A'), R"(E","kid":"a"})")},
      {"Ed25519 of 31 bytes", absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","x":")",
                                           std::string(42, 'A'), R"(","kid":"a"})")},
      {"RSA with a huge exponent",
       R"({"kty":"RSA","n":"AQAB","e":")" + std::string(4000, 'A') + R"(","kid":"a"})"},
  };
  for (const auto& row : rows) {
    const auto set = KeySet::Parse(JwkSet(absl::StrCat(row.jwk, ",", ed)));
    ASSERT_TRUE(set) << row.name;
    EXPECT_EQ(set->Find("a"), nullptr) << row.name;
    EXPECT_NE(set->Find("b"), nullptr) << row.name;
    EXPECT_FALSE(KeySet::Parse(JwkSet(row.jwk))) << row.name;
  }
}

TEST(KeySet, IsRefusedAsAWhole) {
  const std::string ed = TestKey::Ed25519().Jwk("a");
  std::string many = ed;
  for (size_t i = 0; i < KeySet::kKeysMax; ++i) absl::StrAppend(&many, ",", ed);
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string(R"({"keys":{}})"), JwkSet(""),
        JwkSet(absl::StrCat(ed, ",", ed)), JwkSet("7"), JwkSet(many),
        JwkSet(ed + std::string(KeySet::kBytesMax, ' ')), JwkSet(ed) + "x"}) {
    EXPECT_FALSE(KeySet::Parse(text)) << text.substr(0, 100);
  }
}

TEST(KeySet, TakesAKeyThatSaysWhatItIsFor) {
  const auto set = KeySet::Parse(
      JwkSet(TestKey::Ed25519().Jwk("a", R"(,"use":"sig","alg":"EdDSA","x5t":"abc")")));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->Find("a")->algorithm(), Algorithm::kEdDsa);
}

}  // namespace
}  // namespace dondoc::identity
