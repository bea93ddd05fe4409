#pragma once

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/notification/delivery/outside.h"
#include "services/notification/domain/attempt.h"
#include "services/notification/domain/types.h"

namespace dondoc::notification {

// One message, packed and addressed.
struct Parcel {
  // Of the delivery.
  std::string id = {};
  Channel channel = Channel::kEmail;
  std::string address = {};
  // The mail, or the body of the webhook.
  std::string content = {};
  // Of the webhook.
  std::vector<std::string> headers = {};
};

// How an attempt to send it ended.
struct SendResult {
  Outcome outcome = Outcome::kRetry;
  std::string answer = {};
  // What the other side asked for with Retry-After.
  std::optional<absl::Duration> retry_after = {};
};

// One attempt: a libcurl handle with everything set, to be run by a multi handle. Not thread-safe.
//
// A webhook goes over https only (http to this machine where the settings allow it), never through
// a proxy, never follows a redirect, and its socket is opened only to an address that may be spoken
// to: the check is made on the address that the name led to, at the moment of connecting.
class Transfer {
 public:
  Transfer(Parcel parcel, const Outside& outside);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() { return handle_; }
  const Parcel& parcel() const { return parcel_; }

  // What came of it, when libcurl is done.
  SendResult Finish(CURLcode code);

 private:
  void SetUpMail(const Outside& outside);
  void SetUpWebhook(const Outside& outside);

  static size_t ReadContent(char* buffer, size_t size, size_t count, void* self);
  static size_t KeepBody(char* data, size_t size, size_t count, void* self);
  static size_t KeepReply(char* data, size_t size, size_t count, void* self);
  static curl_socket_t OpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  const Parcel parcel_;
  CURL* const handle_;
  curl_slist* list_ = nullptr;
  size_t read_ = 0;
  size_t body_bytes_ = 0;
  // The beginning of what the other side said.
  std::string answer_;
  bool may_reach_loopback_ = false;
  // The address that the guard refused; empty for none.
  std::string refused_address_;
  char error_[CURL_ERROR_SIZE] = "";
};

}  // namespace dondoc::notification
