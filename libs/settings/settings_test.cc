#include "libs/settings/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/status_matchers.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::settings {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::StatusIs;
using dondoc::testing::TempDir;
using ::testing::HasSubstr;
using ::testing::Not;

// One setting of each kind, as a service has them.
struct Sample {
  std::string listen = "127.0.0.1:7001";
  int max_streams = 100;
  int64_t bytes_max = 1'048'576;
  absl::Duration drain = absl::Seconds(20);
  bool reflection = false;
  std::string database = "registry.db";
  std::string log_format = "text";
  std::string redis_password;
};

void Fill(Table& table, Sample& sample) {
  table.Text("listen", sample.listen, "address:port of the gRPC API",
             {.may_be_empty = false, .bytes_max = 64});
  table.Int("max_streams", sample.max_streams, {.min = 1, .max = 1000, .unit = "streams"},
            "streams that one connection may have open");
  table.Int("bytes_max", sample.bytes_max, {.min = 1}, "the largest request");
  table.Duration("drain", sample.drain, {.min = absl::Seconds(1), .max = absl::Minutes(5)},
                 "how long calls may finish after SIGTERM");
  table.Bool("reflection", sample.reflection, "answer gRPC reflection");
  table.Path("database", sample.database, {}, "the SQLite file");
  table.Choice("log_format", sample.log_format, {"text", "json"}, "how a log line looks");
  table.Secret("redis_password", sample.redis_password, "password for Redis");
}

// Variables of the environment for the length of one test.
class Environment {
 public:
  Environment(std::initializer_list<std::pair<std::string, std::string>> variables)
      : variables_(variables) {
    for (const auto& [name, value] : variables_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& [name, value] : variables_) unsetenv(name.c_str());
  }

 private:
  std::vector<std::pair<std::string, std::string>> variables_;
};

struct Result {
  absl::StatusOr<Next> next = Next::kRun;
  Sample sample = {};
  std::string output = {};
};

Result Read(std::initializer_list<const char*> arguments) {
  Result result;
  Table table("sample", "shows every kind of setting");
  Fill(table, result.sample);
  std::vector<const char*> argv = {"sample"};
  argv.insert(argv.end(), arguments);
  std::ostringstream out;
  result.next = table.Read(static_cast<int>(argv.size()), argv.data(), out);
  result.output = out.str();
  return result;
}

TEST(Settings, HaveTheirDefaultsOnTheFields) {
  const Result result = Read({});
  ASSERT_THAT(result.next, IsOk());
  EXPECT_EQ(*result.next, Next::kRun);
  EXPECT_EQ(result.sample.listen, "127.0.0.1:7001");
  EXPECT_EQ(result.sample.drain, absl::Seconds(20));
  EXPECT_EQ(result.output, "");
}

TEST(Settings, ReadEachKindFromTheCommandLine) {
  const Result result =
      Read({"--listen=[::]:1", "--max-streams=7", "--bytes_max=9000000000", "--drain=1m30s",
            "--reflection=true", "--database=/a=b c.db", "--log_format=json"});
  ASSERT_THAT(result.next, IsOk());
  EXPECT_EQ(result.sample.listen, "[::]:1");
  EXPECT_EQ(result.sample.max_streams, 7);
  EXPECT_EQ(result.sample.bytes_max, 9'000'000'000);
  EXPECT_EQ(result.sample.drain, absl::Seconds(90));
  EXPECT_TRUE(result.sample.reflection);
  EXPECT_EQ(result.sample.database, "/a=b c.db");
  EXPECT_EQ(result.sample.log_format, "json");
}

TEST(Settings, TakeTheStrongestSource) {
  const TempDir folder;
  const std::string path = folder.File("sample.conf");
  std::ofstream(path) << "# comment\n\n drain = 3s \r\nmax_streams=30\nredis_password = a # b\n";
  const Environment environment{{"DONDOC_DRAIN", "2s"},
                                {"DONDOC_MAX_STREAMS", "20"},
                                {"DONDOC_LOG_FORMAT", "json"},
                                {"DONDOC_CONFIG", path}};
  const Result result = Read({"--max_streams=40"});
  ASSERT_THAT(result.next, IsOk());
  EXPECT_EQ(result.sample.log_format, "json");       // environment over default
  EXPECT_EQ(result.sample.drain, absl::Seconds(3));  // file over environment
  EXPECT_EQ(result.sample.max_streams, 40);          // command line over file
  EXPECT_EQ(result.sample.redis_password, "a # b");  // "#" begins a comment only in front
}

TEST(Settings, RefuseNonsenseInOneSentence) {
  struct Case {
    const char* argument;
    std::string sentence;
  };
  const std::vector<Case> cases = {
      {"--max_streams=0",
       "setting \"max_streams\" is \"0\" (command line); allowed is a whole number from 1 to 1000 "
       "streams"},
      {"--max_streams=1001", "a whole number from 1 to 1000 streams"},
      {"--max_streams=9999999999999999999999", "a whole number from 1 to 1000 streams"},
      {"--max_streams=1e2", "a whole number from 1 to 1000 streams"},
      {"--max_streams=", "a whole number from 1 to 1000 streams"},
      {"--bytes_max=-1", "a whole number from 1 to 9223372036854775807"},
      {"--drain=20", "allowed is a time from 1s to 5m"},
      {"--drain=inf", "allowed is a time from 1s to 5m"},
      {"--drain=-1s", "allowed is a time from 1s to 5m"},
      {"--drain=6m", "allowed is a time from 1s to 5m"},
      {"--reflection=yes", "allowed is true or false"},
      {"--reflection",
       "setting \"reflection\" has no value (command line); write --reflection=value"},
      {"--log_format=xml", "allowed is text or json"},
      {"--listen=", "allowed is a line of 1 to 64 bytes"},
      {"--listen=a\nb", "setting \"listen\" is \"a\\nb\" (command line)"},
      {"--listen=\xff", "allowed is a line of 1 to 64 bytes"},
      {"--database=", "allowed is a path"},
      {"--max_steams=1",
       "there is no setting \"max_steams\" (command line); --help lists them all"},
      {"--config=/nowhere/x", "cannot read the config file \"/nowhere/x\""},
      {"--", "is no setting; write --name=value"},
      {"-v", "\"-v\" on the command line is no setting; write --name=value"},
      {"serve", "is no setting; write --name=value"},
  };
  for (const Case& c : cases) {
    const Result result = Read({c.argument});
    EXPECT_THAT(result.next, StatusIs(absl::StatusCode::kInvalidArgument)) << c.argument;
    EXPECT_THAT(std::string(result.next.status().message()), HasSubstr(c.sentence));
  }
}

TEST(Settings, RefuseANameThatIsGivenTwice) {
  EXPECT_THAT(Read({"--drain=2s", "--drain=3s"}).next,
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Settings, SayWhichLineOfTheFileIsWrong) {
  struct Case {
    std::string content;
    std::string sentence;
  };
  const std::vector<Case> cases = {
      {"# ok\nmax_streams = 0\n", "setting \"max_streams\" is \"0\" (file "},
      {"# ok\nmax_streams = 0\n", "sample.conf:2)"},
      {"drain = 2s\nspeed = 3\n", "there is no setting \"speed\" (file "},
      {"drain 2s\n", "sample.conf:1; write name = value"},
      {"drain = 2s\ndrain = 2s\n", "setting \"drain\" stands twice in the file"},
  };
  for (const Case& c : cases) {
    const TempDir folder;
    const std::string path = folder.File("sample.conf");
    std::ofstream(path) << c.content;
    const Result result = Read({("--config=" + path).c_str()});
    EXPECT_THAT(result.next, StatusIs(absl::StatusCode::kInvalidArgument)) << c.content;
    EXPECT_THAT(std::string(result.next.status().message()), HasSubstr(c.sentence));
  }
}

TEST(Settings, SayWhichVariableIsWrong) {
  const Environment environment{{"DONDOC_DRAIN", "soon"}};
  EXPECT_EQ(
      Read({}).next.status().message(),
      "setting \"drain\" is \"soon\" (environment DONDOC_DRAIN); allowed is a time from 1s to "
      "5m");
}

TEST(Settings, ReportUnknownVariablesButDoNotRefuseThem) {
  const Environment environment{{"DONDOC_DRIAN", "2s"}, {"DONDOC_DRAIN", "2s"}};
  Sample sample;
  Table table("sample", "shows every kind of setting");
  Fill(table, sample);
  EXPECT_THAT(table.UnknownInEnvironment(), ::testing::Contains("DONDOC_DRIAN"));
  EXPECT_THAT(table.UnknownInEnvironment(), Not(::testing::Contains("DONDOC_DRAIN")));
  EXPECT_THAT(Read({}).next, IsOk());
}

TEST(APath, MayHaveToExist) {
  const TempDir folder;
  std::string field;
  Table table("sample", "");
  table.Path("plans", field, {.may_be_empty = true, .must_exist = true}, "the plans");
  std::ostringstream out;
  const std::string good = "--plans=" + folder.path();
  const std::vector<const char*> there = {"sample", good.c_str()};
  ASSERT_THAT(table.Read(2, there.data(), out), IsOk());
  EXPECT_EQ(field, folder.path());
  const std::vector<const char*> missing = {"sample", "--plans=/nowhere/plans"};
  EXPECT_THAT(table.Read(2, missing.data(), out), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ASecret, ComesFromTheEnvironmentOrAFileAndIsNeverShown) {
  const TempDir folder;
  std::ofstream(folder.File("password")) << "hunter2\n";
  const Environment environment{{"DONDOC_REDIS_PASSWORD", "file:" + folder.File("password")}};
  EXPECT_EQ(Read({}).sample.redis_password, "hunter2");
  const Result printed = Read({"--print-settings"});
  EXPECT_THAT(printed.output, HasSubstr("********"));
  EXPECT_THAT(printed.output, Not(HasSubstr("hunter2")));
}

TEST(ASecret, ComesFromTheFileThatASettingOfItsOwnNames) {
  const TempDir folder;
  std::ofstream(folder.File("password")) << "hunter2\n";
  {
    const Environment environment{{"DONDOC_REDIS_PASSWORD_FILE", folder.File("password")}};
    EXPECT_EQ(Read({}).sample.redis_password, "hunter2");
  }
  const std::string argument = "--redis_password_file=" + folder.File("password");
  EXPECT_EQ(Read({argument.c_str()}).sample.redis_password, "hunter2");
  EXPECT_THAT(Read({"--redis_password_file=/nowhere"}).next,
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ASecret, IsRefusedOnTheCommandLineAndNotRepeated) {
  const Result result = Read({"--redis_password=hunter2"});
  EXPECT_THAT(result.next, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(result.next.status().message()), Not(HasSubstr("hunter2")));
  EXPECT_THAT(std::string(result.next.status().message()), HasSubstr("DONDOC_REDIS_PASSWORD"));

  const Environment environment{{"DONDOC_REDIS_PASSWORD", "hunter2\n"}};
  const Result wrong = Read({});
  EXPECT_THAT(wrong.next, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(wrong.next.status().message()), Not(HasSubstr("hunter2")));
}

TEST(Help, ListsEverySettingWithDefaultAndMeaning) {
  const Result result = Read({"--help", "--nonsense"});
  ASSERT_THAT(result.next, IsOk());
  EXPECT_EQ(*result.next, Next::kExit);
  EXPECT_THAT(result.output, HasSubstr("sample: shows every kind of setting"));
  EXPECT_THAT(result.output,
              HasSubstr("max_streams          100             a whole number from 1 to "
                        "1000 streams"));
  EXPECT_THAT(result.output, HasSubstr("how long calls may finish after SIGTERM"));
}

TEST(PrintSettings, ShowsEffectiveValuesAndWhereTheyComeFrom) {
  const Environment environment{{"DONDOC_DRAIN", "2s"}};
  const Result result = Read({"--max_streams=40", "--print-settings"});
  ASSERT_THAT(result.next, IsOk());
  EXPECT_EQ(*result.next, Next::kExit);
  EXPECT_THAT(result.output, HasSubstr("listen               127.0.0.1:7001  default\n"));
  EXPECT_THAT(result.output, HasSubstr("max_streams          40              command line\n"));
  EXPECT_THAT(result.output,
              HasSubstr("drain                2s              environment DONDOC_DRAIN\n"));
  EXPECT_THAT(result.output, HasSubstr("redis_password       -               default\n"));
}

TEST(PrintSettings, StillRefusesWhatIsWrong) {
  EXPECT_THAT(Read({"--print-settings", "--drain=0s"}).next,
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TableDeathTest, RefusesTwoSettingsOfOneName) {
  Table table("sample", "");
  bool field = false;
  table.Bool("twice", field, "");
  EXPECT_DEATH(table.Bool("twice", field, ""), "");
  EXPECT_DEATH(table.Bool("Upper", field, ""), "");
  EXPECT_DEATH(table.Bool("help", field, ""), "");
}

}  // namespace
}  // namespace dondoc::settings
