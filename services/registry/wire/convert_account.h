#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dondoc/identity/v1/account.pb.h"
#include "libs/identity/accounts.h"

// Accounts, as their contract says them (dondoc.identity.v1).
namespace dondoc::registry {

identity::v1::Account ToProto(const identity::AccountState& state);

// "accounts/an.tran" -> "an.tran". ACCOUNT_NAME_INVALID.
absl::StatusOr<std::string> ParseAccountName(absl::string_view name);

}  // namespace dondoc::registry
