#include "libs/identity/passwords.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <new>

#include "absl/strings/ascii.h"
#include "libs/base/text.h"
#include "libs/identity/account_errors.h"

namespace dondoc::identity {
namespace {

// Of those that lists of stolen passwords and this office's own habits put first, the ones that are
// long enough to pass otherwise.
constexpr std::array<absl::string_view, 24> kCommon = {
    "123456789012", "1234567890123", "012345678910", "123123123123", "112233445566",
    "qwertyuiop12", "qwertyuiop123", "qwerty123456", "1q2w3e4r5t6y", "abc123456789",
    "abcd12345678", "abcdefghijkl",  "password1234", "password123!", "password12345",
    "passw0rd1234", "administrator", "admin1234567", "changeme1234", "iloveyou1234",
    "matkhau12345", "matkhau123456", "cantho123456", "vietnam12345"};

size_t LettersOf(absl::string_view utf8) {
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// libsodium chooses its fastest code once per process.
void StartSodium() {
  static const bool kStarted = sodium_init() >= 0;
  if (!kStarted) throw std::bad_alloc();
}

}  // namespace

absl::StatusOr<std::string> CleanPassword(absl::string_view password) {
  if (password.empty() || password.size() > kPasswordBytesMax) return error::PasswordUnreadable();
  auto clean = CleanText(password);
  if (!clean.ok() || clean->empty()) return error::PasswordUnreadable();
  return *std::move(clean);
}

absl::Status CheckNewPassword(absl::string_view name, absl::string_view clean_password) {
  if (LettersOf(clean_password) < kPasswordLengthMin) {
    return error::PasswordTooShort(kPasswordLengthMin);
  }
  const std::string lower = absl::AsciiStrToLower(clean_password);
  if (lower == absl::AsciiStrToLower(name)) return error::PasswordIsName();
  const bool one_letter = lower.find_first_not_of(lower[0]) == std::string::npos;
  if (one_letter || std::find(kCommon.begin(), kCommon.end(), lower) != kCommon.end()) {
    return error::PasswordCommon();
  }
  return absl::OkStatus();
}

std::string HashPassword(const std::string& clean_password, const PasswordCost& cost) {
  StartSodium();
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str_alg(hash, clean_password.data(), clean_password.size(), cost.operations,
                            cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();  // The only way it fails.
  }
  return hash;
}

bool PasswordMatches(const std::string& hash, const std::string& clean_password) {
  StartSodium();
  return crypto_pwhash_str_verify(hash.c_str(), clean_password.data(), clean_password.size()) == 0;
}

}  // namespace dondoc::identity
