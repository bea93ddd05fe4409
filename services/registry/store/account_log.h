#pragma once

#include "libs/identity/accounts.h"
#include "libs/store/database.h"

namespace dondoc::registry {

// Tells a change of an account in the log: what may be known of it, never what signs it in.
void LogAccount(store::Transaction& transaction, const identity::AccountState& state);

// Accounts whose changes, and those of their keys, are told in the log.
identity::AccountsOptions LoggedAccounts(identity::PasswordCost cost = {});

}  // namespace dondoc::registry
