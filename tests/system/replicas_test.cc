#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/store/database.h"
#include "libs/store/postgres_connection.h"
#include "libs/store/test_database.h"
#include "libs/testing/postgres.h"
#include "tests/system/acts.h"
#include "tests/system/bus_tap.h"
#include "tests/system/busy_day.h"
#include "tests/system/city.h"

namespace dondoc::testing {
namespace {

constexpr unsigned kSeed = 20'261'128;
// What libs/store/duty.h promises, and the rest for a busy machine: a term of five seconds and a
// look; for one that is stopped inside its turn to write ten seconds and a look; at once.
constexpr absl::Duration kAfterDeath = absl::Seconds(10);
constexpr absl::Duration kAfterStandstill = absl::Seconds(15);
constexpr absl::Duration kAfterOrderlyEnd = absl::Seconds(3);

// Two replicas of each service on one database each, calls spread over both.
class TwoReplicas : public ::testing::Test {
 protected:
  TwoReplicas() : random_(kSeed) { RecordProperty("seed", absl::StrCat(kSeed)); }

  int DutiesOf(const std::string& program) const {
    const std::string log = city_.LogOf(program);
    int begun = 0;
    for (size_t at = log.find("duty.begins"); at != std::string::npos;
         at = log.find("duty.begins", at + 1)) {
      ++begun;
    }
    return begun;
  }
  // The replica that was the first to begin.
  std::string OnDuty(const std::string& service) const {
    return DutiesOf(service) > 0 ? service : service + "-2";
  }
  static std::string Other(const std::string& program) {
    return program == ServiceOf(program) ? program + "-2" : ServiceOf(program);
  }
  std::string Either(const std::string& service) {
    return random_() % 2 == 0 ? service : service + "-2";
  }
  // The last sequence of each log, of which the chain of hashes holds.
  std::map<std::string, int64_t> EndsOfLogs() const {
    std::map<std::string, int64_t> ends;
    for (const std::string& service : ServiceNames()) {
      store::PostgresConnection connection(city_.DatabaseUrlOf(service));
      store::Snapshot snapshot(connection.sql, absl::Now());
      ends[service] = *connection.sql.Value<int64_t>("select coalesce(max(seq), 0) from events");
      EXPECT_THAT(store::VerifyLog(snapshot), IsOk()) << service;
    }
    return ends;
  }
  // `program` begins after `blow`, which may return only when it has begun already.
  void ExpectTakesOver(const std::string& program, absl::Duration within,
                       const std::function<void()>& blow) {
    const int before = DutiesOf(program);
    const absl::Time began = absl::Now();
    blow();
    EXPECT_TRUE(Eventually([&] { return DutiesOf(program) > before; }, within)) << program;
    RecordProperty(program, absl::FormatDuration(absl::Now() - began));
  }

  City city_{{}, {.on_postgres = true, .replicas = 2}};
  std::mt19937 random_;
};

TEST_F(TwoReplicas, LoseNothingAndDoubleNothingWhenEitherIsKilledOrStandsStill) {
  BusTap tap(city_, "dondoc.>");
  BusyDay day(city_);
  day.Begin();
  for (const std::string& service : ServiceNames()) {
    const std::string program = Either(service);
    absl::SleepFor(absl::Milliseconds(random_() % 500));
    city_.Kill(program);
    absl::SleepFor(absl::Milliseconds(random_() % 1'000));
    city_.Start(program);
  }
  // One of each, for longer than the term of a lease: they wake up in another world.
  std::vector<std::string> stopped;
  for (const std::string& service : ServiceNames()) {
    stopped.push_back(Either(service));
    city_.Signal(stopped.back(), SIGSTOP);
  }
  absl::SleepFor(absl::Milliseconds(6'000 + random_() % 1'000));
  for (const std::string& program : stopped) city_.Signal(program, SIGCONT);
  day.End();
  day.ExpectAllOnce();
  EXPECT_TRUE(Eventually([&] { return tap.ExpectWholeStream() == EndsOfLogs(); }));
}

// Once for a moment, and once for longer than the term of a lease, so that nobody is on duty when
// it is back.
TEST_F(TwoReplicas, GoOnWhenTheServerOfTheirDatabasesComesBack) {
  BusTap tap(city_, "dondoc.>");
  BusyDay day(city_);
  day.Begin();
  for (const absl::Duration away : {absl::ZeroDuration(), absl::Seconds(7)}) {
    day.AwaitMore();
    // At once and with a recovery afterwards, as when its machine dies.
    ASSERT_THAT(PostgresOfTests().Kill(SIGQUIT), IsOk());
    absl::SleepFor(away);
    ASSERT_THAT(PostgresOfTests().Restart(), IsOk());
    ASSERT_THAT(AwaitPostgres(PostgresOfTests().port()), IsOk());
  }
  day.End();
  day.ExpectAllOnce();
  EXPECT_TRUE(Eventually([&] { return tap.ExpectWholeStream() == EndsOfLogs(); }));
  for (const std::string& service : ServiceNames()) {
    EXPECT_TRUE(absl::StrContains(city_.LogOf(OnDuty(service)), "duty.ends")) << service;
  }
}

TEST_F(TwoReplicas, AreFollowedWithinTheTimeThatIsNamed) {
  city_.AddUnits();
  city_.ImportPlan();
  const std::string first = OnDuty("registry");
  ExpectTakesOver(Other(first), kAfterDeath, [&] { city_.Kill(first); });
  city_.Start(first);
  EXPECT_THAT(city_.Call(&Registry::AddUnit, AddUnit("mot")), IsOk());

  ExpectTakesOver(first, kAfterStandstill, [&] { city_.Signal(Other(first), SIGSTOP); });
  EXPECT_THAT(city_.Call(&Registry::AddUnit, AddUnit("hai")), IsOk());
  city_.Signal(Other(first), SIGCONT);
  EXPECT_TRUE(
      Eventually([&] { return absl::StrContains(city_.LogOf(Other(first)), "duty.ends"); }));

  ExpectTakesOver(Other(first), kAfterOrderlyEnd, [&] { city_.Kill(first, SIGTERM); });
  EXPECT_THAT(city_.Call(&Registry::AddUnit, AddUnit("ba")), IsOk());
  // Whoever listens has heard of all three.
  const auto knows = [&] { return CoverageOf(city_, 2023).unit_count(); };
  EXPECT_TRUE(Eventually([&] { return knows() == kUnitsCountedOfThePlan + 3; })) << knows();
  BusTap(city_, "dondoc.>").ExpectWholeStream();
}

// What is kept in memory beside the database: what one replica was told, the other one knows.
TEST_F(TwoReplicas, AnswerAlikeRightAfterAWriteToEither) {
  city_.AddUnits();
  for (int i = 0; i < 20; ++i) {
    const std::string indicator = absl::StrCat("chi-so-", i);
    kpi_pb::DefineIndicatorRequest define = DefineIndicator(indicator);
    define.mutable_indicator()->set_aggregation(kpi_pb::AGGREGATION_RATIO);
    ASSERT_THAT(city_.Call(&Kpi::DefineIndicator, define), IsOk());
    const auto first = [&] { return Record(city_, {Observe(indicator, "2023-02-01", "3", "4")}); };
    if (i == 0) {
      // The unit comes over the bus.
      ASSERT_TRUE(Eventually([&] { return first().ok(); }));
    }
    for (int times = 0; times < 2; ++times) EXPECT_THAT(first(), IsOk()) << indicator;
    for (int times = 0; times < 2; ++times) EXPECT_EQ(ValueOf(city_, indicator), "3/4");
    EXPECT_THAT(Record(city_, {Observe(indicator, "2023-01-31", "1", "1")}), IsOk());
    for (int times = 0; times < 4; ++times) EXPECT_EQ(ValueOf(city_, indicator), "4/5");
  }
}

TEST_F(TwoReplicas, TellEachNoticeOnceThoughTheTellerIsKilled) {
  city_.AddUnits();
  city_.ImportPlan();
  city_.ResolveGroups();
  ASSERT_TRUE(Eventually([&] { return AwaitedAssignments(city_) == OpenAssignments(city_); }));
  // A week of mornings in half a minute.
  city_.TravelTo(
      {.from = Moment(2023, 3, 24, 6, 0), .until = Moment(2023, 3, 31, 8), .rate = 20'000});
  absl::SleepFor(absl::Milliseconds(8'000 + random_() % 2'000));
  const std::string teller = OnDuty("notification");
  city_.Kill(teller);
  absl::SleepFor(absl::Milliseconds(random_() % 500));
  city_.Start(teller);
  const auto due = [&] {
    return NoticesAbout(city_, {.task = 2}, notification_pb::NOTICE_KIND_DUE).size();
  };
  EXPECT_TRUE(Eventually([&] { return due() == 1 && city_.today() == absl::CivilDay(2023, 3, 31); },
                         absl::Seconds(60)));
  std::set<std::tuple<std::string, int, int>> told;
  for (const notification_pb::Notice& notice : AllNotices(city_)) {
    EXPECT_TRUE(told.insert({notice.subject(), notice.kind(), notice.days_left()}).second)
        << notice.subject() << " twice";
  }
  EXPECT_GT(told.size(), 2u);
}

}  // namespace
}  // namespace dondoc::testing
