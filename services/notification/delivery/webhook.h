#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notification/domain/delivery.h"

namespace dondoc::notification {

// The body of a webhook: thin, names only, so that what it tells is read from the API by somebody
// who may. {"type": "dondoc.notification.digest", "timestamp": …, "data": {…}}; under 20 KB because
// a delivery names at most a hundred notices.
std::string WebhookBody(const Delivery& delivery);

// The three headers of Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature,
// which is "v1," and base64 of the HMAC-SHA256 over "id.timestamp.body" under `secret` (raw bytes).
std::vector<std::string> WebhookHeaders(absl::string_view id, absl::Time now,
                                        absl::string_view body, const std::string& secret);

}  // namespace dondoc::notification
