#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace dondoc {

// A new UUID of version 7 (RFC 9562): time-ordered, so that a unique index grows at its end and not
// everywhere. Ids of one process never repeat and never go backwards. Thread-safe.
std::string NewUuid();

// True for 8-4-4-4-12 hexadecimal digits in either case, of any version.
bool IsUuid(absl::string_view text);

// The SHA-256 of `bytes`, as 32 raw bytes.
std::string Sha256(absl::string_view bytes);

// Lower-case hexadecimal.
std::string Hex(absl::string_view bytes);
// What Hex() wrote. `digits` must be such a text: an even number of hexadecimal digits.
std::string FromHex(absl::string_view digits);

}  // namespace dondoc
