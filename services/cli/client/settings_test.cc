#include "services/cli/client/settings.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::cli {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() {
    std::filesystem::create_directories(home_.File(".config/dondoc"));
    environment_["HOME"] = home_.path();
  }

  void WriteConfig(const std::string& text) {
    std::ofstream(home_.File(".config/dondoc/config")) << text;
  }

  absl::Status Complete(const std::vector<std::string>& given = {}) {
    return CompleteSettings(
        given,
        [this](absl::string_view name) {
          const auto found = environment_.find(name);
          return found == environment_.end() ? "" : found->second;
        },
        settings_);
  }

  const testing::TempDir home_;
  std::map<std::string, std::string, std::less<>> environment_;
  Settings settings_;
};

TEST_F(SettingsTest, DefaultsAreThePortsOfTheServicesAndTheUserOfTheMachine) {
  ASSERT_THAT(Complete(), IsOk());
  EXPECT_EQ(settings_.registry, "127.0.0.1:7401");
  EXPECT_EQ(settings_.notification, "127.0.0.1:7404");
  EXPECT_EQ(settings_.Timeout(), absl::Seconds(10));
  EXPECT_NE(settings_.actor, "");
}

TEST_F(SettingsTest, TheCommandLineWinsOverTheEnvironmentAndThatOverTheFile) {
  WriteConfig("# ghi chú\nregistry = 10.0.0.1:1\nkpi=10.0.0.1:2   # chú thích\nactor = file\n");
  environment_["DONDOC_KPI"] = "10.0.0.2:2";
  environment_["DONDOC_ACTOR"] = "environment";
  settings_.actor = "flag";
  ASSERT_THAT(Complete({"actor"}), IsOk());
  EXPECT_EQ(settings_.registry, "10.0.0.1:1");
  EXPECT_EQ(settings_.kpi, "10.0.0.2:2");
  EXPECT_EQ(settings_.actor, "flag");
}

TEST_F(SettingsTest, AFileThatWasAskedForHasToBeThere) {
  settings_.config = home_.File("none");
  EXPECT_THAT(Complete(), Refuses("FILE_UNREADABLE"));
}

TEST_F(SettingsTest, ALineOfTheFileThatIsNotUnderstoodIsNamed) {
  for (const char* line : {"registri = 127.0.0.1:7401", "registry", "= 1"}) {
    WriteConfig(std::string("\nkpi = 127.0.0.1:1\n") + line + "\n");
    const absl::Status status = Complete();
    EXPECT_THAT(status, Refuses("CONFIG_LINE_INVALID")) << line;
    EXPECT_EQ(DetailsOf(status)["row"], "3") << line;
  }
}

TEST_F(SettingsTest, AnActorHasANameOfCleanTextInAnyScript) {
  settings_.actor = "  Nguyễn Văn An ";
  ASSERT_THAT(Complete({"actor"}), IsOk());
  EXPECT_EQ(settings_.actor, "Nguyễn Văn An");
  settings_.actor = "a\x1b[2J";
  EXPECT_THAT(Complete({"actor"}), Refuses("CONTROL_CHARACTER"));
  settings_.actor = std::string(81, 'a');
  EXPECT_THAT(Complete({"actor"}), Refuses("TEXT_TOO_LONG"));
}

struct BadSetting {
  std::string Settings::*field;
  const char* value;
  const char* named;
};

// Names the case in ctest's list; otherwise its bytes would, which differ in every build.
void PrintTo(const BadSetting& c, std::ostream* out) { *out << c.named << " " << c.value; }

class BadSettings : public SettingsTest, public ::testing::WithParamInterface<BadSetting> {};

TEST_P(BadSettings, AreRefusedByName) {
  settings_.*GetParam().field = GetParam().value;
  const absl::Status status = Complete({"registry", "kpi", "actor", "timeout"});
  EXPECT_THAT(status, Refuses("SETTING_INVALID"));
  EXPECT_EQ(DetailsOf(status)["field"], GetParam().named);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, BadSettings,
    ::testing::Values(BadSetting{&Settings::registry, "localhost", "--registry"},
                      BadSetting{&Settings::registry, ":7401", "--registry"},
                      BadSetting{&Settings::registry, "localhost:0", "--registry"},
                      BadSetting{&Settings::kpi, "localhost:70000", "--kpi"},
                      BadSetting{&Settings::timeout, "soon", "--timeout"},
                      BadSetting{&Settings::timeout, "0", "--timeout"},
                      BadSetting{&Settings::timeout, "-1s", "--timeout"},
                      BadSetting{&Settings::timeout, "2h", "--timeout"},
                      BadSetting{&Settings::request_id, "1", "--request-id"}));

struct TimeoutCase {
  const char* text;
  absl::Duration expected;
};

void PrintTo(const TimeoutCase& c, std::ostream* out) { *out << c.text; }

class TimeoutTable : public ::testing::TestWithParam<TimeoutCase> {};

TEST_P(TimeoutTable, IsReadWithAndWithoutAUnit) {
  Settings settings;
  settings.timeout = GetParam().text;
  EXPECT_EQ(settings.Timeout(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Settings, TimeoutTable,
                         ::testing::Values(TimeoutCase{"3", absl::Seconds(3)},
                                           TimeoutCase{"500ms", absl::Milliseconds(500)},
                                           TimeoutCase{"2m", absl::Minutes(2)},
                                           TimeoutCase{"1.5", absl::Milliseconds(1500)}));

}  // namespace
}  // namespace dondoc::cli
