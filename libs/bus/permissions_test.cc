#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/status_matchers.h"
#include "libs/bus/bus_fixture.h"
#include "libs/bus/stream.h"

// What a service needs to be allowed at the broker (README.md), and that it suffices.
namespace dondoc::bus {
namespace {

using ::dondoc::testing::IsOk;

std::string User(const std::string& service, const std::vector<std::string>& sources) {
  std::vector<std::string> publish = {absl::StrCat("dondoc.", service, ".>"),
                                      "$JS.API.STREAM.INFO.DONDOC", "$JS.API.STREAM.CREATE.DONDOC",
                                      "$JS.API.STREAM.UPDATE.DONDOC",
                                      "$JS.API.STREAM.MSG.GET.DONDOC"};
  for (const std::string& source : sources) {
    const std::string durable = DurableName(service, source);
    for (const char* verb : {"DURABLE.CREATE", "DELETE", "INFO", "MSG.NEXT"}) {
      publish.push_back(absl::StrCat("$JS.API.CONSUMER.", verb, ".DONDOC.", durable));
    }
    publish.push_back(absl::StrCat("$JS.ACK.DONDOC.", durable, ".>"));
  }
  return absl::StrCat("{user: ", service, ", password: secret, permissions: {publish: {allow: [\"",
                      absl::StrJoin(publish, "\", \""), "\"]}, subscribe: {allow: [\"_INBOX.",
                      service, ".>\"]}}}\n");
}

// All users inside accounts: nats-server 2.9 lets strangers in when there is `authorization` as
// well.
std::string Configuration() {
  return absl::StrCat("accounts {\n  SYS: {users: [{user: sys, password: secret}]}\n",
                      "  APP: {jetstream: enabled, users: [\n", User("registry", {}),
                      User("kpi", {"registry"}), "]}\n}\nsystem_account: SYS\n");
}

BusOptions As(const Broker& broker, const std::string& user) {
  BusOptions options = broker.Options(user);
  options.user = user;
  options.password = "secret";
  return options;
}

TEST(Permissions, WhatTheReadmeListsIsEnough) {
  Broker broker(/*running=*/false);
  broker.Start(Configuration());
  Publisher registry;
  Listener kpi;
  registry.Start(As(broker, "registry"));
  kpi.Start(As(broker, "kpi"));
  registry.Change("units/a", 20);
  EXPECT_EQ(kpi.AwaitEffects(20), Labels("units/a", 1, 20));
  // Once more with a stream that is there, and with a position to look up.
  kpi.Stop();
  registry.Stop();
  registry.Start(As(broker, "registry"));
  kpi.Start(As(broker, "kpi"));
  registry.Change("units/a", 20);
  EXPECT_EQ(kpi.AwaitEffects(40), Labels("units/a", 1, 40));
  EXPECT_TRUE(Eventually([&] { return registry.Published(); }));
}

TEST(Permissions, NobodyPublishesInTheNameOfAnother) {
  Broker broker(/*running=*/false);
  broker.Start(Configuration());
  Publisher registry;
  registry.Start(As(broker, "registry"));
  registry.Change("units/a", 1);
  ASSERT_TRUE(Eventually([&] { return registry.Published(); }));

  Publisher impostor("registry");
  impostor.Start(As(broker, "kpi"));
  impostor.Change("units/b", 1);
  Publisher stranger("registry");
  stranger.Start(broker);
  stranger.Change("units/c", 1);

  // Time for the impostor to have been refused, and for an honest event to come after that.
  EXPECT_FALSE(
      Eventually([&] { return impostor.Published() || stranger.Published(); }, absl::Seconds(2)));
  registry.Change("units/a", 1);
  EXPECT_TRUE(Eventually([&] { return registry.Published(); }));
  const auto connection = Connection::Open(As(broker, "registry"), "test");
  ASSERT_THAT(connection, IsOk());
  EXPECT_EQ(GetStream(**connection)->last_sequence, 2);
}

}  // namespace
}  // namespace dondoc::bus
