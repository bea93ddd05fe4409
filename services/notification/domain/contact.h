#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::notification {

// How a recipient is reached besides the inbox.
struct Contact {
  std::string recipient = {};
  std::string email = {};
  std::string webhook_url = {};
  std::string webhook_secret = {};
};

// Whether webhooks may go to this machine: a setting, off unless somebody tests.
enum class LoopbackRule { kRefuse, kAllow };

// A webhook's address, taken apart.
struct WebhookUrl {
  // Without the brackets of an IPv6 address.
  std::string host = {};
  int port = 0;
  // The URL itself names this machine.
  bool loopback = false;
};

// Checks "local@domain" in ASCII, at most 254 bytes: what every mail server takes. No CR, LF,
// spaces or brackets, so that it can stand in a header. INVALID_ARGUMENT, reason EMAIL_INVALID.
absl::Status CheckEmail(absl::string_view email);

// Reads "https://host[:443|:8443]/path"; with LoopbackRule::kAllow also http and any port for
// 127.0.0.1, [::1] and localhost. The host is a name with a dot, or an IP address in its canonical
// spelling: no other way of writing an address passes. INVALID_ARGUMENT, reason
// WEBHOOK_URL_INVALID.
//
// This looks at the letters only. Where a name leads is checked when the connection is made,
// because a name may lead elsewhere tomorrow.
absl::StatusOr<WebhookUrl> ParseWebhookUrl(absl::string_view url, LoopbackRule rule);

// The bytes of "whsec_<base64 of 24 to 64 bytes>". INVALID_ARGUMENT, reason WEBHOOK_SECRET_INVALID.
absl::StatusOr<std::string> ParseWebhookSecret(absl::string_view secret);

// Checks all fields together: a webhook needs a secret.
absl::Status CheckContact(const Contact& contact, LoopbackRule rule);

}  // namespace dondoc::notification
