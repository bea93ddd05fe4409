#include "libs/cache/frame.h"

#include <gtest/gtest.h>

#include <string>

#include "libs/base/ids.h"

namespace dondoc::cache {
namespace {

const absl::Time kExpires = absl::FromUnixMillis(1'700'000'000'123);

std::string Sample(absl::string_view key, absl::string_view payload) {
  return EncodeFrame(
      key, {.source_version = 42, .expires_at = kExpires, .payload = std::string(payload)});
}

TEST(AFrame, ReadsBack) {
  for (const std::string& payload :
       {std::string(), std::string("85.99"), std::string("\0\xFF", 2), std::string(100'000, 'x')}) {
    const auto frame = DecodeFrame("dondoc:kpi:value:a", Sample("dondoc:kpi:value:a", payload));
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->payload, payload);
    EXPECT_EQ(frame->source_version, 42u);
    EXPECT_EQ(frame->expires_at, kExpires);
  }
}

// Others may read these bytes, so they do not change.
TEST(AFrame, HasTheDocumentedLayout) {
  const std::string bytes = Sample("k", "xy");
  EXPECT_EQ(bytes.size(), 29u + 2u + 4u);
  EXPECT_EQ(bytes.substr(0, 5), "DDCV\x01");
  EXPECT_EQ(bytes.substr(5, 8), Sha256("k").substr(0, 8));
  EXPECT_EQ(Hex(bytes.substr(13, 16)), "000000000000002a0000018bcfe5687b");
  EXPECT_EQ(bytes.substr(29, 2), "xy");
}

TEST(AFrame, OfAnotherKeyIsNone) {
  EXPECT_FALSE(DecodeFrame("user:B", Sample("user:A", "A-data")).has_value());
}

TEST(AFrame, WithAnyBitFlippedIsNone) {
  const std::string good = Sample("k", "85.99");
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(DecodeFrame("k", bad).has_value()) << "bit " << bit;
  }
}

TEST(AFrame, CutOrGrownIsNone) {
  const std::string good = Sample("k", "85.99");
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeFrame("k", good.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(DecodeFrame("k", good + "x").has_value());
  EXPECT_FALSE(DecodeFrame("k", "85.99").has_value());
}

TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(Crc32c(""), 0u);
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(Crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
}

}  // namespace
}  // namespace dondoc::cache
