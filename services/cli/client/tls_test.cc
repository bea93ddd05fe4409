#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/server.h"
#include "libs/testing/certificates.h"
#include "services/cli/client/client.h"
#include "services/cli/client/settings.h"

// The client and a server with mutual TLS: who gets in, and what the others are told.
namespace dondoc::cli {
namespace {

namespace pb = common::v1;
using ::dondoc::testing::Certificates;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::HasSubstr;

class ClientWithTls : public ::testing::Test {
 protected:
  ClientWithTls() {
    EXPECT_THAT(files_.MakeCa("ours"), IsOk());
    EXPECT_THAT(files_.MakeCa("theirs"), IsOk());
    EXPECT_THAT(files_.Make({.name = "server", .ca = "ours"}), IsOk());
    EXPECT_THAT(files_.Make({.name = "caller", .ca = "ours"}), IsOk());
    EXPECT_THAT(files_.Make({.name = "stranger", .ca = "theirs"}), IsOk());
    server_ = rpc::Server::Start({.listen = "127.0.0.1:0",
                                  .tls = {.certificate = files_.certificate("server"),
                                          .key = files_.key("server"),
                                          .ca = files_.ca("ours")},
                                  .service = "registry",
                                  .clock = &clock_},
                                 {})
                  .value();
  }

  // The settings that name the files of `name`, as the environment gives them.
  absl::StatusOr<Settings> SettingsOf(const std::string& name, const std::string& ca) {
    Settings settings;
    const absl::Status status = CompleteSettings(
        {},
        [&](absl::string_view variable) -> std::string {
          if (variable == "DONDOC_TLS_CA") return files_.ca(ca);
          if (variable == "DONDOC_TLS_CERTIFICATE") return files_.certificate(name);
          if (variable == "DONDOC_TLS_KEY") return files_.key(name);
          return "";
        },
        settings);
    if (!status.ok()) return status;
    return settings;
  }

  absl::Status AskTheTime(const std::optional<rpc::TlsPem>& tls) {
    const Caller caller({.service = "registry",
                         .address = absl::StrCat("127.0.0.1:", server_->port()),
                         .actor = "test",
                         .request_id = "",
                         .tries_max = 1,
                         .tls = tls});
    using Clock = pb::ClockService;
    return Client<Clock>(caller).Call(&Clock::Stub::GetClock, pb::GetClockRequest()).status();
  }

  Certificates files_;
  const SystemClock clock_;
  std::unique_ptr<rpc::Server> server_;
};

TEST_F(ClientWithTls, IsLetInWithItsCertificate) {
  const auto settings = SettingsOf("caller", "ours");
  ASSERT_THAT(settings, IsOk());
  EXPECT_THAT(AskTheTime(settings->tls), IsOk());
}

TEST_F(ClientWithTls, IsToldThatTheHandshakeFailedOnAServerOfAnotherCa) {
  const absl::Status status = AskTheTime(SettingsOf("caller", "theirs")->tls);
  EXPECT_THAT(status, Refuses("SERVICE_UNREACHABLE"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("TLS"));
}

TEST_F(ClientWithTls, IsToldWhatToLookAtWhenItsCertificateIsRefused) {
  const absl::Status status = AskTheTime(SettingsOf("stranger", "ours")->tls);
  EXPECT_THAT(status, Refuses("SERVICE_UNREACHABLE"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("chứng thư"));
}

TEST_F(ClientWithTls, IsToldAboutTlsWhenItHasNone) {
  const absl::Status status = AskTheTime(std::nullopt);
  EXPECT_THAT(status, Refuses("SERVICE_UNREACHABLE"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--tls-ca"));
}

TEST_F(ClientWithTls, NeedsAllThreeFiles) {
  Settings settings;
  settings.tls_ca = files_.ca("ours");
  const absl::Status status = CompleteSettings(
      {"tls-ca"}, [](absl::string_view) { return std::string(); }, settings);
  EXPECT_THAT(status, Refuses("TLS_FILES_INVALID"));
}

}  // namespace
}  // namespace dondoc::cli
