#include "services/notification/timers/timer_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "services/notification/store/notices.h"
#include "services/notification/testing/world.h"
#include "services/notification/timers/track.h"

namespace dondoc {
std::vector<store::Migration> notification_schema();
}  // namespace dondoc

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;

constexpr absl::CivilDay kImported(2023, 1, 27);
constexpr absl::CivilDay kDue(2023, 3, 31);

TEST(TimerThread, TellsNothingBeforeTheServiceIsReady) {
  World world(Morning(kImported));
  world.Say(AssignmentOf("van-phong", kDue));
  world.clock().Set(Morning(kDue));
  std::atomic<int> asked = 0;
  std::atomic<bool> ready = false;
  TimerThread timers(world.database(), world.clock(), world.channels(), {.ready = [&] {
                       ++asked;
                       return ready.load();
                     }});
  ASSERT_TRUE(Await([&] { return asked > 3; }));
  EXPECT_EQ(world.database().LastSequence(), 0);
  ready = true;
  EXPECT_TRUE(Await([&] { return world.Lines().size() == 5; }));
}

TEST(TimerThread, SeesWhatArrivesWhileItWaitsForALaterMoment) {
  World world(Morning(kImported));
  TimerThread timers(world.database(), world.clock(), world.channels(),
                     {.ready = [] { return true; }});
  world.Say(AssignmentOf("van-phong", kDue));
  world.clock().Set(Morning(kDue - 30));
  EXPECT_TRUE(Await([&] { return world.Lines().size() == 1; }));
}

TEST(TimerThread, TellsTenThousandDeadlinesOfOneMomentInNoTime) {
  World world(Morning(kImported));
  ASSERT_THAT(world.database().WriteAndWait([&](store::Transaction& tx) {
    for (int i = 0; i < 10'000; ++i) {
      Track(tx, {},
            {.subject = absl::StrCat("plans/a/tasks/", i, "/phases/1/assignments/x"),
             .recipient = absl::StrCat("units/u", i % 100),
             .plan = "plans/a",
             .deadline = {.due = kDue},
             .since = Morning(kImported)});
    }
    return absl::OkStatus();
  }),
              IsOk());
  world.clock().Set(Morning(kDue - 30));
  const auto start = std::chrono::steady_clock::now();
  TimerThread timers(world.database(), world.clock(), world.channels(),
                     {.ready = [] { return true; }});
  ASSERT_TRUE(Await([&] {
    return world.Count("select count(*) from digests where closed_at is not null") == 100;
  }));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  EXPECT_EQ(world.Count("select count(*) from notices"), 10'000);
  EXPECT_EQ(world.Count("select count(*) from deliveries"), 100);
}

// A hundred days in two seconds: whatever the thread makes of it, each step is recorded once and
// none early.
TEST(TimerThread, KeepsUpWithAFastClock) {
  const absl::Time start = Morning(kImported);
  const absl::Time end = start + absl::Hours(24 * 100);
  const SimulatedClock clock({.real_start = SystemClock().Now(),
                              .simulated_start = start,
                              .rate = 100.0 * 24 * 3600 / 2,
                              .simulated_end = end});
  testing::TestDatabase database(notification_schema(), clock);
  std::map<std::string, absl::CivilDay> dues;
  ASSERT_THAT(database->WriteAndWait([&](store::Transaction& tx) {
    for (int task = 1; task <= 50; ++task) {
      const std::string name =
          absl::StrCat("plans/a/tasks/", task, "/phases/1/assignments/van-phong");
      dues[name] = kImported + task;
      Track(tx, {},
            {.subject = name,
             .recipient = "units/van-phong",
             .plan = "plans/a",
             .deadline = {.due = dues[name]},
             .since = start});
    }
    return absl::OkStatus();
  }),
              IsOk());
  std::set<std::string> expected;
  for (const auto& [name, due] : dues) {
    for (const Step& step : StepsBetween({}, {.due = due}, start, end)) {
      expected.insert(absl::StrCat(name, static_cast<int>(step.kind), " ", step.days_left));
    }
  }
  std::vector<Notice> notices;
  {
    TimerThread timers(*database, clock, {}, {.ready = [] { return true; }});
    ASSERT_TRUE(Await([&] {
      const absl::Status status = database->Read([&](store::Snapshot& snapshot) {
        notices = NoticesBefore(snapshot.sql(), {}, INT64_MAX, INT64_MAX);
        return absl::OkStatus();
      });
      return status.ok() && notices.size() >= expected.size() && clock.Now() >= end;
    }));
  }
  std::set<std::string> recorded;
  for (const Notice& notice : notices) {
    EXPECT_LE(notice.planned_at, notice.told_at) << "early";
    const std::string key =
        absl::StrCat(notice.matter.subject, static_cast<int>(notice.kind), " ", notice.days_left);
    EXPECT_TRUE(recorded.insert(key).second) << "twice: " << key;
  }
  EXPECT_EQ(recorded, expected);
}

}  // namespace
}  // namespace dondoc::notification
