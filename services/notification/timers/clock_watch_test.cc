#include "services/notification/timers/clock_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "libs/base/status_matchers.h"
#include "services/notification/store/clock_readings.h"
#include "services/notification/testing/world.h"
#include "services/notification/timers/timer_thread.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::CivilDay kImported(2023, 1, 27);
constexpr absl::CivilDay kDue(2023, 3, 31);

// A service on a machine whose wall clock, which is also the service's, a test sets; the steady
// clock goes on by itself.
class Watch : public ::testing::Test {
 protected:
  Watch() { StartWatch(); }

  void StartWatch() {
    auto started = ClockWatch::Start(world_.database(), std::nullopt, [this] {
      return ClockReading{
          .boot = "a", .wall = world_.clock().Now(), .steady = absl::Seconds(steady_s_.load())};
    });
    ASSERT_THAT(started, IsOk());
    watch_ = *std::move(started);
  }

  void Pass(absl::Duration time) {
    steady_s_ += absl::ToInt64Seconds(time);
    world_.clock().Advance(time);
  }

  // The wall clock of the last reading that was kept.
  std::optional<absl::Time> Kept() {
    std::optional<ClockReading> kept;
    // A write of its own comes after those that are queued.
    EXPECT_THAT(world_.database().WriteAndWait([&](store::Transaction& transaction) {
      kept = FindClockReading(transaction.sql());
      return absl::OkStatus();
    }),
                IsOk());
    if (!kept) return std::nullopt;
    return kept->wall;
  }

  World world_{Morning(kImported)};
  std::atomic<int64_t> steady_s_ = 1'000;
  std::unique_ptr<ClockWatch> watch_;
};

TEST_F(Watch, KeepsARightReadingEveryTenSeconds) {
  EXPECT_TRUE(watch_->MayTell());
  EXPECT_EQ(Kept(), Morning(kImported));
  Pass(absl::Seconds(9));
  EXPECT_TRUE(watch_->MayTell());
  EXPECT_EQ(Kept(), Morning(kImported));
  Pass(absl::Seconds(1));
  EXPECT_TRUE(watch_->MayTell());
  EXPECT_EQ(Kept(), Morning(kImported) + absl::Seconds(10));
}

TEST_F(Watch, KeepsNoReadingThatIsNotRight) {
  EXPECT_TRUE(watch_->MayTell());
  world_.clock().Advance(absl::Hours(96));
  steady_s_ += 20;
  EXPECT_FALSE(watch_->MayTell());
  EXPECT_TRUE(watch_->suspect());
  EXPECT_EQ(Kept(), Morning(kImported));
  StartWatch();
  EXPECT_FALSE(watch_->MayTell()) << "a restart does not confirm it";
  world_.clock().Advance(-absl::Hours(96));
  EXPECT_TRUE(watch_->MayTell());
  EXPECT_FALSE(watch_->suspect());
}

TEST_F(Watch, LetsTheTimersGoOnWhenTheClockWasSetBack) {
  EXPECT_TRUE(watch_->MayTell());
  world_.clock().Advance(-absl::Hours(24));
  EXPECT_TRUE(watch_->MayTell());
  EXPECT_TRUE(watch_->suspect());
}

TEST_F(Watch, MakesUpForAnOutageOfThreeDays) {
  world_.Say(AssignmentOf("van-phong", kDue));
  world_.clock().Set(Morning(kDue - 30) - absl::Hours(48));
  EXPECT_TRUE(watch_->MayTell());
  Kept();
  world_.Restart();
  Pass(absl::Hours(72));
  StartWatch();
  TimerThread timers(world_.database(), world_.clock(), world_.channels(),
                     {.ready = [] { return true; }, .may_tell = [&] { return watch_->MayTell(); }});
  EXPECT_TRUE(Await([&] { return !world_.Lines().empty(); }));
  EXPECT_THAT(world_.Lines(), ElementsAre("2023-03-01 before 30 sent late"));
}

TEST_F(Watch, HoldsTheTimersWhileTheClockIsAheadAndLetsThemGoOnAfterwards) {
  world_.Say(AssignmentOf("van-phong", kDue));
  std::atomic<int> asked = 0;
  TimerThread timers(world_.database(), world_.clock(), world_.channels(),
                     {.ready = [] { return true; },
                      .may_tell =
                          [&] {
                            ++asked;
                            return watch_->MayTell();
                          }});
  ASSERT_TRUE(Await([&] { return asked > 3; }));
  // Four years, a leap day among them.
  const absl::Duration jump = absl::Hours(24 * 1461);
  world_.clock().Advance(jump);
  const int before = asked;
  ASSERT_TRUE(Await([&] { return asked > before + 5; }));
  EXPECT_TRUE(watch_->suspect());
  EXPECT_THAT(world_.Lines(), IsEmpty());

  world_.clock().Advance(-jump);
  ASSERT_TRUE(Await([&] { return !watch_->suspect(); }));
  EXPECT_THAT(world_.Lines(), IsEmpty());
  // The reminder of thirty days before.
  steady_s_ += absl::ToInt64Seconds(Morning(kDue - 30) - world_.clock().Now());
  world_.clock().Set(Morning(kDue - 30));
  EXPECT_TRUE(Await([&] { return !world_.Lines().empty(); }));
  EXPECT_THAT(world_.Lines(), ElementsAre("2023-03-01 before 30 sent"));
}

}  // namespace
}  // namespace dondoc::notification
