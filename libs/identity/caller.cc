#include "libs/identity/caller.h"

#include "absl/strings/str_cat.h"
#include "libs/identity/errors.h"

namespace dondoc::identity {

absl::StatusOr<std::string> CallerOf(const Proven& proven, const TellCause& tell) {
  if (!proven.person) return proven.system;
  if (!proven.system.empty() &&
      absl::StrCat("system:", proven.person->authorized_party) != proven.system) {
    tell("another_system");
    return error::TokenRefused();
  }
  return proven.person->principal;
}

}  // namespace dondoc::identity
