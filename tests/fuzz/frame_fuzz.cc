// What comes back from Redis: libs/cache/frame.h. A key, and bytes.
#include "libs/cache/frame.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::vector<std::string> pieces = fuzz::Pieces(fuzz::BytesOf(data, size), 2);
  const std::string& key = pieces[0];
  if (const auto frame = cache::DecodeFrame(key, pieces[1])) {
    fuzz::Expect(cache::EncodeFrame(key, *frame) == pieces[1], "a frame has one form");
  }

  const cache::Frame frame{.source_version = size,
                           .expires_at = absl::FromUnixMillis(static_cast<int64_t>(size)),
                           .payload = pieces[1]};
  std::string bytes = cache::EncodeFrame(key, frame);
  const auto decoded = cache::DecodeFrame(key, bytes);
  fuzz::Expect(decoded && decoded->payload == frame.payload &&
                   decoded->source_version == frame.source_version,
               "what was written is read");
  fuzz::Expect(!cache::DecodeFrame(key + "x", bytes), "a frame is of one key");
  const size_t place = size * 31 % bytes.size();
  bytes[place] = static_cast<char>(bytes[place] ^ 0x10);
  fuzz::Expect(!cache::DecodeFrame(key, bytes), "a frame with a wrong bit is none");
  return 0;
}
