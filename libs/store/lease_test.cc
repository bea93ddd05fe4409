#include "libs/store/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/store/duty.h"
#include "libs/store/test_database.h"

namespace dondoc::store {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::TestDatabase;
using ::testing::ElementsAre;
using ::testing::Optional;

constexpr absl::Duration kLong = absl::Hours(1);
// Over before anybody looks.
constexpr absl::Duration kOver = -absl::Microseconds(1);

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

// Leases know nothing of the service's clock, which stands still here.
class LeaseTest : public ::testing::Test {
 protected:
  std::optional<int64_t> Take(const std::string& name, absl::Duration term, bool by_force = false) {
    std::optional<int64_t> token;
    EXPECT_THAT(database_->WriteAndWait([&](Transaction& transaction) {
      token = TakeLease(transaction, name, "somebody", term, by_force);
      return absl::OkStatus();
    }),
                IsOk());
    return token;
  }
  absl::Status Renew(int64_t token, absl::Duration term) {
    return database_->WriteAndWait(
        [&](Transaction& transaction) { return RenewLease(transaction, "duty", token, term); });
  }
  absl::Status Check(int64_t token) {
    return database_->Read([&](Snapshot& snapshot) { return CheckLease(snapshot, "duty", token); });
  }
  absl::Status Insert(Database& database, int64_t id) {
    return database.WriteAndWait([id](Transaction& transaction) {
      transaction.sql().Run("insert into t (id) values (:id)", id);
      return absl::OkStatus();
    });
  }
  int64_t Count() {
    int64_t count = -1;
    EXPECT_THAT(database_->Read([&](Snapshot& snapshot) {
      count = *snapshot.sql().Value<int64_t>("select count(*) from t");
      return absl::OkStatus();
    }),
                IsOk());
    return count;
  }

  // Two of them are two processes, as far as the database can see.
  Lease::Options Shared(absl::Duration term) const { return {.term = term, .alone = false}; }

  const FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  TestDatabase database_{{{"test", 1, "create table t (id integer primary key) strict"}}, clock_};
};

TEST_F(LeaseTest, IsHeldByOneUntilItsTermIsOver) {
  EXPECT_THAT(Take("duty", kLong), Optional(1));
  EXPECT_EQ(Take("duty", kLong), std::nullopt);
  EXPECT_THAT(Take("another", kLong), Optional(1)) << "names have nothing to do with each other";
  EXPECT_THAT(Renew(1, kOver), IsOk());
  EXPECT_THAT(Take("duty", kLong), Optional(2));
}

TEST_F(LeaseTest, ExpiresByTheClockOfTheDatabase) {
  EXPECT_THAT(Take("duty", absl::Milliseconds(200)), Optional(1));
  std::optional<LeaseRow> row;
  EXPECT_TRUE(Eventually([&] {
    EXPECT_THAT(database_->Read([&](Snapshot& snapshot) {
      row = ReadLease(snapshot, "duty");
      return absl::OkStatus();
    }),
                IsOk());
    return row->left <= absl::ZeroDuration();
  }));
  EXPECT_EQ(row->holder, "somebody");
  EXPECT_EQ(row->token, 1);
}

TEST_F(LeaseTest, WhoHeldItBeforeCanDoNothingAfterwards) {
  Take("duty", kOver);
  Take("duty", kLong);
  EXPECT_THAT(Check(1), Refuses("LEASE_LOST"));
  EXPECT_THAT(Renew(1, kLong), Refuses("LEASE_LOST"));
  EXPECT_THAT(database_->WriteAndWait([](Transaction& transaction) {
    GiveBackLease(transaction, "duty", 1);
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_EQ(Take("duty", kLong), std::nullopt) << "it was not the old one's to give";
  EXPECT_THAT(Check(2), IsOk());
  EXPECT_THAT(Renew(2, kLong), IsOk());
}

TEST_F(LeaseTest, MayBeRenewedLateAsLongAsNobodyHasTakenIt) {
  Take("duty", kOver);
  EXPECT_THAT(Check(1), IsOk());
  EXPECT_THAT(Renew(1, kLong), IsOk());
  EXPECT_EQ(Take("duty", kLong), std::nullopt);
}

TEST_F(LeaseTest, OneThatWasGivenBackIsFreeAtOnce) {
  Take("duty", kLong);
  EXPECT_THAT(database_->WriteAndWait([](Transaction& transaction) {
    GiveBackLease(transaction, "duty", 1);
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(Take("duty", kLong), Optional(2));
}

TEST_F(LeaseTest, IsTakenByForceWhereNobodyElseCanBe) {
  Take("duty", kLong);
  EXPECT_THAT(Take("duty", kLong, true), Optional(2));
}

TEST_F(LeaseTest, LetsNothingBeWrittenOnceItIsLost) {
  Lease first(*database_, Shared(kLong));
  EXPECT_THAT(Insert(first.database(), 1), Refuses("LEASE_LOST")) << "never held";
  ASSERT_TRUE(*first.Take());
  EXPECT_THAT(Insert(first.database(), 2), IsOk());
  Take("duty", kLong, true);
  EXPECT_TRUE(first.held()) << "it cannot know yet";
  EXPECT_THAT(Insert(first.database(), 3), Refuses("LEASE_LOST"));
  EXPECT_FALSE(first.held());
  EXPECT_TRUE(first.lost());
  EXPECT_EQ(Count(), 1);
}

TEST_F(LeaseTest, IsNotHeldAnyMoreByTheProcessesOwnClock) {
  Lease lease(*database_, Shared(absl::Milliseconds(50)));
  ASSERT_TRUE(*lease.Take());
  EXPECT_TRUE(Eventually([&] { return !lease.held(); }));
  // A commit that takes as long as the lease brings one that is over.
  EXPECT_TRUE(Eventually([&] {
    EXPECT_THAT(lease.Renew(), IsOk());
    return lease.held();
  }));
}

// What a Duty does, in words.
struct Worker {
  Worker(Database& database, const Lease::Options& options)
      : lease(database, options),
        duty(std::make_unique<Duty>(lease, Duty::Work{.begin =
                                                          [this] {
                                                            works = true;
                                                            return absl::OkStatus();
                                                          },
                                                      .end = [this] { works = false; }})) {}
  std::atomic<bool> works = false;
  Lease lease;
  std::unique_ptr<Duty> duty;
};

TEST_F(LeaseTest, OneIsOnDutyAndTheNextBeginsAsSoonAsItStops) {
  Worker first(*database_, Shared(kLong));
  EXPECT_TRUE(first.works) << "at once";
  Worker second(*database_, Shared(kLong));
  EXPECT_FALSE(second.works);
  first.duty->Stop();
  EXPECT_FALSE(first.works);
  const absl::Time stopped = absl::Now();
  EXPECT_TRUE(Eventually([&] { return second.works.load(); }));
  EXPECT_LT(absl::Now() - stopped, absl::Seconds(5)) << "it had an hour left";
  EXPECT_TRUE(second.duty->on());
}

TEST_F(LeaseTest, GoesOnAsLongAsItIsRenewed) {
  Worker first(*database_, Shared(absl::Seconds(2)));
  Worker second(*database_, Shared(absl::Seconds(2)));
  EXPECT_FALSE(Eventually([&, until = absl::Now() + absl::Seconds(4)] {
                 return second.works || !first.works || absl::Now() > until;
               }) &&
               (second.works || !first.works));
}

TEST_F(LeaseTest, WhoLosesItEndsItsWork) {
  Worker first(*database_, Shared(kLong));
  const absl::Status lost = database_->WriteAndWait([](Transaction& transaction) {
    TakeLease(transaction, "duty", "another", kLong, true);
    return absl::OkStatus();
  });
  ASSERT_THAT(lost, IsOk());
  EXPECT_THAT(Insert(first.lease.database(), 1), Refuses("LEASE_LOST"));
  EXPECT_TRUE(Eventually([&] { return !first.works; }));
  EXPECT_FALSE(first.duty->on());
}

TEST_F(LeaseTest, WorkThatCannotBeginIsTriedAgain) {
  Lease lease(*database_, Shared(kLong));
  std::vector<std::string> happened;
  std::atomic<int> times = 0;
  Duty duty(lease, {.begin =
                        [&] {
                          happened.push_back("begin");
                          return ++times == 1 ? absl::UnavailableError("not now")
                                              : absl::OkStatus();
                        },
                    .end = [&] { happened.push_back("end"); }});
  EXPECT_TRUE(Eventually([&] { return times == 2; }));
  duty.Stop();
  EXPECT_THAT(happened, ElementsAre("begin", "end", "begin", "end"));
}

TEST_F(LeaseTest, AProcessThatIsAloneHasItForTheAsking) {
  const bool alone = !testing::OnPostgres();
  EXPECT_EQ(IsShared(*database_), !alone);
  Take("duty", kLong);
  Lease lease(*database_);
  EXPECT_EQ(*lease.Take(), alone) << "as after a crash";
}

}  // namespace
}  // namespace dondoc::store
