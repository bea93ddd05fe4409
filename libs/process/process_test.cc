#include "libs/process/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/metrics/metrics.h"
#include "libs/process/health.h"
#include "libs/process/probe.h"
#include "libs/rpc/testing/clock_server.h"
#include "libs/testing/certificates.h"
#include "libs/testing/child_process.h"

namespace dondoc::process {
namespace {

using ::dondoc::testing::Certificates;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::testing::HasSubstr;

struct Outcome {
  int exit = -1;
  std::string complaint;
  bool served = false;
};

// A whole run of a service that serves nothing, with these words on its command line.
Outcome RunWith(std::vector<std::string> words) {
  Settings settings = DefaultsOf("nothing", 7400);
  settings::Table table("dondoc-nothing", "serves nothing");
  AddTo(table, settings);
  words.insert(words.begin(), "dondoc-nothing");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  Outcome outcome;
  ::testing::internal::CaptureStderr();
  outcome.exit =
      Run(static_cast<int>(arguments.size()), arguments.data(), table, settings, [&](const Clock&) {
        outcome.served = true;
        return absl::OkStatus();
      });
  outcome.complaint = ::testing::internal::GetCapturedStderr();
  return outcome;
}

class ProcessWithTls : public ::testing::Test {
 protected:
  ProcessWithTls() {
    EXPECT_THAT(files_.MakeCa("ours"), IsOk());
    EXPECT_THAT(files_.Make({.name = "server", .ca = "ours"}), IsOk());
    tls_ = {.certificate = files_.certificate("server"),
            .key = files_.key("server"),
            .ca = files_.ca("ours")};
  }
  std::vector<std::string> Words() const {
    return {"--tls_certificate=" + tls_.certificate, "--tls_key=" + tls_.key,
            "--tls_client_ca=" + tls_.ca};
  }

  Certificates files_;
  rpc::TlsFiles tls_;
};

TEST_F(ProcessWithTls, RunsOnTheRealClock) { EXPECT_TRUE(RunWith(Words()).served); }

TEST_F(ProcessWithTls, RefusesASimulatedClock) {
  std::vector<std::string> words = Words();
  words.push_back("--clock=simulated:1700000000:1672531200:1000");
  const Outcome outcome = RunWith(words);
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_FALSE(outcome.served);
  EXPECT_THAT(outcome.complaint, HasSubstr("a simulated clock"));
}

TEST_F(ProcessWithTls, NeedsAllThreeFiles) {
  std::vector<std::string> words = Words();
  words.pop_back();
  const Outcome outcome = RunWith(words);
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_FALSE(outcome.served);
  EXPECT_THAT(outcome.complaint, HasSubstr("there is no CA"));
}

TEST_F(ProcessWithTls, NeedsAllThreeFilesForTheBroker) {
  std::vector<std::string> words = {"--nats_tls_certificate=" + tls_.certificate,
                                    "--nats_tls_key=" + tls_.key};
  const Outcome outcome = RunWith(words);
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.complaint, HasSubstr("there is no CA"));
  words.push_back("--nats_tls_ca=" + tls_.ca);
  EXPECT_TRUE(RunWith(words).served);
}

TEST_F(ProcessWithTls, ProbeAsksTheServerOfTheSameSettings) {
  const auto server = testing::StartClockServer("127.0.0.1:0", tls_);
  metrics::Registry metrics;
  const auto exposer = metrics::Exposer::Start("127.0.0.1:0", metrics).value();
  std::vector<std::string> words = Words();
  words.insert(words.begin(), "--probe");
  words.push_back(absl::StrCat("--listen=0.0.0.0:", server->port()));
  words.push_back(absl::StrCat("--metrics_listen=0.0.0.0:", exposer->port()));
  const Outcome early = RunWith(words);
  EXPECT_EQ(early.exit, 1);
  EXPECT_THAT(early.complaint, HasSubstr("still starting"));

  auto& troubles = metrics.AddGauges({.name = kTroubleMetric, .help = "…", .labels = {"what"}});
  for (const Trouble& trouble : Troubles()) troubles.With({trouble.what}).Set(0);
  const Outcome healthy = RunWith(words);
  EXPECT_EQ(healthy.exit, 0) << healthy.complaint;
  EXPECT_FALSE(healthy.served);

  troubles.With({"database"}).Set(1);
  troubles.With({"clock"}).Set(1);
  const Outcome unwell = RunWith(words);
  EXPECT_EQ(unwell.exit, 1);
  EXPECT_EQ(unwell.complaint,
            "dondoc-nothing: not healthy: the database takes no writes; the clock of this machine "
            "is not trusted\n");

  server->Drain(absl::ZeroDuration());
  const Outcome gone = RunWith(words);
  EXPECT_EQ(gone.exit, 1);
  EXPECT_THAT(gone.complaint, HasSubstr("does not answer"));
}

TEST(AskListener, FailsWhereNobodyListens) {
  const std::string listen = absl::StrCat("127.0.0.1:", testing::FreePort());
  EXPECT_THAT(AskListener(listen, false), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(AskListener(listen, true), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(AskListener, AsksTheAddressThatIsListenedOn) {
  const auto server = testing::StartClockServer("127.0.0.2:0");
  EXPECT_THAT(AskListener(absl::StrCat("127.0.0.2:", server->port()), false), IsOk());
  EXPECT_THAT(AskListener(absl::StrCat("127.0.0.1:", server->port()), false),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(AskListener, HearsOneThatListensOnAllAddressesHere) {
  for (const char* all : {"0.0.0.0:", "[::]:"}) {
    const auto server = testing::StartClockServer(absl::StrCat(all, 0));
    EXPECT_THAT(AskListener(absl::StrCat(all, server->port()), false), IsOk()) << all;
  }
  EXPECT_EQ(HereOf("10.0.0.5:7401"), "10.0.0.5:7401");
  EXPECT_EQ(HereOf("[fd00::5]:7401"), "[fd00::5]:7401");
  EXPECT_EQ(HereOf("9401"), "127.0.0.1:9401");
}

// What callers will not take is none of the probe's business: the process lives.
TEST_F(ProcessWithTls, AnyCertificateIsThatOfALiveListener) {
  ASSERT_THAT(files_.MakeCa("theirs"), IsOk());
  const Certificates::Request requests[] = {
      {.name = "elsewhere", .ca = "ours", .names = "DNS:kpi.example.vn,IP:10.0.0.5"},
      {.name = "server-alone", .ca = "ours", .usage = "serverAuth"},
      {.name = "of-theirs", .ca = "theirs"},
      {.name = "past", .ca = "ours", .days = -1},
  };
  for (const Certificates::Request& request : requests) {
    ASSERT_THAT(files_.Make(request), IsOk());
    const rpc::TlsFiles tls = {.certificate = files_.certificate(request.name),
                               .key = files_.key(request.name),
                               .ca = files_.ca("ours")};
    const auto server = testing::StartClockServer("127.0.0.1:0", tls);
    const std::string listen = absl::StrCat("127.0.0.1:", server->port());
    EXPECT_THAT(AskListener(listen, true), IsOk()) << request.name;
    server->Drain(absl::ZeroDuration());
    EXPECT_THAT(AskListener(listen, true), StatusIs(absl::StatusCode::kUnavailable));
  }
}

}  // namespace
}  // namespace dondoc::process
