#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/base/status_matchers.h"
#include "libs/bus/bus_fixture.h"
#include "libs/testing/certificates.h"

// A broker that speaks mutual TLS alone, as by containers (deploy/nats/compose.conf).
namespace dondoc::bus {
namespace {

using ::dondoc::testing::Certificates;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;

class BusTlsTest : public ::testing::Test {
 protected:
  BusTlsTest() {
    for (const char* authority : {"ours", "theirs"}) {
      EXPECT_THAT(files_.MakeCa(authority), IsOk());
    }
    EXPECT_THAT(files_.Make({.name = "broker", .ca = "ours"}), IsOk());
    EXPECT_THAT(files_.Make({.name = "service", .ca = "ours"}), IsOk());
    EXPECT_THAT(files_.Make({.name = "stranger", .ca = "theirs"}), IsOk());
    broker_.Start(absl::StrCat("tls {\n  cert_file: \"", files_.certificate("broker"),
                               "\"\n  key_file: \"", files_.key("broker"), "\"\n  ca_file: \"",
                               files_.ca("ours"), "\"\n  verify: true\n}\n"));
  }

  struct Shown {
    std::string name;
    std::string trusted;
  };
  BusOptions Options(const std::string& service, const Shown& shown) const {
    BusOptions options = broker_.Options(service);
    options.url = absl::StrReplaceAll(options.url, {{"127.0.0.1", "localhost"}});
    options.tls = {.ca = files_.ca(shown.trusted),
                   .certificate = files_.certificate(shown.name),
                   .key = files_.key(shown.name)};
    return options;
  }

  Certificates files_;
  Broker broker_{/*running=*/false};
};

TEST_F(BusTlsTest, EventsFlowBetweenThoseWithACertificateOfTheAuthority) {
  Publisher registry;
  Listener kpi;
  registry.Start(Options("registry", {.name = "service", .trusted = "ours"}));
  kpi.Start(Options("kpi", {.name = "service", .trusted = "ours"}));
  registry.Change("units/a", 20);
  EXPECT_EQ(kpi.AwaitEffects(20), Labels("units/a", 1, 20));
}

TEST_F(BusTlsTest, NobodyComesInWithoutACertificateOfTheAuthority) {
  EXPECT_THAT(Connection::Open(broker_.Options("kpi"), "test"),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Connection::Open(Options("kpi", {.name = "stranger", .trusted = "ours"}), "test"),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(BusTlsTest, ABrokerOfAnotherAuthorityIsNotTrusted) {
  EXPECT_THAT(Connection::Open(Options("kpi", {.name = "service", .trusted = "theirs"}), "test"),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(BusTlsTest, ABrokerUnderAnotherNameIsNotTrusted) {
  BusOptions options = Options("kpi", {.name = "service", .trusted = "ours"});
  // Another name of the same machine, which the broker's certificate does not have.
  options.url = absl::StrReplaceAll(options.url, {{"localhost", "127.1"}});
  EXPECT_THAT(Connection::Open(options, "test"), StatusIs(absl::StatusCode::kUnavailable));
  // It is there by that name, for whoever does not look at certificates.
  options.tls = {};
  const absl::Status plain = Connection::Open(options, "test").status();
  EXPECT_THAT(plain.message(), ::testing::Not(::testing::HasSubstr("No server available")));
}

TEST_F(BusTlsTest, AFileThatIsNotThereIsAnError) {
  BusOptions options = Options("kpi", {.name = "service", .trusted = "ours"});
  options.tls.key = files_.key("nobody");
  EXPECT_THAT(Connection::Open(options, "test"), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace dondoc::bus
