#include "libs/rpc/rate_limit.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace dondoc::rpc {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

identity::MethodRule PerMinute(int calls) { return {.method = "a.B/C", .per_minute = calls}; }

TEST(RateLimits, LetAMinutesCallsPassAtOnceAndThenOneAfterTheOther) {
  RateLimits limits;
  const identity::MethodRule rule = PerMinute(6);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(limits.Take("person:an", rule, kStart), absl::ZeroDuration()) << i;
  }
  EXPECT_EQ(limits.Take("person:an", rule, kStart), absl::Seconds(10));
  EXPECT_EQ(limits.Take("person:an", rule, kStart + absl::Seconds(4)), absl::Seconds(6));
  EXPECT_EQ(limits.Take("person:an", rule, kStart + absl::Seconds(10)), absl::ZeroDuration());
  EXPECT_GT(limits.Take("person:an", rule, kStart + absl::Seconds(10)), absl::ZeroDuration());
}

TEST(RateLimits, HoldForEachCallerAndEachMethodAlone) {
  RateLimits limits;
  const identity::MethodRule rule = PerMinute(1);
  EXPECT_EQ(limits.Take("person:an", rule, kStart), absl::ZeroDuration());
  EXPECT_NE(limits.Take("person:an", rule, kStart), absl::ZeroDuration());
  EXPECT_EQ(limits.Take("person:binh", rule, kStart), absl::ZeroDuration());
  identity::MethodRule other = PerMinute(1);
  other.method = "a.B/D";
  EXPECT_EQ(limits.Take("person:an", other, kStart), absl::ZeroDuration());
}

TEST(RateLimits, FillNoFurtherThanAMinuteAndNotByAClockThatIsSetBack) {
  RateLimits limits;
  const identity::MethodRule rule = PerMinute(2);
  const absl::Time later = kStart + absl::Hours(5);
  EXPECT_EQ(limits.Take("person:an", rule, kStart), absl::ZeroDuration());
  EXPECT_EQ(limits.Take("person:an", rule, later), absl::ZeroDuration());
  EXPECT_EQ(limits.Take("person:an", rule, later), absl::ZeroDuration());
  EXPECT_NE(limits.Take("person:an", rule, later), absl::ZeroDuration());
  EXPECT_NE(limits.Take("person:an", rule, kStart), absl::ZeroDuration());
}

TEST(RateLimits, RememberWhoCallsWhileStrangersComeAndGo) {
  RateLimits limits;
  const identity::MethodRule rule = PerMinute(1);
  EXPECT_EQ(limits.Take("person:an", rule, kStart), absl::ZeroDuration());
  for (size_t i = 0; i < 3 * RateLimits::kBucketsMax; ++i) {
    limits.Take(absl::StrCat("person:stranger-", i), rule, kStart);
    if (i % 10'000 != 0) continue;
    EXPECT_NE(limits.Take("person:an", rule, kStart), absl::ZeroDuration()) << i;
  }
}

}  // namespace
}  // namespace dondoc::rpc
