#include "services/notification/timers/fire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/calendar/dates.h"
#include "services/notification/store/deadlines.h"
#include "services/notification/store/notices.h"
#include "services/notification/testing/world.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

namespace rpb = ::dondoc::registry::v1;

constexpr absl::CivilDay kImported(2023, 1, 27);
constexpr absl::CivilDay kDue(2023, 3, 31);

// A plan of January, and one unit that owes task 29 by the end of March.
class Timers : public ::testing::Test {
 protected:
  Timers() { world_.Say(assignment_); }

  rpb::Assignment assignment_ = AssignmentOf("van-phong", kDue);
  World world_{Morning(kImported)};
};

TEST_F(Timers, TellAReminderOnceWhenTheyRunTwice) {
  world_.RunAt(Morning(kDue - 30));
  world_.RunAt(Morning(kDue - 30));
  world_.RunAt(Morning(kDue - 30) + absl::Hours(9));
  EXPECT_THAT(world_.Lines(), ElementsAre("2023-03-01 before 30 sent"));
  EXPECT_THAT(world_.Upcoming(), ElementsAre("2023-03-24 before 7"));
}

TEST_F(Timers, TellInTheTraceOfWhatMadeTheDeadlineWhatItIs) {
  assignment_.set_due_date(calendar::FormatDate(kDue + 1));
  world_.SetTrace("moved");
  world_.Say(assignment_);
  world_.SetTrace("another unit's");
  world_.Say(AssignmentOf("thanh-tra", kDue + 200));
  world_.RunAt(Morning(kDue + 1 - 30));
  EXPECT_THAT(world_.EventTraces(), Contains("dondoc.notification.notice.sent moved"));
  // What ends it while a step was missed says of whom that came.
  world_.clock().Set(Morning(kDue + 1 - 7) + absl::Hours(1));
  assignment_.set_progress(rpb::PROGRESS_DONE);
  world_.SetTrace("done");
  world_.Say(assignment_);
  EXPECT_THAT(world_.EventTraces(), Contains("dondoc.notification.notice.skipped done"));
}

TEST_F(Timers, AreNeverEarly) {
  world_.RunAt(Morning(kDue - 30) - absl::Microseconds(1));
  EXPECT_THAT(world_.Lines(), IsEmpty());
}

TEST_F(Timers, ThatWereAwayOnTheDayTellTheReminderOnceAndLate) {
  world_.RunAt(Morning(kDue - 31));
  world_.Restart();
  world_.RunAt(Morning(kDue - 29));
  world_.RunAt(Morning(kDue - 29));
  EXPECT_THAT(world_.Lines(), ElementsAre("2023-03-01 before 30 sent late"));
}

TEST_F(Timers, ThatWereAwayThreeDaysOverADeadlineTellTheDayAndTheLastOverdue) {
  world_.RunAt(Morning(kDue - 3));
  world_.Restart();
  world_.RunAt(Morning(kDue + 1) + absl::Hours(2));
  EXPECT_THAT(world_.Lines(),
              ElementsAre("2023-03-01 before 30 skipped: overtaken",
                          "2023-03-24 before 7 skipped: overtaken", "2023-03-28 before 3 sent",
                          "2023-03-30 before 1 skipped: overtaken", "2023-03-31 due 0 sent late",
                          "2023-04-01 overdue -1 sent"));
}

TEST_F(Timers, ThatJumpAMonthAheadTellTwoThingsAndRecordTheRest) {
  world_.RunAt(Morning(kDue - 1));
  world_.RunAt(Morning(kDue + 29));
  const auto lines = world_.Lines();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const auto& line) { return line.find("sent") != line.npos; }),
            3);
  EXPECT_EQ(lines.back(), "2023-04-28 overdue -28 sent late");
  EXPECT_THAT(lines, ::testing::Contains("2023-03-31 due 0 sent late"));
  EXPECT_EQ(lines.size(), 4u + 1u + 10u) << "one row for every step, told or skipped";
}

TEST_F(Timers, GoOnEveryThirdDayAfterTheDeadlineUntilTheLimit) {
  world_.SetRules("plans/cchc-2023", {.days_before = {}, .overdue_limit_days = 12});
  for (absl::CivilDay day = kDue; day <= kDue + 30; ++day) world_.RunAt(Morning(day));
  EXPECT_THAT(world_.Lines(),
              ElementsAre("2023-03-31 due 0 sent", "2023-04-01 overdue -1 sent",
                          "2023-04-04 overdue -4 sent", "2023-04-07 overdue -7 sent",
                          "2023-04-10 overdue -10 sent"));
  EXPECT_THAT(world_.Upcoming(), IsEmpty());
}

TEST_F(Timers, OfAMovedDeadlineBeginAgainAndKeepWhatWasTold) {
  world_.RunAt(Morning(kDue - 30));
  world_.RunAt(Morning(kDue - 7));
  assignment_.set_due_date("2023-04-30");
  world_.Say(assignment_);
  EXPECT_THAT(world_.Upcoming(), ElementsAre("2023-03-31 before 30"));
  world_.RunAt(Morning(absl::CivilDay(2023, 3, 31)));
  world_.RunAt(Morning(absl::CivilDay(2023, 4, 23)));
  EXPECT_THAT(world_.Lines(), ElementsAre("2023-03-01 before 30 sent", "2023-03-24 before 7 sent",
                                          "2023-03-31 before 30 sent", "2023-04-23 before 7 sent"));
  EXPECT_EQ(world_.Notices()[1].due, kDue);
  EXPECT_EQ(world_.Notices()[3].due, absl::CivilDay(2023, 4, 30));
}

TEST_F(Timers, OfADeadlineMovedWhileTheyWereAwayAreRecordedAsMoved) {
  assignment_.set_due_date("2023-04-30");
  world_.clock().Set(Morning(kDue - 5));
  world_.Say(assignment_, Morning(kDue - 6));
  EXPECT_THAT(world_.Lines(), ElementsAre("2023-03-01 before 30 skipped: moved",
                                          "2023-03-24 before 7 skipped: moved"));
  EXPECT_THAT(world_.Upcoming(), ElementsAre("2023-03-31 before 30"));
}

TEST_F(Timers, RestWhileAResultWaitsAndComeAgainWhenItIsReturned) {
  world_.RunAt(Morning(kDue - 30));
  assignment_.set_progress(rpb::PROGRESS_SUBMITTED);
  world_.Say(assignment_);
  EXPECT_THAT(world_.Upcoming(), IsEmpty());
  world_.RunAt(Morning(kDue - 2));
  assignment_.set_progress(rpb::PROGRESS_IN_PROGRESS);
  world_.Say(assignment_);
  world_.RunAt(Morning(kDue));
  EXPECT_THAT(world_.Lines(),
              ElementsAre("2023-03-01 before 30 sent", "2023-03-30 before 1 skipped: overtaken",
                          "2023-03-31 due 0 sent"));
}

TEST_F(Timers, RestWhileWorkIsPutOffAndComeAgainWhenItIsResumed) {
  world_.RunAt(Morning(kDue - 30));
  assignment_.set_progress(rpb::PROGRESS_SUSPENDED);
  world_.Say(assignment_);
  EXPECT_THAT(world_.Upcoming(), IsEmpty());
  world_.RunAt(Morning(kDue - 7));
  world_.RunAt(Morning(kDue - 2));
  assignment_.set_progress(rpb::PROGRESS_NOT_STARTED);
  world_.Say(assignment_);
  world_.RunAt(Morning(kDue));
  EXPECT_THAT(world_.Lines(),
              ElementsAre("2023-03-01 before 30 sent", "2023-03-30 before 1 skipped: overtaken",
                          "2023-03-31 due 0 sent"));
}

struct EndCase {
  const char* claim;
  rpb::Progress progress;
  bool cancelled;
  const char* reason;
};

TEST_F(Timers, EndWithTheWorkAndSayWhyWhatTheyMissedWasNotTold) {
  const EndCase cases[] = {
      {"accepted", rpb::PROGRESS_DONE, false, "done"},
      {"nothing arose", rpb::PROGRESS_NOT_ARISING, false, "done"},
      {"submitted", rpb::PROGRESS_SUBMITTED, false, "submitted"},
      {"put off", rpb::PROGRESS_SUSPENDED, false, "suspended"},
      {"called off", rpb::PROGRESS_IN_PROGRESS, true, "cancelled"},
  };
  for (const EndCase& row : cases) {
    World world(Morning(kImported));
    world.Say(assignment_);
    rpb::Assignment ended = assignment_;
    ended.set_progress(row.progress);
    ended.set_cancelled(row.cancelled);
    // The service was away: the work ended a day after the 30-day reminder, and both come to light
    // long after the deadline.
    world.clock().Set(Morning(kDue + 20));
    world.Say(ended, Morning(kDue - 29));
    world.RunAt(Morning(kDue + 20));
    EXPECT_THAT(world.Lines(),
                ElementsAre(absl::StrCat("2023-03-01 before 30 skipped: ", row.reason)))
        << row.claim;
    EXPECT_THAT(world.Upcoming(), IsEmpty()) << row.claim;
  }
}

TEST_F(Timers, DoNotChangeWhenAUnitReportsProgress) {
  const int64_t before = world_.database().LastSequence();
  assignment_.set_percent(40);
  assignment_.set_progress(rpb::PROGRESS_IN_PROGRESS);
  world_.Say(assignment_);
  EXPECT_THAT(world_.Upcoming(), ElementsAre("2023-03-01 before 30"));
  EXPECT_EQ(world_.database().LastSequence(), before);
}

TEST_F(Timers, DoNotFloodWhoseDeadlinesHadPassedBeforeTheyWereKnown) {
  World world(Morning(absl::CivilDay(2023, 12, 1)));
  world.Say(AssignmentOf("van-phong", absl::CivilDay(2023, 10, 1)));
  world.Say(AssignmentOf("thanh-tra", absl::CivilDay(2022, 12, 31)));
  world.RunAt(Morning(absl::CivilDay(2023, 12, 1)));
  EXPECT_THAT(world.Lines(), IsEmpty());
  EXPECT_THAT(world.Upcoming(), ElementsAre("2023-12-04 overdue -64"))
      << "the next step of the cadence; past the limit there is silence";
}

TEST_F(Timers, CrossTheYear) {
  World world(Morning(kImported));
  world.Say(AssignmentOf("van-phong", absl::CivilDay(2023, 12, 31)));
  world.RunAt(Morning(absl::CivilDay(2023, 12, 29)));
  for (absl::CivilDay day(2023, 12, 30); day <= absl::CivilDay(2024, 1, 2); ++day) {
    world.RunAt(Morning(day));
  }
  const auto lines = world.Lines();
  EXPECT_THAT(std::vector<std::string>(lines.end() - 3, lines.end()),
              ElementsAre("2023-12-30 before 1 sent", "2023-12-31 due 0 sent",
                          "2024-01-01 overdue -1 sent"));
}

TEST_F(Timers, AskForNewsAtEachCutOffOfALongTask) {
  World world(Morning(kImported));
  rpb::Assignment year_long = AssignmentOf("van-phong", absl::CivilDay(2023, 12, 31));
  year_long.set_window_start("2023-01-01");
  world.Say(year_long);
  for (absl::CivilDay day = kImported; day <= absl::CivilDay(2023, 12, 20); ++day) {
    world.RunAt(Morning(day));
  }
  EXPECT_THAT(world.Lines(),
              ElementsAre("2023-03-14 check-in 292 sent", "2023-06-14 check-in 200 sent",
                          "2023-09-14 check-in 108 sent", "2023-12-01 before 30 sent",
                          "2023-12-14 check-in 17 sent"));
  EXPECT_EQ(world.Notices()[0].deadline_kind(), DeadlineKind::kCheckIn);
  EXPECT_EQ(world.Notices()[3].deadline_kind(), DeadlineKind::kPhase);
}

TEST_F(Timers, DoNotRepeatAnAcknowledgedKindBeforeTheNextKind) {
  world_.RunAt(Morning(kDue - 30));
  ASSERT_THAT(world_.database().WriteAndWait([](store::Transaction& tx) {
    auto deadline = *FindDeadline(tx.sql(), 1);
    deadline.acknowledged = NoticeKind::kBeforeDue;
    UpdateDeadline(tx.sql(), deadline);
    return absl::OkStatus();
  }),
              IsOk());
  world_.RunAt(Morning(kDue - 7));
  world_.RunAt(Morning(kDue));
  EXPECT_THAT(world_.Lines(),
              ElementsAre("2023-03-01 before 30 sent", "2023-03-24 before 7 skipped: acknowledged",
                          "2023-03-28 before 3 skipped: overtaken",
                          "2023-03-30 before 1 skipped: overtaken", "2023-03-31 due 0 sent"));
}

TEST_F(Timers, OfADissolvedUnitEndAndItsSuccessorsBegin) {
  rpb::Unit unit = UnitNamed("van-phong");
  unit.set_valid_to("2023-03-24");
  world_.Say(unit);
  world_.Say(AssignmentOf("van-phong-moi", kDue));
  world_.RunAt(Morning(kDue - 7));
  world_.RunAt(Morning(kDue));
  std::map<std::string, std::vector<std::string>> reasons;
  for (const Notice& notice : world_.Notices()) {
    reasons[notice.recipient].push_back(notice.skip_reason);
  }
  EXPECT_THAT(reasons["units/van-phong"], ElementsAre("overtaken", "dissolved"));
  EXPECT_THAT(reasons["units/van-phong-moi"],
              ElementsAre("overtaken", "", "overtaken", "overtaken", ""));
}

TEST_F(Timers, FollowNewRulesFromNowOn) {
  world_.clock().Set(Morning(kDue - 10));
  world_.RunAt(Morning(kDue - 10));
  world_.SetRules("plans/cchc-2023", {.days_before = {14, 5}});
  world_.RunAt(Morning(kDue - 10));
  EXPECT_THAT(world_.Upcoming(), ElementsAre("2023-03-26 before 5"))
      << "14 days before is past and not made up for";
  world_.SetRules("plans/-", {.days_before = {9}});
  world_.RunAt(Morning(kDue - 10));
  EXPECT_THAT(world_.Upcoming(), ElementsAre("2023-03-26 before 5"))
      << "the general rules do not touch a plan with its own";
}

TEST_F(Timers, KeepWhatIsDueWhenTheRulesChangeThatMoment) {
  world_.clock().Set(Morning(kDue) + absl::Minutes(1));
  world_.SetRules("plans/cchc-2023", {.days_before = {}});
  world_.RunAt(Morning(kDue) + absl::Minutes(1));
  EXPECT_THAT(world_.Lines(), ElementsAre("2023-03-31 due 0 sent"));
}

TEST_F(Timers, TellAStepOnceWhenTheHourIsMovedOnTheDayItself) {
  world_.RunAt(Morning(kDue));
  const size_t told = world_.Lines().size();
  world_.SetRules("plans/cchc-2023", {.hour = 9});
  world_.RunAt(Morning(kDue) + absl::Hours(2));
  EXPECT_EQ(world_.Lines().size(), told);
  EXPECT_EQ(world_.Count("select count(*) from digests where closed_at is not null"), 2);
  EXPECT_EQ(world_.Count("select count(*) from deliveries"), 1) << "none when empty";
}

TEST_F(Timers, PutWhatOneRecipientIsToldInOneRunIntoOneDigest) {
  for (int task = 1; task <= 9; ++task) world_.Say(AssignmentOf("van-phong", kDue, task));
  for (int task = 1; task <= 3; ++task) world_.Say(AssignmentOf("thanh-tra", kDue, task));
  // Batches of two: the run takes many transactions, and is broken off in the middle.
  world_.clock().Set(Morning(kDue - 7));
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(world_.database().WriteAndWait([](store::Transaction& tx) {
      RunTimers(tx, {}, 2);
      return absl::OkStatus();
    }),
                IsOk());
  }
  world_.Restart();
  world_.RunAt(Morning(kDue - 7), 2);
  std::map<std::string, std::set<int64_t>> digests;
  std::map<int64_t, int> sizes;
  for (const Notice& notice : world_.Notices()) {
    if (notice.state == NoticeState::kSkipped) continue;
    digests[notice.recipient].insert(notice.digest);
    ++sizes[notice.digest];
  }
  EXPECT_EQ(digests["units/van-phong"].size(), 1u);
  EXPECT_EQ(digests["units/thanh-tra"].size(), 1u);
  EXPECT_EQ(sizes[*digests["units/van-phong"].begin()], 10);
  EXPECT_EQ(sizes[*digests["units/thanh-tra"].begin()], 3);
  EXPECT_EQ(world_.Count("select count(*) from deliveries"), 2);
  EXPECT_EQ(world_.Count("select sum(notice_count) from digests"), 13);
}

TEST(Digests, GoOutOnEveryChannelOfTheRecipientWithOneEventForEachChange) {
  World world(Morning(kImported), {.email = true, .webhook = true});
  world.SetContact("units/van-phong", "vp@skhcn.example.vn", "https://hub.example.vn/x",
                   "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  world.Say(AssignmentOf("van-phong", kDue));
  world.Say(AssignmentOf("thanh-tra", kDue));
  world.RunAt(Morning(kDue - 30));
  EXPECT_THAT(world.Lines(),
              UnorderedElementsAre("2023-03-01 before 30 on its way", "2023-03-01 before 30 sent"));
  EXPECT_THAT(world.EventTypes(),
              UnorderedElementsAre(
                  "dondoc.notification.contact.set", "dondoc.notification.notice.due",
                  "dondoc.notification.notice.sent", "dondoc.notification.delivery.queued",
                  "dondoc.notification.delivery.queued", "dondoc.notification.delivery.sent",
                  "dondoc.notification.delivery.sent"));
}

TEST(Digests, GoOnlyToTheInboxWithoutAMailServer) {
  World world(Morning(kImported), {.email = false});
  world.SetContact("units/van-phong", "vp@skhcn.example.vn");
  world.Say(AssignmentOf("van-phong", kDue));
  world.RunAt(Morning(kDue - 30));
  EXPECT_THAT(world.Lines(), ElementsAre("2023-03-01 before 30 sent"));
  EXPECT_EQ(world.Count("select count(*) from deliveries where channel = 1 and state = 3"), 1);
  EXPECT_EQ(world.Count("select count(*) from deliveries where channel <> 1"), 0);
}

// Whatever the service goes through, every step ends as exactly one notice, none early.
TEST_F(Timers, UnderRandomOutagesRecordEachStepExactlyOnce) {
  std::mt19937 random(31);
  for (int round = 0; round < 20; ++round) {
    World world(Morning(kImported));
    std::map<std::string, absl::CivilDay> dues;
    for (int task = 1; task <= 12; ++task) {
      const absl::CivilDay due = kImported + static_cast<int>(random() % 120);
      const rpb::Assignment assignment = AssignmentOf("van-phong", due, task);
      dues[assignment.name()] = due;
      world.Say(assignment);
    }
    absl::Time now = Morning(kImported);
    while (now < Morning(kImported + 260)) {
      // Mostly a few hours, now and then weeks.
      now += absl::Minutes(random() % (random() % 8 == 0 ? 40'000 : 600));
      world.RunAt(now, 1 + static_cast<int64_t>(random() % 20));
      if (random() % 4 == 0) world.Restart();
    }
    std::map<std::string, int> counts;
    for (const Notice& notice : world.Notices()) {
      EXPECT_LE(notice.planned_at, notice.told_at);
      ++counts[absl::StrCat(notice.matter.subject, " ", static_cast<int>(notice.kind), " ",
                            notice.days_left)];
    }
    std::map<std::string, int> expected;
    for (const auto& [subject, due] : dues) {
      for (const Step& step : StepsBetween({}, {.due = due}, Morning(kImported), now)) {
        ++expected[absl::StrCat(subject, " ", static_cast<int>(step.kind), " ", step.days_left)];
      }
    }
    EXPECT_EQ(counts, expected) << "round " << round;
  }
}

}  // namespace
}  // namespace dondoc::notification
