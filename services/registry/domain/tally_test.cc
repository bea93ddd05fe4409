#include "services/registry/domain/tally.h"

#include <gtest/gtest.h>

#include <vector>

namespace dondoc::registry {
namespace {

// The printed national report of 2017: 21,914 tasks. It says "đạt 98,62 %", cut off; the ratio is
// 98.6297...
TEST(ATally, GivesTheFiguresOfTheNationalReport) {
  Tally tally;
  tally.Add(Progress::kDone, Timeliness::kDoneEarly, 14'000);
  tally.Add(Progress::kDone, Timeliness::kDoneOnTime, 68);
  tally.Add(Progress::kDone, Timeliness::kDoneLate, 1'983);
  tally.Add(Progress::kInProgress, Timeliness::kInTime, 5'640);
  tally.Add(Progress::kInProgress, Timeliness::kOverdue, 223);
  EXPECT_EQ(tally.done_in_time, 14'068);
  EXPECT_EQ(tally.Total(), 21'914);
  EXPECT_EQ(tally.FellDue(), 16'274);
  EXPECT_EQ(tally.DoneOfDue(), "98.63");
  EXPECT_EQ(tally.InTimeOfDue(), "86.44");
}

TEST(ATally, HasNoRatioWhenNothingFellDue) {
  Tally tally;
  tally.Add(Progress::kNotStarted, Timeliness::kNotYetOpen, 3);
  EXPECT_EQ(tally.DoneOfDue(), "");
  EXPECT_EQ(tally.InTimeOfDue(), "");
}

struct Case {
  Progress progress;
  Timeliness timeliness;
  Tally expected;
};

TEST(ATally, PutsEachObligationInItsBuckets) {
  const std::vector<Case> cases = {
      {Progress::kNotStarted, Timeliness::kNotYetOpen, {.open_in_time = 1, .silent = 1}},
      {Progress::kNotStarted, Timeliness::kOverdue, {.open_overdue = 1, .silent = 1}},
      {Progress::kInProgress, Timeliness::kDueSoon, {.open_in_time = 1}},
      {Progress::kSuspended, Timeliness::kInTime, {.open_in_time = 1, .suspended = 1}},
      {Progress::kSubmitted, Timeliness::kInTime, {.open_in_time = 1, .waiting = 1}},
      {Progress::kSubmitted, Timeliness::kOverdue, {.open_overdue = 1, .waiting = 1}},
      {Progress::kDone, Timeliness::kDoneEarly, {.done_in_time = 1, .done_early = 1}},
      {Progress::kDone, Timeliness::kDoneOnTime, {.done_in_time = 1}},
      {Progress::kDone, Timeliness::kDoneLate, {.done_late = 1}},
      {Progress::kNotArising,
       Timeliness::kDoneEarly,
       {.done_in_time = 1, .done_early = 1, .not_arising = 1}},
  };
  for (const Case& c : cases) {
    Tally tally;
    tally.Add(c.progress, c.timeliness);
    EXPECT_EQ(tally, c.expected) << StepOf(c.progress) << " " << static_cast<int>(c.timeliness);
  }
}

}  // namespace
}  // namespace dondoc::registry
