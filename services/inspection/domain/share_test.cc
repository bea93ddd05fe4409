#include "services/inspection/domain/share.h"

#include <gtest/gtest.h>

#include "libs/base/status_matchers.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;

Share ThirtyPercent() { return *Share::Parse("30"); }

TEST(RequiredUnits, AreTheSmallestWholeNumberThatIsAtLeastTheShare) {
  struct Row {
    const char* share;
    int64_t units;
    int64_t required;
  };
  for (const Row& row : {
           Row{"30", 1, 1},
           Row{"30", 3, 1},
           Row{"30", 4, 2},
           Row{"30", 9, 3},
           Row{"30", 10, 3},
           Row{"30", 11, 4},
           Row{"30", 20, 6},
           Row{"50", 9, 5},
           Row{"100", 9, 9},
           Row{"0.000001", 9, 1},
           Row{"33.333333", 3, 1},
           Row{"33.333334", 3, 2},
           Row{"99.999999", 10, 10},
           Row{"100", 1'000'000'000, 1'000'000'000},
       }) {
    EXPECT_EQ(Share::Parse(row.share)->RequiredOf(row.units), row.required)
        << row.share << " % of " << row.units;
  }
}

TEST(RequiredUnits, OfThirtyPercentAreThreeTimesNPlusNineDividedByTen) {
  for (int64_t n = 1; n <= 100'000; ++n) {
    ASSERT_EQ(ThirtyPercent().RequiredOf(n), (3 * n + 9) / 10) << n;
  }
}

TEST(RequiredUnits, OfNoUnitsAreNotDefined) {
  EXPECT_EQ(ThirtyPercent().RequiredOf(0), std::nullopt);
  EXPECT_FALSE(ThirtyPercent().IsReachedBy(0, 0));
}

TEST(ShareIsReached, InWholeUnitsAndNeverByRounding) {
  EXPECT_TRUE(ThirtyPercent().IsReachedBy(3, 10));
  EXPECT_FALSE(ThirtyPercent().IsReachedBy(3, 11));         // 27.27 %
  EXPECT_FALSE(ThirtyPercent().IsReachedBy(2999, 10'000));  // 29.99 %
  EXPECT_TRUE(ThirtyPercent().IsReachedBy(3000, 10'000));
}

TEST(ParseShare, RefusesWhatIsNoPercentageAboveZero) {
  for (const char* text :
       {"0", "-1", "100.000001", "101", "NaN", "Inf", "", "30%", "1e1", "30,5", "0.0000001"}) {
    const auto share = Share::Parse(text);
    EXPECT_THAT(share, StatusIs(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_THAT(share, Refuses("SHARE_INVALID")) << text;
  }
}

}  // namespace
}  // namespace dondoc::inspection
