#pragma once

#include <grpcpp/grpcpp.h>

#include <utility>

#include "dondoc/identity/v1/account_service.grpc.pb.h"
#include "dondoc/registry/v1/registry_admin_service.grpc.pb.h"
#include "libs/identity/accounts.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/rpc/slow_calls.h"
#include "services/registry/rpc/workers.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

// Borrowed by both services below.
struct AccountParts {
  store::Database& database;
  identity::Accounts& accounts;
  Workers& workers;
};

// The gRPC face of accounts. What takes a password goes through SlowCalls, all else through the
// gate as everywhere. Thread-safe.
class AccountService final : public identity::v1::AccountService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  explicit AccountService(AccountParts parts, rpc::Observer observer = rpc::LogRefusal,
                          const rpc::Doorkeeper& door = rpc::Doorkeeper::Open())
      : accounts_(parts.accounts),
        gate_(parts.database, std::move(observer), door),
        slow_(gate_, parts.workers) {}

  Reactor* CreateAccount(Context* context, const identity::v1::CreateAccountRequest* request,
                         identity::v1::CreateAccountResponse* response) override;
  Reactor* ResetPassword(Context* context, const identity::v1::ResetPasswordRequest* request,
                         identity::v1::ResetPasswordResponse* response) override;
  Reactor* SetAccountDisabled(Context* context,
                              const identity::v1::SetAccountDisabledRequest* request,
                              identity::v1::SetAccountDisabledResponse* response) override;
  Reactor* ListAccounts(Context* context, const identity::v1::ListAccountsRequest* request,
                        identity::v1::ListAccountsResponse* response) override;
  Reactor* SignIn(Context* context, const identity::v1::SignInRequest* request,
                  identity::v1::SignInResponse* response) override;
  Reactor* SignOut(Context* context, const identity::v1::SignOutRequest* request,
                   identity::v1::SignOutResponse* response) override;
  Reactor* ChangePassword(Context* context, const identity::v1::ChangePasswordRequest* request,
                          identity::v1::ChangePasswordResponse* response) override;
  Reactor* IssueToken(Context* context, const identity::v1::IssueTokenRequest* request,
                      identity::v1::IssueTokenResponse* response) override;
  Reactor* WhoAmI(Context* context, const identity::v1::WhoAmIRequest* request,
                  identity::v1::WhoAmIResponse* response) override;

 private:
  identity::Accounts& accounts_;
  rpc::Gate gate_;
  SlowCalls slow_;
};

// What the registry's operators may beside what all operators may. Thread-safe.
class RegistryAdminService final : public pb::RegistryAdminService::CallbackService {
 public:
  // `door` is that of the operators.
  explicit RegistryAdminService(AccountParts parts, rpc::Observer observer = rpc::LogRefusal,
                                const rpc::Doorkeeper& door = rpc::Doorkeeper::Open())
      : database_(parts.database),
        accounts_(parts.accounts),
        gate_(parts.database, std::move(observer), door),
        slow_(gate_, parts.workers) {}

  grpc::ServerUnaryReactor* GiveFirstOffice(grpc::CallbackServerContext* context,
                                            const pb::GiveFirstOfficeRequest* request,
                                            pb::GiveFirstOfficeResponse* response) override;
  grpc::ServerUnaryReactor* RecoverAccount(grpc::CallbackServerContext* context,
                                           const pb::RecoverAccountRequest* request,
                                           pb::RecoverAccountResponse* response) override;

 private:
  absl::StatusOr<pb::Grant> Give(const rpc::Call& call, const pb::GiveFirstOfficeRequest& request);

  store::Database& database_;
  identity::Accounts& accounts_;
  rpc::Gate gate_;
  SlowCalls slow_;
};

}  // namespace dondoc::registry
