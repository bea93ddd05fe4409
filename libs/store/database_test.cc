#include "libs/store/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "libs/base/status_matchers.h"
#include "libs/store/test_database.h"

namespace dondoc::store {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using ::dondoc::testing::TestDatabase;
using ::testing::SizeIs;

const std::vector<Migration> kSchema = {
    {"test", 1, "create table t (id integer primary key, name text) strict"}};

NewEvent Happened(const std::string& name, int64_t version) {
  return {.type = "dondoc.test.thing.changed",
          .name = name,
          .version = version,
          .schema = "dondoc.test.v1.ThingChanged",
          .payload = "payload of " + name};
}

class DatabaseTest : public ::testing::Test {
 protected:
  int64_t Count() {
    int64_t count = 0;
    EXPECT_THAT(database_->Read([&](Snapshot& snapshot) {
      count = snapshot.sql().Value<int64_t>("select count(*) from t").value();
      return absl::OkStatus();
    }),
                IsOk());
    return count;
  }

  absl::Status InsertWithEvent(int64_t id) {
    return database_->WriteAndWait([id](Transaction& transaction) {
      transaction.sql().Run("insert into t (id) values (:id)", id);
      transaction.Emit(Happened("things/" + std::to_string(id), 1));
      return absl::OkStatus();
    });
  }

  absl::Status Verify() {
    return database_->Read([](Snapshot& snapshot) { return VerifyLog(snapshot); });
  }

  const FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  TestDatabase database_{kSchema, clock_};
};

TEST_F(DatabaseTest, AWorkThatFailsLeavesNoTraceAndDisturbsNobody) {
  ASSERT_THAT(InsertWithEvent(1), IsOk());
  EXPECT_THAT(database_->WriteAndWait([](Transaction& transaction) {
    transaction.sql().Run("insert into t (id) values (:id)", 2);
    transaction.Emit(Happened("things/2", 1));
    return absl::AbortedError("no");
  }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(Count(), 1);
  EXPECT_EQ(database_->LastSequence(), 1);
  ASSERT_THAT(InsertWithEvent(2), IsOk());
  EXPECT_EQ(database_->LastSequence(), 2);
  EXPECT_THAT(Verify(), IsOk());
}

TEST_F(DatabaseTest, WritesThatWaitTogetherAreAllAnswered) {
  std::atomic<int> answered = 0;
  std::promise<void> all;
  constexpr int kWrites = 2'000;
  for (int64_t id = 1; id <= kWrites; ++id) {
    database_->Write(
        [id](Transaction& transaction) {
          transaction.sql().Run("insert into t (id) values (:id)", id);
          transaction.Emit(Happened("things/" + std::to_string(id), 1));
          return id % 10 == 0 ? absl::AbortedError("every tenth") : absl::OkStatus();
        },
        [&, id](const absl::Status& status) {
          EXPECT_EQ(status.ok(), id % 10 != 0);
          if (++answered == kWrites) all.set_value();
        });
  }
  all.get_future().wait();
  EXPECT_EQ(Count(), kWrites * 9 / 10);
  EXPECT_EQ(database_->LastSequence(), kWrites * 9 / 10);
  EXPECT_THAT(Verify(), IsOk());
}

TEST_F(DatabaseTest, WhatIsAskedForAfterACommitHappensBeforeTheAnswerAndNeverWithoutACommit) {
  std::vector<std::string> order;
  std::promise<void> answered;
  database_->Write(
      [&](Transaction& transaction) {
        transaction.sql().Run("insert into t (id) values (:id)", 1);
        transaction.AfterCommit([&] { order.push_back("after commit"); });
        order.push_back("work");
        return absl::OkStatus();
      },
      [&](const absl::Status&) {
        order.push_back("answer");
        answered.set_value();
      });
  answered.get_future().wait();
  EXPECT_THAT(order, ::testing::ElementsAre("work", "after commit", "answer"));
  EXPECT_THAT(database_->WriteAndWait([&](Transaction& transaction) {
    transaction.AfterCommit([&] { order.push_back("must not happen"); });
    return absl::AbortedError("no");
  }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(order, SizeIs(3));
}

TEST_F(DatabaseTest, ARestartFindsEverythingAndGoesOn) {
  ASSERT_THAT(InsertWithEvent(1), IsOk());
  database_.Reopen();
  EXPECT_EQ(database_->LastSequence(), 1);
  ASSERT_THAT(InsertWithEvent(2), IsOk());
  EXPECT_EQ(Count(), 2);
  EXPECT_THAT(Verify(), IsOk());
}

TEST_F(DatabaseTest, ASecondCopyRefusesToStart) {
  if (testing::OnPostgres()) GTEST_SKIP() << "replicas share a PostgreSQL database";
  EXPECT_THAT(Database::Open(database_.Options(), clock_), Refuses("DATABASE_IN_USE"));
}

TEST_F(DatabaseTest, AVersionOutOfTurnShows) {
  for (const int64_t version : {1, 3}) {
    ASSERT_THAT(Verify(), IsOk());
    ASSERT_THAT(database_->WriteAndWait([&](Transaction& transaction) {
      transaction.Emit(Happened("things/1", version));
      return absl::OkStatus();
    }),
                IsOk());
  }
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DatabaseTest, TheLogRefusesToBeChanged) {
  ASSERT_THAT(InsertWithEvent(1), IsOk());
  for (const char* sql : {"update events set actor = 'x'", "delete from events"}) {
    EXPECT_THAT(database_->WriteAndWait([sql](Transaction& transaction) {
      transaction.sql().Run(sql);
      return absl::OkStatus();
    }),
                StatusIs(absl::StatusCode::kInternal));
  }
  EXPECT_THAT(Verify(), IsOk());
}

TEST_F(DatabaseTest, TamperingWithTheLogShows) {
  for (int64_t id = 1; id <= 3; ++id) ASSERT_THAT(InsertWithEvent(id), IsOk());
  ASSERT_THAT(database_->WriteAndWait([](Transaction& transaction) {
    transaction.sql().Run(testing::OnPostgres() ? "drop trigger events_stay_as_they_are on events"
                                                : "drop trigger events_stay_as_they_are");
    transaction.sql().Run("update events set actor = 'somebody else' where seq = 2");
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DatabaseTest, EventsAreReadInOrderFromAnySequence) {
  for (int64_t id = 1; id <= 5; ++id) ASSERT_THAT(InsertWithEvent(id), IsOk());
  std::vector<Event> events;
  ASSERT_THAT(database_->Read([&](Snapshot& snapshot) {
    events = ReadEvents(snapshot, 3, 2);
    return absl::OkStatus();
  }),
              IsOk());
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].sequence, 3);
  EXPECT_EQ(events[1].name, "things/4");
  EXPECT_EQ(events[1].payload, "payload of things/4");
  EXPECT_EQ(events[1].at, clock_.Now());
}

TEST_F(DatabaseTest, ARepeatedRequestIsRecognised) {
  const auto ask = [&](const std::string& hash, std::optional<std::string>& earlier) {
    return database_->WriteAndWait([&](Transaction& transaction) -> absl::Status {
      auto found = transaction.EarlierResponse("id-1", hash);
      if (!found.ok()) return found.status();
      earlier = *found;
      if (earlier) return absl::OkStatus();
      transaction.SetOrigin(
          {.actor = "a", .request_id = "id-1", .request_hash = hash, .traceparent = {}});
      transaction.Emit(Happened("things/1", 1));
      transaction.SetResponse("the first answer");
      return absl::OkStatus();
    });
  };
  std::optional<std::string> earlier;
  ASSERT_THAT(ask("hash", earlier), IsOk());
  EXPECT_FALSE(earlier.has_value());
  ASSERT_THAT(ask("hash", earlier), IsOk());
  EXPECT_EQ(earlier, "the first answer");
  EXPECT_THAT(ask("another", earlier), Refuses("REQUEST_ID_REUSED"));
  EXPECT_EQ(database_->LastSequence(), 1);
}

TEST_F(DatabaseTest, AWaiterWakesOnACommit) {
  std::thread writer([&] { ASSERT_THAT(InsertWithEvent(1), IsOk()); });
  EXPECT_EQ(database_->WaitForSequenceAfter(0, absl::Seconds(20)), 1);
  writer.join();
}

TEST_F(DatabaseTest, AfterStopNothingIsTakenAndWaitersWake) {
  database_->Stop();
  EXPECT_THAT(InsertWithEvent(1), Refuses("STOPPING"));
  EXPECT_EQ(database_->WaitForSequenceAfter(0, absl::Hours(1)), 0);
}

TEST_F(DatabaseTest, AReadSeesOneMomentOnly) {
  ASSERT_THAT(InsertWithEvent(1), IsOk());
  ASSERT_THAT(database_->Read([&](Snapshot& snapshot) {
    const auto count = [&] {
      return snapshot.sql().Value<int64_t>("select count(*) from t").value();
    };
    EXPECT_EQ(count(), 1);
    EXPECT_THAT(InsertWithEvent(2), IsOk());
    EXPECT_EQ(count(), 1);
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_EQ(Count(), 2);
}

TEST(DatabaseOpen, RefusesASchemaItDoesNotKnow) {
  const FixedClock clock{absl::FromUnixSeconds(1'700'000'000)};
  std::vector<Migration> newer = kSchema;
  newer.push_back({"test", 2, "create table u (id integer) strict"});
  TestDatabase database(newer, clock);
  database.Close();
  EXPECT_THAT(Database::Open({.url = database.Options().url, .migrations = kSchema}, clock),
              Refuses("SCHEMA_NEWER"));
}

TEST(DatabaseOpen, RefusesAStepThatWasAltered) {
  const FixedClock clock{absl::FromUnixSeconds(1'700'000'000)};
  TestDatabase database(kSchema, clock);
  database.Close();
  std::vector<Migration> altered = kSchema;
  altered[0].sql += " ";
  EXPECT_THAT(Database::Open({.url = database.Options().url, .migrations = altered}, clock),
              Refuses("SCHEMA_ALTERED"));
}

TEST(DatabaseOpen, RefusesAUrlItDoesNotUnderstand) {
  const FixedClock clock{absl::FromUnixSeconds(1'700'000'000)};
  EXPECT_THAT(Database::Open({.url = "mysql://x", .migrations = {}}, clock),
              Refuses("DATABASE_URL_INVALID"));
}

}  // namespace
}  // namespace dondoc::store
