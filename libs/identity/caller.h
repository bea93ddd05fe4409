#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/identity/token.h"

namespace dondoc::identity {

// What a call has proven: a person by a token, a system by a certificate, both or neither.
struct Proven {
  std::optional<Claims> person = {};
  // "system:<common name>"; empty for none.
  std::string system = {};
  // Whether other systems come through the edge, which shows their certificates.
  bool by_edge = false;
};

// On whose behalf the call is made; empty for nobody. A person who calls through another system is
// the person, and only with a token that the issuer gave to that very system (azp): a token that
// was taken elsewhere is worth nothing behind another certificate, and one of our
// own accounts nothing without any either, where systems come through the edge: whoever shows it
// has taken it out of the system that it was given to. Else UNAUTHENTICATED, reason TOKEN_REFUSED.
absl::StatusOr<std::string> CallerOf(const Proven& proven, const TellCause& tell = LogTokenCause);

}  // namespace dondoc::identity
