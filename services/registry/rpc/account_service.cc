#include "services/registry/rpc/account_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/rpc/page.h"
#include "services/registry/domain/errors.h"
#include "services/registry/rpc/cut_page.h"
#include "services/registry/store/grants.h"
#include "services/registry/wire/convert_account.h"

namespace dondoc::registry {

namespace ipb = identity::v1;

namespace {

// Of the grants of one caller; nobody holds nearly as many at once.
constexpr int64_t kGrantsMax = 1'000;
// Before the name of a system that shows its certificate.
constexpr char kSystem[] = "system:";

// The common name of the system that the call comes through; "" for none.
absl::string_view SystemOf(const rpc::Call& call) {
  return absl::StripPrefix(call.system, kSystem);
}

absl::StatusOr<ipb::ListAccountsResponse> List(const rpc::Call&, store::Snapshot& snapshot,
                                               const ipb::ListAccountsRequest& request) {
  constexpr char kFilter[] = "accounts";
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), kFilter));
  std::vector<identity::AccountState> accounts =
      identity::ReadAccounts(snapshot, page.after, page.size + 1);
  ipb::ListAccountsResponse response;
  if (accounts.size() > static_cast<size_t>(page.size)) {
    accounts.pop_back();
    response.set_next_page_token(rpc::NextPageToken(accounts.back().name, kFilter));
  }
  for (const identity::AccountState& account : accounts) {
    *response.add_accounts() = ToProto(account);
  }
  return response;
}

// Whether somebody who can sign in is Office for the whole register without an end when this
// account is closed.
absl::Status CheckOfficeStays(store::Snapshot& snapshot, const std::string& name) {
  const std::string principal = absl::StrCat(identity::kAccountPrefix, name);
  const auto own = FindOffice(
      snapshot, {.day = snapshot.today(), .standing = true, .of = principal, .closed_too = true});
  if (!own) return absl::OkStatus();
  if (FindOffice(snapshot, {.day = snapshot.today(), .standing = true, .not_of = principal})) {
    return absl::OkStatus();
  }
  return error::LastOfficeAccount(name, own->state().number);
}

absl::StatusOr<ipb::WhoAmIResponse> Who(const rpc::Call& call, store::Snapshot& snapshot,
                                        const ipb::WhoAmIRequest&) {
  ipb::WhoAmIResponse response;
  response.set_caller(call.actor);
  for (pb::Grant& grant : ListGrantBodies(
           snapshot,
           {.limit = kGrantsMax, .principal = call.actor, .unit = {}, .as_of = snapshot.today()})) {
    *response.add_grants() = std::move(grant);
  }
  return response;
}

}  // namespace

AccountService::Reactor* AccountService::CreateAccount(Context* context,
                                                       const ipb::CreateAccountRequest* request,
                                                       ipb::CreateAccountResponse* response) {
  return slow_.Run(
      context, request, response,
      [this](const rpc::Call& call, const ipb::CreateAccountRequest& wanted)
          -> absl::StatusOr<ipb::CreateAccountResponse> {
        ASSIGN_OR_RETURN(const std::string name, ParseAccountName(wanted.name()));
        ASSIGN_OR_RETURN(const store::Origin origin, OriginWithoutPassword(call, wanted));
        ASSIGN_OR_RETURN(const auto state, accounts_.Create({.name = name,
                                                             .display_name = wanted.display_name(),
                                                             .password = wanted.password()},
                                                            origin, slow_.IfStillLetIn(call)));
        ipb::CreateAccountResponse answer;
        *answer.mutable_account() = ToProto(state);
        return answer;
      });
}

AccountService::Reactor* AccountService::ResetPassword(Context* context,
                                                       const ipb::ResetPasswordRequest* request,
                                                       ipb::ResetPasswordResponse* response) {
  return slow_.Run(
      context, request, response,
      [this](const rpc::Call& call, const ipb::ResetPasswordRequest& wanted)
          -> absl::StatusOr<ipb::ResetPasswordResponse> {
        ASSIGN_OR_RETURN(const std::string name, ParseAccountName(wanted.name()));
        ASSIGN_OR_RETURN(const store::Origin origin, OriginWithoutPassword(call, wanted));
        ASSIGN_OR_RETURN(const auto state, accounts_.ResetPassword(name, wanted.password(), origin,
                                                                   slow_.IfStillLetIn(call)));
        ipb::ResetPasswordResponse answer;
        *answer.mutable_account() = ToProto(state);
        return answer;
      });
}

AccountService::Reactor* AccountService::SetAccountDisabled(
    Context* context, const ipb::SetAccountDisabledRequest* request,
    ipb::SetAccountDisabledResponse* response) {
  return gate_.Write(context, request, response,
                     [this](const rpc::Call&, store::Transaction& transaction,
                            const ipb::SetAccountDisabledRequest& wanted)
                         -> absl::StatusOr<ipb::SetAccountDisabledResponse> {
                       ASSIGN_OR_RETURN(const std::string name, ParseAccountName(wanted.name()));
                       if (wanted.disabled()) {
                         RETURN_IF_ERROR(CheckOfficeStays(transaction, name));
                       }
                       ASSIGN_OR_RETURN(const auto state, accounts_.SetDisabled(transaction, name,
                                                                                wanted.disabled()));
                       ipb::SetAccountDisabledResponse answer;
                       *answer.mutable_account() = ToProto(state);
                       return answer;
                     });
}

AccountService::Reactor* AccountService::ListAccounts(Context* context,
                                                      const ipb::ListAccountsRequest* request,
                                                      ipb::ListAccountsResponse* response) {
  return gate_.Read(context, request, response, &List);
}

AccountService::Reactor* AccountService::SignIn(Context* context, const ipb::SignInRequest* request,
                                                ipb::SignInResponse* response) {
  return slow_.Run(context, request, response,
                   [this](const rpc::Call& call,
                          const ipb::SignInRequest& wanted) -> absl::StatusOr<ipb::SignInResponse> {
                     ipb::SignInResponse answer;
                     ASSIGN_OR_RETURN(
                         *answer.mutable_session(),
                         accounts_.SignIn(wanted.account(), wanted.password(), SystemOf(call)));
                     return answer;
                   });
}

AccountService::Reactor* AccountService::SignOut(Context* context,
                                                 const ipb::SignOutRequest* request,
                                                 ipb::SignOutResponse* response) {
  return gate_.Write(
      context, request, response,
      [this](const rpc::Call& call, store::Transaction& transaction,
             const ipb::SignOutRequest& wanted) -> absl::StatusOr<ipb::SignOutResponse> {
        accounts_.SignOut(transaction, wanted.session(), SystemOf(call));
        return ipb::SignOutResponse();
      });
}

AccountService::Reactor* AccountService::ChangePassword(Context* context,
                                                        const ipb::ChangePasswordRequest* request,
                                                        ipb::ChangePasswordResponse* response) {
  return slow_.Run(
      context, request, response,
      [this](const rpc::Call&, const ipb::ChangePasswordRequest& wanted)
          -> absl::StatusOr<ipb::ChangePasswordResponse> {
        RETURN_IF_ERROR(accounts_.ChangePassword({.name = wanted.account(),
                                                  .old_password = wanted.old_password(),
                                                  .new_password = wanted.new_password()}));
        return ipb::ChangePasswordResponse();
      });
}

AccountService::Reactor* AccountService::IssueToken(Context* context,
                                                    const ipb::IssueTokenRequest* request,
                                                    ipb::IssueTokenResponse* response) {
  return gate_.Write(
      context, request, response,
      [this](const rpc::Call& call, store::Transaction& transaction,
             const ipb::IssueTokenRequest& wanted) -> absl::StatusOr<ipb::IssueTokenResponse> {
        ASSIGN_OR_RETURN(identity::IssuedToken issued,
                         accounts_.IssueToken(transaction, wanted.session(), SystemOf(call)));
        ipb::IssueTokenResponse answer;
        answer.set_token(std::move(issued.token));
        *answer.mutable_expire_time() = ToTimestamp(issued.expires);
        return answer;
      });
}

AccountService::Reactor* AccountService::WhoAmI(Context* context, const ipb::WhoAmIRequest* request,
                                                ipb::WhoAmIResponse* response) {
  return gate_.Read(context, request, response, &Who);
}

}  // namespace dondoc::registry
