#include "libs/bus/inbox.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/base/trace.h"
#include "libs/store/test_database.h"

namespace dondoc::bus {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
const std::vector<absl::Duration> kDelays = {absl::Seconds(1), absl::Seconds(5)};

Event UnitAt(int64_t version, const std::string& name = "units/a") {
  return {.id = absl::StrCat(name, "@", version),
          .type = "dondoc.registry.unit.changed",
          .source = "registry",
          .name = name,
          .version = version,
          .at = kNow,
          .actor = "users/an",
          .traceparent = "",
          .schema = "dondoc.registry.v1.Unit",
          .payload = std::string("\x00p", 2)};
}

class InboxTest : public ::testing::Test {
 protected:
  // Takes an event in, as the consumer does: with its failure counted in a transaction of its own.
  absl::StatusOr<Arrival> TakeIn(const Event& event) {
    Arrival arrival = {};
    const absl::Status status = database_->WriteAndWait([&](store::Transaction& transaction) {
      const absl::StatusOr<Arrival> result = Receive(transaction, event, apply_);
      if (result.ok()) arrival = *result;
      return result.status();
    });
    if (status.ok()) return arrival;
    Fail(event, status);
    return status;
  }

  Failed Fail(const Event& event, const absl::Status& failure) {
    Failed failed;
    EXPECT_THAT(database_->WriteAndWait([&](store::Transaction& transaction) {
      failed = RecordFailure(transaction, event, failure, kDelays, kNow);
      return absl::OkStatus();
    }),
                IsOk());
    return failed;
  }

  std::vector<std::string> Due(absl::Time now, absl::Duration longest = absl::Hours(1)) {
    std::vector<std::string> ids;
    EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
      for (const Event& event : ReadDue(snapshot, {.now = now, .longest_delay = longest}, 100))
        ids.push_back(event.id);
      return absl::OkStatus();
    }),
                IsOk());
    return ids;
  }

  absl::StatusOr<bool> Retry(const Event& event) {
    bool applied = false;
    const absl::Status status = database_->WriteAndWait([&](store::Transaction& transaction) {
      const absl::StatusOr<bool> result = ApplyParked(transaction, event, apply_);
      if (result.ok()) applied = *result;
      return result.status();
    });
    if (!status.ok()) return status;
    return applied;
  }

  Waiting Count() {
    Waiting waiting;
    EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
      waiting = CountWaiting(snapshot);
      return absl::OkStatus();
    }),
                IsOk());
    return waiting;
  }

  absl::Status Redrive(const std::string& id) {
    return database_->WriteAndWait(
        [&](store::Transaction& transaction) { return RedriveDeadLetter(transaction, id); });
  }

  std::vector<DeadLetter> Letters() {
    std::vector<DeadLetter> letters;
    EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
      letters = ReadDeadLetters(snapshot);
      return absl::OkStatus();
    }),
                IsOk());
    return letters;
  }

  FixedClock clock_{kNow};
  testing::TestDatabase database_{Migrations(), clock_};
  std::vector<std::string> applied_;
  absl::Status answer_;
  Apply apply_ = [this](store::Transaction&, const Event& event) {
    if (answer_.ok()) applied_.push_back(event.id);
    return answer_;
  };
};

using Ids = std::vector<std::string>;

TEST_F(InboxTest, EachVersionTakesEffectOnce) {
  EXPECT_EQ(TakeIn(UnitAt(1)).value(), Arrival::kApplied);
  EXPECT_EQ(TakeIn(UnitAt(1)).value(), Arrival::kDropped);
  EXPECT_EQ(TakeIn(UnitAt(2)).value(), Arrival::kApplied);
  EXPECT_EQ(TakeIn(UnitAt(1)).value(), Arrival::kDropped);
  EXPECT_EQ(applied_, (Ids{"units/a@1", "units/a@2"}));
}

TEST_F(InboxTest, WhatAnEventBringsAboutBelongsToItsTrace) {
  Event event = UnitAt(1);
  event.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  std::string ours;
  EXPECT_THAT(database_->WriteAndWait([&](store::Transaction& transaction) {
    return Receive(transaction, event,
                   [&](store::Transaction& inner, const Event&) {
                     ours = inner.origin().traceparent;
                     return absl::OkStatus();
                   })
        .status();
  }),
              IsOk());
  EXPECT_EQ(TraceIdOf(ours), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(ours, event.traceparent) << "under a span of our own";
}

TEST_F(InboxTest, ResourcesAndSourcesAreCountedApart) {
  Event other = UnitAt(1);
  other.source = "inspection";
  other.id = "other";
  TakeIn(UnitAt(1)).value();
  EXPECT_EQ(TakeIn(other).value(), Arrival::kApplied);
  EXPECT_EQ(TakeIn(UnitAt(1, "units/b")).value(), Arrival::kApplied);
}

TEST_F(InboxTest, AVersionAfterAGapWaitsUntilTheGapIsFilled) {
  EXPECT_EQ(TakeIn(UnitAt(3)).value(), Arrival::kParked);
  EXPECT_EQ(TakeIn(UnitAt(2)).value(), Arrival::kParked);
  EXPECT_EQ(TakeIn(UnitAt(2)).value(), Arrival::kDropped);
  EXPECT_EQ(Due(absl::InfiniteFuture()), Ids{});

  EXPECT_EQ(TakeIn(UnitAt(1)).value(), Arrival::kApplied);
  EXPECT_EQ(Due(kNow), (Ids{"units/a@2", "units/a@3"}));
  EXPECT_TRUE(Retry(UnitAt(2)).value());
  EXPECT_TRUE(Retry(UnitAt(3)).value());
  EXPECT_EQ(applied_, (Ids{"units/a@1", "units/a@2", "units/a@3"}));
  EXPECT_EQ(Count().parked, 0);
}

TEST_F(InboxTest, AParkedEventIsReadAsItCame) {
  TakeIn(UnitAt(2)).value();
  TakeIn(UnitAt(1)).value();
  std::vector<Event> due;
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    due = ReadDue(snapshot, {.now = kNow, .longest_delay = absl::Hours(1)}, 10);
    return absl::OkStatus();
  }),
              IsOk());
  ASSERT_EQ(due.size(), 1);
  const Event expected = UnitAt(2);
  EXPECT_EQ(due[0].id, expected.id);
  EXPECT_EQ(due[0].type, expected.type);
  EXPECT_EQ(due[0].source, expected.source);
  EXPECT_EQ(due[0].name, expected.name);
  EXPECT_EQ(due[0].version, expected.version);
  EXPECT_EQ(due[0].at, expected.at);
  EXPECT_EQ(due[0].actor, expected.actor);
  EXPECT_EQ(due[0].schema, expected.schema);
  EXPECT_EQ(due[0].payload, expected.payload);
}

TEST_F(InboxTest, WhatIsNotItsTurnIsNotFoundDueAgain) {
  TakeIn(UnitAt(3)).value();
  ASSERT_THAT(database_->WriteAndWait([](store::Transaction& transaction) {
    transaction.sql().Run("update bus_parked set retry_at = 0");
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_FALSE(Retry(UnitAt(3)).value());
  EXPECT_EQ(Due(absl::InfiniteFuture()), Ids{});
  EXPECT_EQ(Count().parked, 1);
}

TEST_F(InboxTest, AFailureLeavesNoTraceAndIsTriedAgainLaterAndLater) {
  answer_ = absl::UnavailableError("not now");
  EXPECT_THAT(TakeIn(UnitAt(1)), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(TakeIn(UnitAt(2)).value(), Arrival::kParked);
  EXPECT_EQ(TakeIn(UnitAt(1)).value(), Arrival::kDropped);

  EXPECT_EQ(Due(kNow + absl::Milliseconds(999)), Ids{});
  EXPECT_EQ(Due(kNow + absl::Seconds(1)), (Ids{"units/a@1", "units/a@2"}));
  const Failed second = Fail(UnitAt(1), answer_);
  EXPECT_EQ(second.attempts, 2);
  EXPECT_FALSE(second.dead);
  EXPECT_EQ(Due(kNow + absl::Milliseconds(4999)), Ids{});

  answer_ = absl::OkStatus();
  EXPECT_TRUE(Retry(UnitAt(1)).value());
  EXPECT_EQ(Due(kNow), Ids{"units/a@2"});
}

TEST_F(InboxTest, AClockThatIsSetBackDoesNotDelayAnAttempt) {
  Fail(UnitAt(1), absl::UnavailableError("not now"));
  const absl::Time yesterday = kNow - absl::Hours(24);
  EXPECT_EQ(Due(yesterday, absl::Hours(48)), Ids{});
  EXPECT_EQ(Due(yesterday, kDelays.back()), Ids{"units/a@1"});
}

TEST_F(InboxTest, TheLastFailureMakesADeadLetterAndItsSuccessorsWait) {
  const absl::Status failure = absl::UnavailableError("never");
  Fail(UnitAt(1), failure);
  Fail(UnitAt(1), failure);
  const Failed third = Fail(UnitAt(1), failure);
  EXPECT_TRUE(third.dead);
  EXPECT_EQ(third.attempts, 3);
  EXPECT_EQ(TakeIn(UnitAt(1)).value(), Arrival::kDropped);
  EXPECT_EQ(TakeIn(UnitAt(2)).value(), Arrival::kParked);
  EXPECT_EQ(Due(absl::InfiniteFuture()), Ids{});

  const std::vector<DeadLetter> letters = Letters();
  ASSERT_EQ(letters.size(), 1);
  EXPECT_EQ(letters[0].event.id, "units/a@1");
  EXPECT_EQ(letters[0].event.payload, UnitAt(1).payload);
  EXPECT_EQ(letters[0].attempts, 3);
  EXPECT_EQ(letters[0].reason, failure.ToString());
  EXPECT_EQ(letters[0].at, kNow);
}

TEST_F(InboxTest, APermanentFailureIsADeadLetterAtOnce) {
  answer_ = absl::InvalidArgumentError("no such schema");
  EXPECT_THAT(TakeIn(UnitAt(1)), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Count().dead_letters, 1);
  EXPECT_EQ(Count().parked, 0);
}

TEST_F(InboxTest, ARedrivenLetterIsDueWithAllItsAttempts) {
  answer_ = absl::InvalidArgumentError("no");
  EXPECT_FALSE(TakeIn(UnitAt(1)).ok());
  answer_ = absl::OkStatus();
  TakeIn(UnitAt(2)).value();

  EXPECT_THAT(Redrive("units/a@1"), IsOk());
  EXPECT_EQ(Count().dead_letters, 0);
  EXPECT_EQ(Due(kNow), (Ids{"units/a@1", "units/a@2"}));
  EXPECT_FALSE(Fail(UnitAt(1), absl::UnavailableError("once more")).dead);
  EXPECT_TRUE(Retry(UnitAt(1)).value());
  EXPECT_TRUE(Retry(UnitAt(2)).value());
}

TEST_F(InboxTest, ALetterThatIsNotThereCannotBeRedriven) {
  EXPECT_THAT(Redrive("nothing"), Refuses("DEAD_LETTER_NOT_FOUND"));
}

TEST_F(InboxTest, AnUnreadableMessageIsKeptOnceAndCannotBeRedriven) {
  Event event = UnitAt(0, "");
  event.id = "unreadable-1";
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(database_->WriteAndWait([&](store::Transaction& transaction) {
      BuryUnreadable(transaction, event, absl::InvalidArgumentError("no ce-id"));
      return absl::OkStatus();
    }),
                IsOk());
  }
  EXPECT_EQ(Count().dead_letters, 1);
  EXPECT_THAT(Redrive("unreadable-1"), Refuses("DEAD_LETTER_UNREADABLE"));
  EXPECT_EQ(Count().dead_letters, 1);
}

TEST_F(InboxTest, TheEffectSaysWhoCausedIt) {
  apply_ = [](store::Transaction& transaction, const Event&) {
    transaction.Emit({.type = "dondoc.kpi.value.changed",
                      .name = "values/1",
                      .version = 1,
                      .schema = "dondoc.kpi.v1.Value",
                      .payload = ""});
    return absl::OkStatus();
  };
  TakeIn(UnitAt(1)).value();
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    const std::vector<store::Event> log = store::ReadEvents(snapshot, 1, 10);
    EXPECT_EQ(log.size(), 1);
    for (const store::Event& event : log) EXPECT_EQ(event.actor, "users/an");
    return absl::OkStatus();
  }),
              IsOk());
}

TEST_F(InboxTest, ThePositionIsTheOneWrittenLast) {
  std::optional<Position> before, after;
  ASSERT_THAT(database_->WriteAndWait([&](store::Transaction& transaction) {
    before = ReadPosition(transaction, "registry");
    WritePosition(transaction, "registry", {.stream_sequence = 7, .event_id = "seven"});
    WritePosition(transaction, "registry", {.stream_sequence = 8, .event_id = "eight"});
    after = ReadPosition(transaction, "registry");
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_FALSE(before.has_value());
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->stream_sequence, 8);
  EXPECT_EQ(after->event_id, "eight");
}

}  // namespace
}  // namespace dondoc::bus
