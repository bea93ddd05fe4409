#include "libs/identity/token.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/base/text.h"
#include "libs/identity/base64url.h"
#include "libs/identity/errors.h"
#include "libs/identity/json.h"
#include "libs/log/log.h"

namespace dondoc::identity {
namespace {

constexpr size_t kSubjectCodePointsMax = 255;

absl::Status Refused(const TellCause& tell, absl::string_view cause) {
  tell(cause);
  return error::TokenRefused();
}

// The three parts of a compact JWS, decoded; what was signed stands in `signed_text`.
struct Parts {
  JsonObject header;
  JsonObject payload;
  std::string signature;
  absl::string_view signed_text;
};

std::optional<JsonObject> JsonOf(absl::string_view part) {
  const auto text = FromBase64Url(part);
  return text ? JsonObject::Parse(*text) : std::nullopt;
}

std::optional<Parts> Split(absl::string_view token) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return std::nullopt;
  auto header = JsonOf(parts[0]);
  auto payload = JsonOf(parts[1]);
  auto signature = FromBase64Url(parts[2]);
  if (!header || !payload || !signature) return std::nullopt;
  return Parts{.header = *std::move(header),
               .payload = *std::move(payload),
               .signature = *std::move(signature),
               .signed_text = token.substr(0, parts[0].size() + 1 + parts[1].size())};
}

// A header that tells us where to take the key from, or that asks for rules we do not know. RFC
// 7515 lets a reader pass over the first three; a token that carries one was not made for us.
bool HeaderIsOdd(const JsonObject& header) {
  for (const char* name : {"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"}) {
    if (header.Has(name)) return true;
  }
  if (!header.Has("typ")) return false;
  const std::string type = header.Text("typ").value_or("");
  return !absl::EqualsIgnoreCase(type, "JWT") && !absl::EqualsIgnoreCase(type, "at+jwt");
}

const Issuer* IssuerOf(const JsonObject& payload, const std::vector<Issuer>& issuers) {
  const auto name = payload.Text("iss");
  const auto found = std::find_if(issuers.begin(), issuers.end(), [&](const Issuer& issuer) {
    return name && issuer.name == *name;
  });
  return found == issuers.end() ? nullptr : &*found;
}

// Why the times of a token do not hold now; "" when they do.
absl::string_view TimeFault(const JsonObject& payload, absl::Time now) {
  const auto expires = payload.Number("exp");
  if (!expires) return "no_exp";
  if (now >= absl::FromUnixSeconds(*expires) + kClockLeeway) return "expired";
  for (const char* name : {"nbf", "iat"}) {
    if (!payload.Has(name)) continue;
    const auto from = payload.Number(name);
    if (!from) return "time_unreadable";
    if (now < absl::FromUnixSeconds(*from) - kClockLeeway) return "not_yet";
  }
  return "";
}

// A subject is a name to be kept and compared: exactly one line of clean text.
std::optional<std::string> SubjectOf(const JsonObject& payload) {
  const auto subject = payload.Text("sub");
  if (!subject) return std::nullopt;
  const auto clean = CleanLine("sub", *subject, kSubjectCodePointsMax);
  if (!clean.ok() || *clean != *subject) return std::nullopt;
  return *clean;
}

}  // namespace

void LogTokenCause(absl::string_view cause) { log::Warning("token.refused", {{"cause", cause}}); }

absl::StatusOr<std::string> BearerToken(const std::vector<absl::string_view>& values,
                                        const TellCause& tell) {
  constexpr absl::string_view kScheme = "bearer ";
  if (values.empty()) return Refused(tell, "no_token");
  if (values.size() > 1) return Refused(tell, "two_tokens");
  const absl::string_view value = values[0];
  if (!absl::StartsWithIgnoreCase(value, kScheme)) return Refused(tell, "no_bearer");
  const absl::string_view token = value.substr(kScheme.size());
  if (token.empty() || token.find_first_of(" \t,") != absl::string_view::npos) {
    return Refused(tell, "no_bearer");
  }
  return std::string(token);
}

absl::StatusOr<Claims> CheckToken(absl::string_view token, const std::vector<Issuer>& issuers,
                                  absl::Time now, const TellCause& tell) {
  if (token.size() > kTokenBytesMax) return Refused(tell, "too_long");
  const auto parts = Split(token);
  if (!parts) return Refused(tell, "unreadable");
  if (HeaderIsOdd(parts->header)) return Refused(tell, "header");
  const auto algorithm = parts->header.Text("alg");
  const auto key_id = parts->header.Text("kid");
  if (!algorithm || !key_id) return Refused(tell, "header");

  const Issuer* issuer = IssuerOf(parts->payload, issuers);
  if (issuer == nullptr) return Refused(tell, "issuer");
  const auto key = issuer->find_key(*key_id);
  if (!key) return Refused(tell, "key_unknown");
  if (*algorithm != AlgorithmName(key->algorithm())) return Refused(tell, "algorithm");
  if (!key->Verifies(parts->signed_text, parts->signature)) return Refused(tell, "signature");

  const auto audience = parts->payload.Texts("aud").value_or(std::vector<std::string>{});
  if (std::count(audience.begin(), audience.end(), issuer->audience) == 0) {
    return Refused(tell, "audience");
  }
  const absl::string_view time_fault = TimeFault(parts->payload, now);
  if (!time_fault.empty()) return Refused(tell, time_fault);
  const auto subject = SubjectOf(parts->payload);
  if (!subject) return Refused(tell, "subject");
  return Claims{.principal = absl::StrCat(issuer->principal_prefix, *subject),
                .authorized_party = parts->payload.Text("azp").value_or(""),
                .expires = absl::FromUnixSeconds(*parts->payload.Number("exp")),
                .party_is_system = issuer->party_is_system};
}

}  // namespace dondoc::identity
