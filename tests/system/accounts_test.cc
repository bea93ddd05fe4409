// Who comes in, with the real programs: operators let the first one in, who signs in with a
// password of one use, lets others in, and is known to all four services.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dondoc/identity/v1/account_service.grpc.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "libs/testing/child_process.h"
#include "libs/testing/temp_dir.h"
#include "tests/system/city.h"

namespace dondoc::testing {
namespace {

namespace identity_pb = ::dondoc::identity::v1;

using ::testing::HasSubstr;
using ::testing::Not;

// What follows `before` in `text`, to the next white space.
std::string WordAfter(const std::string& text, const std::string& before) {
  const size_t at = text.find(before);
  if (at == std::string::npos) return "";
  const size_t begin = at + before.size();
  return text.substr(begin, text.find_first_of(" \n\r", begin) - begin);
}

int64_t CountIn(const std::string& file, const std::string& query) {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  int64_t count = -1;
  if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
      sqlite3_prepare_v2(database, query.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    count = sqlite3_column_int64(statement, 0);
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return count;
}

class Accounts : public ::testing::Test {
 protected:
  struct Outcome {
    int code = -1;
    std::string output;
  };
  // Runs a program whose descriptor 3 holds `lines`, with a state folder of its own.
  Outcome Run(const std::vector<std::string>& words, const std::string& lines = "") {
    const std::string number = absl::StrCat(++runs_);
    std::ofstream(folder_.File("lines" + number)) << lines;
    std::string line = absl::StrCat("exec \"$@\" 3< ", folder_.File("lines" + number));
    std::vector<std::string> command = {"/bin/sh", "-c", line, "sh"};
    command.insert(command.end(), words.begin(), words.end());
    const std::string output = folder_.File("output" + number);
    const auto process = ChildProcess::Start(
        {.command = command,
         .environment = {absl::StrCat("XDG_STATE_HOME=", folder_.File("state"))},
         .log_path = output});
    EXPECT_THAT(process, IsOk());
    Outcome outcome;
    outcome.code = (*process)->Wait(absl::Seconds(60)).value();
    outcome.output = ContentsOf(output);
    return outcome;
  }
  Outcome Cli(std::vector<std::string> words, const std::string& lines = "") {
    words.insert(words.begin(), {absl::StrCat(BIN_DIR, "/dondoc"), "--registry",
                                 absl::StrCat("127.0.0.1:", city_.PortOf("registry"))});
    return Run(words, lines);
  }
  Outcome Admin(std::vector<std::string> words) {
    const std::string port = WordAfter(city_.LogOf("registry"), "admin_port=");
    words.insert(words.begin(), {absl::StrCat(BIN_DIR, "/dondoc-admin"), "--registry",
                                 absl::StrCat("127.0.0.1:", port)});
    return Run(words);
  }
  static std::string PasswordIn(const Outcome& outcome) {
    return WordAfter(outcome.output, "(one-time password): ");
  }
  Outcome SignIn(const std::string& account, const std::string& lines) {
    return Cli({"sign-in", account, "--password-fd", "3"}, lines);
  }

  absl::StatusOr<identity_pb::IssueTokenResponse> IssueToken() {
    identity_pb::IssueTokenRequest request;
    request.set_session(WordAfter(ContentsOf(folder_.File("state/dondoc/session")), "session="));
    EXPECT_FALSE(request.session().empty());
    const auto stub = identity_pb::AccountService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", city_.PortOf("registry")), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    identity_pb::IssueTokenResponse response;
    const grpc::Status status = stub->IssueToken(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  // Whether the database of every service answers `query` with `count`, within half a minute.
  void ExpectInEveryDirectory(const std::string& query, int64_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (const std::string& service : ServiceNames()) {
      int64_t seen = -1;
      while ((seen = CountIn(city_.DatabaseOf(service), query)) != count &&
             std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      EXPECT_EQ(seen, count) << service << ": " << query;
    }
  }

  const TempDir folder_;
  int runs_ = 0;
  City city_;
};

constexpr char kOwn[] = "ba con trâu ăn cỏ";

TEST_F(Accounts, ComeInOneByOneAndAreKnownEverywhere) {
  city_.AddUnits();
  const Outcome first = Admin({"first-office", "an.tran", "--name", "Trần An"});
  ASSERT_EQ(first.code, 0) << first.output;
  const std::string given = PasswordIn(first);
  ASSERT_EQ(given.size(), 19u) << first.output;
  EXPECT_THAT(Admin({"first-office", "person:other"}).output, HasSubstr("OFFICE_PRESENT"));

  // The password of one use is changed while signing in.
  const Outcome signed_in = SignIn("an.tran", absl::StrCat(given, "\n", kOwn, "\n", kOwn, "\n"));
  ASSERT_EQ(signed_in.code, 0) << signed_in.output;
  struct stat facts {};
  ASSERT_EQ(stat(folder_.File("state/dondoc/session").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_THAT(SignIn("an.tran", given + "\n").output, HasSubstr("SIGN_IN_REFUSED"));
  EXPECT_THAT(SignIn("an.tran", "").output, HasSubstr("PASSWORD_MISSING"));

  const Outcome created = Cli({"account", "create", "binh.le", "--name", "Lê Bình"});
  ASSERT_EQ(created.code, 0) << created.output;
  const Outcome granted =
      Cli({"grant", "give", "binh.le", "--role", "unit-staff", "--unit", "van-phong"});
  ASSERT_EQ(granted.code, 0) << granted.output;
  EXPECT_THAT(Cli({"grant", "end", "1"}).output, HasSubstr("LAST_OFFICE_GRANT"));
  EXPECT_THAT(Cli({"grant", "list"}).output, HasSubstr("account:binh.le"));
  EXPECT_THAT(Cli({"account", "list"}).output, HasSubstr("Lê Bình"));

  ExpectInEveryDirectory("select count(*) from directory_grants where valid_to is null", 2);
  ExpectInEveryDirectory("select count(*) from directory_keys where retired = 0", 1);
  ExpectInEveryDirectory("select count(*) > 5 from directory_units", 1);
  ASSERT_EQ(Cli({"grant", "end", "2"}).code, 0);
  ExpectInEveryDirectory("select count(*) from directory_grants where valid_to is null", 1);
  // No password is in a log or in a database of anybody.
  for (const std::string& service : ServiceNames()) {
    EXPECT_THAT(city_.LogOf(service), Not(HasSubstr(kOwn)));
    EXPECT_THAT(ContentsOf(city_.DatabaseOf(service)), Not(HasSubstr(kOwn)));
    EXPECT_THAT(ContentsOf(city_.DatabaseOf(service)), Not(HasSubstr(given)));
  }
}

TEST_F(Accounts, AreLockedByWrongPasswordsAndOpenedByOperators) {
  ASSERT_EQ(Admin({"first-office", "an.tran"}).code, 0);
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(SignIn("an.tran", "không phải mật khẩu\n").output, HasSubstr("SIGN_IN_REFUSED"));
  }
  EXPECT_THAT(SignIn("an.tran", "không phải mật khẩu\n").output, HasSubstr("SIGN_IN_LOCKED"));
  const Outcome recovered = Admin({"recover-account", "an.tran"});
  ASSERT_EQ(recovered.code, 0) << recovered.output;
  const Outcome signed_in =
      SignIn("an.tran", absl::StrCat(PasswordIn(recovered), "\n", kOwn, "\n", kOwn, "\n"));
  EXPECT_EQ(signed_in.code, 0) << signed_in.output;
}

TEST_F(Accounts, AreSignedOutByTimeAndByHand) {
  const Outcome first = Admin({"first-office", "an.tran"});
  const std::string own = absl::StrCat(kOwn, "\n");
  ASSERT_EQ(SignIn("an.tran", absl::StrCat(PasswordIn(first), "\n", own, own)).code, 0);
  ASSERT_THAT(IssueToken(), IsOk());
  city_.TravelTo({.from = Moment(2023, 2, 1, 8, 20), .until = Moment(2023, 2, 1, 8, 20)});
  ASSERT_THAT(IssueToken(), IsOk());
  city_.TravelTo({.from = Moment(2023, 2, 1, 8, 55), .until = Moment(2023, 2, 1, 8, 55)});
  EXPECT_THAT(IssueToken(), Refuses("SESSION_ENDED"));
  ASSERT_EQ(SignIn("an.tran", own).code, 0);
  ASSERT_THAT(IssueToken(), IsOk());
  const std::string session = ContentsOf(folder_.File("state/dondoc/session"));
  ASSERT_EQ(Cli({"sign-out"}).code, 0);
  struct stat facts {};
  EXPECT_EQ(stat(folder_.File("state/dondoc/session").c_str(), &facts), -1);
  std::ofstream(folder_.File("state/dondoc/session")) << session;
  EXPECT_THAT(IssueToken(), Refuses("SESSION_ENDED"));
}

}  // namespace
}  // namespace dondoc::testing
