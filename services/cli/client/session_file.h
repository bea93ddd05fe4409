#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/cli/render/console.h"

namespace dondoc::cli {

// Who has signed in on this machine, at which registry, and the token that was fetched last.
struct SignedIn {
  std::string registry;
  std::string account;
  // Secret.
  std::string session;
  std::string token = {};
  // By the clock of this machine.
  absl::Time token_fetched = absl::InfinitePast();
};

// A token is good for five minutes from when it was made; from this age on another one is fetched.
inline constexpr absl::Duration kTokenAgeMax = absl::Minutes(4);

// $XDG_STATE_HOME/dondoc/session, or ~/.local/state/dondoc/session.
std::string SessionPath(const Environment& environment);

// Nothing when nobody has signed in. FAILED_PRECONDITION, reason SESSION_FILE_OPEN, for a file that
// others may read: it is as good as the password.
absl::StatusOr<std::optional<SignedIn>> ReadSession(const std::string& path);
// Replaces the file as a whole; only its owner may read it. SESSION_FILE_UNWRITABLE.
absl::Status WriteSession(const std::string& path, const SignedIn& signed_in);
void RemoveSession(const std::string& path);

// Makes a token for a session.
using FetchToken = std::function<absl::StatusOr<std::string>(const SignedIn&)>;
// The token to send now: the one in the file while it is young, unless `renew`; else a new one,
// which is kept. Empty when nobody has signed in at `registry`.
struct TokenWish {
  std::string path;
  std::string registry;
  bool renew = false;
};
absl::StatusOr<std::string> TokenOf(const TokenWish& wish, absl::Time now, const FetchToken& fetch);

// What an identity provider's client wrote: the token alone. INVALID_ARGUMENT, reason
// TOKEN_FILE_UNREADABLE.
absl::StatusOr<std::string> ReadTokenFile(const std::string& path);

}  // namespace dondoc::cli
