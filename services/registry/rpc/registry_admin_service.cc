#include <string>
#include <utility>
#include <vector>

#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "libs/identity/account_errors.h"
#include "libs/identity/errors.h"
#include "libs/log/log.h"
#include "services/registry/rpc/account_service.h"
#include "services/registry/rpc/grants.h"
#include "services/registry/store/grants.h"
#include "services/registry/wire/convert_account.h"

namespace dondoc::registry {
namespace {

// What an earlier call with the same request_id gave.
absl::StatusOr<pb::Grant> OfficeOf(store::Snapshot& snapshot, const std::string& principal) {
  const auto grants = ListGrantBodies(
      snapshot, {.limit = 1'000, .principal = principal, .unit = {}, .as_of = snapshot.today()});
  for (const pb::Grant& grant : grants) {
    if (grant.role() == pb::ROLE_OFFICE && grant.unit().empty()) return grant;
  }
  return identity::error::NoGrant(principal);
}

}  // namespace

absl::StatusOr<pb::Grant> RegistryAdminService::Give(const rpc::Call& call,
                                                     const pb::GiveFirstOfficeRequest& request) {
  ASSIGN_OR_RETURN(const store::Origin origin, OriginWithoutPassword(call, request));
  const std::string& principal = request.principal();
  absl::string_view name = principal;
  const bool is_account = absl::ConsumePrefix(&name, identity::kAccountPrefix);
  pb::Grant grant;
  const auto give = [&](store::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(grant, registry::GiveFirstOffice(transaction, principal));
    return absl::OkStatus();
  };
  if (!request.password().empty()) {
    if (!is_account) return identity::error::GrantPrincipalInvalid(principal);
    const std::string& shown = request.display_name();
    identity::Around around = slow_.IfStillLetIn(call);
    around.after = give;
    RETURN_IF_ERROR(accounts_
                        .Create({.name = std::string(name),
                                 .display_name = shown.empty() ? std::string(name) : shown,
                                 .password = request.password()},
                                origin, around)
                        .status());
  } else {
    RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const bool again,
                       identity::IsRepetition(transaction, origin, slow_.IfStillLetIn(call)));
      if (again) return absl::OkStatus();
      if (is_account && !identity::ReadAccount(transaction, std::string(name))) {
        return identity::error::AccountNotFound(name);
      }
      return give(transaction);
    }));
  }
  if (grant.name().empty()) {
    RETURN_IF_ERROR(database_.Read([&](store::Snapshot& snapshot) -> absl::Status {
      ASSIGN_OR_RETURN(grant, OfficeOf(snapshot, principal));
      return absl::OkStatus();
    }));
  }
  return grant;
}

grpc::ServerUnaryReactor* RegistryAdminService::GiveFirstOffice(
    grpc::CallbackServerContext* context, const pb::GiveFirstOfficeRequest* request,
    pb::GiveFirstOfficeResponse* response) {
  return slow_.Run(
      context, request, response,
      [this](const rpc::Call& call, const pb::GiveFirstOfficeRequest& wanted)
          -> absl::StatusOr<pb::GiveFirstOfficeResponse> {
        pb::GiveFirstOfficeResponse answer;
        ASSIGN_OR_RETURN(*answer.mutable_grant(), Give(call, wanted));
        log::Info("admin.first_office", {{"actor", call.actor}, {"principal", wanted.principal()}});
        return answer;
      });
}

grpc::ServerUnaryReactor* RegistryAdminService::RecoverAccount(
    grpc::CallbackServerContext* context, const pb::RecoverAccountRequest* request,
    pb::RecoverAccountResponse* response) {
  return slow_.Run(
      context, request, response,
      [this](const rpc::Call& call, const pb::RecoverAccountRequest& wanted)
          -> absl::StatusOr<pb::RecoverAccountResponse> {
        ASSIGN_OR_RETURN(const std::string name, ParseAccountName(wanted.name()));
        ASSIGN_OR_RETURN(const store::Origin origin, OriginWithoutPassword(call, wanted));
        RETURN_IF_ERROR(
            accounts_.Recover(name, wanted.password(), origin, slow_.IfStillLetIn(call)).status());
        log::Info("admin.recover_account", {{"actor", call.actor}, {"account", name}});
        return pb::RecoverAccountResponse();
      });
}

}  // namespace dondoc::registry
