#include "services/notification/domain/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "services/notification/domain/errors.h"

namespace dondoc::notification {

bool IsNameIn(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) return false;
  return !name.empty() && name.size() <= 63 && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
  });
}

absl::Status CheckUnitName(absl::string_view field, absl::string_view name) {
  if (IsNameIn("units", name)) return absl::OkStatus();
  return error::NameInvalid(field, name, "units/{id}");
}

absl::Status CheckPlanName(absl::string_view field, absl::string_view name) {
  if (IsNameIn("plans", name)) return absl::OkStatus();
  return error::NameInvalid(field, name, "plans/{id}");
}

}  // namespace dondoc::notification
