#include "libs/identity/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/token.h"
#include "libs/store/test_database.h"

namespace dondoc {
std::vector<store::Migration> identity_schema();
}

namespace dondoc::identity {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::TestDatabase;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kGiven[] = "mật khẩu lần đầu";
constexpr char kOwn[] = "ba con trâu ăn cỏ";
constexpr char kWrong[] = "không phải mật khẩu";

// A clock that the database's threads may read while the test sets it.
class SetClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixMicros(now_); }
  absl::Duration RealTimeUntil(absl::Time) const override { return absl::ZeroDuration(); }
  void Pass(absl::Duration time) { now_ += absl::ToInt64Microseconds(time); }

 private:
  std::atomic<int64_t> now_ = 1'700'000'000'000'000;
};

class AccountsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(accounts_.Create({"an.tran", "Trần An", kGiven}), IsOk());
    ASSERT_THAT(accounts_.ChangePassword({"an.tran", kGiven, kOwn}), IsOk());
  }
  // What a service would say to the token.
  absl::StatusOr<Claims> Check(const std::string& token) {
    const auto keys = KeySet::Parse(accounts_.PublishKeys().value());
    const Issuer issuer = {.name = "dondoc",
                           .audience = "dondoc",
                           .principal_prefix = "account:",
                           .find_key = [&](absl::string_view id) -> std::optional<PublicKey> {
                             const PublicKey* key = keys->Find(id);
                             return key ? std::make_optional(*key) : std::nullopt;
                           }};
    return CheckToken(token, {issuer}, clock_.Now());
  }
  std::string SignedIn() { return accounts_.SignIn("an.tran", kOwn).value(); }

  // The least that libsodium takes: these tests are about rules, not about cost.
  const AccountsOptions options_ = {.cost = {.operations = 1, .memory_bytes = 8192}};
  SetClock clock_;
  TestDatabase database_{identity_schema(), clock_};
  Accounts accounts_{*database_, options_};
};

TEST_F(AccountsTest, GiveASessionForTheRightPasswordAndTokensForTheSession) {
  const auto session = accounts_.SignIn("an.tran", kOwn);
  ASSERT_THAT(session, IsOk());
  const auto token = accounts_.IssueToken(*session);
  ASSERT_THAT(token, IsOk());
  const auto claims = Check(*token);
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(claims->principal, "account:an.tran");
  EXPECT_EQ(claims->expires, absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now())) + kTokenLife);
  clock_.Pass(kTokenLife + kClockLeeway);
  EXPECT_THAT(Check(*token), Refuses("TOKEN_REFUSED"));
}

TEST_F(AccountsTest, GiveATokenToTheSystemThatAsksForIt) {
  for (const char* system : {"may-van-phong", ""}) {
    const std::string session = accounts_.SignIn("an.tran", kOwn, system).value();
    std::string token;
    ASSERT_THAT((*database_).WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const IssuedToken issued,
                       accounts_.IssueToken(transaction, session, system));
      token = issued.token;
      return absl::OkStatus();
    }),
                IsOk());
    const auto claims = Check(token);
    ASSERT_THAT(claims, IsOk());
    EXPECT_EQ(claims->authorized_party, system);
  }
}

TEST_F(AccountsTest, KnowASessionBehindNoOtherSystemThanItWasOpenedThrough) {
  const auto token_for = [&](const std::string& session, const std::string& system) {
    return (*database_).WriteAndWait([&](store::Transaction& transaction) {
      return accounts_.IssueToken(transaction, session, system).status();
    });
  };
  const auto sign_out = [&](const std::string& session, const std::string& system) {
    return (*database_).WriteAndWait([&](store::Transaction& transaction) {
      accounts_.SignOut(transaction, session, system);
      return absl::OkStatus();
    });
  };
  for (const std::string own : {"mot-cua", ""}) {
    const std::string session = accounts_.SignIn("an.tran", kOwn, own).value();
    for (const std::string other : {"khac", own.empty() ? "mot-cua" : ""}) {
      EXPECT_THAT(token_for(session, other), Refuses("SESSION_ENDED")) << own << " " << other;
      EXPECT_THAT(sign_out(session, other), IsOk());
    }
    EXPECT_THAT(token_for(session, own), IsOk()) << own;
    EXPECT_THAT(sign_out(session, own), IsOk());
    EXPECT_THAT(token_for(session, own), Refuses("SESSION_ENDED")) << own;
  }
}

TEST_F(AccountsTest, TakeTheSameLettersFromAnotherKeyboard) {
  // The first letter with its mark composed, then decomposed.
  ASSERT_THAT(accounts_.Create({"binh", "Bình", "ắ mười hai chữ"}), IsOk());
  EXPECT_THAT(accounts_.SignIn("binh", "a\xCC\x86\xCC\x81 mười hai chữ"),
              Refuses("PASSWORD_CHANGE_REQUIRED"));
}

TEST_F(AccountsTest, AskForAPasswordOfOnesOwnFirst) {
  ASSERT_THAT(accounts_.Create({"binh", "Bình", kGiven}), IsOk());
  EXPECT_THAT(accounts_.SignIn("binh", kGiven), Refuses("PASSWORD_CHANGE_REQUIRED"));
  EXPECT_THAT(accounts_.ChangePassword({"binh", kGiven, kGiven}), Refuses("PASSWORD_UNCHANGED"));
  EXPECT_THAT(accounts_.ChangePassword({"binh", kWrong, kOwn}), Refuses("SIGN_IN_REFUSED"));
  EXPECT_THAT(accounts_.ChangePassword({"binh", kGiven, kOwn}), IsOk());
  EXPECT_THAT(accounts_.SignIn("binh", kOwn), IsOk());
  ASSERT_THAT(accounts_.ResetPassword("binh", kGiven), IsOk());
  EXPECT_THAT(accounts_.SignIn("binh", kOwn), Refuses("SIGN_IN_REFUSED"));
  EXPECT_THAT(accounts_.SignIn("binh", kGiven), Refuses("PASSWORD_CHANGE_REQUIRED"));
}

TEST_F(AccountsTest, SayTheSameToAWrongNameAWrongPasswordAndAClosedAccount) {
  ASSERT_THAT(accounts_.Create({"closed", "Đã đóng", kGiven}), IsOk());
  ASSERT_THAT(accounts_.ChangePassword({"closed", kGiven, kOwn}), IsOk());
  ASSERT_THAT(accounts_.SetDisabled("closed", true), IsOk());
  const auto wrong = accounts_.SignIn("an.tran", kWrong);
  EXPECT_THAT(wrong, Refuses("SIGN_IN_REFUSED"));
  for (const auto& other :
       {accounts_.SignIn("nobody", kOwn), accounts_.SignIn("closed", kOwn),
        accounts_.SignIn("No Name", kOwn), accounts_.SignIn("", ""),
        accounts_.SignIn("an.tran", ""), accounts_.SignIn("an.tran", "\xFF\xFE"),
        accounts_.SignIn("an.tran' or 1=1 --", kOwn)}) {
    EXPECT_EQ(other.status(), wrong.status());
  }
  ASSERT_THAT(accounts_.SetDisabled("closed", false), IsOk());
  EXPECT_THAT(accounts_.SignIn("closed", kOwn), IsOk());
}

TEST_F(AccountsTest, LockANameLongerEachTimeWhetherItExistsOrNot) {
  for (const std::string name : {"an.tran", "nobody"}) {
    for (int i = 0; i < kFailuresMax; ++i) {
      EXPECT_THAT(accounts_.SignIn(name, kWrong), Refuses("SIGN_IN_REFUSED"));
    }
    for (const absl::Duration lock : {absl::Minutes(1), absl::Minutes(2), absl::Minutes(4)}) {
      const auto locked = accounts_.SignIn(name, kOwn);
      EXPECT_THAT(locked, Refuses("SIGN_IN_LOCKED"));
      EXPECT_EQ(DetailsOf(locked.status())["retry_seconds"],
                absl::StrCat(absl::ToInt64Seconds(lock)));
      clock_.Pass(lock - absl::Seconds(1));
      EXPECT_THAT(accounts_.SignIn(name, kOwn), Refuses("SIGN_IN_LOCKED"));
      clock_.Pass(absl::Seconds(1));
      EXPECT_THAT(accounts_.SignIn(name, kWrong), Refuses("SIGN_IN_REFUSED"));
    }
  }
}

TEST_F(AccountsTest, ForgetWrongPasswordsAfterTheRightOneAResetOrADay) {
  const auto fail = [&](int times) {
    for (int i = 0; i < times; ++i) {
      EXPECT_THAT(accounts_.SignIn("an.tran", kWrong), Refuses("SIGN_IN_REFUSED"));
    }
  };
  fail(kFailuresMax - 1);
  EXPECT_THAT(accounts_.SignIn("an.tran", kOwn), IsOk());
  fail(kFailuresMax - 1);
  clock_.Pass(absl::Hours(24) + absl::Seconds(1));
  fail(kFailuresMax);
  EXPECT_THAT(accounts_.SignIn("an.tran", kOwn), Refuses("SIGN_IN_LOCKED"));
  ASSERT_THAT(accounts_.ResetPassword("an.tran", kGiven), IsOk());
  EXPECT_THAT(accounts_.SignIn("an.tran", kGiven), Refuses("PASSWORD_CHANGE_REQUIRED"));
}

TEST_F(AccountsTest, CountGuessesThatComeAtOnce) {
  std::atomic<int> looked_at = 0;
  std::vector<std::thread> guessers;
  for (int i = 0; i < 16; ++i) {
    guessers.emplace_back([&] {
      const std::string reason = ReasonOf(accounts_.SignIn("an.tran", kWrong).status());
      if (reason != "SIGN_IN_LOCKED") ++looked_at;
    });
  }
  for (std::thread& guesser : guessers) guesser.join();
  EXPECT_EQ(looked_at, kFailuresMax);
  EXPECT_THAT(accounts_.SignIn("an.tran", kOwn), Refuses("SIGN_IN_LOCKED"));
}

TEST(LockAfter, DoublesUpToAnHour) {
  EXPECT_EQ(LockAfter(kFailuresMax - 1), absl::ZeroDuration());
  EXPECT_EQ(LockAfter(kFailuresMax), absl::Minutes(1));
  EXPECT_EQ(LockAfter(kFailuresMax + 5), absl::Minutes(32));
  EXPECT_EQ(LockAfter(kFailuresMax + 6), absl::Hours(1));
  EXPECT_EQ(LockAfter(1'000'000), absl::Hours(1));
}

TEST_F(AccountsTest, EndASessionThatIsIdleOrOld) {
  std::string session = SignedIn();
  clock_.Pass(kSessionIdleMax - absl::Seconds(1));
  EXPECT_THAT(accounts_.IssueToken(session), IsOk());
  clock_.Pass(kSessionIdleMax);
  EXPECT_THAT(accounts_.IssueToken(session), Refuses("SESSION_ENDED"));

  session = SignedIn();
  for (absl::Duration old; old < kSessionMax; old += absl::Minutes(20)) {
    EXPECT_THAT(accounts_.IssueToken(session), IsOk()) << old;
    clock_.Pass(absl::Minutes(20));
  }
  EXPECT_THAT(accounts_.IssueToken(session), Refuses("SESSION_ENDED"));
}

TEST_F(AccountsTest, EndEverySessionWithThePasswordTheAccountOrByHand) {
  std::string first = SignedIn();
  std::string second = SignedIn();
  EXPECT_THAT(accounts_.SignOut(first), IsOk());
  EXPECT_THAT(accounts_.IssueToken(first), Refuses("SESSION_ENDED"));
  EXPECT_THAT(accounts_.IssueToken(second), IsOk());
  ASSERT_THAT(accounts_.ChangePassword({"an.tran", kOwn, kGiven}), IsOk());
  EXPECT_THAT(accounts_.IssueToken(second), Refuses("SESSION_ENDED"));
  ASSERT_THAT(accounts_.ChangePassword({"an.tran", kGiven, kOwn}), IsOk());
  first = SignedIn();
  ASSERT_THAT(accounts_.SetDisabled("an.tran", true), IsOk());
  EXPECT_THAT(accounts_.IssueToken(first), Refuses("SESSION_ENDED"));
  ASSERT_THAT(accounts_.SetDisabled("an.tran", false), IsOk());
  first = SignedIn();
  ASSERT_THAT(accounts_.ResetPassword("an.tran", kGiven), IsOk());
  EXPECT_THAT(accounts_.IssueToken(first), Refuses("SESSION_ENDED"));
  EXPECT_THAT(accounts_.IssueToken("invented"), Refuses("SESSION_ENDED"));
}

TEST_F(AccountsTest, KeepNoSecretThatWouldSignSomebodyIn) {
  const std::string session = SignedIn();
  const absl::Status read = (*database_).Read([&](store::Snapshot& snapshot) {
    const auto row = snapshot.sql().One<std::string, std::string>(
        "select a.password_hash, s.id from identity_accounts a join identity_sessions s on "
        "s.account = a.name");
    EXPECT_THAT(std::get<0>(*row), HasSubstr("$argon2id$"));
    EXPECT_THAT(std::get<0>(*row), Not(HasSubstr(kOwn)));
    EXPECT_NE(std::get<1>(*row), session);
    EXPECT_THAT(accounts_.IssueToken(std::get<1>(*row)), Refuses("SESSION_ENDED"));
    return absl::OkStatus();
  });
  EXPECT_THAT(read, IsOk());
}

TEST_F(AccountsTest, RefuseWeakPasswordsAndOddNames) {
  const struct {
    std::string password;
    std::string reason;
  } rows[] = {{"mười một ch", "PASSWORD_TOO_SHORT"},
              {"", "PASSWORD_UNREADABLE"},
              {std::string(257, 'x'), "PASSWORD_UNREADABLE"},
              {"\xC3\x28 mười hai chữ", "PASSWORD_UNREADABLE"},
              {"Nguyen.Van.Binh", "PASSWORD_IS_NAME"},
              {"aaaaaaaaaaaaaa", "PASSWORD_COMMON"},
              {"MatKhau12345", "PASSWORD_COMMON"}};
  for (const auto& row : rows) {
    EXPECT_THAT(accounts_.Create({"nguyen.van.binh", "Bình", row.password}), Refuses(row.reason))
        << row.password;
    EXPECT_THAT(accounts_.ResetPassword("nguyen.van.binh", row.password), Refuses(row.reason));
  }
  for (const char* name : {"", "An", "an tran", "ăn", "a/b"}) {
    EXPECT_THAT(accounts_.Create({name, "An", kGiven}), Refuses("ACCOUNT_NAME_INVALID")) << name;
  }
  EXPECT_THAT(accounts_.Create({"an.tran", "Trần An", kGiven}), Refuses("ACCOUNT_EXISTS"));
  EXPECT_THAT(accounts_.Create({"binh", " ", kGiven}), Refuses("TEXT_BLANK"));
  EXPECT_THAT(accounts_.ResetPassword("nobody", kGiven), Refuses("ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(accounts_.SetDisabled("nobody", true), Refuses("ACCOUNT_NOT_FOUND"));
}

TEST_F(AccountsTest, RotateTheirKeysWithoutRefusingATokenInBetween) {
  const auto count = [&] { return KeySet::Parse(accounts_.PublishKeys().value())->size(); };
  const auto first_keys = accounts_.PublishKeys().value();
  EXPECT_EQ(count(), 1u);
  database_.Reopen();
  Accounts again(*database_, options_);
  EXPECT_EQ(again.PublishKeys().value(), first_keys);

  clock_.Pass(absl::Hours(24 * 30));
  std::string token = again.IssueToken(again.SignIn("an.tran", kOwn).value()).value();
  // The new key is published; those who have only the first can still check what is signed now.
  const auto old_set = KeySet::Parse(first_keys);
  const auto keys = KeySet::Parse(again.PublishKeys().value());
  EXPECT_EQ(keys->size(), 2u);
  const auto find_in = [](const KeySet& set) {
    return [&set](absl::string_view id) -> std::optional<PublicKey> {
      const PublicKey* key = set.Find(id);
      return key ? std::make_optional(*key) : std::nullopt;
    };
  };
  const auto check = [&](const KeySet& set) {
    return CheckToken(token, {{.name = "dondoc", .audience = "dondoc", .find_key = find_in(set)}},
                      clock_.Now());
  };
  EXPECT_THAT(check(*old_set), IsOk());
  clock_.Pass(absl::Minutes(15));
  token = again.IssueToken(again.SignIn("an.tran", kOwn).value()).value();
  EXPECT_THAT(check(*old_set), Refuses("TOKEN_REFUSED"));
  EXPECT_THAT(check(*keys), IsOk());
  clock_.Pass(absl::Minutes(15));
  EXPECT_EQ(KeySet::Parse(again.PublishKeys().value())->size(), 1u);
}

// An unknown name costs what a known one costs: with a password that takes a while to check, both
// take that while.
TEST(AccountsTiming, DoesNotTellWhichNamesExist) {
  const SetClock clock;
  TestDatabase database(identity_schema(), clock);
  Accounts accounts(*database, {.cost = {.operations = 3, .memory_bytes = 16 * 1024 * 1024}});
  ASSERT_THAT(accounts.Create({"an.tran", "Trần An", kGiven}), IsOk());
  const auto fastest = [&](const std::string& name) {
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < kFailuresMax; ++i) {
      const auto start = std::chrono::steady_clock::now();
      EXPECT_THAT(accounts.SignIn(name, kWrong), Refuses("SIGN_IN_REFUSED"));
      least = std::min(least, std::chrono::steady_clock::now() - start);
    }
    return least;
  };
  const auto known = fastest("an.tran");
  const auto unknown = fastest("nobody");
  EXPECT_LT(unknown, 2 * known);
  EXPECT_LT(known, 2 * unknown);
}

}  // namespace
}  // namespace dondoc::identity
