#include "services/notification/delivery/transfer.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/notification/domain/address.h"

namespace dondoc::notification {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kMailSeconds = 60;
// Slower than a byte a second for half a minute is not a conversation.
constexpr long kStallSeconds = 30;
// More than this of an answer is not read.
constexpr size_t kBodyBytesMax = 64 * 1024;
constexpr size_t kAnswerBytesKept = 4 * 1024;

// Nothing for a socket address that is neither IPv4 nor IPv6.
std::optional<IpAddress> IpOf(const sockaddr& address) {
  if (address.sa_family == AF_INET6) {
    IpAddress ip;
    std::memcpy(ip.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, ip.size());
    return ip;
  }
  if (address.sa_family != AF_INET) return std::nullopt;
  IpAddress ip = *ParseIp("::ffff:0.0.0.0");
  std::memcpy(ip.data() + 12, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
  return ip;
}

}  // namespace

Transfer::Transfer(Parcel parcel, const Outside& outside)
    : parcel_(std::move(parcel)), handle_(curl_easy_init()) {
  curl_easy_setopt(handle_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle_, CURLOPT_PROXY, "");
  curl_easy_setopt(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
  // One connection for one message: what went wrong with one cannot touch the next.
  curl_easy_setopt(handle_, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(handle_, CURLOPT_FORBID_REUSE, 1L);
  if (parcel_.channel == Channel::kEmail) {
    SetUpMail(outside);
  } else {
    SetUpWebhook(outside);
  }
}

Transfer::~Transfer() {
  curl_easy_cleanup(handle_);
  curl_slist_free_all(list_);
}

void Transfer::SetUpMail(const Outside& outside) {
  const long tls = outside.starttls == "required" ? CURLUSESSL_ALL
                   : outside.starttls == "try"    ? CURLUSESSL_TRY
                                                  : CURLUSESSL_NONE;
  curl_easy_setopt(handle_, CURLOPT_URL, outside.smtp_url.c_str());
  curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle_, CURLOPT_USE_SSL, tls);
  curl_easy_setopt(handle_, CURLOPT_TIMEOUT, kMailSeconds);
  if (!outside.smtp_user.empty()) {
    curl_easy_setopt(handle_, CURLOPT_USERNAME, outside.smtp_user.c_str());
    curl_easy_setopt(handle_, CURLOPT_PASSWORD, outside.smtp_password.c_str());
  }
  curl_easy_setopt(handle_, CURLOPT_MAIL_FROM, absl::StrCat("<", outside.smtp_from, ">").c_str());
  list_ = curl_slist_append(nullptr, absl::StrCat("<", parcel_.address, ">").c_str());
  curl_easy_setopt(handle_, CURLOPT_MAIL_RCPT, list_);
  curl_easy_setopt(handle_, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle_, CURLOPT_READFUNCTION, &Transfer::ReadContent);
  curl_easy_setopt(handle_, CURLOPT_READDATA, this);
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &Transfer::KeepReply);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
}

void Transfer::SetUpWebhook(const Outside& outside) {
  const auto url = ParseWebhookUrl(parcel_.address, outside.webhook_loopback);
  may_reach_loopback_ = url.ok() && url->loopback;
  curl_easy_setopt(handle_, CURLOPT_URL, parcel_.address.c_str());
  curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, may_reach_loopback_ ? "http,https" : "https");
  curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(outside.webhook_timeout)));
  curl_easy_setopt(handle_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::OpenSocket);
  curl_easy_setopt(handle_, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(handle_, CURLOPT_POST, 1L);
  curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, parcel_.content.data());
  curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE, static_cast<long>(parcel_.content.size()));
  curl_easy_setopt(handle_, CURLOPT_USERAGENT, "dondoc-notification");
  for (const std::string& header : parcel_.headers) {
    list_ = curl_slist_append(list_, header.c_str());
  }
  list_ = curl_slist_append(list_, "Content-Type: application/json");
  // No "Expect: 100-continue": the body is small.
  list_ = curl_slist_append(list_, "Expect:");
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, list_);
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &Transfer::KeepBody);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
}

SendResult Transfer::Finish(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  const std::string failure = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
  SendResult result;
  if (!refused_address_.empty()) {
    result.outcome = Outcome::kDead;
    result.answer = absl::StrCat("refused to connect to ", refused_address_);
    return result;
  }
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
    result.outcome = Outcome::kDead;
    result.answer = CleanAnswer(failure);
    return result;
  }
  if (parcel_.channel == Channel::kEmail) {
    result.outcome = JudgeSmtp(code == CURLE_OK, static_cast<int>(status));
    // A reply that was read before the line broke says less than how it broke.
    const bool replied = code == CURLE_OK || status >= 400;
    result.answer = CleanAnswer(replied ? answer_ : failure);
    return result;
  }
  // An answer that was cut because it was too long is an answer.
  const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && status != 0);
  result.outcome = JudgeHttp(answered ? static_cast<int>(status) : 0);
  result.answer = CleanAnswer(answered ? absl::StrCat("HTTP ", status, " ", answer_) : failure);
  curl_off_t seconds = 0;
  curl_easy_getinfo(handle_, CURLINFO_RETRY_AFTER, &seconds);
  if (seconds > 0) result.retry_after = absl::Seconds(seconds);
  return result;
}

size_t Transfer::ReadContent(char* buffer, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  const std::string& content = transfer->parcel_.content;
  const size_t bytes = std::min(size * count, content.size() - transfer->read_);
  std::memcpy(buffer, content.data() + transfer->read_, bytes);
  transfer->read_ += bytes;
  return bytes;
}

size_t Transfer::KeepBody(char* data, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  const size_t bytes = size * count;
  transfer->body_bytes_ += bytes;
  const size_t room = kAnswerBytesKept - std::min(kAnswerBytesKept, transfer->answer_.size());
  transfer->answer_.append(data, std::min(bytes, room));
  // Fewer bytes than given: libcurl stops reading.
  return transfer->body_bytes_ > kBodyBytesMax ? 0 : bytes;
}

// The last line of what an SMTP server says is its answer; after it comes only the goodbye to QUIT.
size_t Transfer::KeepReply(char* data, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  const absl::string_view line(data, std::min(size * count, kAnswerBytesKept));
  if (!absl::StartsWith(line, "221")) transfer->answer_ = std::string(line);
  return size * count;
}

curl_socket_t Transfer::OpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(self);
  const std::optional<IpAddress> ip = IpOf(address->addr);
  const AddressClass kind = ip ? Classify(*ip) : AddressClass::kForbidden;
  const bool allowed = kind == AddressClass::kOrdinary ||
                       (kind == AddressClass::kLoopback && transfer->may_reach_loopback_);
  if (purpose != CURLSOCKTYPE_IPCXN || !allowed) {
    transfer->refused_address_ = ip ? FormatIp(*ip) : "an address that is not IP";
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace dondoc::notification
