#include "libs/identity/caller.h"

#include "absl/strings/str_cat.h"
#include "libs/identity/errors.h"

namespace dondoc::identity {

absl::StatusOr<std::string> CallerOf(const Proven& proven, const TellCause& tell) {
  if (!proven.person) return proven.system;
  const std::string& party = proven.person->authorized_party;
  if (!proven.system.empty() && absl::StrCat("system:", party) != proven.system) {
    tell("another_system");
    return error::TokenRefused();
  }
  const bool owes_a_system = proven.by_edge && proven.person->party_is_system && !party.empty();
  if (owes_a_system && proven.system.empty()) {
    tell("without_its_system");
    return error::TokenRefused();
  }
  return proven.person->principal;
}

}  // namespace dondoc::identity
