#include "services/cli/client/session_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::cli {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;

class SessionFile : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Token(absl::Time now, bool renew = false) {
    return TokenOf({.path = path_, .registry = "127.0.0.1:7401", .renew = renew}, now,
                   [this](const SignedIn& signed_in) -> absl::StatusOr<std::string> {
                     EXPECT_EQ(signed_in.session, "s");
                     return absl::StrCat("token", ++fetched_);
                   });
  }

  const dondoc::testing::TempDir folder_;
  const std::string path_ = folder_.File("state/dondoc/session");
  const absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  int fetched_ = 0;
};

TEST_F(SessionFile, IsForItsOwnerAlone) {
  ASSERT_THAT(WriteSession(path_, {.registry = "r", .account = "an", .session = "s"}), IsOk());
  struct stat facts {};
  ASSERT_EQ(stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  const auto read = ReadSession(path_);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->value().account, "an");
  EXPECT_EQ(read->value().session, "s");
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_THAT(ReadSession(path_), Refuses("SESSION_FILE_OPEN"));
  RemoveSession(path_);
  EXPECT_EQ(ReadSession(path_).value(), std::nullopt);
}

TEST_F(SessionFile, SaysWhereItCannotBe) {
  std::ofstream(folder_.File("file")) << "x";
  EXPECT_THAT(WriteSession(folder_.File("file/session"), {}), Refuses("SESSION_FILE_UNWRITABLE"));
}

TEST_F(SessionFile, FetchesATokenWhenTheLastOneIsOld) {
  EXPECT_EQ(Token(now_).value(), "");
  ASSERT_THAT(WriteSession(path_, {.registry = "127.0.0.1:7401", .account = "an", .session = "s"}),
              IsOk());
  EXPECT_EQ(Token(now_).value(), "token1");
  EXPECT_EQ(Token(now_ + kTokenAgeMax - absl::Seconds(1)).value(), "token1");
  EXPECT_EQ(Token(now_ + kTokenAgeMax).value(), "token2");
  EXPECT_EQ(Token(now_ + kTokenAgeMax, /*renew=*/true).value(), "token3");
  // The clock was set back.
  EXPECT_EQ(Token(now_ - absl::Hours(1)).value(), "token4");
}

TEST_F(SessionFile, SendsNothingToAnotherRegistry) {
  ASSERT_THAT(WriteSession(path_, {.registry = "elsewhere:1", .account = "an", .session = "s"}),
              IsOk());
  EXPECT_EQ(Token(now_).value(), "");
}

TEST_F(SessionFile, StandsInTheUsersStateFolder) {
  EXPECT_EQ(SessionPath([](absl::string_view name) { return name == "HOME" ? "/h" : ""; }),
            "/h/.local/state/dondoc/session");
  EXPECT_EQ(SessionPath([](absl::string_view name) { return name == "HOME" ? "/h" : "/s"; }),
            "/s/dondoc/session");
}

TEST_F(SessionFile, ReadsTheTokenOfAnIdentityProvider) {
  const std::string file = folder_.File("token");
  EXPECT_THAT(ReadTokenFile(file), Refuses("TOKEN_FILE_UNREADABLE"));
  std::ofstream(file) << "a.b.c\n";
  EXPECT_EQ(ReadTokenFile(file).value(), "a.b.c");
  std::ofstream(file) << "a b";
  EXPECT_THAT(ReadTokenFile(file), Refuses("TOKEN_FILE_UNREADABLE"));
}

}  // namespace
}  // namespace dondoc::cli
