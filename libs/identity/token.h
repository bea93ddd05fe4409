#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/identity/keys.h"

namespace dondoc::identity {

// What a token says that we believe: who, and until when. What somebody may do is never taken from
// a token: that is our own data (grants.h).
struct Claims {
  // "person:<sub>" or another prefix of the issuer, so that two issuers cannot name one person.
  std::string principal;
  // The client that the issuer gave the token to (azp); empty when it does not say.
  std::string authorized_party;
  absl::Time expires;
  // Whether that client can only be a system that shows its certificate (Issuer).
  bool party_is_system = false;
};

// One issuer that is believed.
struct Issuer {
  // Exactly as the claim iss writes it.
  std::string name;
  // Our own name, as one of the claim aud.
  std::string audience;
  std::string principal_prefix = "person:";
  FindKey find_key;
  // Whether it names a client (azp) only when that is another system, which shows its certificate:
  // our own accounts do. An identity provider names any program, such as a browser's.
  bool party_is_system = false;
};

// How far the clocks of an issuer and of a server may be apart.
inline constexpr absl::Duration kClockLeeway = absl::Seconds(60);
inline constexpr size_t kTokenBytesMax = 4096;

// Told why a token was refused, in one word for the log. The caller is never told: what is wrong
// with a forged token is nobody's business.
using TellCause = std::function<void(absl::string_view cause)>;
void LogTokenCause(absl::string_view cause);

// The text behind "Bearer " in the only value of the metadata entry "authorization". `values` are
// all values of that name.
absl::StatusOr<std::string> BearerToken(const std::vector<absl::string_view>& values,
                                        const TellCause& tell = LogTokenCause);

// Checks a compact JWS (RFC 7515) as a JWT (RFC 7519) of one of the issuers: signature, iss, aud,
// exp, nbf. Everything wrong is the same refusal, UNAUTHENTICATED with reason TOKEN_REFUSED.
// Thread-safe; borrows nothing after the call.
absl::StatusOr<Claims> CheckToken(absl::string_view token, const std::vector<Issuer>& issuers,
                                  absl::Time now, const TellCause& tell = LogTokenCause);

}  // namespace dondoc::identity
