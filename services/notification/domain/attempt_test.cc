#include "services/notification/domain/attempt.h"

#include <gtest/gtest.h>

#include <string>

namespace dondoc::notification {
namespace {

TEST(Attempt, IsJudgedByTheLastReplyOfTheMailServer) {
  struct Case {
    bool completed;
    int code;
    Outcome expected;
  };
  const Case cases[] = {
      {true, 250, Outcome::kSent},   {false, 0, Outcome::kRetry},   {false, 354, Outcome::kRetry},
      {false, 421, Outcome::kRetry}, {false, 450, Outcome::kRetry}, {false, 452, Outcome::kRetry},
      {false, 500, Outcome::kDead},  {false, 550, Outcome::kDead},  {false, 554, Outcome::kDead},
      {false, 552, Outcome::kRetry}, {false, 530, Outcome::kRetry}, {false, 535, Outcome::kRetry},
      {false, 250, Outcome::kRetry},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(JudgeSmtp(row.completed, row.code), row.expected) << row.code;
  }
}

TEST(Attempt, IsJudgedByTheStatusOfTheWebhook) {
  struct Case {
    int status;
    Outcome expected;
  };
  const Case cases[] = {
      {200, Outcome::kSent},  {204, Outcome::kSent},  {299, Outcome::kSent},
      {0, Outcome::kRetry},   {100, Outcome::kRetry}, {301, Outcome::kRetry},
      {302, Outcome::kRetry}, {404, Outcome::kRetry}, {410, Outcome::kDead},
      {429, Outcome::kRetry}, {500, Outcome::kRetry}, {503, Outcome::kRetry},
  };
  for (const Case& row : cases) EXPECT_EQ(JudgeHttp(row.status), row.expected) << row.status;
}

TEST(RetryDelay, GrowsFourfoldUpToTwelveHours) {
  const absl::Duration expected[] = {absl::Seconds(30), absl::Minutes(2),   absl::Minutes(8),
                                     absl::Minutes(32), absl::Minutes(128), absl::Minutes(512),
                                     absl::Hours(12),   absl::Hours(12)};
  for (int failures = 1; failures < kAttemptsMax; ++failures) {
    EXPECT_EQ(RetryDelay(failures, 0, std::nullopt), expected[failures - 1]) << failures;
  }
}

TEST(RetryDelay, SpreadsByATenthAtMost) {
  EXPECT_EQ(RetryDelay(1, 500, std::nullopt), absl::Seconds(31.5));
  EXPECT_LT(RetryDelay(9, 999, std::nullopt), kDelayMax * 1.1);
}

TEST(RetryDelay, WaitsAsLongAsTheOtherSideAsksButNotForEver) {
  EXPECT_EQ(RetryDelay(1, 0, absl::Minutes(5)), absl::Minutes(5));
  EXPECT_EQ(RetryDelay(1, 0, absl::Seconds(1)), absl::Seconds(30));
  EXPECT_EQ(RetryDelay(1, 0, absl::Hours(999)), kRetryAfterMax);
}

TEST(CleanAnswer, IsOneLineOfValidText) {
  EXPECT_EQ(CleanAnswer("550 5.1.1 No such user\r\n"), "550 5.1.1 No such user");
  EXPECT_EQ(CleanAnswer("không nhận"), "không nhận");
  EXPECT_EQ(CleanAnswer("caf\xE9"), "caf?");
  EXPECT_EQ(CleanAnswer(std::string("a\0b", 3)), "a b");
  EXPECT_EQ(CleanAnswer(std::string(10'000, 'x')), std::string(499, 'x') + "…");
}

}  // namespace
}  // namespace dondoc::notification
