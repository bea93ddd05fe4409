#include "services/registry/rpc/account_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/base/status_matchers.h"
#include "libs/identity/token.h"
#include "libs/rpc/testing/bad_messages.h"
#include "services/registry/rpc/testing/registry_test_base.h"
#include "services/registry/store/account_log.h"
#include "services/registry/store/grants.h"

namespace dondoc::registry {
namespace {

namespace ipb = identity::v1;

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kGiven[] = "mật khẩu lần đầu";
constexpr char kOwn[] = "ba con trâu ăn cỏ";

// Both services on one server, as no installation has them, over a real database. The clock stands
// still on 06/02/2023.
class AccountServiceTest : public ::testing::Test {
 protected:
  using Stub = ipb::AccountService::Stub;
  using AdminStub = pb::RegistryAdminService::Stub;

  AccountServiceTest() {
    auto server =
        rpc::Server::Start({.listen = "127.0.0.1:0", .service = "registry"},
                           {{ipb::AccountService::service_full_name(), &service_},
                            {pb::RegistryAdminService::service_full_name(), &admin_service_}});
    if (!server.ok()) std::abort();
    server_ = *std::move(server);
    const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                             grpc::InsecureChannelCredentials());
    stub_ = ipb::AccountService::NewStub(channel);
    admin_ = pb::RegistryAdminService::NewStub(channel);
  }

  template <typename S, typename Request, typename Response>
  absl::StatusOr<Response> CallOn(S& stub,
                                  grpc::Status (S::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                                  const std::string& request) {
    grpc::ClientContext context;
    context.AddMetadata("dondoc-actor", "account:office");
    Response response;
    const grpc::Status status =
        (stub.*method)(&context, testing::Parse<Request>(request), &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const std::string& request) {
    return CallOn(*stub_, method, request);
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Operate(grpc::Status (AdminStub::*method)(grpc::ClientContext*,
                                                                     const Request&, Response*),
                                   const std::string& request) {
    return CallOn(*admin_, method, request);
  }

  absl::StatusOr<ipb::CreateAccountResponse> Create(const std::string& name) {
    return Call(&Stub::CreateAccount,
                absl::StrCat("name: 'accounts/", name, "' display_name: 'Trần An' password: '",
                             kGiven, "'"));
  }
  absl::StatusOr<ipb::SignInResponse> SignIn(const std::string& name, const std::string& password) {
    return Call(&Stub::SignIn, absl::StrCat("account: '", name, "' password: '", password, "'"));
  }
  absl::StatusOr<ipb::ChangePasswordResponse> Change(const std::string& name) {
    return Call(&Stub::ChangePassword, absl::StrCat("account: '", name, "' old_password: '", kGiven,
                                                    "' new_password: '", kOwn, "'"));
  }
  void GiveOffice(NewRoleGrant grant) {
    grant.role = identity::Role::kOffice;
    EXPECT_THAT(database_->WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(RoleGrant office, RoleGrant::Create(grant, transaction.today()));
      Stored<RoleGrant> stored = {std::move(office)};
      SaveGrant(transaction, stored);
      return absl::OkStatus();
    }),
                IsOk());
  }
  // Those of keys left out.
  std::vector<std::string> Events() {
    std::vector<std::string> events;
    EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
      for (const store::Event& event : store::ReadEvents(snapshot, 1, 100)) {
        if (event.type == "dondoc.registry.key.changed") continue;
        events.push_back(absl::StrCat(event.type, " ", event.name.substr(0, 13), " ", event.version,
                                      " by ", event.actor));
      }
      return absl::OkStatus();
    }),
                IsOk());
    return events;
  }

  FixedClock clock_{StartOf(absl::CivilDay(2023, 2, 6)) + absl::Hours(9)};
  dondoc::testing::TestDatabase database_{testing::Schema(), clock_};
  // The least that libsodium takes.
  identity::Accounts accounts_{*database_, LoggedAccounts({.operations = 1, .memory_bytes = 8192})};
  Workers workers_{{.threads = 2, .waiting_max = 4}};
  const AccountParts parts_{.database = *database_, .accounts = accounts_, .workers = workers_};
  AccountService service_{parts_};
  RegistryAdminService admin_service_{parts_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
  std::unique_ptr<AdminStub> admin_;
};

TEST_F(AccountServiceTest, AnAccountChangesItsPasswordThenGetsSessionsAndTokens) {
  const auto created = Create("an.tran");
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->account().name(), "accounts/an.tran");
  EXPECT_EQ(created->account().display_name(), "Trần An");
  EXPECT_TRUE(created->account().must_change_password());
  EXPECT_THAT(SignIn("an.tran", kGiven), Refuses("PASSWORD_CHANGE_REQUIRED"));
  ASSERT_THAT(Change("an.tran"), IsOk());
  const auto session = SignIn("an.tran", kOwn);
  ASSERT_THAT(session, IsOk());
  const std::string with_session = absl::StrCat("session: '", session->session(), "'");
  const auto token = Call(&Stub::IssueToken, with_session);
  ASSERT_THAT(token, IsOk());
  EXPECT_EQ(token->expire_time().seconds(),
            absl::ToUnixSeconds(clock_.Now() + identity::kTokenLife));
  // The directory of this very database checks it.
  identity::Directory directory;
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    const auto view = directory.At(snapshot).value();
    const auto claims = identity::CheckToken(
        token->token(),
        {{.name = identity::kOwnIssuer,
          .audience = identity::kOwnAudience,
          .principal_prefix = identity::kAccountPrefix,
          .find_key = [&](absl::string_view id) { return view->FindKey(id); }}},
        clock_.Now());
    EXPECT_EQ(claims.value().principal, "account:an.tran");
    return absl::OkStatus();
  }),
              IsOk());
  ASSERT_THAT(Call(&Stub::SignOut, with_session), IsOk());
  EXPECT_THAT(Call(&Stub::IssueToken, with_session), Refuses("SESSION_ENDED"));
  EXPECT_THAT(Call(&Stub::SignOut, with_session), IsOk());
}

TEST_F(AccountServiceTest, TheLogTellsWhoChangedAnAccountAndNoSecret) {
  ASSERT_THAT(Create("an.tran"), IsOk());
  ASSERT_THAT(Change("an.tran"), IsOk());
  ASSERT_THAT(
      Call(&Stub::ResetPassword, absl::StrCat("name: 'accounts/an.tran' password: '", kGiven, "'")),
      IsOk());
  for (const char* disabled : {"true", "true", "false"}) {
    ASSERT_THAT(Call(&Stub::SetAccountDisabled,
                     absl::StrCat("name: 'accounts/an.tran' disabled: ", disabled)),
                IsOk());
  }
  const std::string of = "dondoc.registry.account.changed accounts/an.t ";
  EXPECT_THAT(Events(), ElementsAre(of + "1 by account:office", of + "2 by account:an.tran",
                                    of + "3 by account:office", of + "4 by account:office",
                                    of + "5 by account:office"));
  ASSERT_THAT(Change("an.tran"), IsOk());
  const std::string session = SignIn("an.tran", kOwn)->session();
  for (const std::string& secret : {std::string(kGiven), std::string(kOwn), session}) {
    dondoc::testing::ExpectNotKept(database_.File(), secret);
  }
}

TEST_F(AccountServiceTest, ARepetitionIsRecognisedWhateverItsPassword) {
  const std::string id = absl::StrCat("request_id: '", NewUuid(), "' name: 'accounts/an.tran' ");
  const std::string first = id + "display_name: 'Trần An' password: '" + kGiven + "'";
  const auto answer = Call(&Stub::CreateAccount, first);
  ASSERT_THAT(answer, IsOk());
  const auto again = Call(&Stub::CreateAccount, first);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), answer->SerializeAsString());
  EXPECT_THAT(Call(&Stub::CreateAccount, id + "display_name: 'Trần An' password: '" + kOwn + "'"),
              IsOk());
  EXPECT_THAT(SignIn("an.tran", kOwn), Refuses("SIGN_IN_REFUSED"));
  EXPECT_THAT(Call(&Stub::CreateAccount, id + "display_name: 'B' password: '" + kGiven + "'"),
              Refuses("REQUEST_ID_REUSED"));
  EXPECT_THAT(Events(), SizeIs(1));
}

TEST_F(AccountServiceTest, BadInputIsRefusedWithAReasonAndNeverRepeated) {
  ASSERT_THAT(Create("an.tran"), IsOk());
  const auto create = [&](const std::string& fields) { return Call(&Stub::CreateAccount, fields); };
  const std::string good = absl::StrCat(" password: '", kGiven, "'");
  EXPECT_THAT(create("name: 'an' display_name: 'An'" + good), Refuses("ACCOUNT_NAME_INVALID"));
  EXPECT_THAT(create("name: 'accounts/An' display_name: 'An'" + good),
              Refuses("ACCOUNT_NAME_INVALID"));
  EXPECT_THAT(create("name: 'accounts/b'" + good), Refuses("TEXT_BLANK"));
  EXPECT_THAT(create("name: 'accounts/an.tran' display_name: 'An'" + good),
              Refuses("ACCOUNT_EXISTS"));
  EXPECT_THAT(create("request_id: '1' name: 'accounts/b' display_name: 'B'" + good),
              Refuses("REQUEST_ID_INVALID"));
  EXPECT_THAT(create("name: 'accounts/b' display_name: 'B'"), Refuses("PASSWORD_UNREADABLE"));
  const auto weak = create("name: 'accounts/b' display_name: 'B' password: 'bimatngan'");
  EXPECT_THAT(weak, Refuses("PASSWORD_TOO_SHORT"));
  EXPECT_THAT(std::string(weak.status().message()), Not(HasSubstr("bimatngan")));
  EXPECT_THAT(Call(&Stub::ResetPassword, "name: 'accounts/nobody'" + good),
              Refuses("ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::SetAccountDisabled, "name: 'accounts/nobody'"),
              Refuses("ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::ListAccounts, "page_size: -1"), Refuses("PAGE_SIZE_NEGATIVE"));
  EXPECT_THAT(SignIn("", ""), Refuses("SIGN_IN_REFUSED"));
  EXPECT_THAT(Call(&Stub::IssueToken, ""), Refuses("SESSION_ENDED"));
  dondoc::testing::ExpectBadMessagesRefused(server_->port(),
                                            ipb::AccountService::service_full_name());
}

TEST_F(AccountServiceTest, AccountsAreListedInPages) {
  for (const char* name : {"c", "a", "b"}) ASSERT_THAT(Create(name), IsOk());
  const auto first = Call(&Stub::ListAccounts, "page_size: 2");
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->accounts_size(), 2);
  EXPECT_EQ(first->accounts(0).name(), "accounts/a");
  const auto rest = Call(&Stub::ListAccounts,
                         absl::StrCat("page_size: 2 page_token: '", first->next_page_token(), "'"));
  ASSERT_THAT(rest, IsOk());
  ASSERT_EQ(rest->accounts_size(), 1);
  EXPECT_EQ(rest->accounts(0).name(), "accounts/c");
  EXPECT_EQ(rest->next_page_token(), "");
}

TEST_F(AccountServiceTest, OperatorsLetTheFirstOneInAndNobodyAfterwards) {
  EXPECT_THAT(Operate(&AdminStub::GiveFirstOffice, "principal: 'account:office'"),
              Refuses("ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(Operate(&AdminStub::GiveFirstOffice, "principal: 'office'"),
              Refuses("GRANT_PRINCIPAL_INVALID"));
  EXPECT_THAT(Operate(&AdminStub::GiveFirstOffice,
                      absl::StrCat("principal: 'person:an' password: '", kGiven, "'")),
              Refuses("GRANT_PRINCIPAL_INVALID"));
  const std::string request =
      absl::StrCat("request_id: '", NewUuid(), "' principal: 'account:office' password: '", kGiven,
                   "' display_name: 'Văn phòng'");
  const auto first = Operate(&AdminStub::GiveFirstOffice, request);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->grant().name(), "grants/1");
  EXPECT_EQ(first->grant().role(), pb::ROLE_OFFICE);
  EXPECT_EQ(first->grant().unit(), "");
  const auto again = Operate(&AdminStub::GiveFirstOffice, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  const auto who = Call(&Stub::WhoAmI, "");
  ASSERT_THAT(who, IsOk());
  EXPECT_EQ(who->caller(), "account:office");
  ASSERT_EQ(who->grants_size(), 1);
  EXPECT_EQ(who->grants(0).name(), "grants/1");

  const size_t events = Events().size();
  for (const char* principal : {"person:an", "system:mot-cua"}) {
    EXPECT_THAT(Operate(&AdminStub::GiveFirstOffice, absl::StrCat("principal: '", principal, "'")),
                Refuses("OFFICE_PRESENT"));
  }
  // Not even an account comes of it.
  EXPECT_THAT(Operate(&AdminStub::GiveFirstOffice,
                      absl::StrCat("principal: 'account:b' password: '", kGiven, "'")),
              Refuses("OFFICE_PRESENT"));
  EXPECT_EQ(Call(&Stub::ListAccounts, "")->accounts_size(), 1);
  EXPECT_THAT(Events(), SizeIs(events));
}

TEST_F(AccountServiceTest, OperatorsRecoverALostPassword) {
  ASSERT_THAT(Create("office"), IsOk());
  ASSERT_THAT(Change("office"), IsOk());
  ASSERT_THAT(Operate(&AdminStub::RecoverAccount,
                      absl::StrCat("name: 'accounts/office' password: '", kGiven, "'")),
              IsOk());
  EXPECT_THAT(SignIn("office", kOwn), Refuses("SIGN_IN_REFUSED"));
  EXPECT_THAT(SignIn("office", kGiven), Refuses("PASSWORD_CHANGE_REQUIRED"));
  EXPECT_THAT(Operate(&AdminStub::RecoverAccount, "name: 'accounts/office' password: 'x'"),
              Refuses("PASSWORD_TOO_SHORT"));
  dondoc::testing::ExpectBadMessagesRefused(server_->port(),
                                            pb::RegistryAdminService::service_full_name());
}

TEST_F(AccountServiceTest, TheAccountOfTheLastOfficeStaysOpen) {
  const auto close = [&](const std::string& name) {
    return Call(&Stub::SetAccountDisabled,
                absl::StrCat("name: 'accounts/", name, "' disabled: true"));
  };
  ASSERT_THAT(Operate(&AdminStub::GiveFirstOffice,
                      absl::StrCat("principal: 'account:office' password: '", kGiven, "'")),
              IsOk());
  ASSERT_THAT(Create("an.tran"), IsOk());
  ASSERT_THAT(Create("binh"), IsOk());
  const auto refused = close("office");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, Refuses("LAST_OFFICE_ACCOUNT"));
  EXPECT_EQ(DetailsOf(refused.status()),
            (Details{{"account", "accounts/office"}, {"grant", "grants/1"}}));
  EXPECT_THAT(close("binh"), IsOk()) << "who is no Office is closed as ever";

  // Neither one with an end nor one whose account is closed gives roles from tomorrow on.
  GiveOffice({.principal = "person:c", .valid_to = absl::CivilDay(2023, 3, 1)});
  GiveOffice({.principal = "account:binh"});
  EXPECT_THAT(close("office"), Refuses("LAST_OFFICE_ACCOUNT"));
  GiveOffice({.principal = "account:an.tran"});
  EXPECT_THAT(close("office"), IsOk());
  EXPECT_THAT(close("office"), IsOk()) << "closed already";
  EXPECT_THAT(close("an.tran"), Refuses("LAST_OFFICE_ACCOUNT"));
}

TEST_F(AccountServiceTest, OperatorsOpenTheAccountThatTheyRecover) {
  ASSERT_THAT(Operate(&AdminStub::GiveFirstOffice,
                      absl::StrCat("principal: 'account:office' password: '", kGiven, "'")),
              IsOk());
  // As an installation may have come to it before LAST_OFFICE_ACCOUNT was refused.
  ASSERT_THAT(accounts_.SetDisabled("office", true), IsOk());
  EXPECT_THAT(Operate(&AdminStub::GiveFirstOffice, "principal: 'person:an'"),
              Refuses("OFFICE_PRESENT"));
  ASSERT_THAT(Operate(&AdminStub::RecoverAccount,
                      absl::StrCat("name: 'accounts/office' password: '", kGiven, "'")),
              IsOk());
  EXPECT_FALSE(Call(&Stub::ListAccounts, "")->accounts(0).disabled());
  ASSERT_THAT(Change("office"), IsOk());
  EXPECT_THAT(SignIn("office", kOwn), IsOk());
  // Whoever only resets a password opens nothing.
  ASSERT_THAT(accounts_.SetDisabled("office", true), IsOk());
  ASSERT_THAT(
      Call(&Stub::ResetPassword, absl::StrCat("name: 'accounts/office' password: '", kGiven, "'")),
      IsOk());
  EXPECT_THAT(SignIn("office", kGiven), Refuses("SIGN_IN_REFUSED"));
}

TEST_F(AccountServiceTest, TurnsSignInsAwayWhenTooManyWait) {
  // Both threads are kept busy, and the queue is filled.
  std::promise<void> go_on;
  const std::shared_future<void> wait = go_on.get_future().share();
  std::promise<void> begun[2];
  for (auto& one : begun) {
    ASSERT_TRUE(workers_.Submit([&one, wait] {
      one.set_value();
      wait.wait();
    }));
    one.get_future().wait();
  }
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(workers_.Submit([] {}));
  const auto busy = SignIn("an.tran", kOwn);
  EXPECT_THAT(busy, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(busy, Refuses("SIGN_IN_BUSY"));
  // What takes no password goes on meanwhile.
  EXPECT_THAT(Call(&Stub::ListAccounts, ""), IsOk());
  go_on.set_value();
}

}  // namespace
}  // namespace dondoc::registry
