#include "libs/identity/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/base64url.h"
#include "libs/identity/test_issuer.h"

namespace dondoc::identity {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using testing::TestKey;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr char kPayload[] =
    R"({"iss":"https://id.example","aud":["dondoc","other"],"sub":"an.tran","azp":"portal",)"
    R"("exp":1700000300,"nbf":1699999990,"iat":1699999990})";

std::string Header(absl::string_view algorithm, absl::string_view id, absl::string_view more = "") {
  return absl::StrCat(R"({"alg":")", algorithm, R"(","kid":")", id, R"(","typ":"JWT")", more, "}");
}

// One key of each kind, made once: RSA takes its time.
struct Keys {
  TestKey rsa = TestKey::Rsa();
  TestKey ec = TestKey::P256();
  TestKey ed = TestKey::Ed25519();
  KeySet set = *KeySet::Parse(
      testing::JwkSet(absl::StrCat(rsa.Jwk("rsa"), ",", ec.Jwk("ec"), ",", ed.Jwk("ed"))));
};
const Keys& TestKeys() {
  static const Keys kKeys;
  return kKeys;
}

std::vector<Issuer> Issuers() {
  return {{.name = "https://id.example",
           .audience = "dondoc",
           .principal_prefix = "person:",
           .find_key = [](absl::string_view id) -> std::optional<PublicKey> {
             const PublicKey* key = TestKeys().set.Find(id);
             return key == nullptr ? std::nullopt : std::make_optional(*key);
           }}};
}

struct Checked {
  absl::StatusOr<Claims> claims;
  std::string cause;
};

Checked Check(absl::string_view token) {
  std::string cause;
  auto claims = CheckToken(token, Issuers(), kNow,
                           [&](absl::string_view told) { cause = std::string(told); });
  return {.claims = std::move(claims), .cause = cause};
}

std::string Ed(absl::string_view payload) {
  return TestKeys().ed.Token(Header("EdDSA", "ed"), payload);
}

// The payload with one stretch of it written otherwise.
std::string With(absl::string_view from, absl::string_view to) {
  const std::string changed = absl::StrReplaceAll(kPayload, {{from, to}});
  EXPECT_NE(changed, kPayload) << from;
  return changed;
}

TEST(CheckToken, BelievesEachKindOfKey) {
  const Keys& keys = TestKeys();
  for (const std::string& token : {keys.rsa.Token(Header("RS256", "rsa"), kPayload),
                                   keys.ec.Token(Header("ES256", "ec"), kPayload),
                                   keys.ed.Token(Header("EdDSA", "ed"), kPayload)}) {
    const Checked checked = Check(token);
    ASSERT_THAT(checked.claims, IsOk()) << checked.cause;
    EXPECT_EQ(checked.claims->principal, "person:an.tran");
    EXPECT_EQ(checked.claims->authorized_party, "portal");
    EXPECT_EQ(checked.claims->expires, absl::FromUnixSeconds(1'700'000'300));
  }
}

TEST(CheckToken, TakesTimesWithinTheLeewayAndOneAudience) {
  for (const std::string& payload :
       {With("1700000300", "1699999941"), With("\"nbf\":1699999990", "\"nbf\":1700000059"),
        With("[\"dondoc\",\"other\"]", "\"dondoc\""), With("1700000300", "1.7000003e9"),
        With(",\"nbf\":1699999990,\"iat\":1699999990", "")}) {
    EXPECT_THAT(Check(Ed(payload)).claims, IsOk()) << payload;
  }
}

struct Fault {
  std::string name;
  std::string token;
  std::string cause;
};

std::vector<Fault> SignatureFaults() {
  const Keys& keys = TestKeys();
  const std::string good = Ed(kPayload);
  const std::string unsigned_part = good.substr(0, good.rfind('.') + 1);
  const std::string other_payload =
      absl::StrCat(ToBase64Url(Header("EdDSA", "ed")), ".",
                   ToBase64Url(With("an.tran", "chanh.vp")), good.substr(good.rfind('.')));
  const std::string ec = keys.ec.Token(Header("ES256", "ec"), kPayload);
  const std::string ec_text = ec.substr(0, ec.rfind('.') + 1);
  return {
      {"alg none", absl::StrCat(ToBase64Url(Header("none", "ed")), ".", ToBase64Url(kPayload), "."),
       "algorithm"},
      {"no signature", unsigned_part, "signature"},
      {"HS256 with the public key as secret",
       testing::Hs256Token(Header("HS256", "rsa"), kPayload, keys.rsa.PublicPem()), "algorithm"},
      {"HS256 with the modulus as secret",
       testing::Hs256Token(Header("HS256", "rsa"), kPayload, keys.rsa.Jwk("rsa")), "algorithm"},
      {"RS512", keys.rsa.Token(Header("RS512", "rsa"), kPayload), "algorithm"},
      {"RS256 named, Ed25519 key", keys.ed.Token(Header("RS256", "ed"), kPayload), "algorithm"},
      {"lower-case alg", keys.ed.Token(Header("eddsa", "ed"), kPayload), "algorithm"},
      {"signed by another key", TestKey::Ed25519().Token(Header("EdDSA", "ed"), kPayload),
       "signature"},
      {"another payload", other_payload, "signature"},
      {"zero signature of P-256", ec_text + ToBase64Url(std::string(64, '\0')), "signature"},
      {"short signature of P-256", ec_text + ToBase64Url(std::string(63, 'x')), "signature"},
      {"kid that walks", keys.ed.Token(Header("EdDSA", "../../etc/passwd"), kPayload),
       "key_unknown"},
      {"kid of 1 KB", keys.ed.Token(Header("EdDSA", std::string(1024, 'k')), kPayload),
       "key_unknown"},
  };
}

std::vector<Fault> HeaderFaults() {
  const Keys& keys = TestKeys();
  std::vector<Fault> faults = {
      {"no kid", keys.ed.Token(R"({"alg":"EdDSA"})", kPayload), "header"},
      {"no alg", keys.ed.Token(R"({"kid":"ed"})", kPayload), "header"},
      {"kid is a number", keys.ed.Token(R"({"alg":"EdDSA","kid":1})", kPayload), "header"},
      {"another typ", keys.ed.Token(R"({"alg":"EdDSA","kid":"ed","typ":"JWE"})", kPayload),
       "header"},
      {"alg twice", keys.ed.Token(R"({"alg":"none","alg":"EdDSA","kid":"ed"})", kPayload),
       "unreadable"},
      {"header is a list", keys.ed.Token("[]", kPayload), "unreadable"},
  };
  for (const char* name : {"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"}) {
    faults.push_back(
        {name,
         keys.ed.Token(Header("EdDSA", "ed", absl::StrCat(",\"", name, "\":\"x\"")), kPayload),
         "header"});
  }
  return faults;
}

std::vector<Fault> ClaimFaults() {
  return {
      {"expired by 61 s", Ed(With("1700000300", "1699999939")), "expired"},
      {"no exp", Ed(With("\"exp\":1700000300,", "")), "no_exp"},
      {"exp as text", Ed(With("1700000300", "\"1700000300\"")), "no_exp"},
      {"exp beyond all numbers", Ed(With("1700000300", "1e300")), "no_exp"},
      {"nbf in the future", Ed(With("\"nbf\":1699999990", "\"nbf\":1700000061")), "not_yet"},
      {"nbf as text", Ed(With("\"nbf\":1699999990", "\"nbf\":\"x\"")), "time_unreadable"},
      {"issued in the future", Ed(With("\"iat\":1699999990", "\"iat\":1700000061")), "not_yet"},
      {"wrong issuer", Ed(With("https://id.example", "https://id.example/")), "issuer"},
      {"no issuer", Ed(With("\"iss\":\"https://id.example\",", "")), "issuer"},
      {"wrong audience", Ed(With("\"dondoc\",", "")), "audience"},
      {"no audience", Ed(With("\"aud\":[\"dondoc\",\"other\"],", "")), "audience"},
      {"audience holds a number", Ed(With("\"other\"", "7")), "audience"},
      {"sub twice", Ed(With("\"azp\"", "\"sub\":\"x\",\"azp\"")), "unreadable"},
      {"no sub", Ed(With("\"sub\":\"an.tran\",", "")), "subject"},
      {"empty sub", Ed(With("an.tran", "")), "subject"},
      {"sub with a newline", Ed(With("an.tran", "an\\nchanh.vp")), "subject"},
      {"sub that is not normal", Ed(With("an.tran", "an\\u0323\\u0302")), "subject"},
      {"sub of 256 letters", Ed(With("an.tran", std::string(256, 'a'))), "subject"},
      {"deep JSON", Ed(With("\"portal\"", std::string(20, '[') + std::string(20, ']'))),
       "unreadable"},
      {"invalid UTF-8", Ed(With("an.tran", "\xC3\x28")), "unreadable"},
      {"something after the JSON", Ed(absl::StrCat(kPayload, "{}")), "unreadable"},
  };
}

std::vector<Fault> FormFaults() {
  const std::string good = Ed(kPayload);
  // 64 bytes end in two letters; the second has four bits that mean nothing and must be zero.
  std::string stray = good;
  stray.back() = stray.back() == 'B' ? 'C' : 'B';
  return {
      {"empty", "", "unreadable"},
      {"two parts", "a.b", "unreadable"},
      {"four parts", good + ".x", "unreadable"},
      {"five parts (JWE)", "a.b.c.d.e", "unreadable"},
      {"padding", good + "==", "unreadable"},
      {"stray bits", stray, "unreadable"},
      {"newline", good + "\n", "unreadable"},
      {"standard base64", absl::StrReplaceAll(good, {{".", "+."}}), "unreadable"},
      {"not base64", "!.!.!", "unreadable"},
      {"1 MB", std::string(1 << 20, 'a'), "too_long"},
      {"4 KB and a byte", std::string(4097, 'a'), "too_long"},
  };
}

TEST(CheckToken, RefusesEveryFaultWithTheSameWordsAndTellsTheLogWhy) {
  const std::string words(Check("").claims.status().message());
  for (const auto& faults : {SignatureFaults(), HeaderFaults(), ClaimFaults(), FormFaults()}) {
    for (const Fault& fault : faults) {
      const Checked checked = Check(fault.token);
      EXPECT_THAT(checked.claims, StatusIs(absl::StatusCode::kUnauthenticated)) << fault.name;
      EXPECT_THAT(checked.claims, Refuses("TOKEN_REFUSED")) << fault.name;
      EXPECT_EQ(checked.claims.status().message(), words) << fault.name;
      EXPECT_EQ(checked.cause, fault.cause) << fault.name;
    }
  }
}

TEST(CheckToken, KeepsTwoIssuersApart) {
  std::vector<Issuer> issuers = Issuers();
  issuers.push_back({.name = "dondoc",
                     .audience = "dondoc",
                     .principal_prefix = "account:",
                     .find_key = issuers[0].find_key});
  const auto claims = CheckToken(Ed(With("https://id.example", "dondoc")), issuers, kNow);
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(claims->principal, "account:an.tran");
}

TEST(BearerToken, TakesOneValueOfOneForm) {
  const auto quiet = [](absl::string_view) {};
  EXPECT_EQ(*BearerToken({"Bearer a.b.c"}, quiet), "a.b.c");
  EXPECT_EQ(*BearerToken({"bearer a.b.c"}, quiet), "a.b.c");
  const std::vector<std::vector<absl::string_view>> refused = {
      {},          {"Bearer a", "Bearer a"}, {"Bearer Bearer a"},
      {"Bearer "}, {"Basic YTpi"},           {"Bearer"},
      {"a.b.c"},   {"Bearer a,b"},           {"Bearer  a"}};
  for (const auto& values : refused) {
    EXPECT_THAT(BearerToken(values, quiet), Refuses("TOKEN_REFUSED"));
  }
}

}  // namespace
}  // namespace dondoc::identity
