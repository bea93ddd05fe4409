#include "services/notification/delivery/outside.h"

#include "absl/strings/match.h"
#include "libs/base/status_macros.h"

namespace dondoc::notification {

absl::Status CheckOutside(const Outside& outside) {
  if (outside.smtp_url.empty()) return absl::OkStatus();
  const bool smtps = absl::StartsWith(outside.smtp_url, "smtps://");
  if (!smtps && !absl::StartsWith(outside.smtp_url, "smtp://")) {
    return absl::InvalidArgumentError("smtp_url must begin with smtp:// or smtps://");
  }
  if (!CheckEmail(outside.smtp_from).ok()) {
    return absl::InvalidArgumentError("smtp_from must be an e-mail address when smtp_url is set");
  }
  if (!outside.smtp_user.empty() && !smtps && outside.starttls != "required") {
    return absl::InvalidArgumentError(
        "smtp_user needs smtp_starttls=required or smtps://: a password does not go in the clear");
  }
  return absl::OkStatus();
}

}  // namespace dondoc::notification
