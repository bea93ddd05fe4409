#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/store/test_database.h"
#include "libs/testing/child_process.h"
#include "tests/system/acts.h"
#include "tests/system/busy_day.h"
#include "tests/system/city.h"
#include "tests/system/log_check.h"

namespace dondoc::testing {
namespace {

using ::testing::HasSubstr;

class TheMove : public ::testing::Test {
 protected:
  // dondoc-admin migrate, as docs/postgresql.md has it. Returns what it prints.
  std::string Migrate(const std::string& service, const std::string& url, int* exit_code) {
    const std::string output = city_.File(absl::StrCat("migrate-", service, ++runs_));
    const auto process =
        ChildProcess::Start({.command = {city_.ProgramFile("dondoc-admin"), "migrate", "--from",
                                         "sqlite:" + city_.DatabaseOf(service), "--to", url},
                             .environment = {"COLUMNS=0", "NO_COLOR=1"},
                             .log_path = output});
    EXPECT_THAT(process, IsOk());
    *exit_code = *(*process)->Wait(absl::Seconds(60));
    return ContentsOf(output);
  }

  City city_{{}, {.on_postgres = false}};
  int runs_ = 0;
};

TEST_F(TheMove, TakesAPlayedInstallationToPostgresAndItGoesOn) {
  BusyDay day(city_);
  day.Begin();
  day.End();
  const std::string value = ValueOf(city_, "cchc-2023-i-2-d");
  int code = 0;
  EXPECT_THAT(Migrate("registry", NewPostgresDatabase(), &code), HasSubstr("DATABASE_IN_USE"))
      << "it runs";
  EXPECT_NE(code, 0);
  for (const std::string& service : ServiceNames()) city_.Kill(service, SIGTERM);
  for (const std::string& service : ServiceNames()) {
    const std::string url = NewPostgresDatabase();
    const std::string said = Migrate(service, url, &code);
    ASSERT_EQ(code, 0) << said;
    EXPECT_THAT(said, HasSubstr("events"));
    EXPECT_THAT(said, HasSubstr("giống nhau"));
    EXPECT_THAT(Migrate(service, url, &code), HasSubstr("moved already"));
    EXPECT_NE(code, 0);
    ExpectSoundDatabase(city_.DatabaseOf(service));
    city_.SetDatabaseUrl(service, url);
  }
  for (const std::string& service : ServiceNames()) city_.Start(service);
  EXPECT_EQ(ValueOf(city_, "cchc-2023-i-2-d"), value);
  // What was written before is known under its request id, and the logs go on without a gap.
  day.ExpectAllOnce();
}

}  // namespace
}  // namespace dondoc::testing
