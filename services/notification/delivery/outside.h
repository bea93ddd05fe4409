#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/notification/domain/contact.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// How messages leave this service: its settings.
struct Outside {
  // "smtp://host:25" or "smtps://host:465"; empty for no e-mail.
  std::string smtp_url = {};
  // The sender's address.
  std::string smtp_from = {};
  // Both empty for a server that wants no login.
  std::string smtp_user = {};
  std::string smtp_password = {};
  // "off", "try" or "required".
  std::string starttls = "required";
  LoopbackRule webhook_loopback = LoopbackRule::kRefuse;
  // How long a webhook may take to answer, in real time.
  absl::Duration webhook_timeout = absl::Seconds(15);

  Channels channels() const { return {.email = !smtp_url.empty(), .webhook = true}; }
};

// INVALID_ARGUMENT when the settings do not fit together: a mail server needs a sender, its URL the
// scheme smtp or smtps, and a password a line that is encrypted.
absl::Status CheckOutside(const Outside& outside);

}  // namespace dondoc::notification
