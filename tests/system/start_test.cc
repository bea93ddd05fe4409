#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"

namespace dondoc::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Each promises one second; a busy build machine may take three.
constexpr absl::Duration kReadyWithin = absl::Seconds(3);

// One service by itself, in a folder of its own, where neither the broker nor Redis ever answers.
class AService : public ::testing::TestWithParam<std::string> {
 protected:
  struct Ended {
    int code = -1;
    std::string output;
  };

  absl::StatusOr<std::unique_ptr<ChildProcess>> Start() {
    return ChildProcess::Start({.command = CommandOf(GetParam(), places_),
                                .port = places_.ports.at(GetParam()),
                                .log_path = places_.File("log")});
  }

  // Runs it with `word` on its command line, in the place of a word for the same setting if there is
  // one, to an end that must come by itself.
  Ended RunToItsEnd(const std::string& word) {
    std::vector<std::string> command = CommandOf(GetParam(), places_);
    const std::string name = word.substr(0, word.find('=') + 1);
    const auto same = std::find_if(command.begin(), command.end(), [&](const std::string& other) {
      return !name.empty() && absl::StartsWith(other, name);
    });
    if (same != command.end()) command.erase(same);
    command.push_back(word);
    const std::string log = places_.File(absl::StrCat("log-", ++runs_));
    const auto process = ChildProcess::Start({.command = command, .log_path = log});
    EXPECT_THAT(process, IsOk());
    const absl::StatusOr<int> code = (*process)->Wait(absl::Seconds(10));
    EXPECT_THAT(code, IsOk());
    return {.code = code.value_or(-1), .output = ContentsOf(log)};
  }

  // A refusal to start: one line, no zero.
  static void ExpectOneSentence(const Ended& ended, const std::string& said) {
    EXPECT_NE(ended.code, 0);
    EXPECT_LT(ended.code, 128) << "it crashed";
    const std::vector<std::string> lines =
        absl::StrSplit(ended.output, '\n', absl::SkipWhitespace());
    EXPECT_EQ(lines.size(), 1u) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr(said));
  }

  const TempDir folder_;
  const Places places_ = PlacesIn(folder_.path());
  int runs_ = 0;
};

TEST_P(AService, IsReadyWithinASecondWithoutBrokerAndCache) {
  const absl::Time start = absl::Now();
  const auto service = Start();
  ASSERT_THAT(service, IsOk());
  EXPECT_LT(absl::Now() - start, kReadyWithin);
  RecordProperty("ready_ms", absl::StrCat(absl::ToInt64Milliseconds(absl::Now() - start)));
  EXPECT_THAT(ContentsOf(places_.File("log")), HasSubstr("ready"));
}

TEST_P(AService, RefusesASecondCopyOnItsDatabase) {
  const auto service = Start();
  ASSERT_THAT(service, IsOk());
  ExpectOneSentence(RunToItsEnd(absl::StrCat("--listen=127.0.0.1:", FreePort())), "(");
  EXPECT_TRUE((*service)->Running());
  // Nor does it take the port of another.
  ExpectOneSentence(RunToItsEnd("--database=sqlite:" + places_.File("another.db")),
                    absl::StrCat(places_.ports.at(GetParam())));
}

TEST_P(AService, RefusesNonsenseWithOneSentence) {
  ExpectOneSentence(RunToItsEnd("--lsten=127.0.0.1:1"), "lsten");
  ExpectOneSentence(RunToItsEnd("--log_level=loud"), "loud");
  ExpectOneSentence(RunToItsEnd("--reflection=perhaps"), "perhaps");
  ExpectOneSentence(RunToItsEnd("--clock=yesterday"), "yesterday");
  ExpectOneSentence(RunToItsEnd("--database=mysql:x"), "mysql:x");
  ExpectOneSentence(RunToItsEnd("--database=sqlite:/khong/co/a.db"), "/khong/co/a.db");
  ExpectOneSentence(RunToItsEnd("--listen=nowhere"), "nowhere");
  ExpectOneSentence(RunToItsEnd("--config=/khong/co/tep.conf"), "/khong/co/tep.conf");
  ExpectOneSentence(RunToItsEnd("go"), "go");
}

TEST_P(AService, TellsItsSettings) {
  const Ended help = RunToItsEnd("--help");
  EXPECT_EQ(help.code, 0);
  for (const char* setting : {"listen", "metrics_listen", "database", "nats_url", "clock",
                              "log_level", "log_format", "reflection"}) {
    EXPECT_THAT(help.output, HasSubstr(setting));
  }
}

TEST_P(AService, EndsInOrderWhenItIsTold) {
  const auto service = Start();
  ASSERT_THAT(service, IsOk());
  const auto code = (*service)->Kill(SIGTERM, absl::Seconds(10));
  ASSERT_THAT(code, IsOk());
  EXPECT_EQ(*code, 0) << ContentsOf(places_.File("log"));
  EXPECT_THAT(Start(), IsOk()) << "and it starts again";
}

INSTANTIATE_TEST_SUITE_P(Of, AService, ::testing::ValuesIn(ServiceNames()),
                         [](const auto& service) { return service.param; });

TEST(ACity, AnswersWithoutBrokerAndCache) {
  City city;
  city.Kill("nats");
  city.Kill("redis");
  for (const std::string& service : ServiceNames()) {
    city.Kill(service);
    city.Start(service);
  }
  city.AddUnits();
  city.ImportPlan();
  SettleResult(city, {.task = 1});
  EXPECT_EQ(AssignmentOf(city, {.task = 1}).progress(), registry_pb::PROGRESS_DONE);
  EXPECT_EQ(CoverageOf(city, 2023).concluded_count(), 0);
  EXPECT_THAT(AllNotices(city), IsEmpty());
  kpi_pb::DefineIndicatorRequest define;
  define.mutable_indicator()->set_name("indicators/tap-huan");
  define.mutable_indicator()->set_display_name("Số lượt tập huấn");
  define.mutable_indicator()->set_aggregation(kpi_pb::AGGREGATION_SUM);
  define.mutable_indicator()->set_factor(1);
  EXPECT_THAT(city.Call(&Kpi::DefineIndicator, define), IsOk());

  // What happened meanwhile arrives once the broker is there.
  city.Start("nats");
  city.Start("redis");
  EXPECT_TRUE(Eventually([&] { return ValueOf(city, "cchc-2023-tasks-on-time") == "1/1"; }));
}

// A service with an open stream ends all the same; whoever listened is told to come back.
TEST(ACity, DrainsItsStreams) {
  City city;
  city.AddUnits();
  grpc::ClientContext context;
  registry_pb::WatchChangesRequest request;
  const auto stream = city.stub<Registry>().WatchChanges(&context, request);
  registry_pb::WatchChangesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  const absl::Time start = absl::Now();
  city.Kill("registry", SIGTERM);
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  while (stream->Read(&response)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(ACity, LeavesNoProcessBehind) {
  std::vector<pid_t> pids;
  {
    City city;
    city.Kill("kpi");
    city.Start("kpi");
    city.TravelTo({.from = Moment(2023, 3, 1, 8)});
    pids = city.pids();
    EXPECT_EQ(pids.size(), ProgramNames().size() + 1 + ServiceNames().size());
  }
  for (const pid_t pid : pids) {
    EXPECT_EQ(kill(pid, 0), -1) << pid;
    EXPECT_EQ(errno, ESRCH) << pid;
  }
}

}  // namespace
}  // namespace dondoc::testing
