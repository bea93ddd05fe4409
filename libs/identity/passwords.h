#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::identity {

inline constexpr size_t kPasswordLengthMin = 12;
// Enough for a sentence; what is longer only costs time.
inline constexpr size_t kPasswordBytesMax = 256;

// A password as it is compared: NFC, so that the same letters typed on another keyboard are the
// same password. Refuses PASSWORD_UNREADABLE for what is no text or too long.
absl::StatusOr<std::string> CleanPassword(absl::string_view password);

// What a new password must be: at least twelve letters, not the account's name, none of the common
// ones, not one letter repeated. INVALID_ARGUMENT: PASSWORD_TOO_SHORT, PASSWORD_IS_NAME,
// PASSWORD_COMMON.
absl::Status CheckNewPassword(absl::string_view name, absl::string_view clean_password);

// What one guess costs, ours and everybody's: argon2id of RFC 9106.
struct PasswordCost {
  unsigned long long operations = 3;
  size_t memory_bytes = 64 * 1024 * 1024;
};

// Text that a password can be checked against; with salt and cost in it.
std::string HashPassword(const std::string& clean_password, const PasswordCost& cost);
bool PasswordMatches(const std::string& hash, const std::string& clean_password);

}  // namespace dondoc::identity
