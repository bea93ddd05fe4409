#include <string>

#include "absl/strings/str_cat.h"
#include "dondoc/identity/v1/account_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/client/session_file.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/grant_words.h"
#include "services/cli/input/secret.h"

namespace dondoc::cli {
namespace {

namespace pb = identity::v1;
using Stub = pb::AccountService::Stub;

struct SignInOptions {
  std::string account;
  int password_fd = kFromInput;
};

// Without a token: who signs in has none that counts.
Client<pb::AccountService> Accounts(Session& session) {
  return Client<pb::AccountService>(session.registry_without_token());
}

absl::StatusOr<std::string> Try(Session& session, const std::string& account,
                                const std::string& password) {
  pb::SignInRequest request;
  request.set_account(account);
  request.set_password(password);
  ASSIGN_OR_RETURN(pb::SignInResponse response, Accounts(session).Call(&Stub::SignIn, request));
  return std::move(*response.mutable_session());
}

// Sets a password of one's own; answers it.
absl::StatusOr<std::string> Change(Session& session, const SignInOptions& options,
                                   const std::string& old_password) {
  ASSIGN_OR_RETURN(const std::string wanted,
                   ReadSecret("Mật khẩu mới (new password)", options.password_fd));
  ASSIGN_OR_RETURN(const std::string again,
                   ReadSecret("Nhập lại mật khẩu mới (once more)", options.password_fd));
  if (wanted != again) {
    return Refuse(absl::StatusCode::kInvalidArgument, "PASSWORDS_DIFFER",
                  {.vi = "Hai lần nhập mật khẩu mới không giống nhau; hãy làm lại.",
                   .en = "the two new passwords differ; do it again"});
  }
  pb::ChangePasswordRequest request;
  request.set_account(options.account);
  request.set_old_password(old_password);
  request.set_new_password(wanted);
  RETURN_IF_ERROR(Accounts(session).Call(&Stub::ChangePassword, request).status());
  return wanted;
}

absl::Status SignIn(Session& session, const SignInOptions& given) {
  SignInOptions options = given;
  if (options.account.empty()) options.account = session.settings().actor;
  ASSIGN_OR_RETURN(std::string password,
                   ReadSecret(absl::StrCat("Mật khẩu của ", options.account, " (password)"),
                              options.password_fd));
  absl::StatusOr<std::string> secret = Try(session, options.account, password);
  if (ReasonOf(secret.status()) == "PASSWORD_CHANGE_REQUIRED") {
    if (!session.json()) {
      session.PrintNote({.vi = "Mật khẩu này chỉ dùng một lần; hãy đặt mật khẩu của mình.",
                         .en = "this password is for one use; set your own"});
    }
    ASSIGN_OR_RETURN(password, Change(session, options, password));
    secret = Try(session, options.account, password);
  }
  RETURN_IF_ERROR(secret.status());
  RETURN_IF_ERROR(
      WriteSession(session.settings().session_file, {.registry = session.settings().registry,
                                                     .account = options.account,
                                                     .session = *std::move(secret)}));
  if (session.json()) return absl::OkStatus();
  session.PrintDone({.vi = absl::StrCat("Đã đăng nhập: ", options.account), .en = "signed in"});
  return absl::OkStatus();
}

absl::Status ChangePassword(Session& session, const SignInOptions& given) {
  SignInOptions options = given;
  if (options.account.empty()) options.account = session.settings().actor;
  ASSIGN_OR_RETURN(
      const std::string password,
      ReadSecret(absl::StrCat("Mật khẩu hiện nay của ", options.account, " (password)"),
                 options.password_fd));
  RETURN_IF_ERROR(Change(session, options, password).status());
  RemoveSession(session.settings().session_file);
  if (session.json()) return absl::OkStatus();
  session.PrintDone({.vi = "Đã đổi mật khẩu; hãy đăng nhập lại", .en = "changed; sign in again"});
  return absl::OkStatus();
}

struct NoOptions {};

absl::Status SignOut(Session& session, const NoOptions&) {
  const std::string& path = session.settings().session_file;
  ASSIGN_OR_RETURN(const auto signed_in, ReadSession(path));
  if (signed_in && signed_in->registry == session.settings().registry) {
    pb::SignOutRequest request;
    request.set_session(signed_in->session);
    RETURN_IF_ERROR(Accounts(session).Call(&Stub::SignOut, request).status());
  }
  RemoveSession(path);
  if (session.json()) return absl::OkStatus();
  session.PrintDone({.vi = "Đã đăng xuất", .en = "signed out"});
  return absl::OkStatus();
}

absl::Status WhoAmI(Session& session, const NoOptions&) {
  ASSIGN_OR_RETURN(
      const auto response,
      Client<pb::AccountService>(session.registry()).Call(&Stub::WhoAmI, pb::WhoAmIRequest()));
  if (session.json()) return session.PrintJson(response);
  session.console().out << response.caller() << '\n';
  if (response.grants().empty()) {
    session.PrintNote(
        {.vi = "Chưa được giao vai trò nào còn hiệu lực hôm nay; hãy liên hệ Văn phòng.",
         .en = "no role today; ask the Office"});
    return absl::OkStatus();
  }
  PrintGrants(session.console(), response.grants());
  return absl::OkStatus();
}

void DeclareSignIn(CLI::App& cli, SignInOptions& options) {
  cli.add_option("account", options.account,
                 Help("Tên tài khoản, mặc định là --actor", "the account; --actor by default"));
  cli.add_option("--password-fd", options.password_fd,
                 Help("Đọc mật khẩu từ đây, mỗi dòng một mật khẩu",
                      "descriptor with the password, and the new one twice, one a line"));
}
void DeclareNothing(CLI::App&, NoOptions&) {}

}  // namespace

void AddSignInCommands(Tree& tree) {
  AddExample(tree.Verb<SignInOptions>(tree.root(), "sign-in",
                                      {.vi = "Đăng nhập", .en = "sign in with an account"},
                                      DeclareSignIn, SignIn),
             "dondoc sign-in an.tran");
  tree.Verb<SignInOptions>(tree.root(), "password",
                           {.vi = "Đổi mật khẩu của mình", .en = "change one's password"},
                           DeclareSignIn, ChangePassword);
  tree.Verb<NoOptions>(tree.root(), "sign-out", {.vi = "Đăng xuất", .en = "end the session"},
                       DeclareNothing, SignOut);
  tree.Verb<NoOptions>(tree.root(), "whoami",
                       {.vi = "Tôi là ai, giữ vai trò gì", .en = "who I am, and my roles"},
                       DeclareNothing, WhoAmI);
}

}  // namespace dondoc::cli
