// What a second replica on the same database has to see and to do: here one more catalog and one
// more publisher beside those of the fixture.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "libs/base/status_matchers.h"
#include "services/kpi/events/value_publisher.h"
#include "services/kpi/store/recount.h"
#include "services/kpi/testing/kpi_fixture.h"

namespace dondoc::kpi {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::SizeIs;

constexpr char kChanged[] = "dondoc.kpi.value.changed";

class Replicas : public ::testing::Test {
 protected:
  void CatchUp(Catalog& catalog) {
    EXPECT_THAT(kpi_.database().Read([&](store::Snapshot& snapshot) {
      catalog.CatchUp(snapshot);
      return absl::OkStatus();
    }),
                IsOk());
  }
  void Record(const std::string& key, const std::string& date) {
    EXPECT_THAT(kpi_.Record({{Observed({.indicator = "share",
                                        .unit = "so",
                                        .date = date,
                                        .numerator = "1",
                                        .denominator = "2",
                                        .key = key})}}),
                IsOk());
  }
  size_t AwaitEvents(size_t count) {
    const Stopwatch watch;
    while (kpi_.Events(kChanged).size() < count && watch.Elapsed() < absl::Seconds(20)) {
      kpi_.database().WaitForSequenceAfter(kpi_.database().LastSequence(), absl::Milliseconds(50));
    }
    return kpi_.Events(kChanged).size();
  }

  std::atomic<bool> first_on_duty_ = false;
  KpiFixture kpi_{
      absl::CivilDay(2023, 7, 15), 0, {.event_interval = absl::Milliseconds(10), .on_duty = [this] {
                                         return first_on_duty_.load();
                                       }}};
};

TEST_F(Replicas, KnowWhatTheOtherHasCommittedOnceTheyCatchUp) {
  Catalog other;
  CatchUp(other);
  EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
  EXPECT_EQ(other.FindIndicator("indicators/share"), nullptr);
  CatchUp(other);
  ASSERT_NE(other.FindIndicator("indicators/share"), nullptr);
  EXPECT_THAT(other.FindIndicator("indicators/share")->targets, SizeIs(0));
  EXPECT_THAT(kpi_.SetTarget(AtLeast("share", "t", "50")), IsOk());
  kpi_.AddUnit("so");
  CatchUp(other);
  EXPECT_THAT(other.FindIndicator("indicators/share")->targets, SizeIs(1));
  EXPECT_TRUE(other.FindUnit("units/so").has_value());
}

TEST_F(Replicas, ReadNothingAnewAfterTheirOwnCommits) {
  EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
  kpi_.AddUnit("so");
  const SharedEntry before = kpi_.catalog().FindIndicator("indicators/share");
  CatchUp(kpi_.catalog());
  EXPECT_EQ(kpi_.catalog().FindIndicator("indicators/share"), before) << "the very same object";
}

// A reader may catch up with more than one's own commit before the commit's writer puts it in.
TEST_F(Replicas, NeverGoBackToTheirOwnOlderCommit) {
  EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
  Catalog other;
  CatchUp(other);
  const SharedEntry before = other.FindIndicator("indicators/share");
  ASSERT_NE(before, nullptr);
  EXPECT_THAT(kpi_.SetTarget(AtLeast("share", "t", "50")), IsOk());
  CatchUp(other);
  other.PutIndicator(before, /*revision=*/1);
  EXPECT_THAT(other.FindIndicator("indicators/share")->targets, SizeIs(1));
}

TEST_F(Replicas, TheOneOnDutyTellsWhatTheOtherRecorded) {
  kpi_.AddUnit("so");
  EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
  Record("a", "2023-07-10");
  Catalog catalog;
  CatchUp(catalog);
  ValuePublisher second(kpi_.database(), catalog, kpi_.values(), kpi_.clock(),
                        {.event_interval = absl::Milliseconds(10),
                         .has_others = true,
                         .others_interval = absl::Milliseconds(10)});
  EXPECT_EQ(AwaitEvents(1), 1u);
  Record("b", "2023-07-11");
  EXPECT_EQ(AwaitEvents(2), 2u);
  // Of a year that no target and no start would have led to.
  Record("c", "2021-03-01");
  EXPECT_EQ(AwaitEvents(3), 3u);
}

TEST_F(Replicas, WhoComesOnDutyTellsWhatHappenedBefore) {
  kpi_.AddUnit("so");
  EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
  Record("a", "2023-07-10");
  EXPECT_TRUE(kpi_.publisher().AwaitIdle(absl::Seconds(20)));
  EXPECT_THAT(kpi_.Events(kChanged), SizeIs(0));
  first_on_duty_ = true;
  EXPECT_EQ(AwaitEvents(1), 1u);
}

// Moving a sum twice by what it was wrong by would make it wrong by as much again.
TEST_F(Replicas, PutSumsRightOnce) {
  kpi_.AddUnit("so");
  EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
  Record("a", "2023-07-10");
  Recount recount;
  EXPECT_THAT(kpi_.database().WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
    transaction.sql().Run("update month_sums set numerator = numerator + 5");
    absl::StatusOr<Recount> counted = CountAgain(transaction);
    if (counted.ok()) recount = *std::move(counted);
    return counted.status();
  }),
              IsOk());
  ASSERT_THAT(recount.differences, SizeIs(1));
  const auto repair = [&] {
    return kpi_.database().WriteAndWait([&](store::Transaction& transaction) {
      return Repair(transaction, kpi_.catalog(), recount);
    });
  };
  EXPECT_THAT(repair(), IsOk());
  EXPECT_THAT(repair(), Refuses("RECOMPUTE_RUNNING"));
  const auto right = kpi_.GetValue("share", "", "2023");
  ASSERT_THAT(right, IsOk());
  EXPECT_EQ(right->value().numerator(), "1");
}

}  // namespace
}  // namespace dondoc::kpi
