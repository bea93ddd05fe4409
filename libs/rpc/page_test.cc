#include "libs/rpc/page.h"

#include <gtest/gtest.h>

#include "libs/base/status_matchers.h"

namespace dondoc::rpc {
namespace {

using ::dondoc::testing::Refuses;

TEST(ReadPage, TakesTheDefaultAndTheMaximum) {
  EXPECT_EQ(ReadPage(0, "", "f")->size, kPageSizeDefault);
  EXPECT_EQ(ReadPage(7, "", "f")->size, 7);
  EXPECT_EQ(ReadPage(1'000'000, "", "f")->size, kPageSizeMax);
}

TEST(ReadPage, ContinuesWhereTheLastPageEnded) {
  EXPECT_EQ(ReadPage(0, NextPageToken("plans/a/tasks/46", "f"), "f")->after, "plans/a/tasks/46");
}

TEST(ReadPage, RefusesWhatItDidNotMake) {
  EXPECT_THAT(ReadPage(-1, "", "f"), Refuses("PAGE_SIZE_NEGATIVE"));
  const std::string token = NextPageToken("key", "f");
  for (const std::string& bad : {std::string("x"), std::string("!!!"), token + "A", token + "=",
                                 token.substr(1), NextPageToken("key", "another filter")}) {
    EXPECT_THAT(ReadPage(0, bad, "f"), Refuses("PAGE_TOKEN_INVALID")) << bad;
  }
}

}  // namespace
}  // namespace dondoc::rpc
