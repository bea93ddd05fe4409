#include "libs/base/ids.h"

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <mutex>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "libs/base/random.h"

namespace dondoc {
namespace {

// 48 bits of milliseconds, then 12 bits that count within one millisecond (RFC 9562, 6.2 method 1).
struct Tick {
  uint64_t milliseconds = 0;
  uint32_t counter = 0;
};

Tick NextTick() {
  static std::mutex mutex;
  static Tick last;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const uint64_t milliseconds =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  std::lock_guard lock(mutex);
  if (milliseconds > last.milliseconds) {
    last = {.milliseconds = milliseconds, .counter = 0};
  } else if (++last.counter > 0xFFF) {
    last = {.milliseconds = last.milliseconds + 1, .counter = 0};
  }
  return last;
}

}  // namespace

std::string NewUuid() {
  const Tick tick = NextTick();
  std::array<unsigned char, 16> bytes{};
  FillRandom(bytes.data(), bytes.size());
  for (size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<unsigned char>(tick.milliseconds >> (40 - 8 * i));
  }
  bytes[6] = static_cast<unsigned char>(0x70 | (tick.counter >> 8));
  bytes[7] = static_cast<unsigned char>(tick.counter);
  bytes[8] = static_cast<unsigned char>(0x80 | (bytes[8] & 0x3F));
  const std::string hex =
      Hex(absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  return true;
}

std::string Sha256(absl::string_view bytes) {
  // Fetched once: EVP_sha256() would look it up for every digest.
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(32, '\0');
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 kSha256, nullptr) != 1) {
    std::abort();
  }
  return digest;
}

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

// Not abseil's: the form that bookworm has is gone from trixie's, and the other way round.
std::string FromHex(absl::string_view digits) {
  const auto value = [](char digit) {
    return absl::ascii_isdigit(static_cast<unsigned char>(digit))
               ? digit - '0'
               : absl::ascii_tolower(static_cast<unsigned char>(digit)) - 'a' + 10;
  };
  std::string bytes(digits.size() / 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(value(digits[2 * i]) * 16 + value(digits[2 * i + 1]));
  }
  return bytes;
}

}  // namespace dondoc
