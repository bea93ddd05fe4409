// Accounts as an installation has them: behind TLS, with the edge, and with tokens of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/token.h"
#include "libs/rpc/testing/test_door.h"
#include "libs/rpc/tls.h"
#include "libs/testing/certificates.h"
#include "services/registry/rpc/account_service.h"
#include "services/registry/rpc/testing/registry_test_base.h"
#include "services/registry/store/account_log.h"

namespace dondoc::registry {
namespace {

namespace ipb = identity::v1;

using dondoc::testing::Certificates;
using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using identity::Role;

constexpr char kFirst[] = "mật khẩu lần đầu";
constexpr char kOwn[] = "ba con trâu ăn cỏ";

class AccountDoorTest : public ::testing::Test {
 protected:
  using Stub = ipb::AccountService::Stub;

  static void SetUpTestSuite() {
    files_ = new Certificates;
    ASSERT_THAT(files_->MakeCa("services"), IsOk());
    for (const char* name : {"registry", "edge"}) {
      ASSERT_THAT(files_->Make({.name = name, .ca = "services"}), IsOk());
    }
  }
  static void TearDownTestSuite() { delete files_; }
  static rpc::TlsFiles FilesOf(const std::string& name) {
    return {.certificate = files_->certificate(name),
            .key = files_->key(name),
            .ca = files_->ca("services")};
  }

  AccountDoorTest() {
    for (const char* name : {"office", "binh"}) {
      EXPECT_THAT(accounts_.Create({name, name, kFirst}), IsOk());
      EXPECT_THAT(accounts_.ChangePassword({name, kFirst, kOwn}), IsOk());
      grants_[name] = Office(name);
      grant_names_[name] = giver_.GiveTo(grants_[name]);
    }
  }
  static identity::Grant Office(const std::string& name) {
    return {.principal = "account:" + name,
            .role = Role::kOffice,
            .valid_from = absl::CivilDay(2020, 1, 1)};
  }
  void EndGrantOf(const std::string& name) {
    grants_[name].valid_to = DateOf(clock_.Now());
    giver_.Change(grant_names_[name], grants_[name]);
  }

  // What a call shows: through the edge the certificate of a system, and a token.
  struct Shown {
    std::string system = {};
    std::string token = {};
  };
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const Shown& shown,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const std::string& request) {
    grpc::ClientContext context;
    if (!shown.system.empty()) {
      context.AddMetadata("x-client-cert-subject", absl::StrCat("CN=", shown.system, ",O=Dondoc"));
    }
    if (!shown.token.empty()) {
      context.AddMetadata("authorization", absl::StrCat("Bearer ", shown.token));
    }
    Response response;
    const grpc::Status status =
        ((*stub_).*method)(&context, testing::Parse<Request>(request), &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  std::string SessionOf(const std::string& name, const std::string& system = "") {
    const auto signed_in = Call({.system = system}, &Stub::SignIn,
                                absl::StrCat("account: '", name, "' password: '", kOwn, "'"));
    EXPECT_THAT(signed_in, IsOk());
    return signed_in.ok() ? signed_in->session() : "";
  }
  absl::StatusOr<std::string> TokenOf(const std::string& session, const Shown& shown) {
    const auto issued = Call(shown, &Stub::IssueToken, absl::StrCat("session: '", session, "'"));
    if (!issued.ok()) return issued.status();
    return issued->token();
  }
  absl::Status List(const Shown& shown) { return Call(shown, &Stub::ListAccounts, "").status(); }

  static Certificates* files_;
  FixedClock clock_{StartOf(absl::CivilDay(2023, 2, 6)) + absl::Hours(9)};
  dondoc::testing::TestDatabase database_{testing::Schema(), clock_};
  identity::Accounts accounts_{*database_, LoggedAccounts({.operations = 1, .memory_bytes = 8192})};
  // For its grants alone.
  dondoc::testing::TestDoor giver_{*database_, clock_};
  std::map<std::string, identity::Grant> grants_;
  std::map<std::string, std::string> grant_names_;
  identity::Directory directory_;
  const rpc::Doorkeeper door_{{.table = identity::AccessTable::BuiltIn(),
                               .directory = directory_,
                               .clock = clock_,
                               .issuers = {{.name = identity::kOwnIssuer,
                                            .audience = identity::kOwnAudience,
                                            .principal_prefix = identity::kAccountPrefix,
                                            .find_key = nullptr}}}};
  Workers workers_{{.threads = 1, .waiting_max = 4}};
  AccountService service_{
      {.database = *database_, .accounts = accounts_, .workers = workers_}, rpc::LogRefusal, door_};
  std::unique_ptr<rpc::Server> server_ =
      rpc::Server::Start(
          {.listen = "127.0.0.1:0", .tls = FilesOf("registry"), .service = "registry"},
          {{ipb::AccountService::service_full_name(), &service_}})
          .value();
  std::unique_ptr<Stub> stub_ = ipb::AccountService::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                          rpc::ChannelCredentialsOf(rpc::ReadTls(FilesOf("edge")).value())));
};

Certificates* AccountDoorTest::files_ = nullptr;

TEST_F(AccountDoorTest, ASessionIsUnknownBehindAnotherSystem) {
  const std::string session = SessionOf("office", "mot-cua");
  const auto token = TokenOf(session, {.system = "mot-cua"});
  ASSERT_THAT(token, IsOk());
  EXPECT_THAT(TokenOf(session, {.system = "khac"}), Refuses("SESSION_ENDED"));
  EXPECT_THAT(TokenOf(session, {}), Refuses("SESSION_ENDED"));
  EXPECT_THAT(TokenOf(session, {.system = "khac", .token = *token}), Refuses("SESSION_ENDED"));
  // Nor does another system end it.
  for (const char* system : {"khac", ""}) {
    EXPECT_THAT(Call({.system = system}, &Stub::SignOut, absl::StrCat("session: '", session, "'")),
                IsOk());
  }
  EXPECT_THAT(TokenOf(session, {.system = "mot-cua"}), IsOk());
  // A token that is shown along changes nothing about whose session it is.
  EXPECT_THAT(TokenOf(session, {.system = "mot-cua", .token = *token}), IsOk());
  EXPECT_THAT(Call({.system = "mot-cua"}, &Stub::SignOut, absl::StrCat("session: '", session, "'")),
              IsOk());
  EXPECT_THAT(TokenOf(session, {.system = "mot-cua"}), Refuses("SESSION_ENDED"));

  const std::string direct = SessionOf("office");
  EXPECT_THAT(TokenOf(direct, {.system = "mot-cua"}), Refuses("SESSION_ENDED"));
  EXPECT_THAT(TokenOf(direct, {}), IsOk());
}

TEST_F(AccountDoorTest, ATokenThatWasFetchedThroughASystemIsWorthNothingWithoutIt) {
  const auto token = TokenOf(SessionOf("office", "mot-cua"), {.system = "mot-cua"});
  ASSERT_THAT(token, IsOk());
  EXPECT_THAT(List({.system = "mot-cua", .token = *token}), IsOk());
  EXPECT_THAT(List({.system = "khac", .token = *token}), Refuses("TOKEN_REFUSED"));
  EXPECT_THAT(List({.token = *token}), Refuses("TOKEN_REFUSED"));
}

// The only bound on what a closed account may still do.
TEST_F(AccountDoorTest, TheTokenOfAClosedAccountWorksUntilItExpiresAndItsSessionNoLonger) {
  const std::string session = SessionOf("binh");
  const auto token = TokenOf(session, {});
  ASSERT_THAT(token, IsOk());
  const absl::Time closed = clock_.Now();
  const auto offices = TokenOf(SessionOf("office"), {});
  ASSERT_THAT(offices, IsOk());
  ASSERT_THAT(
      Call({.token = *offices}, &Stub::SetAccountDisabled, "name: 'accounts/binh' disabled: true"),
      IsOk());
  EXPECT_THAT(TokenOf(session, {}), Refuses("SESSION_ENDED"));
  EXPECT_THAT(List({.token = *token}), IsOk());
  clock_.Set(closed + absl::Minutes(6) - absl::Seconds(1));
  EXPECT_THAT(List({.token = *token}), IsOk());
  clock_.Set(closed + absl::Minutes(6));
  EXPECT_THAT(List({.token = *token}), Refuses("TOKEN_REFUSED"));
  EXPECT_EQ(identity::kTokenLife + identity::kClockLeeway, absl::Minutes(6))
      << "docs/accounts.md says so";
}

TEST_F(AccountDoorTest, AGrantThatEndsIsWorthNothingAtOnceWhateverTheToken) {
  const auto token = TokenOf(SessionOf("binh"), {});
  ASSERT_THAT(token, IsOk());
  EXPECT_THAT(List({.token = *token}), IsOk());
  EndGrantOf("binh");
  EXPECT_THAT(List({.token = *token}), Refuses("NO_GRANT"));
}

// The only thread for passwords is kept busy until the grant is gone.
TEST_F(AccountDoorTest, AGrantThatEndsWhileACallWaitsForItsTurnLetsItDoNothing) {
  const auto token = TokenOf(SessionOf("binh"), {});
  ASSERT_THAT(token, IsOk());
  const std::string calls[] = {"create", "reset"};
  for (const std::string& call : calls) {
    std::promise<void> begun;
    std::promise<void> go_on;
    const std::shared_future<void> wait = go_on.get_future().share();
    ASSERT_TRUE(workers_.Submit([&begun, wait] {
      begun.set_value();
      wait.wait();
    }));
    begun.get_future().wait();
    const int64_t before = database_->LastSequence();
    auto answer = std::async(std::launch::async, [&]() -> absl::Status {
      if (call == "create") {
        return Call({.token = *token}, &Stub::CreateAccount,
                    absl::StrCat("name: 'accounts/moi' display_name: 'Mới' password: '", kFirst,
                                 "'"))
            .status();
      }
      return Call({.token = *token}, &Stub::ResetPassword,
                  absl::StrCat("name: 'accounts/office' password: '", kFirst, "'"))
          .status();
    });
    // Let in, and waiting for the thread.
    while (workers_.waiting() == 0) std::this_thread::yield();
    EndGrantOf("binh");
    go_on.set_value();
    EXPECT_THAT(answer.get(), Refuses("NO_GRANT")) << call;
    EXPECT_EQ(database_->LastSequence(), before) << call;
    grants_["binh"] = Office("binh");
    grant_names_["binh"] = giver_.GiveTo(grants_["binh"]);
  }
}

}  // namespace
}  // namespace dondoc::registry
