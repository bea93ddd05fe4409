#include "services/kpi/events/value_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/base/trace.h"
#include "services/kpi/events/day_watch.h"
#include "services/kpi/testing/kpi_fixture.h"

namespace dondoc::kpi {
namespace {

using ::dondoc::testing::IsOk;
using ::testing::SizeIs;

constexpr char kChanged[] = "dondoc.kpi.value.changed";

class ValuePublisherTest : public ::testing::Test {
 protected:
  ValuePublisherTest() {
    kpi_.AddUnit("so");
    EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
    EXPECT_THAT(kpi_.SetTarget(AtLeast("share", "t", "50")), IsOk());
  }

  void Record(const std::string& key, const std::string& date = "2023-07-10") {
    EXPECT_THAT(kpi_.Record({{Observed({.indicator = "share",
                                        .unit = "so",
                                        .date = date,
                                        .numerator = "1",
                                        .denominator = "2",
                                        .key = key})}}),
                IsOk());
  }

  // Waits until `count` events are in the log; fewer after ten seconds.
  std::vector<store::Event> AwaitEvents(size_t count) {
    const Stopwatch watch;
    std::vector<store::Event> events = kpi_.Events(kChanged);
    while (events.size() < count && watch.Elapsed() < absl::Seconds(10)) {
      kpi_.database().WaitForSequenceAfter(kpi_.database().LastSequence(), absl::Milliseconds(50));
      events = kpi_.Events(kChanged);
    }
    return events;
  }

  static v1::ValueChanged Parsed(const store::Event& event) {
    v1::ValueChanged changed;
    EXPECT_TRUE(changed.ParseFromString(event.payload));
    return changed;
  }

  KpiFixture kpi_{absl::CivilDay(2023, 7, 15), 0, {.event_interval = absl::Milliseconds(300)}};
};

TEST_F(ValuePublisherTest, TellsAValueWithItsVerdicts) {
  Record("a");
  const std::vector<store::Event> events = AwaitEvents(1);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].name, "indicators/share/values/2023");
  EXPECT_EQ(events[0].version, 1);
  const v1::ValueChanged changed = Parsed(events[0]);
  EXPECT_EQ(changed.value().denominator(), "2");
  ASSERT_EQ(changed.judgements_size(), 1);
  EXPECT_EQ(changed.judgements(0).verdict(), v1::VERDICT_ON_PACE);
}

TEST_F(ValuePublisherTest, TellsAValueInTheTraceOfWhatChangedIt) {
  // An event that was begun for the indicator's sake may tell what is recorded meanwhile.
  ASSERT_TRUE(kpi_.publisher().AwaitIdle(absl::Seconds(20)));
  grpc::ClientContext context;
  context.AddMetadata("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  v1::RecordObservationsRequest request;
  *request.add_observations() = Observed({.indicator = "share",
                                          .unit = "so",
                                          .date = "2023-07-10",
                                          .numerator = "1",
                                          .denominator = "2",
                                          .key = "a"});
  v1::RecordObservationsResponse response;
  const auto writer = kpi_.stub().RecordObservations(&context, &response);
  EXPECT_TRUE(writer->Write(request));
  writer->WritesDone();
  ASSERT_TRUE(writer->Finish().ok());
  const std::vector<store::Event> events = AwaitEvents(1);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(TraceIdOf(events[0].traceparent), "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST_F(ValuePublisherTest, GathersManyChangesIntoFewEventsAndLosesNotTheLast) {
  const Stopwatch watch;
  for (int i = 0; i < 60; ++i) Record(absl::StrCat("k", i));
  const auto most = static_cast<size_t>(watch.Elapsed() / absl::Milliseconds(300)) + 2;
  std::vector<store::Event> events = AwaitEvents(1);
  const Stopwatch waited;
  while (Parsed(events.back()).value().denominator() != "120" &&
         waited.Elapsed() < absl::Seconds(10)) {
    events = AwaitEvents(events.size() + 1);
  }
  EXPECT_EQ(Parsed(events.back()).value().denominator(), "120");
  EXPECT_LE(events.size(), most);
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].version, static_cast<int64_t>(i) + 1);
  }
}

TEST_F(ValuePublisherTest, TellsEachYearUnderItsOwnName) {
  Record("a", "2022-05-05");
  Record("b", "2023-05-05");
  const std::vector<store::Event> events = AwaitEvents(2);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_NE(events[0].name, events[1].name);
  EXPECT_EQ(events[1].version, 1);
}

TEST_F(ValuePublisherTest, ARestartTellsNothingTwice) {
  Record("a");
  ASSERT_THAT(AwaitEvents(1), SizeIs(1));
  kpi_.Restart();
  Record("b");
  const std::vector<store::Event> events = AwaitEvents(2);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[1].version, 2);
  EXPECT_EQ(Parsed(events[1]).value().denominator(), "4");
}

TEST_F(ValuePublisherTest, ARestartTellsWhatTheRunBeforeCouldNot) {
  Record("a");
  ASSERT_THAT(AwaitEvents(1), SizeIs(1));
  ASSERT_THAT(kpi_.database().WriteAndWait([](store::Transaction& transaction) {
    transaction.sql().Run("update published_values set fingerprint = :f", store::Bytes{"another"});
    return absl::OkStatus();
  }),
              IsOk());
  kpi_.Restart();
  EXPECT_THAT(AwaitEvents(2), SizeIs(2));
}

TEST_F(ValuePublisherTest, ATargetThatChangesTheVerdictIsToldAndADayThatDoesToo) {
  Record("a");
  ASSERT_THAT(AwaitEvents(1), SizeIs(1));
  ASSERT_THAT(kpi_.SetTarget(AtLeast("share", "t", "60")), IsOk());
  std::vector<store::Event> events = AwaitEvents(2);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(Parsed(events[1]).judgements(0).verdict(), v1::VERDICT_BEHIND);

  DayWatch watch(kpi_.database(), kpi_.catalog(), kpi_.publisher(), kpi_.clock());
  kpi_.clock().Set(absl::CivilDay(2024, 1, 1));
  events = AwaitEvents(3);
  ASSERT_THAT(events, SizeIs(3));
  EXPECT_EQ(events[2].name, "indicators/share/values/2023");
  EXPECT_EQ(Parsed(events[2]).judgements(0).verdict(), v1::VERDICT_NOT_MET);
}

TEST_F(ValuePublisherTest, SaysNothingOfWhatNobodyRecorded) {
  Record("a");
  EXPECT_THAT(kpi_.Define(Percentage("silent")), IsOk());
  EXPECT_THAT(kpi_.SetTarget(AtLeast("silent", "t", "50")), IsOk());
  Record("b");
  for (const store::Event& event : AwaitEvents(2)) {
    EXPECT_EQ(event.name, "indicators/share/values/2023");
  }
}

TEST_F(ValuePublisherTest, TheTurnOfADayMakesOpenWorkLate) {
  registry::v1::AssignmentChanged event;
  registry::v1::Assignment& assignment = *event.mutable_assignment();
  assignment.set_unit("units/so");
  assignment.set_due_date("2023-07-15");
  assignment.set_progress(registry::v1::PROGRESS_IN_PROGRESS);
  for (int task = 1; task <= 1200; ++task) {
    assignment.set_name(absl::StrCat("plans/p/tasks/", task, "/phases/1/assignments/so"));
    ASSERT_THAT(kpi_.Deliver("dondoc.registry.assignment.opened", event), IsOk());
  }
  const auto counted = [&] {
    return kpi_.GetValue("p-tasks-on-time", "", "2023")->value().denominator();
  };
  std::optional<DayWatch> watch;
  watch.emplace(kpi_.database(), kpi_.catalog(), kpi_.publisher(), kpi_.clock());
  EXPECT_EQ(counted(), "");
  // Days may pass while nobody watches.
  watch.reset();
  kpi_.clock().Set(absl::CivilDay(2023, 7, 18));
  kpi_.Restart();
  watch.emplace(kpi_.database(), kpi_.catalog(), kpi_.publisher(), kpi_.clock());
  const Stopwatch waited;
  while (counted() != "1200" && waited.Elapsed() < absl::Seconds(20)) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(counted(), "1200");
  watch.reset();
}

}  // namespace
}  // namespace dondoc::kpi
