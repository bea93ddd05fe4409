#include "libs/testing/servers.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>

#include "libs/base/status_matchers.h"
#include "libs/testing/child_process.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::testing {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ATempDir, IsGoneWithWhatIsInIt) {
  std::string path;
  {
    const TempDir folder;
    path = folder.path();
    std::ofstream(folder.File("x")) << "x";
    EXPECT_TRUE(std::filesystem::exists(path + "/x"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(FreePort, GivesNoPortTwiceAndNoneThatAnswers) {
  std::set<int> ports;
  for (int i = 0; i < 100; ++i) {
    const int port = FreePort();
    EXPECT_TRUE(ports.insert(port).second) << port;
    EXPECT_LT(port, 32'768);
    EXPECT_FALSE(Answers(port)) << port;
  }
}

TEST(AChildProcess, GetsItsEnvironmentAndLeavesItsOutputAndExitCode) {
  const TempDir folder;
  auto child = ChildProcess::Start({.command = {"sh", "-c", "echo $GREETING; exit 7"},
                                    .environment = {"GREETING=chào"},
                                    .log_path = folder.File("log")});
  ASSERT_THAT(child, IsOk());
  EXPECT_EQ((*child)->Wait(absl::Seconds(20)).value(), 7);
  EXPECT_FALSE((*child)->Running());
  EXPECT_EQ(ReadFile(folder.File("log")), "chào\n");
}

TEST(AChildProcess, SaysWhichSignalEndedIt) {
  auto child = ChildProcess::Start({.command = {"sleep", "60"}});
  ASSERT_THAT(child, IsOk());
  EXPECT_TRUE((*child)->Running());
  EXPECT_THAT((*child)->Wait(absl::Milliseconds(1)), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ((*child)->Kill(SIGTERM).value(), 128 + SIGTERM);
  EXPECT_EQ((*child)->Kill(SIGKILL).value(), 128 + SIGTERM) << "what has ended stays ended";
}

TEST(AChildProcess, ThatEndsBeforeItIsUpIsAnErrorWithItsLog) {
  const TempDir folder;
  const auto child = ChildProcess::Start({.command = {"sh", "-c", "echo no licence; exit 3"},
                                          .port = FreePort(),
                                          .log_path = folder.File("log")});
  EXPECT_THAT(child, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(child.status().message(), "sh ended with 3: no licence\n");
}

TEST(AChildProcess, ThatDoesNotComeUpIsAnError) {
  const auto child = ChildProcess::Start(
      {.command = {"sleep", "60"}, .port = FreePort(), .ready_within = absl::Milliseconds(50)});
  EXPECT_THAT(child, StatusIs(absl::StatusCode::kUnavailable));
}

TEST(AChildProcess, ThatDoesNotExistIsAnError) {
  EXPECT_THAT(ChildProcess::Start({.command = {"no-such-program"}}),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(AChildProcess, DiesWithItsOwner) {
  pid_t pid = -1;
  {
    auto child = ChildProcess::Start({.command = {"sleep", "60"}});
    ASSERT_THAT(child, IsOk());
    pid = (*child)->pid();
    ASSERT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

// The same promises for both servers.
struct ServerCase {
  std::string name;
  absl::StatusOr<std::unique_ptr<ChildProcess>> (*start)(const TempDir&, const ServerOptions&);
};
std::ostream& operator<<(std::ostream& out, const ServerCase& c) { return out << c.name; }

class AServer : public ::testing::TestWithParam<ServerCase> {};

TEST_P(AServer, ComesBackOnItsPortAfterAKill) {
  const TempDir folder;
  auto server = GetParam().start(folder, {});
  ASSERT_THAT(server, IsOk());
  const int port = (*server)->port();
  EXPECT_TRUE(Answers(port));

  EXPECT_EQ((*server)->Kill(SIGKILL).value(), 128 + SIGKILL);
  EXPECT_FALSE(Answers(port));

  ASSERT_THAT((*server)->Restart(), IsOk());
  EXPECT_EQ((*server)->port(), port);
  EXPECT_TRUE(Answers(port));
  EXPECT_THAT((*server)->Kill(SIGTERM), IsOk());
  EXPECT_FALSE(Answers(port));
}

INSTANTIATE_TEST_SUITE_P(Servers, AServer,
                         ::testing::Values(ServerCase{"redis", StartRedis},
                                           ServerCase{"nats", StartNats}),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace dondoc::testing
