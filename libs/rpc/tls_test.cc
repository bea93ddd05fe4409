#include "libs/rpc/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/server.h"
#include "libs/testing/certificates.h"
#include "libs/testing/child_process.h"

// A real server with real certificates; its clock is asked for the time.
namespace dondoc::rpc {
namespace {

namespace pb = common::v1;
using ::dondoc::testing::Certificates;
using ::dondoc::testing::ChildProcess;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::testing::HasSubstr;

class Tls : public ::testing::Test {
 protected:
  // Made once: openssl needs longer for them than all tests together.
  static void SetUpTestSuite() {
    files_ = new Certificates;
    ASSERT_THAT(files_->MakeCa("ours"), IsOk());
    ASSERT_THAT(files_->MakeCa("theirs"), IsOk());
    ASSERT_THAT(files_->Make({.name = "server", .ca = "ours"}), IsOk());
    ASSERT_THAT(files_->Make({.name = "caller", .ca = "ours"}), IsOk());
    ASSERT_THAT(files_->Make({.name = "stranger", .ca = "theirs"}), IsOk());
    ASSERT_THAT(files_->Make({.name = "expired", .ca = "ours", .days = -1}), IsOk());
  }
  static void TearDownTestSuite() { delete files_; }

  // The files of `name`, who takes certificates that `ca` has signed.
  static TlsFiles FilesOf(const std::string& name, const std::string& ca) {
    return {
        .certificate = files_->certificate(name), .key = files_->key(name), .ca = files_->ca(ca)};
  }

  static std::unique_ptr<Server> StartServer() {
    static const SystemClock clock;
    return Server::Start({.listen = "127.0.0.1:0",
                          .tls = FilesOf("server", "ours"),
                          .service = "tls",
                          .clock = &clock},
                         {})
        .value();
  }

  static grpc::StatusCode Call(const Server& server,
                               const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    const auto stub = pb::ClockService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", server.port()), credentials));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    pb::GetClockResponse response;
    return stub->GetClock(&context, {}, &response).error_code();
  }
  static grpc::StatusCode CallAs(const Server& server, const std::string& name,
                                 const std::string& ca) {
    return Call(server, ChannelCredentialsOf(ReadTls(FilesOf(name, ca)).value()));
  }

  static Certificates* files_;
};
Certificates* Tls::files_ = nullptr;

TEST_F(Tls, TakesACallerWithACertificateOfTheCa) {
  const auto server = StartServer();
  EXPECT_EQ(CallAs(*server, "caller", "ours"), grpc::StatusCode::OK);
}

TEST_F(Tls, RefusesEveryOtherCaller) {
  const auto server = StartServer();
  const auto refused = grpc::StatusCode::UNAVAILABLE;
  EXPECT_EQ(CallAs(*server, "stranger", "ours"), refused);
  EXPECT_EQ(CallAs(*server, "expired", "ours"), refused);
  const std::string ca = ReadTls(FilesOf("caller", "ours"))->ca;
  const auto without = grpc::SslCredentials({ca, "", ""});
  EXPECT_EQ(Call(*server, without), refused);
  EXPECT_EQ(Call(*server, grpc::InsecureChannelCredentials()), refused);
  EXPECT_EQ(CallAs(*server, "caller", "ours"), grpc::StatusCode::OK);
}

TEST_F(Tls, CallerRefusesAServerOfAnotherCa) {
  const auto server = StartServer();
  EXPECT_EQ(CallAs(*server, "caller", "theirs"), grpc::StatusCode::UNAVAILABLE);
}

// The oldest protocol that the library would speak is shown to be refused, the next one not.
TEST_F(Tls, IsNotOlderThanVersionOneDotTwo) {
  const auto server = StartServer();
  const auto shake_hands = [&](const std::string& version) {
    const auto client = ChildProcess::Start(
        {.command = {"openssl", "s_client", "-connect", absl::StrCat("127.0.0.1:", server->port()),
                     version, "-cipher", "DEFAULT@SECLEVEL=0", "-alpn", "h2", "-cert",
                     files_->certificate("caller"), "-key", files_->key("caller"), "-CAfile",
                     files_->ca("ours")},
         .log_path = files_->folder().File("s_client.log")});
    return (*client)->Wait(absl::Seconds(20)).value();
  };
  EXPECT_EQ(shake_hands("-tls1_2"), 0);
  EXPECT_NE(shake_hands("-tls1_1"), 0);
}

TEST_F(Tls, FilesThatCannotBeUsedAreNamed) {
  const std::string garbage = files_->folder().File("garbage");
  std::ofstream(garbage) << "no certificate\n";
  struct Case {
    TlsFiles files;
    std::string why;
  };
  const TlsFiles good = FilesOf("server", "ours");
  const std::vector<Case> cases = {
      {{.certificate = good.certificate, .key = good.key}, "there is no CA"},
      {{.key = good.key, .ca = good.ca}, "there is no certificate"},
      {{.certificate = good.certificate, .ca = good.ca}, "there is no key"},
      {{.certificate = "/nowhere", .key = good.key, .ca = good.ca}, "cannot read"},
      {{.certificate = garbage, .key = good.key, .ca = good.ca}, "holds no certificate"},
      {{.certificate = good.certificate, .key = garbage, .ca = good.ca}, "holds no key"},
      {{.certificate = good.certificate, .key = good.key, .ca = garbage}, "holds no certificate"},
      {{.certificate = good.certificate, .key = files_->key("caller"), .ca = good.ca},
       "does not belong"},
  };
  for (const Case& one : cases) {
    const absl::Status status = ReadTls(one.files).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(std::string(status.message()), HasSubstr(one.why));
  }
}

}  // namespace
}  // namespace dondoc::rpc
