#include "libs/base/clock.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"

namespace dondoc {
namespace {

using testing::IsOk;
using testing::StatusIs;

TEST(VietnamTime, LocalMidnightBelongsToTheNewDay) {
  const absl::Time midnight = absl::FromUnixSeconds(1'682'787'600);  // 2023-04-29T17:00:00Z
  EXPECT_EQ(DateOf(midnight), absl::CivilDay(2023, 4, 30));
  EXPECT_EQ(DateOf(midnight - absl::Nanoseconds(1)), absl::CivilDay(2023, 4, 29));
}

TEST(VietnamTime, ADayStartsSevenHoursBeforeItDoesInLondon) {
  EXPECT_EQ(absl::ToUnixSeconds(StartOf(absl::CivilDay(2023, 4, 30))), 1'682'787'600);
}

TEST(VietnamTime, HasNoDaylightSavingTime) {
  for (int month = 1; month <= 12; ++month) {
    const absl::CivilDay day(2023, month, 1);
    EXPECT_EQ(StartOf(day + 1) - StartOf(day), absl::Hours(24)) << day;
  }
}

TEST(AFixedClock, StandsStillUntilItIsSet) {
  const absl::Time noon = absl::FromUnixSeconds(1'700'000'000);
  FixedClock clock(noon);
  EXPECT_EQ(clock.Now(), noon);
  EXPECT_EQ(clock.RealTimeUntil(noon), absl::ZeroDuration());
  EXPECT_GT(clock.RealTimeUntil(noon + absl::Hours(1)), absl::ZeroDuration());
  clock.Set(noon + absl::Hours(1));
  EXPECT_EQ(clock.Now(), noon + absl::Hours(1));
  EXPECT_EQ(clock.Label(), "");
}

TEST(TheSystemClock, CountsDownToAnInstantAndNeverBelowZero) {
  const SystemClock clock;
  const absl::Time now = clock.Now();
  EXPECT_EQ(clock.RealTimeUntil(now - absl::Hours(1)), absl::ZeroDuration());
  EXPECT_LE(clock.RealTimeUntil(now + absl::Hours(1)), absl::Hours(1));
  EXPECT_GT(clock.RealTimeUntil(now + absl::Hours(1)), absl::Minutes(59));
}

Simulation YearInTwoMinutes(absl::Time real_start) {
  const absl::Time start = StartOf(absl::CivilDay(2023, 1, 1));
  return {.real_start = real_start,
          .simulated_start = start,
          .rate = 262'800,
          .simulated_end = StartOf(absl::CivilDay(2024, 1, 1))};
}

TEST(ASimulatedClock, RunsAtItsRate) {
  const absl::Time before = absl::Now();
  const SimulatedClock clock(YearInTwoMinutes(before - absl::Seconds(60)));
  const absl::Duration played = clock.Now() - StartOf(absl::CivilDay(2023, 1, 1));
  EXPECT_GE(played, absl::Seconds(60) * 262'800);
  EXPECT_LE(played, (absl::Now() - before + absl::Seconds(60)) * 262'800);
}

TEST(ASimulatedClock, FallsBackToTheRealPaceAtItsEnd) {
  // A year takes 120 real seconds; 3,600 more have passed since.
  const SimulatedClock clock(YearInTwoMinutes(absl::Now() - absl::Seconds(3'720)));
  const absl::Duration past_the_end = clock.Now() - StartOf(absl::CivilDay(2024, 1, 1));
  EXPECT_GE(past_the_end, absl::Seconds(3'600));
  EXPECT_LE(past_the_end, absl::Seconds(3'660));
}

TEST(ASimulatedClock, SaysHowLongARealWaitIs) {
  const SimulatedClock clock(YearInTwoMinutes(absl::Now()));
  const absl::Time end = StartOf(absl::CivilDay(2024, 1, 1));
  EXPECT_LE(clock.RealTimeUntil(end), absl::Seconds(120));
  EXPECT_GT(clock.RealTimeUntil(end), absl::Seconds(60));
  EXPECT_GT(clock.RealTimeUntil(end + absl::Hours(1)), absl::Minutes(61));
  EXPECT_EQ(clock.RealTimeUntil(StartOf(absl::CivilDay(2022, 1, 1))), absl::ZeroDuration());
}

TEST(ASimulatedClock, SaysThatItIsOne) {
  EXPECT_EQ(SimulatedClock(YearInTwoMinutes(absl::Now())).Label(), "simulated x262800");
}

TEST(ClockFromSetting, ReadsBothForms) {
  ASSERT_THAT(ClockFromSetting("system"), IsOk());
  EXPECT_EQ((*ClockFromSetting("system"))->Label(), "");
  ASSERT_THAT(ClockFromSetting("simulated:1700000000:1672506000:1000:1704042000"), IsOk());
  EXPECT_EQ((*ClockFromSetting("simulated:1700000000:1672506000:1000:1704042000"))->Label(),
            "simulated x1000");
}

TEST(ClockFromSetting, RefusesEverythingElse) {
  const std::vector<std::string> refused = {
      "",
      "System",
      "simulated",
      "simulated:1700000000:1672506000:1000",
      "simulated:1700000000:1672506000:1000:1704042000:1",
      "simulated:x:1672506000:1000:1704042000",
      "simulated:1700000000:1672506000:0:1704042000",
      "simulated:1700000000:1672506000:-1:1704042000",
      "simulated:1700000000:1672506000:nan:1704042000",
      "simulated:1700000000:1672506000:inf:1704042000",
      "simulated:1700000000:1672506000:10000001:1704042000",
      "simulated:1700000000:1704042000:1000:1672506000",
      "faketime:1700000000:1672506000:1000:1704042000",
  };
  for (const std::string& setting : refused) {
    EXPECT_THAT(ClockFromSetting(setting), StatusIs(absl::StatusCode::kInvalidArgument)) << setting;
  }
}

}  // namespace
}  // namespace dondoc
