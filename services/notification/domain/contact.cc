#include "services/notification/domain/contact.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"
#include "services/notification/domain/address.h"
#include "services/notification/domain/errors.h"

namespace dondoc::notification {
namespace {

constexpr size_t kEmailBytesMax = 254;
constexpr size_t kLocalPartBytesMax = 64;
constexpr size_t kUrlBytesMax = 2'000;
constexpr size_t kSecretBytesMin = 24;
constexpr size_t kSecretBytesMax = 64;

bool IsHostLetter(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-'; }

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), IsHostLetter);
}

// A name with at least one dot whose last label is no number: "2130706433", "127.1" and "0x7f.1"
// look like names and are read as addresses by resolvers.
bool IsDottedName(absl::string_view host) {
  const std::vector<absl::string_view> labels = absl::StrSplit(host, '.');
  if (labels.size() < 2 || host.size() > 253) return false;
  if (!std::all_of(labels.begin(), labels.end(), IsLabel)) return false;
  return absl::ascii_isalpha(static_cast<unsigned char>(labels.back().front())) != 0;
}

bool IsLocalPartLetter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("!#$%&'*+-/=?^_`{|}~.", absl::string_view(&c, 1));
}

struct Authority {
  absl::string_view host;
  absl::string_view port;
};

// Splits "[::1]:8443" or "host:8443".
Authority SplitAuthority(absl::string_view authority) {
  if (absl::ConsumePrefix(&authority, "[")) {
    const size_t end = std::min(authority.find(']'), authority.size());
    absl::string_view rest = authority.substr(std::min(end + 1, authority.size()));
    absl::ConsumePrefix(&rest, ":");
    return {.host = authority.substr(0, end), .port = rest};
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(authority, absl::MaxSplits(':', 1));
  return {.host = parts.first, .port = parts.second};
}

// Sets `loopback`; says what is wrong with the host.
absl::string_view HostFault(absl::string_view host, bool bracketed, WebhookUrl& url) {
  if (host == "localhost") {
    url.loopback = true;
    return "";
  }
  const std::optional<IpAddress> ip = ParseIp(host);
  if (!ip) return IsDottedName(host) && !bracketed ? "" : "host";
  if (FormatIp(*ip) != host || bracketed != absl::StrContains(host, ":")) return "host spelling";
  if (Classify(*ip) == AddressClass::kForbidden) return "forbidden address";
  url.loopback = Classify(*ip) == AddressClass::kLoopback;
  return "";
}

absl::string_view PortFault(absl::string_view text, bool https, WebhookUrl& url) {
  url.port = https ? 443 : 80;
  if (!text.empty() && (!absl::SimpleAtoi(text, &url.port) || url.port < 1 || url.port > 65535)) {
    return "port";
  }
  if (!url.loopback && url.port != 443 && url.port != 8443) return "port";
  return "";
}

}  // namespace

absl::Status CheckEmail(absl::string_view email) {
  const size_t at = email.rfind('@');
  if (email.size() > kEmailBytesMax || at == absl::string_view::npos || at == 0 ||
      at > kLocalPartBytesMax) {
    return error::EmailInvalid(email);
  }
  const absl::string_view local = email.substr(0, at);
  const bool local_fits = std::all_of(local.begin(), local.end(), IsLocalPartLetter) &&
                          local.front() != '.' && local.back() != '.' &&
                          !absl::StrContains(local, "..");
  if (!local_fits || !IsDottedName(email.substr(at + 1))) return error::EmailInvalid(email);
  return absl::OkStatus();
}

absl::StatusOr<WebhookUrl> ParseWebhookUrl(absl::string_view url, LoopbackRule rule) {
  const auto refuse = [&](absl::string_view fault) { return error::WebhookUrlInvalid(url, fault); };
  if (url.size() > kUrlBytesMax) return refuse("length");
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '\\' && c != '"';
  });
  if (!printable) return refuse("characters");
  absl::string_view rest = url;
  const bool https = absl::ConsumePrefix(&rest, "https://");
  if (!https && !absl::ConsumePrefix(&rest, "http://")) return refuse("scheme");
  const absl::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (absl::StrContains(authority, "@")) return refuse("user and password");
  if (absl::StrContains(rest, "#")) return refuse("fragment");
  const Authority parts = SplitAuthority(authority);
  const bool bracketed = absl::StartsWith(authority, "[");

  WebhookUrl parsed{.host = std::string(parts.host)};
  if (const auto fault = HostFault(parts.host, bracketed, parsed); !fault.empty()) {
    return refuse(fault);
  }
  if (parsed.loopback && rule == LoopbackRule::kRefuse) return refuse("loopback address");
  if (!https && !parsed.loopback) return refuse("scheme");
  if (const auto fault = PortFault(parts.port, https, parsed); !fault.empty()) {
    return refuse(fault);
  }
  return parsed;
}

absl::StatusOr<std::string> ParseWebhookSecret(absl::string_view secret) {
  std::string bytes;
  if (!absl::ConsumePrefix(&secret, "whsec_") || !absl::Base64Unescape(secret, &bytes) ||
      bytes.size() < kSecretBytesMin || bytes.size() > kSecretBytesMax) {
    return error::WebhookSecretInvalid();
  }
  return bytes;
}

absl::Status CheckContact(const Contact& contact, LoopbackRule rule) {
  if (!contact.email.empty()) RETURN_IF_ERROR(CheckEmail(contact.email));
  if (contact.webhook_url.empty()) {
    return contact.webhook_secret.empty() ? absl::OkStatus()
                                          : error::WebhookUrlInvalid("", "empty");
  }
  RETURN_IF_ERROR(ParseWebhookUrl(contact.webhook_url, rule).status());
  return ParseWebhookSecret(contact.webhook_secret).status();
}

}  // namespace dondoc::notification
