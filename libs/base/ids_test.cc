#include "libs/base/ids.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"

namespace dondoc {
namespace {

TEST(NewUuid, IsAUuidOfVersionSeven) {
  const std::string id = NewUuid();
  EXPECT_TRUE(IsUuid(id)) << id;
  EXPECT_EQ(id[14], '7') << id;
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
}

TEST(NewUuid, CarriesTheMillisecondInWhichItWasMade) {
  const int64_t before = absl::ToUnixMillis(absl::Now());
  const std::string id = NewUuid();
  const int64_t made = std::stoll(id.substr(0, 8) + id.substr(9, 4), nullptr, 16);
  EXPECT_GE(made, before);
  // An earlier test may have used up this millisecond's numbers and borrowed from the next ones.
  EXPECT_LE(made, absl::ToUnixMillis(absl::Now()) + 1'000);
}

TEST(NewUuid, NeverGoesBackwards) {
  std::string last = NewUuid();
  for (int i = 0; i < 20'000; ++i) {
    std::string next = NewUuid();
    ASSERT_LT(last, next);
    last = std::move(next);
  }
}

TEST(NewUuid, NeverRepeatsAcrossThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 5'000;
  std::vector<std::vector<std::string>> made(kThreads);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < kEach; ++i) mine.push_back(NewUuid());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), size_t{kThreads} * kEach);
}

TEST(IsUuid, TellsUuidsFromOtherText) {
  struct Case {
    std::string text;
    bool is_uuid;
  };
  const std::vector<Case> cases = {
      {"01890a5d-ac96-774b-bcce-b302099a8057", true},
      {"01890A5D-AC96-774B-BCCE-B302099A8057", true},
      {"00000000-0000-0000-0000-000000000000", true},
      {"", false},
      {"01890a5dac96774bbcceb302099a8057", false},
      {"{01890a5d-ac96-774b-bcce-b302099a8057}", false},
      {"01890a5d-ac96-774b-bcce-b302099a805", false},
      {"01890a5d-ac96-774b-bcce-b302099a80570", false},
      {"01890a5d-ac96-774b-bcce-b302099a805g", false},
      {"01890a5d-ac96-774bb-cce-b302099a8057", false},
      {"01890a5d-ac96-774b-bcce-b302099a805\xC3", false},
  };
  for (const Case& c : cases) EXPECT_EQ(IsUuid(c.text), c.is_uuid) << c.text;
}

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256("abc").size(), 32u);
}

TEST(Hex, WritesLowerCase) { EXPECT_EQ(Hex(absl::string_view("\x00\xAB\xff", 3)), "00abff"); }

TEST(Hex, IsReadBackInEitherCase) {
  EXPECT_EQ(FromHex("00abFF7a"), absl::string_view("\x00\xAB\xff\x7a", 4));
  EXPECT_EQ(FromHex(""), "");
}

}  // namespace
}  // namespace dondoc
