#include "libs/process/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/process/probe.h"
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

TEST_F(ProcessWithTls, ProbeAsksTheServerOfTheSameSettings) {
  const auto server =
      rpc::Server::Start({.listen = "127.0.0.1:0", .tls = tls_, .service = "nothing"}, {}).value();
  const std::string listen = absl::StrCat("0.0.0.0:", server->port());
  EXPECT_THAT(Probe(listen, tls_), IsOk());
  EXPECT_THAT(Probe(listen, {}), StatusIs(absl::StatusCode::kUnavailable));

  std::vector<std::string> words = Words();
  words.insert(words.begin(), "--probe");
  words.push_back("--listen=" + listen);
  const Outcome outcome = RunWith(words);
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_FALSE(outcome.served);
}

TEST(Probe, FailsWhereNobodyListens) {
  const std::string listen = absl::StrCat("127.0.0.1:", testing::FreePort());
  EXPECT_THAT(Probe(listen, {}), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace dondoc::process
