#include "libs/cache/frame.h"

#include <array>
#include <cstddef>

#include "libs/base/ids.h"

namespace dondoc::cache {
namespace {

constexpr absl::string_view kMagic = "DDCV";
constexpr char kFormat = 1;
constexpr size_t kKeyHashBytes = 8;
constexpr size_t kHeadBytes = 4 + 1 + kKeyHashBytes + 8 + 8;
constexpr size_t kChecksumBytes = 4;

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  constexpr uint32_t kPolynomial = 0x82F63B78;  // Castagnoli, bits reversed.
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[i] = crc;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kCrcTable = MakeCrcTable();

void PutNumber(uint64_t number, size_t bytes, std::string& out) {
  for (size_t i = bytes; i-- > 0;) out.push_back(static_cast<char>(number >> (8 * i)));
}

uint64_t TakeNumber(size_t bytes, absl::string_view& in) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes; ++i) number = number << 8 | static_cast<unsigned char>(in[i]);
  in.remove_prefix(bytes);
  return number;
}

// What every frame of `key` begins with.
std::string PrefixOf(absl::string_view key) {
  std::string prefix(kMagic);
  prefix.push_back(kFormat);
  prefix.append(Sha256(key), 0, kKeyHashBytes);
  return prefix;
}

}  // namespace

uint32_t Crc32c(absl::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) {
    crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
  }
  return ~crc;
}

std::string EncodeFrame(absl::string_view key, const Frame& frame) {
  std::string bytes = PrefixOf(key);
  bytes.reserve(kHeadBytes + frame.payload.size() + kChecksumBytes);
  PutNumber(frame.source_version, 8, bytes);
  PutNumber(static_cast<uint64_t>(absl::ToUnixMillis(frame.expires_at)), 8, bytes);
  bytes.append(frame.payload);
  PutNumber(Crc32c(bytes), kChecksumBytes, bytes);
  return bytes;
}

std::optional<Frame> DecodeFrame(absl::string_view key, absl::string_view bytes) {
  if (bytes.size() < kHeadBytes + kChecksumBytes) return std::nullopt;
  const std::string prefix = PrefixOf(key);
  if (bytes.substr(0, prefix.size()) != prefix) return std::nullopt;
  absl::string_view checksum = bytes.substr(bytes.size() - kChecksumBytes);
  bytes.remove_suffix(kChecksumBytes);
  if (TakeNumber(kChecksumBytes, checksum) != Crc32c(bytes)) return std::nullopt;

  bytes.remove_prefix(prefix.size());
  Frame frame;
  frame.source_version = TakeNumber(8, bytes);
  frame.expires_at = absl::FromUnixMillis(static_cast<int64_t>(TakeNumber(8, bytes)));
  frame.payload = std::string(bytes);
  return frame;
}

}  // namespace dondoc::cache
