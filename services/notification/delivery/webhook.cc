#include "services/notification/delivery/webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/notification/wire/convert.h"

namespace dondoc::notification {
namespace {

std::string JsonText(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      absl::StrAppend(&quoted, "\\", absl::string_view(&c, 1));
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", c);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string HmacSha256(const std::string& secret, absl::string_view text) {
  unsigned char code[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), code, &size);
  return {reinterpret_cast<const char*>(code), size};
}

}  // namespace

std::string WebhookBody(const Delivery& delivery) {
  const std::string notices = absl::StrJoin(
      delivery.notices, ",",
      [](std::string* out, int64_t notice) { absl::StrAppend(out, JsonText(NoticeName(notice))); });
  const std::string created =
      absl::FormatTime(absl::RFC3339_full, delivery.created_at, absl::UTCTimeZone());
  return absl::StrCat("{\"type\":\"dondoc.notification.digest\",\"timestamp\":", JsonText(created),
                      ",\"data\":{\"delivery\":", JsonText(DeliveryName(delivery.id)),
                      ",\"digest\":", JsonText(DigestName(delivery.digest)),
                      ",\"recipient\":", JsonText(delivery.recipient),
                      ",\"notice_count\":", delivery.notice_count, ",\"notices\":[", notices,
                      "]}}");
}

std::vector<std::string> WebhookHeaders(absl::string_view id, absl::Time now,
                                        absl::string_view body, const std::string& secret) {
  const std::string timestamp = absl::StrCat(absl::ToUnixSeconds(now));
  const std::string code = HmacSha256(secret, absl::StrCat(id, ".", timestamp, ".", body));
  return {absl::StrCat("webhook-id: ", id), absl::StrCat("webhook-timestamp: ", timestamp),
          absl::StrCat("webhook-signature: v1,", absl::Base64Escape(code))};
}

}  // namespace dondoc::notification
