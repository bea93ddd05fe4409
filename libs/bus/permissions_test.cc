#include <gtest/gtest.h>
#include <nats/nats.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/base/status_matchers.h"
#include "libs/bus/bus_fixture.h"
#include "libs/bus/stream.h"

// What an installation allows each service at the broker (deploy/nats/accounts.conf, README.md):
// that it suffices, and that nothing else goes.
namespace dondoc::bus {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;

// Of one question to the broker that nobody answers.
constexpr int64_t kSilenceMs = 500;

// The file as it is shipped, with a password for each user.
std::string Configuration() {
  std::ifstream file(DONDOC_NATS_ACCOUNTS);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::string passwords;
  for (const char* user : {"registry", "inspection", "kpi", "notification", "sys"}) {
    absl::StrAppend(&passwords, user, "_password: \"secret\"\n");
  }
  return absl::StrReplaceAll(text, {{"include ./passwords.conf\n", passwords}});
}

BusOptions As(const Broker& broker, const std::string& user) {
  BusOptions options = broker.Options(user);
  options.user = user;
  options.password = "secret";
  return options;
}

class Permissions : public ::testing::Test {
 protected:
  Permissions() { broker_.Start(Configuration()); }

  // The registry has published, and each of these has its consumer of that.
  void Begin() {
    registry_.Start(As(broker_, "registry"));
    inspection_.Start(As(broker_, "inspection"));
    kpi_.Start(As(broker_, "kpi"));
    registry_.Change("units/a", 1);
    ASSERT_EQ(kpi_.AwaitEffects(1), Labels("units/a", 1, 1));
    ASSERT_EQ(inspection_.AwaitEffects(1), Labels("units/a", 1, 1));
    ASSERT_TRUE(Eventually([&] { return registry_.Published(); }));
  }

  std::unique_ptr<Connection> Open(const std::string& user) {
    return Connection::Open(As(broker_, user), "test").value();
  }

  Broker broker_{/*running=*/false};
  Publisher registry_{"registry"};
  Listener inspection_{{"registry"}, "inspection"};
  Listener kpi_{{"registry"}, "kpi"};
};

TEST_F(Permissions, WhatIsShippedIsEnough) {
  registry_.Start(As(broker_, "registry"));
  kpi_.Start(As(broker_, "kpi"));
  registry_.Change("units/a", 20);
  EXPECT_EQ(kpi_.AwaitEffects(20), Labels("units/a", 1, 20));
  // Once more with a stream that is there, and with a position to look up.
  kpi_.Stop();
  registry_.Stop();
  registry_.Start(As(broker_, "registry"));
  kpi_.Start(As(broker_, "kpi"));
  registry_.Change("units/a", 20);
  EXPECT_EQ(kpi_.AwaitEffects(40), Labels("units/a", 1, 40));
  EXPECT_TRUE(Eventually([&] { return registry_.Published(); }));
}

TEST_F(Permissions, EveryServiceListensToTheOthersAsItDoes) {
  Publisher inspection("inspection");
  Publisher kpi("kpi");
  Listener from_both({"registry", "inspection"}, "notification");
  Listener kpi_of_inspection({"registry", "inspection"}, "kpi");
  registry_.Start(As(broker_, "registry"));
  inspection.Start(As(broker_, "inspection"));
  kpi.Start(As(broker_, "kpi"));
  from_both.Start(As(broker_, "notification"));
  kpi_of_inspection.Start(As(broker_, "kpi"));
  inspection.Change("cases/a", 3);
  kpi.Change("values/a", 3);
  EXPECT_EQ(from_both.AwaitEffects(3), Labels("cases/a", 1, 3));
  EXPECT_EQ(kpi_of_inspection.AwaitEffects(3), Labels("cases/a", 1, 3));
  EXPECT_TRUE(Eventually([&] { return inspection.Published() && kpi.Published(); }));
}

TEST_F(Permissions, ServicesThatComeBeforeTheRegistryWaitForTheStream) {
  kpi_.Start(As(broker_, "kpi"));
  EXPECT_FALSE(Eventually([&] { return GetStream(*Open("registry")).ok(); }, absl::Seconds(3)));
  registry_.Start(As(broker_, "registry"));
  registry_.Change("units/a", 1);
  EXPECT_EQ(kpi_.AwaitEffects(1), Labels("units/a", 1, 1));
}

TEST_F(Permissions, NobodyPublishesInTheNameOfAnother) {
  registry_.Start(As(broker_, "registry"));
  registry_.Change("units/a", 1);
  ASSERT_TRUE(Eventually([&] { return registry_.Published(); }));

  Publisher impostor("registry");
  impostor.Start(As(broker_, "kpi"));
  impostor.Change("units/b", 1);
  Publisher stranger("registry");
  stranger.Start(broker_);
  stranger.Change("units/c", 1);

  // Time for the impostor to have been refused, and for an honest event to come after that.
  EXPECT_FALSE(
      Eventually([&] { return impostor.Published() || stranger.Published(); }, absl::Seconds(2)));
  registry_.Change("units/a", 1);
  EXPECT_TRUE(Eventually([&] { return registry_.Published(); }));
  EXPECT_EQ(GetStream(*Open("registry"))->last_sequence, 2);
}

TEST_F(Permissions, NobodyComesInWithoutAPassword) {
  EXPECT_THAT(Connection::Open(broker_.Options("kpi"), "test"),
              StatusIs(absl::StatusCode::kUnavailable));
  BusOptions guessing = As(broker_, "kpi");
  guessing.password = "guess";
  EXPECT_THAT(Connection::Open(guessing, "test"), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(Permissions, NobodyTouchesTheConsumerOfAnother) {
  Begin();
  const auto kpi = Open("kpi");
  const std::string others = DurableName("inspection", "registry");
  EXPECT_NE(js_DeleteConsumer(kpi->jetstream(), "DONDOC", others.c_str(), nullptr, nullptr),
            NATS_OK);
  EXPECT_FALSE(ConsumerLag(*kpi, others).ok());
  EXPECT_FALSE(MakeConsumer(*kpi, "inspection", "registry", 1).ok());
  // It would take events away from their listener.
  EXPECT_THAT(kpi->Send("$JS.API.CONSUMER.MSG.NEXT.DONDOC." + others, kpi->ReplyTo("taken"), "1"),
              IsOk());
  registry_.Change("units/a", 1);
  EXPECT_EQ(inspection_.AwaitEffects(2), Labels("units/a", 1, 2));
  EXPECT_EQ(kpi->Receive(absl::Milliseconds(kSilenceMs))->get(), nullptr);
  EXPECT_THAT(ConsumerLag(*Open("inspection"), others), IsOk());
}

TEST_F(Permissions, NobodyButTheRegistryChangesTheStream) {
  Begin();
  for (const char* user : {"inspection", "kpi", "notification"}) {
    const auto service = Open(user);
    BusOptions smaller = As(broker_, user);
    smaller.stream_bytes_max = 1 << 20;
    EXPECT_FALSE(EnsureStream(*service, smaller).ok()) << user;
  }
  // Nor does anybody throw away what is there, the registry neither.
  const auto registry = Open("registry");
  EXPECT_NE(js_PurgeStream(registry->jetstream(), "DONDOC", nullptr, nullptr), NATS_OK);
  EXPECT_NE(js_DeleteStream(registry->jetstream(), "DONDOC", nullptr, nullptr), NATS_OK);
  EXPECT_EQ(GetStream(*registry)->last_sequence, 1);
}

TEST_F(Permissions, NobodyOverhearsAnother) {
  Begin();
  natsOptions* made = nullptr;
  ASSERT_EQ(natsOptions_Create(&made), NATS_OK);
  const NatsOwned<natsOptions> options(made);
  ASSERT_EQ(natsOptions_SetURL(made, broker_.Options().url.c_str()), NATS_OK);
  ASSERT_EQ(natsOptions_SetUserInfo(made, "notification", "secret"), NATS_OK);
  natsConnection* nats = nullptr;
  ASSERT_EQ(natsConnection_Connect(&nats, made), NATS_OK);
  const NatsOwned<natsConnection> connection(nats);
  std::vector<NatsOwned<natsSubscription>> wanted;
  for (const char* subject : {">", "dondoc.registry.>", "_INBOX.>", "_INBOX.kpi.>", "$JS.>"}) {
    natsSubscription* subscription = nullptr;
    ASSERT_EQ(natsConnection_SubscribeSync(&subscription, nats, subject), NATS_OK);
    wanted.emplace_back(subscription);
  }
  ASSERT_EQ(natsConnection_Flush(nats), NATS_OK);
  registry_.Change("units/a", 5);
  ASSERT_EQ(kpi_.AwaitEffects(6), Labels("units/a", 1, 6));
  for (const auto& subscription : wanted) {
    natsMsg* heard = nullptr;
    EXPECT_NE(natsSubscription_NextMsg(&heard, subscription.get(), kSilenceMs / 5), NATS_OK);
    natsMsg_Destroy(heard);
  }
}

}  // namespace
}  // namespace dondoc::bus
