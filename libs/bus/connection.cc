#include "libs/bus/connection.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "libs/log/log.h"

namespace dondoc::bus {
namespace {

constexpr int64_t kConnectTimeoutMs = 1000;
// Of a question to JetStream's API.
constexpr int64_t kAnswerTimeoutMs = 2000;
// A broker that reads nothing any more must not hold us up for longer.
constexpr int64_t kWriteDeadlineMs = 1000;
constexpr int64_t kPingIntervalMs = 5000;
constexpr int kPingsUnanswered = 2;

// Runs in a thread of the library. `subscription` may have been freed already (nats.c
// before 3.7.0).
void OnAsyncError(natsConnection*, natsSubscription*, natsStatus status, void*) {
  log::Warning("bus.broker_complains", {{"error", natsStatus_GetText(status)}});
}

absl::StatusCode CodeOf(natsStatus status, jsErrCode code) {
  switch (static_cast<int>(code)) {
    case JSStreamNotFoundErr:
    case JSConsumerNotFoundErr:
    case JSNoMessageFoundErr:
      return absl::StatusCode::kNotFound;
    case JSInsufficientResourcesErr:
    case JSStorageResourcesExceededErr:
    case JSStreamStoreFailedErr:
      return absl::StatusCode::kResourceExhausted;
    default:
      break;
  }
  switch (status) {
    case NATS_NO_RESPONDERS:
    case NATS_NOT_FOUND:
      return absl::StatusCode::kNotFound;
    case NATS_MAX_PAYLOAD:
      return absl::StatusCode::kInvalidArgument;
    default:
      return absl::StatusCode::kUnavailable;
  }
}

// No connection without TLS from here on, and none to a broker that another authority signed for.
absl::Status SetTls(const BusTls& tls, natsOptions* made) {
  const natsStatus results[] = {
      natsOptions_SetSecure(made, true),
      natsOptions_LoadCATrustedCertificates(made, tls.ca.c_str()),
      natsOptions_LoadCertificatesChain(made, tls.certificate.c_str(), tls.key.c_str()),
  };
  for (const natsStatus status : results) RETURN_IF_ERROR(ToStatus(status, "read the TLS files"));
  return absl::OkStatus();
}

absl::StatusOr<NatsOwned<natsOptions>> MakeOptions(const BusOptions& options,
                                                   absl::string_view role) {
  natsOptions* made = nullptr;
  RETURN_IF_ERROR(ToStatus(natsOptions_Create(&made), "make options"));
  NatsOwned<natsOptions> owned(made);
  const std::string name = absl::StrCat(options.service, "-", role);
  const std::string inbox = absl::StrCat("_INBOX.", options.service);
  const std::vector<std::string> urls = absl::StrSplit(options.url, ',');
  std::vector<const char*> servers;
  servers.reserve(urls.size());
  for (const std::string& url : urls) servers.push_back(url.c_str());
  const natsStatus results[] = {
      natsOptions_SetServers(made, servers.data(), static_cast<int>(servers.size())),
      natsOptions_SetName(made, name.c_str()),
      natsOptions_SetTimeout(made, kConnectTimeoutMs),
      natsOptions_SetWriteDeadline(made, kWriteDeadlineMs),
      natsOptions_SetPingInterval(made, kPingIntervalMs),
      natsOptions_SetMaxPingsOut(made, kPingsUnanswered),
      natsOptions_SetAllowReconnect(made, false),
      natsOptions_SetIgnoreDiscoveredServers(made, true),
      natsOptions_SetCustomInboxPrefix(made, inbox.c_str()),
      natsOptions_SetErrorHandler(made, OnAsyncError, nullptr),
      options.user.empty()
          ? NATS_OK
          : natsOptions_SetUserInfo(made, options.user.c_str(), options.password.c_str()),
  };
  for (const natsStatus status : results) RETURN_IF_ERROR(ToStatus(status, "set options"));
  if (options.tls.Used()) RETURN_IF_ERROR(SetTls(options.tls, made));
  return owned;
}

}  // namespace

absl::Status ToStatus(natsStatus status, absl::string_view doing, jsErrCode code) {
  if (status == NATS_OK) return absl::OkStatus();
  std::string message = absl::StrCat(doing, ": ", natsStatus_GetText(status));
  if (static_cast<int>(code) != 0) absl::StrAppend(&message, ", JetStream error ", code);
  return absl::Status(CodeOf(status, code), message);
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const BusOptions& options,
                                                             absl::string_view role) {
  ASSIGN_OR_RETURN(const NatsOwned<natsOptions> nats_options, MakeOptions(options, role));
  natsConnection* nats = nullptr;
  RETURN_IF_ERROR(ToStatus(natsConnection_Connect(&nats, nats_options.get()),
                           absl::StrCat("connect to ", options.url)));
  std::unique_ptr<Connection> connection(new Connection(NatsOwned<natsConnection>(nats)));

  jsOptions js_options;
  jsOptions_Init(&js_options);
  js_options.Wait = kAnswerTimeoutMs;
  jsCtx* jetstream = nullptr;
  RETURN_IF_ERROR(ToStatus(natsConnection_JetStream(&jetstream, nats, &js_options), "JetStream"));
  connection->jetstream_.reset(jetstream);

  connection->inbox_name_ = absl::StrCat("_INBOX.", options.service, ".", NewUuid(), ".");
  natsSubscription* inbox = nullptr;
  const std::string all = absl::StrCat(connection->inbox_name_, "*");
  RETURN_IF_ERROR(
      ToStatus(natsConnection_SubscribeSync(&inbox, nats, all.c_str()), "subscribe to the inbox"));
  connection->inbox_.reset(inbox);
  return connection;
}

// The connection is closed before its subscription goes: nats.c 3.4.1 crashes when a message
// arrives for a subscription that is being destroyed.
Connection::~Connection() { Close(); }

std::string Connection::ReplyTo(absl::string_view tag) const {
  return absl::StrCat(inbox_name_, tag);
}

absl::string_view Connection::TagOf(absl::string_view subject) const {
  return absl::ConsumePrefix(&subject, inbox_name_) ? subject : absl::string_view();
}

absl::Status Connection::Send(natsMsg* message) {
  return ToStatus(natsConnection_PublishMsg(connection_.get(), message), "send");
}

absl::Status Connection::Send(const std::string& subject, const std::string& reply_to,
                              const std::string& text) {
  natsMsg* made = nullptr;
  RETURN_IF_ERROR(
      ToStatus(natsMsg_Create(&made, subject.c_str(), reply_to.empty() ? nullptr : reply_to.c_str(),
                              text.data(), static_cast<int>(text.size())),
               "make a message"));
  return Send(Message(made).get());
}

absl::StatusOr<Message> Connection::Receive(absl::Duration wait) {
  const int64_t wait_ms = std::max<int64_t>(0, absl::ToInt64Milliseconds(wait));
  natsMsg* message = nullptr;
  const natsStatus status = natsSubscription_NextMsg(&message, inbox_.get(), wait_ms);
  if (status == NATS_TIMEOUT) return Message();
  RETURN_IF_ERROR(ToStatus(status, "receive"));
  return Message(message);
}

}  // namespace dondoc::bus
