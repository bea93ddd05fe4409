#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
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

  // Runs it with `word` on its command line, in the place of a word for the same setting if there
  // is one, to an end that must come by itself.
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

  // A refusal to start: no zero, and a last line that names what is wrong. Before it may stand what
  // the service and its libraries have logged.
  static void ExpectRefusal(const Ended& ended, const std::string& said) {
    EXPECT_EQ(ended.code, 1) << ended.output;
    const std::vector<std::string> lines =
        absl::StrSplit(ended.output, '\n', absl::SkipWhitespace());
    ASSERT_FALSE(lines.empty());
    EXPECT_THAT(lines.back(), HasSubstr(said));
  }

  // One line, and nothing else at all.
  static void ExpectOneSentence(const Ended& ended, const std::string& said) {
    ExpectRefusal(ended, said);
    EXPECT_EQ(std::count(ended.output.begin(), ended.output.end(), '\n'), 1) << ended.output;
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
  EXPECT_TRUE(
      Eventually([&] { return absl::StrContains(ContentsOf(places_.File("log")), " ready "); }));
}

TEST_P(AService, RefusesASecondCopyOnItsDatabase) {
  const auto service = Start();
  ASSERT_THAT(service, IsOk());
  ExpectOneSentence(RunToItsEnd(absl::StrCat("--listen=127.0.0.1:", FreePort())), "(");
  EXPECT_TRUE((*service)->Running());
  // Nor does it take the port of another.
  ExpectRefusal(RunToItsEnd("--database=sqlite:" + places_.File("another.db")),
                absl::StrCat(places_.ports.at(GetParam())));
}

TEST_P(AService, RefusesNonsenseWithOneSentence) {
  ExpectOneSentence(RunToItsEnd("--lsten=127.0.0.1:1"), "lsten");
  ExpectOneSentence(RunToItsEnd("--log_level=loud"), "loud");
  ExpectOneSentence(RunToItsEnd("--reflection=perhaps"), "perhaps");
  ExpectOneSentence(RunToItsEnd("--clock=yesterday"), "yesterday");
  ExpectOneSentence(RunToItsEnd("--database=mysql:x"), "mysql:x");
  ExpectOneSentence(RunToItsEnd("--database=sqlite:/khong/co/a.db"), "/khong/co/a.db");
  ExpectRefusal(RunToItsEnd("--listen=nowhere"), "nowhere");
  ExpectOneSentence(RunToItsEnd("--config=/khong/co/tep.conf"), "/khong/co/tep.conf");
  ExpectOneSentence(RunToItsEnd("go"), "go");
}

TEST_P(AService, RefusesAFileThatIsNoDatabase) {
  const std::string path = places_.File("thu.db");
  std::ofstream(path) << "Kính gửi: các phòng, đơn vị";
  ExpectRefusal(RunToItsEnd("--database=sqlite:" + path), "thu.db");
  EXPECT_EQ(ContentsOf(path), "Kính gửi: các phòng, đơn vị") << "it is as it was";
}

TEST_P(AService, TellsItsSettings) {
  const Ended help = RunToItsEnd("--help");
  EXPECT_EQ(help.code, 0);
  for (const char* setting :
       {"listen", "metrics_listen", "admin_listen", "database", "nats_url", "clock",
        "self_probe_seconds", "log_level", "log_format", "reflection"}) {
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
  EXPECT_THAT(city.Call(&Kpi::DefineIndicator, DefineIndicator("tap-huan")), IsOk());

  // What happened meanwhile arrives once the broker is there.
  city.Start("nats");
  city.Start("redis");
  EXPECT_TRUE(Eventually([&] { return ValueOf(city, "cchc-2023-tasks-on-time") == "1/1"; }));
}

// Whoever listens is told to come back, and holds up nobody.
template <typename Stub, typename Request, typename Response>
void ExpectDrained(City& city, const std::string& service,
                   std::unique_ptr<grpc::ClientReader<Response>> (Stub::*watch)(
                       grpc::ClientContext*, const Request&)) {
  grpc::ClientContext context;
  const auto stream = (city.stub<Stub>().*watch)(&context, Request());
  stream->WaitForInitialMetadata();
  std::thread listener([&] {
    Response response;
    while (stream->Read(&response)) {
    }
  });
  const absl::Time start = absl::Now();
  city.Kill(service, SIGTERM);
  EXPECT_LT(absl::Now() - start, absl::Seconds(5)) << service;
  listener.join();
  EXPECT_THAT(rpc::FromGrpc(stream->Finish()), Refuses("STOPPING")) << service;
}

TEST(ACity, EndsItsStreamsInOrder) {
  City city;
  ExpectDrained(city, "registry", &Registry::WatchChanges);
  ExpectDrained(city, "kpi", &Kpi::WatchChanges);
  ExpectDrained(city, "inspection", &Inspections::WatchChanges);
  ExpectDrained(city, "notification", &Notification::WatchChanges);
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
