#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/bus/bus.h"
#include "libs/bus/bus_fixture.h"
#include "libs/bus/stream.h"

// Events between services when the broker is hurt.
namespace dondoc::bus {
namespace {

using ::dondoc::testing::IsOk;

TEST(BusFault, ABrokerThatComesLateIsFound) {
  Broker broker(/*running=*/false);
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 20);
  EXPECT_FALSE(registry.bus().Connected());
  EXPECT_EQ(registry.bus().Unpublished(), 20);
  broker.Start();
  EXPECT_EQ(kpi.AwaitEffects(20), Labels("units/a", 1, 20));
}

// The value of a metric, by its name and labels; -1 when it is not told.
double Told(const metrics::Registry& counted, const std::string& sample) {
  const std::string text = counted.Text();
  const size_t at = text.find(absl::StrCat("\n", sample, " "));
  return at == std::string::npos ? -1 : std::stod(text.substr(at + sample.size() + 2));
}

constexpr char kConsumerConnected[] = "dondoc_bus_connected{role=\"consumer\"}";
constexpr char kRelayConnected[] = "dondoc_bus_connected{role=\"relay\"}";
constexpr char kHeardSeconds[] = "dondoc_bus_heard_seconds";

// Lag is measured by who hears the broker: one that is cut off is told by other numbers.
TEST(BusFault, OperatorsAreToldWhoHearsNothingOfTheBroker) {
  Broker broker;
  metrics::Registry counted;
  Listener kpi;
  BusOptions options = broker.Options("kpi");
  options.metrics = &counted;
  kpi.Start(options);
  EXPECT_TRUE(Eventually([&] {
    return Told(counted, kConsumerConnected) == 1 && Told(counted, kRelayConnected) == 1;
  }));
  EXPECT_LT(Told(counted, kHeardSeconds), 20);

  broker.Kill();
  EXPECT_TRUE(Eventually([&] {
    return Told(counted, kConsumerConnected) == 0 && Told(counted, kRelayConnected) == 0;
  }));
  const double later = Told(counted, kHeardSeconds) + 5;
  EXPECT_TRUE(Eventually([&] { return Told(counted, kHeardSeconds) > later; }));

  broker.Restart();
  EXPECT_TRUE(Eventually([&] {
    return Told(counted, kConsumerConnected) == 1 && Told(counted, kRelayConnected) == 1 &&
           Told(counted, kHeardSeconds) < later;
  }));
  // Who stands by is not connected either.
  kpi.bus().End();
  EXPECT_EQ(Told(counted, kConsumerConnected), 0);
}

TEST(BusFault, AWrongPasswordIsToldAsABrokerThatIsNotThere) {
  Broker broker(/*running=*/false);
  broker.Start("authorization: {users: [{user: kpi, password: right}]}\n");
  metrics::Registry counted;
  metrics::Registry again;
  Listener kpi;
  BusOptions options = broker.Options("kpi");
  options.user = "kpi";
  options.password = "wrong";
  options.metrics = &counted;
  kpi.Start(options);
  EXPECT_TRUE(Eventually([&] { return Told(counted, kHeardSeconds) > 2; }));
  EXPECT_EQ(Told(counted, kConsumerConnected), 0);
  EXPECT_EQ(Told(counted, kRelayConnected), 0);

  kpi.Stop();
  options.password = "right";
  options.metrics = &again;
  kpi.Start(options);
  EXPECT_TRUE(Eventually([&] { return Told(again, kConsumerConnected) == 1; }));
}

TEST(BusFault, ABrokerThatIsKilledAgainAndAgainLosesAndDoublesNothing) {
  constexpr int kEvents = 2'000;
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  std::thread writer([&] {
    for (int i = 0; i < kEvents / 10; ++i) {
      registry.Change("units/a", 10);
      absl::SleepFor(absl::Milliseconds(10));
    }
  });
  for (int i = 0; i < 5; ++i) {
    absl::SleepFor(absl::Milliseconds(300));
    broker.Kill();
    broker.Restart();
  }
  writer.join();
  EXPECT_EQ(kpi.AwaitEffects(kEvents), Labels("units/a", 1, kEvents));
  EXPECT_TRUE(kpi.DeadLetters().empty());
}

TEST(BusFault, ABrokerThatComesBackEmptyGetsEverythingAgain) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 50);
  ASSERT_EQ(kpi.AwaitEffects(50).size(), 50);
  broker.Lose();
  registry.Change("units/a", 50);
  broker.Restart();
  EXPECT_EQ(kpi.AwaitEffects(100), Labels("units/a", 1, 100));
  EXPECT_TRUE(Eventually([&] { return registry.Published() && broker.StreamLength() == 100; }));

  Listener fresh({"registry"}, "notification");
  fresh.Start(broker);
  EXPECT_EQ(fresh.AwaitEffects(100), Labels("units/a", 1, 100));
  EXPECT_EQ(kpi.Effects().size(), 100);
}

// Its versions would be taken for known ones by everybody who has heard the lost ones.
TEST(BusFault, ALogThatIsOlderThanTheBrokerIsNotPublishedUntilTheBrokerBeginsAnew) {
  Broker broker;
  {
    Publisher registry;
    registry.Start(broker);
    registry.Change("units/a", 5);
    ASSERT_TRUE(Eventually([&] { return registry.Published(); }));
  }
  metrics::Registry counted;
  Publisher restored;
  restored.Change("units/a", 2);
  BusOptions options = broker.Options("registry");
  options.metrics = &counted;
  restored.Start(options);
  EXPECT_TRUE(Eventually([&] {
    return counted.Text().find("dondoc_bus_broker_ahead_events 3") != std::string::npos;
  }));
  EXPECT_EQ(restored.bus().Unpublished(), 2);
  EXPECT_EQ(broker.StreamLength(), 5);
  broker.Lose();
  broker.Restart();
  EXPECT_TRUE(Eventually([&] { return restored.Published() && broker.StreamLength() == 2; }));
  EXPECT_NE(counted.Text().find("dondoc_bus_broker_ahead_events 0"), std::string::npos);
}

TEST(BusFault, ABrokerThatLostTheEndOfItsStreamGetsItAgain) {
  Broker broker;
  Publisher registry("registry");
  Publisher inspection("inspection");
  Listener kpi({"registry", "inspection"});
  registry.Start(broker);
  inspection.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 20);
  ASSERT_EQ(kpi.AwaitEffects(20).size(), 20);
  ASSERT_TRUE(Eventually([&] { return registry.Published(); }));
  broker.Kill();
  // What a power cut leaves of a store that was not synced: an older copy.
  broker.SaveStore();
  broker.Restart();
  registry.Change("units/a", 20);
  inspection.Change("inspections/1", 20);
  ASSERT_EQ(kpi.AwaitEffects(60).size(), 60);
  ASSERT_TRUE(Eventually([&] { return registry.Published() && inspection.Published(); }));
  broker.Kill();
  broker.RestoreStore();
  inspection.Change("inspections/1", 20);
  broker.Restart();
  EXPECT_EQ(kpi.AwaitEffects(80).size(), 80);
  EXPECT_TRUE(Eventually([&] {
    return registry.Published() && inspection.Published() && broker.StreamLength() == 80;
  }));
  registry.Change("units/a", 1);
  EXPECT_EQ(kpi.AwaitEffects(81).size(), 81);
  EXPECT_EQ(kpi.Parked(), 0);
}

TEST(BusFault, AStreamOrAConsumerThatSomebodyDeletedIsMadeAgain) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 10);
  ASSERT_EQ(kpi.AwaitEffects(10).size(), 10);
  const std::unique_ptr<Connection> connection = broker.Connect();
  ASSERT_EQ(js_DeleteConsumer(connection->jetstream(), kStream,
                              DurableName("kpi", "registry").c_str(), nullptr, nullptr),
            NATS_OK);
  registry.Change("units/a", 10);
  EXPECT_EQ(kpi.AwaitEffects(20), Labels("units/a", 1, 20));
  ASSERT_EQ(js_DeleteStream(connection->jetstream(), kStream, nullptr, nullptr), NATS_OK);
  registry.Change("units/a", 10);
  EXPECT_EQ(kpi.AwaitEffects(30), Labels("units/a", 1, 30));
  EXPECT_TRUE(Eventually([&] { return registry.Published() && broker.StreamLength() == 30; }));
}

TEST(BusFault, AStreamThatIsFullMakesPublishersWaitAndLosesNothing) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  BusOptions options = broker.Options("registry");
  options.stream_bytes_max = 64 << 10;
  registry.Start(options);
  registry.Change("units/a", 100, std::string(4096, 'x'));
  ASSERT_TRUE(Eventually([&] { return broker.StreamLength() > 5; }));
  EXPECT_GT(registry.bus().Unpublished(), 50);
  registry.Stop();
  registry.Start(broker);
  kpi.Start(broker);
  EXPECT_EQ(kpi.AwaitEffects(100), Labels("units/a", 1, 100));
}

TEST(BusFault, TheNodeThatAnswersIsFoundAmongSeveral) {
  Broker broker;
  Publisher registry;
  BusOptions options = broker.Options("registry");
  const std::string away = absl::StrCat("nats://127.0.0.1:", testing::FreePort());
  options.url = absl::StrCat(away, ",", options.url, ",", away);
  registry.Start(options);
  registry.Change("units/a", 10);
  EXPECT_TRUE(Eventually([&] { return registry.Published() && broker.StreamLength() == 10; }));
}

TEST(BusFault, AnEventIsNotPublishedWhereTooFewNodesWouldKeepIt) {
  // A broker alone.
  Broker broker;
  Publisher registry;
  BusOptions options = broker.Options("registry");
  options.replicas = 3;
  registry.Start(options);
  registry.Change("units/a", 1);
  EXPECT_FALSE(Eventually([&] { return registry.Published(); }, absl::Seconds(1)));
  const std::unique_ptr<Connection> connection = broker.Connect();
  EXPECT_TRUE(absl::IsNotFound(GetStream(*connection).status()));
  registry.Stop();
  registry.Start(broker);
  EXPECT_TRUE(Eventually([&] { return registry.Published() && broker.StreamLength() == 1; }));
}

TEST(BusFault, ABrokerThatHangsHoldsUpNeitherWritesNorTheEnd) {
  Broker broker;
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  registry.Change("units/a", 1);
  ASSERT_EQ(kpi.AwaitEffects(1).size(), 1);
  broker.Signal(SIGSTOP);
  // More than the buffers on the way hold, so that the relay's writes are stuck too.
  const absl::Time began = absl::Now();
  registry.Change("units/a", 200, std::string(64 << 10, 'x'));
  const absl::Duration writes = absl::Now() - began;
  absl::SleepFor(absl::Milliseconds(500));
  const absl::Time stopping = absl::Now();
  registry.Stop();
  const absl::Duration relay = absl::Now() - stopping;
  kpi.Stop();
  const absl::Duration consumer = absl::Now() - stopping - relay;
  printf("200 writes %s, end of the relay %s, of relay and consumer %s\n",
         absl::FormatDuration(writes).c_str(), absl::FormatDuration(relay).c_str(),
         absl::FormatDuration(consumer).c_str());
  EXPECT_LT(writes, absl::Seconds(3));
  EXPECT_LT(relay, absl::Seconds(3));
  EXPECT_LT(consumer, absl::Seconds(3));

  broker.Signal(SIGCONT);
  registry.Start(broker);
  kpi.Start(broker);
  EXPECT_EQ(kpi.AwaitEffects(201), Labels("units/a", 1, 201));
}

TEST(BusFault, ABusThatCannotConnectEndsQuickly) {
  Broker broker;
  broker.Signal(SIGSTOP);
  Publisher registry;
  Listener kpi;
  registry.Start(broker);
  kpi.Start(broker);
  absl::SleepFor(absl::Milliseconds(300));
  const absl::Time stopping = absl::Now();
  registry.Stop();
  kpi.Stop();
  EXPECT_LT(absl::Now() - stopping, absl::Seconds(4));
  broker.Signal(SIGCONT);
}

TEST(BusFault, ARepublicationThatIsInterruptedGoesOn) {
  Broker broker;
  Publisher registry;
  registry.Start(broker);
  registry.Change("units/a", 3'000);
  ASSERT_TRUE(Eventually([&] { return registry.Published(); }));
  EXPECT_THAT(registry.bus().RepublishFrom(1), IsOk());
  ASSERT_TRUE(Eventually([&] { return broker.StreamLength() > 3'000; }));
  registry.Stop();
  registry.Start(broker);
  EXPECT_TRUE(Eventually([&] { return registry.Published() && broker.StreamLength() >= 6'000; }));
}

}  // namespace
}  // namespace dondoc::bus
