#include "services/notification/domain/clock_guard.h"

#include <gtest/gtest.h>

#include "libs/base/clock.h"

namespace dondoc::notification {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

// A machine whose two clocks a test moves by hand.
class Machine {
 public:
  // Time passes as it should.
  Machine& Pass(absl::Duration time) {
    reading_.wall += time;
    reading_.steady += time;
    return *this;
  }
  Machine& SetWall(absl::Duration by) {
    reading_.wall += by;
    return *this;
  }
  Machine& StartAgain(absl::Duration away) {
    reading_.boot += "'";
    reading_.wall += away;
    reading_.steady = absl::Seconds(20);
    return *this;
  }
  const ClockReading& reading() const { return reading_; }

 private:
  ClockReading reading_ = {.boot = "a",
                           .wall = StartOf(absl::CivilDay(2023, 3, 31)) + absl::Hours(6),
                           .steady = absl::Hours(100)};
};

class Guard : public ::testing::Test {
 protected:
  Guard() { EXPECT_EQ(Judge(), ClockVerdict::kRight); }

  ClockVerdict Judge() { return guard_.Judge(machine_.reading()); }
  ClockVerdict JudgeAfter(absl::Duration time) {
    machine_.Pass(time);
    return Judge();
  }
  // The program ends and starts, and knows what was kept.
  void Restart(std::optional<absl::CivilDay> vouched_for = std::nullopt) {
    kept_ = guard_.last_right();
    restarted_.emplace(kept_, vouched_for);
  }
  ClockVerdict JudgeAfterRestart() { return restarted_->Judge(machine_.reading()); }

  Machine machine_;
  ClockGuard guard_{std::nullopt, std::nullopt};
  std::optional<ClockReading> kept_;
  std::optional<ClockGuard> restarted_;
};

TEST_F(Guard, TrustsTimeThatPassesHoweverLong) {
  for (const absl::Duration time : {absl::Seconds(1), absl::Hours(1), 3 * kDay, 500 * kDay}) {
    EXPECT_EQ(JudgeAfter(time), ClockVerdict::kRight) << time;
  }
}

TEST_F(Guard, TrustsTheCorrectionsOfSynchronisation) {
  for (const int seconds : {1, -1, 60, -60}) {
    machine_.SetWall(absl::Seconds(seconds));
    EXPECT_EQ(JudgeAfter(absl::Seconds(1)), ClockVerdict::kRight) << seconds;
  }
}

TEST_F(Guard, DoesNotTrustAJumpForwardUntilItIsPutRight) {
  for (const absl::Duration jump : {absl::Seconds(61), absl::Hours(1), kDay, 3650 * kDay}) {
    machine_.SetWall(jump);
    EXPECT_EQ(Judge(), ClockVerdict::kAhead) << jump;
    EXPECT_EQ(guard_.difference(), jump);
    EXPECT_EQ(JudgeAfter(absl::Hours(30)), ClockVerdict::kAhead) << "looking twice proves nothing";
    machine_.SetWall(-jump);
    EXPECT_EQ(JudgeAfter(absl::Seconds(1)), ClockVerdict::kRight) << jump;
  }
}

TEST_F(Guard, ReportsAClockThatWasSetBackForFiveMinutes) {
  machine_.SetWall(-kDay);
  EXPECT_EQ(Judge(), ClockVerdict::kBehind);
  EXPECT_EQ(JudgeAfter(kSetBackFor - absl::Seconds(1)), ClockVerdict::kBehind);
  EXPECT_EQ(JudgeAfter(absl::Seconds(1)), ClockVerdict::kRight);
  machine_.SetWall(kDay);
  EXPECT_EQ(Judge(), ClockVerdict::kAhead) << "who sets it forward again has to say so";
}

TEST_F(Guard, ForgetsASetBackThatWasUndone) {
  machine_.SetWall(-absl::Hours(1));
  EXPECT_EQ(Judge(), ClockVerdict::kBehind);
  machine_.SetWall(absl::Hours(1));
  EXPECT_EQ(JudgeAfter(absl::Minutes(4)), ClockVerdict::kRight);
}

TEST_F(Guard, TrustsTheClockAfterAnOutageOfTheProgram) {
  Restart();
  machine_.Pass(3 * kDay);
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kRight);
}

TEST_F(Guard, SeesAJumpOverARestartOfTheProgram) {
  machine_.SetWall(4 * kDay);
  EXPECT_EQ(Judge(), ClockVerdict::kAhead);
  Restart();
  machine_.Pass(absl::Seconds(5));
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kAhead);
}

TEST_F(Guard, TrustsTheClockAfterAnOutageOfTheMachine) {
  Restart();
  machine_.StartAgain(3 * kDay);
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kRight);
}

TEST_F(Guard, ReportsAMachineThatStartsInThePastUntilItKnowsTheTime) {
  Restart();
  machine_.StartAgain(-500 * kDay);
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kBehind);
  machine_.SetWall(503 * kDay);
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kRight);
}

TEST_F(Guard, TrustsTheDayThatSomebodyVouchesForAndNoOther) {
  machine_.SetWall(4 * kDay);
  Restart(absl::CivilDay(2023, 4, 3));
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kAhead);
  Restart(absl::CivilDay(2023, 4, 4));
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kRight);
  machine_.Pass(3 * kDay);
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kRight) << "it holds from then on";
  machine_.SetWall(kDay);
  EXPECT_EQ(JudgeAfterRestart(), ClockVerdict::kAhead) << "and for nothing that comes later";
}

}  // namespace
}  // namespace dondoc::notification
