#include "libs/cache/breaker.h"

#include <gtest/gtest.h>

namespace dondoc::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SteadyTime kStart{seconds(1'000)};

// A breaker that has just opened.
struct Opened {
  Breaker breaker{{.errors_in_a_row = 5, .open_for = seconds(5)}};
  Opened() {
    for (int i = 0; i < 5; ++i) breaker.Failure(kStart);
  }
};

TEST(ABreaker, OpensAfterErrorsInARow) {
  Breaker breaker({.errors_in_a_row = 5, .open_for = seconds(5)});
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(breaker.Allows(kStart)) << i;
    breaker.Failure(kStart);
  }
  EXPECT_FALSE(breaker.Allows(kStart));
  EXPECT_FALSE(breaker.Allows(kStart + milliseconds(4'999)));
}

TEST(ABreaker, StartsCountingAnewAfterASuccess) {
  Breaker breaker({.errors_in_a_row = 5, .open_for = seconds(5)});
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) breaker.Failure(kStart);
    breaker.Success();
  }
  EXPECT_TRUE(breaker.Allows(kStart));
}

TEST(ABreaker, LetsOneTryWhenItsTimeIsOver) {
  Opened opened;
  EXPECT_TRUE(opened.breaker.Allows(kStart + seconds(5)));
  EXPECT_FALSE(opened.breaker.Allows(kStart + seconds(5))) << "one at a time";
}

TEST(ABreaker, ClosesWhenTheTrialSucceeds) {
  Opened opened;
  ASSERT_TRUE(opened.breaker.Allows(kStart + seconds(5)));
  opened.breaker.Success();
  EXPECT_TRUE(opened.breaker.Allows(kStart + seconds(5)));
  EXPECT_TRUE(opened.breaker.Allows(kStart + seconds(5)));
}

TEST(ABreaker, StaysOpenWhenTheTrialFails) {
  Opened opened;
  ASSERT_TRUE(opened.breaker.Allows(kStart + seconds(5)));
  opened.breaker.Failure(kStart + seconds(6));
  EXPECT_FALSE(opened.breaker.Allows(kStart + milliseconds(10'999)));
  EXPECT_TRUE(opened.breaker.Allows(kStart + seconds(11)));
}

TEST(ABreaker, LetsAnotherTryWhenATrialNeverReports) {
  Opened opened;
  ASSERT_TRUE(opened.breaker.Allows(kStart + seconds(5)));
  EXPECT_TRUE(opened.breaker.Allows(kStart + seconds(10)));
}

}  // namespace
}  // namespace dondoc::cache
