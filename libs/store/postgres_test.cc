// What only PostgreSQL can do to us: several replicas on one database, and a server that goes away.

#include "libs/testing/postgres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/store/database.h"
#include "libs/store/lease.h"
#include "libs/store/test_database.h"

namespace dondoc::store {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<Migration> kSchema = {
    {"test", 1, "create table t (id integer primary key, name text) strict"}};

absl::Status Insert(Database& database, int64_t id) {
  return database.WriteAndWait([id](Transaction& transaction) {
    transaction.sql().Run("insert into t (id) values (:id)", id);
    transaction.Emit({.type = "dondoc.test.thing.changed",
                      .name = absl::StrCat("things/", id),
                      .version = 1,
                      .schema = "dondoc.test.v1.ThingChanged",
                      .payload = "payload"});
    return absl::OkStatus();
  });
}

int64_t Count(Database& database) {
  int64_t count = -1;
  EXPECT_THAT(database.Read([&](Snapshot& snapshot) {
    count = snapshot.sql().Value<int64_t>("select count(*) from t").value();
    return absl::OkStatus();
  }),
              IsOk());
  return count;
}

class PostgresTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> Open(const std::string& url) {
    auto opened = Database::Open({.url = url, .migrations = kSchema}, clock_);
    EXPECT_THAT(opened, IsOk());
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  const SystemClock clock_;
};

TEST_F(PostgresTest, TwoReplicasWriteOneLogWithoutAGapAndASnapshotNeverShowsOne) {
  const std::string url = testing::NewPostgresDatabase();
  const auto one = Open(url);
  const auto two = Open(url);
  constexpr int64_t kEach = 300;
  std::atomic<bool> writing = true;
  const auto write = [](Database& database, int64_t first) {
    std::vector<std::future<absl::Status>> all;
    for (int64_t id = first; id < first + kEach; ++id) {
      auto answer = std::make_shared<std::promise<absl::Status>>();
      all.push_back(answer->get_future());
      database.Write(
          [id](Transaction& transaction) {
            // Read, then written: what two at once would both count the same.
            const auto count = transaction.sql().Value<int64_t>("select count(*) from t").value();
            transaction.sql().Run("insert into t (id, name) values (:id, :n)", id,
                                  absl::StrCat(count));
            transaction.Emit({.type = "dondoc.test.thing.changed",
                              .name = absl::StrCat("things/", id),
                              .version = 1,
                              .schema = "dondoc.test.v1.ThingChanged",
                              .payload = ""});
            return absl::OkStatus();
          },
          [answer](absl::Status status) { answer->set_value(std::move(status)); });
    }
    for (auto& answer : all) EXPECT_THAT(answer.get(), IsOk());
  };
  std::thread reader([&] {
    while (writing) {
      EXPECT_THAT(one->Read([](Snapshot& snapshot) {
        const auto row = snapshot.sql().One<int64_t, int64_t>(
            "select count(*), coalesce(max(seq), 0) from events");
        EXPECT_EQ(std::get<0>(*row), std::get<1>(*row));
        return absl::OkStatus();
      }),
                  IsOk());
    }
  });
  std::thread other([&] { write(*two, 1'000); });
  write(*one, 1);
  other.join();
  writing = false;
  reader.join();
  EXPECT_EQ(one->WaitForSequenceAfter(2 * kEach - 1, absl::Seconds(20)), 2 * kEach);
  EXPECT_THAT(one->Read([](Snapshot& snapshot) {
    EXPECT_EQ(snapshot.sql().Value<int64_t>("select count(distinct name) from t"), 2 * kEach);
    return VerifyLog(snapshot);
  }),
              IsOk());
}

TEST_F(PostgresTest, AWaiterWakesOnWhatAnotherReplicaWrote) {
  const std::string url = testing::NewPostgresDatabase();
  const auto one = Open(url);
  const auto two = Open(url);
  ASSERT_THAT(Insert(*two, 1), IsOk());
  EXPECT_EQ(one->WaitForSequenceAfter(0, absl::Seconds(20)), 1);
  ASSERT_THAT(Insert(*one, 2), IsOk());
  EXPECT_EQ(two->WaitForSequenceAfter(1, absl::Seconds(20)), 2);
}

TEST_F(PostgresTest, ReplicasThatStartAtOnceMakeTheSchemaOnce) {
  const std::string url = testing::NewPostgresDatabase();
  std::vector<std::future<std::unique_ptr<Database>>> replicas;
  for (int i = 0; i < 4; ++i) {
    replicas.push_back(std::async(std::launch::async, [&] { return Open(url); }));
  }
  for (auto& replica : replicas) EXPECT_NE(replica.get(), nullptr);
}

TEST_F(PostgresTest, AHolderThatHasGoneIsFollowedAndFindsOutWhenItComesBack) {
  const std::string url = testing::NewPostgresDatabase();
  const auto one = Open(url);
  const auto two = Open(url);
  Lease first(*one, {.term = absl::Seconds(1)});
  Lease second(*two, {.term = absl::Hours(1)});
  ASSERT_TRUE(*first.Take());
  EXPECT_FALSE(*second.Take());
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!*second.Take() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_TRUE(second.held());
  EXPECT_FALSE(first.held()) << "by its own clock";
  EXPECT_THAT(Insert(first.database(), 1), Refuses("LEASE_LOST"));
  EXPECT_THAT(Insert(second.database(), 2), IsOk());
  EXPECT_THAT(first.Renew(), Refuses("LEASE_LOST"));
  EXPECT_EQ(Count(*one), 1);
}

TEST_F(PostgresTest, OfManyWhoTakeAtOnceOneHolds) {
  const std::string url = testing::NewPostgresDatabase();
  std::vector<std::future<bool>> all;
  for (int i = 0; i < 4; ++i) {
    all.push_back(std::async(std::launch::async, [&] {
      const auto database = Open(url);
      Lease lease(*database, {.term = absl::Minutes(1)});
      return *lease.Take();
    }));
  }
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](auto& one) { return one.get(); }), 1);
}

TEST_F(PostgresTest, AWorkThatOthersGotInTheWayOfRunsAgainAndNotForEver) {
  const auto database = Open(testing::NewPostgresDatabase());
  const char* conflict =
      "do 'begin raise exception using errcode = ''40P01'', message = ''deadlock''; end'";
  int runs = 0;
  EXPECT_THAT(database->WriteAndWait([&](Transaction& transaction) {
    transaction.sql().Run("insert into t (id) values (1)");
    if (++runs < 3) transaction.sql().Run(conflict);
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(Count(*database), 1);
  EXPECT_THAT(database->WriteAndWait([&](Transaction& transaction) {
    transaction.sql().Run(conflict);
    return absl::OkStatus();
  }),
              Refuses("DATABASE_BUSY"));
  ASSERT_THAT(Insert(*database, 2), IsOk());
}

TEST_F(PostgresTest, WhoWaitsTooLongForItsTurnIsToldToComeBack) {
  const std::string url = testing::NewPostgresDatabase();
  const auto database = Open(url);
  soci::session other(soci::postgresql, url);
  other << "begin";
  other << "select pg_advisory_xact_lock(1684303715, hashtext(current_schema()))";
  EXPECT_THAT(Insert(*database, 1), Refuses("DATABASE_BUSY"));
  other << "rollback";
  EXPECT_THAT(Insert(*database, 1), IsOk());
}

TEST_F(PostgresTest, AConnectionThatIsCutInsideAWorkLosesThatWorkAndNoOther) {
  const auto database = Open(testing::NewPostgresDatabase());
  ASSERT_THAT(Insert(*database, 1), IsOk());
  EXPECT_THAT(database->WriteAndWait([](Transaction& transaction) {
    transaction.sql().Run("insert into t (id) values (2)");
    transaction.sql().Run("select pg_terminate_backend(pg_backend_pid())");
    return absl::OkStatus();
  }),
              Refuses("DATABASE_UNREACHABLE"));
  ASSERT_THAT(Insert(*database, 3), IsOk());
  EXPECT_EQ(Count(*database), 2);
  EXPECT_EQ(database->LastSequence(), 2);
}

TEST_F(PostgresTest, AServerThatIsKilledAndComesBackHasEverythingThatWasAnswered) {
  const testing::TempDir folder;
  auto server = testing::StartPostgres(folder);
  ASSERT_THAT(server, IsOk());
  const auto database = Open(testing::PostgresUrl((*server)->port(), "postgres"));
  ASSERT_NE(database, nullptr);
  std::atomic<int64_t> answered = 0;
  std::thread writer([&] {
    for (int64_t id = 1; id <= 100'000; ++id) {
      const absl::Status status = Insert(*database, id);
      if (!status.ok()) {
        EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
        return;
      }
      answered = id;
    }
  });
  while (answered < 50) absl::SleepFor(absl::Milliseconds(1));
  ASSERT_THAT((*server)->Kill(SIGKILL), IsOk());
  writer.join();
  EXPECT_THAT(Insert(*database, 200'000), Refuses("DATABASE_UNREACHABLE"));
  EXPECT_THAT(database->Read([](Snapshot&) { return absl::OkStatus(); }),
              Refuses("DATABASE_UNREACHABLE"));
  ASSERT_THAT((*server)->Restart(), IsOk());
  ASSERT_THAT(testing::AwaitPostgres((*server)->port()), IsOk());
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  absl::Status back = absl::UnavailableError("not yet");
  while (!back.ok() && absl::Now() < deadline) {
    back = Insert(*database, 300'000);
    if (!back.ok()) absl::SleepFor(absl::Milliseconds(50));
  }
  ASSERT_THAT(back, IsOk());
  // The one that was on its way may have been written or not; those before it were.
  const int64_t count = Count(*database);
  EXPECT_GE(count, answered + 1);
  EXPECT_LE(count, answered + 2);
  EXPECT_EQ(database->LastSequence(), count);
  EXPECT_THAT(database->Read([](Snapshot& snapshot) { return VerifyLog(snapshot); }), IsOk());
}

TEST_F(PostgresTest, TellsNobodyThePassword) {
  const std::string url = "postgresql://nobody:s3cret@127.0.0.1:1/none";
  const auto opened =
      Database::Open({.url = url, .migrations = {}, .open_patience = absl::ZeroDuration()}, clock_);
  EXPECT_THAT(opened, testing::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(opened.status().ToString(), Not(HasSubstr("s3cret")));
  EXPECT_EQ(SafeUrl(url), "postgresql://127.0.0.1:1/none");
  const auto wrong =
      Database::Open({.url = "postgresql://x:s3cret@h/n?no=such", .migrations = {}}, clock_);
  EXPECT_THAT(wrong, Refuses("DATABASE_URL_INVALID"));
  EXPECT_THAT(wrong.status().ToString(), Not(HasSubstr("s3cret")));
}

TEST_F(PostgresTest, RefusesAServerThatDoesNotKeepWhatItAnswers) {
  const testing::TempDir folder;
  auto server = testing::StartPostgres(folder, {.arguments = {"-c", "fsync=off"}});
  ASSERT_THAT(server, IsOk());
  EXPECT_THAT(
      Database::Open({.url = testing::PostgresUrl((*server)->port(), "postgres"), .migrations = {}},
                     clock_),
      Refuses("DATABASE_SETTING"));
}

TEST_F(PostgresTest, RefusesTextThatItWouldCutOff) {
  const auto database = Open(testing::NewPostgresDatabase());
  EXPECT_THAT(database->WriteAndWait([](Transaction& transaction) {
    transaction.sql().Run("insert into t (id, name) values (1, :n)", std::string("a\0b", 3));
    return absl::OkStatus();
  }),
              testing::StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(*database), 0);
}

TEST_F(PostgresTest, SortsTextByItsBytes) {
  const auto database = Open(testing::NewPostgresDatabase());
  EXPECT_THAT(database->WriteAndWait([](Transaction& transaction) {
    int64_t id = 0;
    for (const char* name : {"đ", "a", "Z", "z", "ă"}) {
      transaction.sql().Run("insert into t (id, name) values (:id, :n)", ++id, name);
    }
    std::string order;
    transaction.sql().ForEach<std::string>("select name from t order by name",
                                           [&](const std::string& name) { order += name; });
    EXPECT_EQ(order, "Zazăđ");
    return absl::OkStatus();
  }),
              IsOk());
}

}  // namespace
}  // namespace dondoc::store
