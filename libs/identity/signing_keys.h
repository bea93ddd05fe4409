#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/identity/directory.h"
#include "libs/store/database.h"

namespace dondoc::identity {

// A pair of Ed25519 keys of our own.
struct SigningKey {
  std::string id;
  // 32 bytes, secret.
  std::string seed;
  absl::Time created;
};

// How old the newest key becomes before the next is made.
inline constexpr absl::Duration kKeyRotation = absl::Hours(24 * 30);
// How long a new key is published before it signs, so that every copy of the set has it; and how
// long the one before stays published after that, so that its last tokens can be checked.
inline constexpr absl::Duration kKeyNotice = absl::Minutes(15);

// Makes the first key and, when its time has come, the next; drops what nobody needs any more.
// Returns what has changed, for the directories of all services: a new key with version 1, a
// dropped one, retired, with version 2.
std::vector<KeyState> RotateSigningKeys(store::Transaction& transaction);

// All keys that may have signed a token that is still good, or soon will; the newest first.
std::vector<SigningKey> ReadSigningKeys(store::Snapshot& snapshot);

// The one that signs now. `keys` must not be empty.
const SigningKey& KeyThatSigns(const std::vector<SigningKey>& keys, absl::Time now);

// The public halves as a JWK set (RFC 8037).
std::string JwkSetOf(const std::vector<SigningKey>& keys);

// A compact JWS with EdDSA over a payload of JSON.
std::string SignToken(const SigningKey& key, absl::string_view payload);

}  // namespace dondoc::identity
