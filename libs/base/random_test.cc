#include "libs/base/random.h"

#include <array>
#include <set>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dondoc {
namespace {

using Id = std::array<unsigned char, 16>;

std::vector<Id> Ids(int count) {
  std::vector<Id> ids(count);
  for (Id& id : ids) FillRandom(id.data(), id.size());
  return ids;
}

TEST(RandomBytes, AreGivenOutOnceThoughTheStoreIsFilledAgain) {
  const std::vector<Id> ids = Ids(1'000);
  EXPECT_EQ(std::set<Id>(ids.begin(), ids.end()).size(), ids.size());
}

TEST(RandomBytes, OfTwoThreadsAreNotTheSame) {
  std::vector<Id> here, there;
  std::thread([&] { there = Ids(100); }).join();
  std::thread([&] { here = Ids(100); }).join();
  std::set<Id> all(here.begin(), here.end());
  all.insert(there.begin(), there.end());
  EXPECT_EQ(all.size(), 200u);
}

TEST(RandomBytes, FillMoreThanTheStoreHolds) {
  // Every value of a byte is among so many, but for once in 10^60 runs.
  std::vector<unsigned char> bytes(100'000);
  FillRandom(bytes.data(), bytes.size());
  EXPECT_EQ(std::set<unsigned char>(bytes.begin(), bytes.end()).size(), 256u);
}

}  // namespace
}  // namespace dondoc
