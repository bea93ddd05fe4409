#include "services/registry/wire/convert_account.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/identity/account_errors.h"
#include "libs/identity/account_name.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

constexpr char kAccounts[] = "accounts/";

identity::v1::Account ToProto(const identity::AccountState& state) {
  identity::v1::Account message;
  message.set_name(absl::StrCat(kAccounts, state.name));
  message.set_display_name(state.display_name);
  message.set_must_change_password(state.must_change);
  message.set_disabled(state.disabled);
  *message.mutable_create_time() = ToTimestamp(state.created);
  *message.mutable_password_time() = ToTimestamp(state.password_set);
  return message;
}

absl::StatusOr<std::string> ParseAccountName(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, kAccounts) || !identity::IsAccountName(name)) {
    return identity::error::AccountNameInvalid();
  }
  return std::string(name);
}

}  // namespace dondoc::registry
