#include "libs/bus/bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/bus/bus_fixture.h"
#include "libs/bus/inbox.h"
#include "libs/bus/stream.h"

// Events between services when nothing is wrong, or when what is wrong is an event.
namespace dondoc::bus {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::OnPostgres;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

TEST(Bus, EventsTakeEffectOnceAndInOrder) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Change("units/a", 150);
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 150);
  EXPECT_EQ(kpi.AwaitEffects(300), Labels("units/a", 1, 300));
  EXPECT_TRUE(Eventually([&] { return registry.Published(); }));
  EXPECT_TRUE(Eventually([&] { return registry.bus().Connected() && kpi.bus().Connected(); }));
}

TEST(Bus, EverySourceAndEveryListenerHasItsOwnPlace) {
  Broker broker;
  Publisher registry("registry");
  Publisher inspection("inspection");
  Listener kpi({"registry", "inspection"}, "kpi");
  Listener notification({"inspection"}, "notification");
  registry.Start(broker);
  inspection.Start(broker);
  kpi.Start(broker);
  notification.Start(broker);
  registry.Change("units/a", 100);
  inspection.Change("inspections/1", 100);

  const std::vector<std::string> all = kpi.AwaitEffects(200);
  std::vector<std::string> of_registry, of_inspection;
  for (const std::string& label : all) {
    (label.rfind("units", 0) == 0 ? of_registry : of_inspection).push_back(label);
  }
  EXPECT_EQ(of_registry, Labels("units/a", 1, 100));
  EXPECT_EQ(of_inspection, Labels("inspections/1", 1, 100));
  EXPECT_EQ(notification.AwaitEffects(100), Labels("inspections/1", 1, 100));
}

TEST(Bus, AnEventPublishedTwiceTakesEffectOnce) {
  Broker broker;
  Listener kpi;
  kpi.Start(broker);
  broker.AwaitStream();
  const store::Event first = ByHand("registry", "units/a", 1);
  PublishByHand(broker, "registry", first, "once");
  PublishByHand(broker, "registry", first, "twice");
  PublishByHand(broker, "registry", ByHand("registry", "units/a", 2), "next");
  EXPECT_EQ(kpi.AwaitEffects(2), Labels("units/a", 1, 2));
  EXPECT_EQ(broker.StreamLength(), 3);
}

TEST(Bus, APublisherThatStartsAgainPublishesNothingTwice) {
  Broker broker;
  Publisher registry;
  registry.Start(broker);
  registry.Change("units/a", 10);
  ASSERT_TRUE(Eventually([&] { return registry.Published(); }));
  registry.Stop();
  registry.Change("units/a", 10);
  registry.Start(broker);
  ASSERT_TRUE(Eventually([&] { return registry.Published(); }));
  EXPECT_EQ(broker.StreamLength(), 20);
}

TEST(Bus, AListenerThatEndedBetweenEffectAndAcknowledgementDropsTheEvent) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  registry.Change("units/a", 1);
  std::vector<store::Event> log;
  ASSERT_THAT(registry.database().Read([&](store::Snapshot& snapshot) {
    log = store::ReadEvents(snapshot, 1, 1);
    return absl::OkStatus();
  }),
              IsOk());
  ASSERT_EQ(log.size(), 1);
  const Event event{.id = log[0].id,
                    .type = log[0].type,
                    .source = "registry",
                    .name = log[0].name,
                    .version = log[0].version,
                    .at = log[0].at,
                    .actor = log[0].actor,
                    .traceparent = "",
                    .schema = log[0].schema,
                    .payload = log[0].payload};
  // What the consumer does, up to the commit; its process ends there.
  ASSERT_THAT(kpi.database().WriteAndWait([&](store::Transaction& transaction) {
    return Receive(transaction, event,
                   [&](store::Transaction& inner, const Event& applied) {
                     return kpi.Handle(inner, applied);
                   })
        .status();
  }),
              IsOk());
  kpi.Start(broker);
  registry.Change("units/a", 1);
  EXPECT_EQ(kpi.AwaitEffects(2), Labels("units/a", 1, 2));
}

TEST(Bus, AListenerGoesOnWhereItStopped) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  for (int round = 1; round <= 4; ++round) {
    kpi.Start(broker);
    registry.Change("units/a", 50);
    EXPECT_EQ(kpi.AwaitEffects(static_cast<size_t>(50 * round)), Labels("units/a", 1, 50 * round));
    kpi.Stop();
    registry.Change("units/b", 1);
    kpi.Start(broker);
    EXPECT_TRUE(
        Eventually([&] { return kpi.Effects().back() == absl::StrCat("units/b@", round); }));
    kpi.Stop();
    ASSERT_THAT(kpi.database().WriteAndWait([](store::Transaction& transaction) {
      transaction.sql().Run("delete from effects where label like 'units/b%'");
      return absl::OkStatus();
    }),
                IsOk());
  }
}

TEST(Bus, AVersionThatComesTooEarlyWaitsForThoseBeforeIt) {
  Broker broker;
  Listener kpi;
  kpi.Start(broker);
  broker.AwaitStream();
  PublishByHand(broker, "registry", ByHand("registry", "units/a", 3), "3");
  PublishByHand(broker, "registry", ByHand("registry", "units/a", 2), "2");
  PublishByHand(broker, "registry", ByHand("registry", "units/b", 1), "b");
  EXPECT_THAT(kpi.AwaitEffects(1), ElementsAre("units/b@1"));
  EXPECT_TRUE(Eventually([&] { return kpi.Parked() == 2; }));
  PublishByHand(broker, "registry", ByHand("registry", "units/a", 1), "1");
  EXPECT_THAT(kpi.AwaitEffects(4), ElementsAre("units/b@1", "units/a@1", "units/a@2", "units/a@3"));
  EXPECT_EQ(kpi.Parked(), 0);
}

TEST(Bus, AnEventThatFailsForAWhileIsAppliedInTheEndAndBeforeItsSuccessors) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  int attempts = 0;
  kpi.SetVerdict([&](const Event& event) {
    const bool fails = event.name == "units/a" && event.version == 1 && ++attempts < 3;
    return fails ? absl::UnavailableError("not yet") : absl::OkStatus();
  });
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 3);
  registry.Change("units/b", 1);
  EXPECT_THAT(kpi.AwaitEffects(4), ElementsAre("units/b@1", "units/a@1", "units/a@2", "units/a@3"));
  EXPECT_EQ(attempts, 3);
  EXPECT_TRUE(kpi.DeadLetters().empty());
}

TEST(Bus, APoisonousEventIsSetAsideAndComesBackWhenItIsRedriven) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  kpi.SetVerdict([](const Event& event) {
    const bool poison = event.name == "units/a" && event.version == 2;
    return poison ? absl::InternalError("cannot") : absl::OkStatus();
  });
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 4);
  registry.Change("units/b", 2);
  EXPECT_THAT(kpi.AwaitEffects(3), ElementsAre("units/a@1", "units/b@1", "units/b@2"));
  ASSERT_TRUE(Eventually([&] { return kpi.DeadLetters().size() == 1; }));
  const DeadLetter letter = kpi.DeadLetters().front();
  EXPECT_EQ(letter.event.name, "units/a");
  EXPECT_EQ(letter.event.version, 2);
  EXPECT_EQ(letter.attempts, 3);
  EXPECT_THAT(letter.reason, HasSubstr("cannot"));
  EXPECT_EQ(kpi.Parked(), 2);

  kpi.SetVerdict({});
  ASSERT_THAT(kpi.database().WriteAndWait([&](store::Transaction& transaction) {
    return RedriveDeadLetter(transaction, letter.event.id);
  }),
              IsOk());
  EXPECT_THAT(kpi.AwaitEffects(6), ElementsAre("units/a@1", "units/b@1", "units/b@2", "units/a@2",
                                               "units/a@3", "units/a@4"));
  EXPECT_EQ(kpi.Parked(), 0);
  EXPECT_TRUE(kpi.DeadLetters().empty());
}

TEST(Bus, AnEventThatIsRefusedForGoodIsSetAsideAtOnce) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  int attempts = 0;
  kpi.SetVerdict([&](const Event&) {
    ++attempts;
    return absl::InvalidArgumentError("an unknown unit");
  });
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 1);
  ASSERT_TRUE(Eventually([&] { return kpi.DeadLetters().size() == 1; }));
  EXPECT_EQ(attempts, 1);
  EXPECT_TRUE(kpi.Effects().empty());
}

TEST(Bus, AHandlerThatThrowsFailsAlone) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  ASSERT_THAT(kpi.database().WriteAndWait([](store::Transaction& transaction) {
    transaction.sql().Run(
        "create unique index no_second_a on effects (substr(label, 1, 7)) "
        "where label like 'units/a%'");
    return absl::OkStatus();
  }),
              IsOk());
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 2);
  registry.Change("units/b", 2);
  EXPECT_THAT(kpi.AwaitEffects(3), ElementsAre("units/a@1", "units/b@1", "units/b@2"));
  ASSERT_TRUE(Eventually([&] { return kpi.DeadLetters().size() == 1; }));
  EXPECT_THAT(absl::AsciiStrToLower(kpi.DeadLetters().front().reason), HasSubstr("unique"));
}

TEST(Bus, ADatabaseThatRefusesForAWhileCostsNoEventAndNoAttempt) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  RefusingDatabase refusing(kpi.database());
  kpi.UseForBus(refusing);
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 1);
  ASSERT_EQ(kpi.AwaitEffects(1).size(), 1);
  refusing.RefuseNext(3);
  registry.Change("units/a", 20);
  EXPECT_EQ(kpi.AwaitEffects(21), Labels("units/a", 1, 21));
  EXPECT_EQ(refusing.Refused(), 3);
  EXPECT_TRUE(kpi.DeadLetters().empty());
  kpi.Stop();
}

TEST(Bus, AMessageThatIsNoEventHoldsUpNobody) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  broker.AwaitStream();
  const std::unique_ptr<Connection> connection = broker.Connect();
  // Acknowledged, as whatever the relay sends: what is not may be lost while the stream is being
  // made.
  const std::string text = "not an event";
  ASSERT_TRUE(Eventually([&] {
    return js_Publish(nullptr, connection->jetstream(), "dondoc.registry.unit.changed", text.data(),
                      static_cast<int>(text.size()), nullptr, nullptr) == NATS_OK;
  }));
  registry.Change("units/a", 1);
  EXPECT_THAT(kpi.AwaitEffects(1), ElementsAre("units/a@1"));
  ASSERT_TRUE(Eventually([&] { return kpi.DeadLetters().size() == 1; }));
  EXPECT_EQ(kpi.DeadLetters().front().event.payload, "not an event");
}

TEST(Bus, AnEventThatIsTooLargeHoldsUpNobody) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 1);
  registry.Change("units/large", 1, std::string(size_t{2} << 20, 'x'));
  registry.Change("units/b", 1);
  EXPECT_THAT(kpi.AwaitEffects(2), ElementsAre("units/a@1", "units/b@1"));
  EXPECT_TRUE(Eventually([&] { return registry.Published(); }));
}

TEST(Bus, ANewListenerGetsWhatTheStreamHolds) {
  Broker broker;
  Publisher registry;
  registry.Start(broker);
  registry.Change("units/a", 200);
  Listener kpi;
  kpi.Start(broker);
  EXPECT_EQ(kpi.AwaitEffects(200), Labels("units/a", 1, 200));
  kpi.Stop();
  Listener another;
  another.Start(broker);
  EXPECT_EQ(another.AwaitEffects(200), Labels("units/a", 1, 200));
}

TEST(Bus, RepublishFromFillsAListenerThatLostWhatItHad) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 50);
  ASSERT_EQ(kpi.AwaitEffects(50).size(), 50);
  kpi.Stop();
  // All but the memory of how far it had read the stream.
  ASSERT_THAT(kpi.database().WriteAndWait([](store::Transaction& transaction) {
    transaction.sql().Run("delete from effects");
    transaction.sql().Run("delete from bus_applied");
    return absl::OkStatus();
  }),
              IsOk());
  kpi.Start(broker);
  registry.Change("units/a", 1);
  ASSERT_TRUE(Eventually([&] { return kpi.Parked() == 1; }));
  EXPECT_TRUE(kpi.Effects().empty());

  EXPECT_THAT(registry.bus().RepublishFrom(1), IsOk());
  EXPECT_EQ(kpi.AwaitEffects(51), Labels("units/a", 1, 51));
  EXPECT_TRUE(Eventually([&] { return registry.Published() && broker.StreamLength() == 102; }));
}

TEST(Bus, CountsWhatItDoes) {
  Broker broker;
  metrics::Registry of_registry, of_kpi;
  Publisher registry;
  Listener kpi;
  BusOptions options = broker.Options("registry");
  options.metrics = &of_registry;
  registry.Start(options);
  options = broker.Options("kpi");
  options.metrics = &of_kpi;
  kpi.SetVerdict([](const Event& event) {
    return event.name == "units/b" ? absl::InvalidArgumentError("no") : absl::OkStatus();
  });
  kpi.Start(options);
  registry.Change("units/a", 5);
  registry.Change("units/b", 2);
  kpi.AwaitEffects(5);
  ASSERT_TRUE(Eventually([&] { return kpi.Parked() == 1 && kpi.DeadLetters().size() == 1; }));
  EXPECT_TRUE(Eventually([&] {
    const std::string text = of_registry.Text();
    return text.find("dondoc_bus_published_total 7") != std::string::npos &&
           text.find("dondoc_bus_unpublished_events 0") != std::string::npos;
  }));
  EXPECT_TRUE(Eventually([&] {
    const std::string text = of_kpi.Text();
    return text.find("dondoc_bus_applied_total{source=\"registry\"} 5") != std::string::npos &&
           text.find("dondoc_bus_failed_total{source=\"registry\"} 1") != std::string::npos &&
           text.find("dondoc_bus_dead_letters 1") != std::string::npos;
  }));
}

// Figures, and a bound that only something broken would miss.
TEST(BusFigures, AnEventTakesEffectWithinMilliseconds) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 1);
  ASSERT_EQ(kpi.AwaitEffects(1).size(), 1);
  std::vector<absl::Duration> times;
  for (size_t i = 2; i <= 101; ++i) {
    registry.Change("units/a", 1);
    const absl::Time committed = absl::Now();
    ASSERT_EQ(kpi.AwaitEffects(i).size(), i);
    times.push_back(absl::Now() - committed);
  }
  std::sort(times.begin(), times.end());
  printf("commit to effect: median %s, worst of 100 %s\n", absl::FormatDuration(times[50]).c_str(),
         absl::FormatDuration(times.back()).c_str());
  EXPECT_LT(times[50], absl::Milliseconds(100));
}

TEST(BusFigures, ALongBacklogDrains) {
  // Each statement is a way to a server and back there.
  const int kEvents = OnPostgres() ? 5'000 : 20'000;
  Broker broker;
  Publisher registry;
  Listener kpi;
  for (int i = 0; i < 100; ++i) registry.Change(absl::StrCat("units/", i), kEvents / 100);
  const absl::Time began = absl::Now();
  registry.Start(broker);
  EXPECT_TRUE(Eventually([&] { return registry.Published(); }, absl::Seconds(60)));
  const absl::Time published = absl::Now();
  kpi.Start(broker);
  EXPECT_EQ(kpi.AwaitEffects(kEvents).size(), kEvents);
  const absl::Time applied = absl::Now();
  printf("published %.0f events/s, applied %.0f events/s\n",
         kEvents / absl::ToDoubleSeconds(published - began),
         kEvents / absl::ToDoubleSeconds(applied - published));
  EXPECT_EQ(kpi.Parked(), 0);
}

TEST(BusFigures, ABusWithNothingToDoDoesNothing) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 1);
  ASSERT_EQ(kpi.AwaitEffects(1).size(), 1);
  const auto used = [] {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
  };
  const absl::Duration before = used();
  absl::SleepFor(absl::Seconds(3));
  const double share = absl::FDivDuration(used() - before, absl::Seconds(3));
  printf("idle: %.2f %% of a core\n", 100 * share);
  EXPECT_LT(share, 0.05);
}

}  // namespace
}  // namespace dondoc::bus
