#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// The bytes that stand in Redis for one value. Whoever reads them must be able to tell that they
// are ours, of this key, whole, and not yet expired, because a cache may lose, swap or garble
// anything and an answer must still never be wrong:
//
//   offset  bytes
//        0      4  "DDCV"
//        4      1  format, 1
//        5      8  the first bytes of the SHA-256 of the key
//       13      8  source version
//       21      8  expires at, in milliseconds since 1970
//       29      n  payload
//     29+n      4  CRC-32C of everything before it
//
// Numbers are big-endian.
namespace dondoc::cache {

struct Frame {
  uint64_t source_version = 0;
  absl::Time expires_at;
  std::string payload = {};
};

std::string EncodeFrame(absl::string_view key, const Frame& frame);

// The frame, or nothing when `bytes` are not a frame of `key`. Whether it has expired is up to the
// caller.
std::optional<Frame> DecodeFrame(absl::string_view key, absl::string_view bytes);

// CRC-32C (Castagnoli), as in RFC 3720.
uint32_t Crc32c(absl::string_view bytes);

}  // namespace dondoc::cache
