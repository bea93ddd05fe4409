#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "dondoc/identity/v1/account_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/input/secret.h"
#include "services/cli/render/format.h"
#include "services/cli/render/table.h"

namespace dondoc::cli {
namespace {

namespace pb = identity::v1;
using Stub = pb::AccountService::Stub;

Client<pb::AccountService> Accounts(Session& session) {
  return Client<pb::AccountService>(session.registry());
}

// "an.tran" and "accounts/an.tran" are the same.
std::string AccountName(const std::string& text) {
  return absl::StartsWith(text, "accounts/") ? text : absl::StrCat("accounts/", text);
}
std::string ShortAccount(absl::string_view name) {
  return std::string(absl::StripPrefix(name, "accounts/"));
}

struct AccountOptions {
  std::string account;
  std::string display_name;
  int password_fd = kFromInput;
};

void DeclareAccount(CLI::App& cli, AccountOptions& options) {
  cli.add_option("account", options.account, Help("Tên tài khoản", "name of the account"))
      ->required();
}
void DeclarePassword(CLI::App& cli, AccountOptions& options) {
  cli.add_option("--password-fd", options.password_fd,
                 Help("Đọc mật khẩu dùng một lần từ đây; không có thì tự tạo",
                      "descriptor with the password of one use; made up without it"));
}

// The password of one use: the one that was handed over, or a new one, which is then shown once.
struct OneTime {
  std::string password;
  bool made_up = false;
};
absl::StatusOr<OneTime> PasswordOf(const AccountOptions& options) {
  if (options.password_fd == kFromInput) return OneTime{NewOneTimePassword(), true};
  ASSIGN_OR_RETURN(std::string given, ReadSecret("Mật khẩu (password)", options.password_fd));
  return OneTime{std::move(given), false};
}

absl::Status Tell(const Session& session, const google::protobuf::Message& response,
                  const OneTime& one_time, const Sentence& done) {
  if (session.json()) {
    RETURN_IF_ERROR(session.PrintJson(response));
    // Apart from the answer, which may end in a log.
    if (one_time.made_up) session.console().err << one_time.password << '\n';
    return absl::OkStatus();
  }
  session.PrintDone(done);
  if (one_time.made_up) {
    session.console().out << "  Mật khẩu dùng một lần (one-time password): " << one_time.password
                          << '\n';
  }
  return absl::OkStatus();
}

absl::Status Create(Session& session, const AccountOptions& options) {
  ASSIGN_OR_RETURN(const OneTime one_time, PasswordOf(options));
  pb::CreateAccountRequest request;
  request.set_name(AccountName(options.account));
  request.set_display_name(options.display_name);
  request.set_password(one_time.password);
  ASSIGN_OR_RETURN(const auto response, Accounts(session).Call(&Stub::CreateAccount, request));
  return Tell(session, response, one_time,
              {.vi = absl::StrCat("Đã tạo tài khoản ", ShortAccount(response.account().name())),
               .en = "account made; it needs a role too: dondoc grant give"});
}

absl::Status Reset(Session& session, const AccountOptions& options) {
  ASSIGN_OR_RETURN(const OneTime one_time, PasswordOf(options));
  pb::ResetPasswordRequest request;
  request.set_name(AccountName(options.account));
  request.set_password(one_time.password);
  ASSIGN_OR_RETURN(const auto response, Accounts(session).Call(&Stub::ResetPassword, request));
  return Tell(
      session, response, one_time,
      {.vi = absl::StrCat("Đã đặt lại mật khẩu của ", ShortAccount(response.account().name())),
       .en = "password reset, sessions ended"});
}

absl::Status SetDisabled(Session& session, const AccountOptions& options, bool disabled) {
  pb::SetAccountDisabledRequest request;
  request.set_name(AccountName(options.account));
  request.set_disabled(disabled);
  ASSIGN_OR_RETURN(const auto response, Accounts(session).Call(&Stub::SetAccountDisabled, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat(disabled ? "Đã khóa tài khoản " : "Đã mở lại tài khoản ",
                                        ShortAccount(response.account().name())),
                     .en = disabled ? "closed, sessions ended" : "open again"});
  return absl::OkStatus();
}
absl::Status Disable(Session& session, const AccountOptions& options) {
  return SetDisabled(session, options, true);
}
absl::Status Enable(Session& session, const AccountOptions& options) {
  return SetDisabled(session, options, false);
}

struct NoOptions {};

absl::Status List(Session& session, const NoOptions&) {
  ASSIGN_OR_RETURN(const pb::ListAccountsResponse response,
                   Accounts(session).ListAll(&Stub::ListAccounts, pb::ListAccountsRequest()));
  if (session.json()) return session.PrintJson(response);
  if (response.accounts().empty()) {
    session.PrintNote(
        {.vi = "Chưa có tài khoản; tạo bằng: dondoc account create", .en = "no account yet"});
    return absl::OkStatus();
  }
  Table table({{.title = "Tài khoản"},
               {.title = "Họ tên", .width_min = 12},
               {.title = "Trạng thái"},
               {.title = "Đặt mật khẩu", .optional = true}});
  for (const pb::Account& account : response.accounts()) {
    const Cell state = account.disabled()               ? Cell("✗ Đã khóa", Style::kFaint)
                       : account.must_change_password() ? Cell("○ Chờ đổi mật khẩu", Style::kNotice)
                                                        : Cell("● Đang dùng", Style::kGood);
    table.Add({ShortAccount(account.name()), account.display_name(), state,
               ShowInstant(account.password_time())});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

}  // namespace

void AddAccountCommands(Tree& tree) {
  CLI::App& account = tree.Noun(
      "account", {.vi = "Tài khoản của cơ quan", .en = "accounts, without an identity provider"});
  AddExample(tree.Verb<AccountOptions>(
                 account, "create", {.vi = "Tạo tài khoản", .en = "make an account"},
                 [](CLI::App& cli, AccountOptions& options) {
                   DeclareAccount(cli, options);
                   cli.add_option("--name", options.display_name,
                                  Help("Họ tên", "name of the person"))
                       ->required();
                   DeclarePassword(cli, options);
                 },
                 Create),
             "dondoc account create an.tran --name \"Trần An\"");
  tree.Verb<AccountOptions>(
      account, "reset", {.vi = "Đặt lại mật khẩu", .en = "set a password of one use"},
      [](CLI::App& cli, AccountOptions& options) {
        DeclareAccount(cli, options);
        DeclarePassword(cli, options);
      },
      Reset);
  tree.Verb<AccountOptions>(account, "disable", {.vi = "Khóa", .en = "close it"}, DeclareAccount,
                            Disable);
  tree.Verb<AccountOptions>(account, "enable", {.vi = "Mở lại", .en = "open it again"},
                            DeclareAccount, Enable);
  tree.Verb<NoOptions>(
      account, "list", {.vi = "Liệt kê", .en = "all accounts"}, [](CLI::App&, NoOptions&) {}, List);
}

}  // namespace dondoc::cli
