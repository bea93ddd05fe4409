#include "services/registry/store/account_log.h"

#include "dondoc/identity/v1/events.pb.h"
#include "services/registry/store/body.h"
#include "services/registry/store/grants.h"
#include "services/registry/wire/convert_account.h"

namespace dondoc::registry {

void LogAccount(store::Transaction& transaction, const identity::AccountState& state) {
  identity::v1::AccountChanged event;
  *event.mutable_account() = ToProto(state);
  Emit(transaction,
       {.noun = "account",
        .verb = "changed",
        .name = event.account().name(),
        .version = state.version},
       event);
}

identity::AccountsOptions LoggedAccounts(identity::PasswordCost cost) {
  return {.cost = cost, .on_account = LogAccount, .on_key = SaveSigningKey};
}

}  // namespace dondoc::registry
