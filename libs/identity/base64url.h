#pragma once

#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace dondoc::identity {

// Base64url as RFC 7515 writes it: no padding, no white space.
inline std::string ToBase64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

// The other way; nothing for a text that is not the one spelling of its bytes (padding, white
// space, stray bits at the end), so that a signed text has no second form.
inline std::optional<std::string> FromBase64Url(absl::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(text, &bytes)) return std::nullopt;
  if (absl::WebSafeBase64Escape(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace dondoc::identity
