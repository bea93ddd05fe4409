#include "services/cli/client/caller.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/status.h"
#include "libs/rpc/trace.h"

namespace dondoc::cli {
namespace {

// A page of 1,000 tasks with their texts stays far below this.
constexpr int kAnswerBytesMax = 64 * 1024 * 1024;

// Long enough for a service that restarts (it is ready in a second), short enough for a person.
absl::Duration BackoffAfter(int tries) { return absl::Milliseconds(tries == 1 ? 150 : 900); }

grpc::ChannelArguments ChannelArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  // The library's own pause before it connects again is a second; ours above must not outrun it.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  // So that a watch notices a peer that vanished without a word; servers allow one every 20 s.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // A proxy of the environment is for the web, not for the service next door.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const CallerOptions& options) {
  return options.tls ? rpc::ChannelCredentialsOf(*options.tls) : grpc::InsecureChannelCredentials();
}

// What to look at, told where the connection itself failed. With TLS 1.3 a certificate that is
// refused shows only as a connection that the other side ends.
Sentence WhyUnreachable(const CallerOptions& options, absl::string_view cause) {
  const std::string where =
      absl::StrCat("Không kết nối được dịch vụ ", options.service, " ở ", options.address);
  const std::string what = absl::StrCat("cannot reach the ", options.service, " service");
  const bool handshake = absl::StrContains(cause, "SSL") || absl::StrContains(cause, "andshake") ||
                         absl::StrContains(cause, "certificate");
  if (options.tls && handshake) {
    return {.vi = absl::StrCat(where,
                               ": bắt tay TLS không thành; xem --tls-ca, --tls-certificate "
                               "và hạn của chứng thư."),
            .en = absl::StrCat(what, ": the TLS handshake failed")};
  }
  const bool ended = absl::StrContains(cause, "closed") || absl::StrContains(cause, "reset");
  if (options.tls && ended) {
    return {.vi = absl::StrCat(where, ": bên kia ngắt kết nối; có thể không nhận chứng thư này."),
            .en = absl::StrCat(what, ": it hung up, perhaps on this certificate")};
  }
  if (!options.tls && ended) {
    return {.vi = absl::StrCat(where,
                               ": bên kia ngắt kết nối; có thể cần TLS (--tls-ca, "
                               "--tls-certificate, --tls-key)."),
            .en = absl::StrCat(what, ": it hung up, perhaps it wants TLS")};
  }
  return {.vi = absl::StrCat(where, "."), .en = what};
}

// Whether the service has gone, or is about to. gRPC has no word of its own for the second: it
// drops a call that comes between Shutdown() and the peer's learning of it, before any handler of
// ours can say something better. Nobody here cancels a call and then asks how it ended.
bool HasGone(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) return true;
  return status.error_code() == grpc::StatusCode::CANCELLED &&
         ReasonOf(rpc::FromGrpc(status)).empty();
}

}  // namespace

Caller::Caller(CallerOptions options)
    : options_(std::move(options)),
      channel_(grpc::CreateCustomChannel(options_.address, CredentialsOf(options_),
                                         ChannelArguments())) {}

std::string Caller::RequestId() const {
  return options_.request_id.empty() ? NewUuid() : options_.request_id;
}

std::string Caller::Traceparent() const {
  return options_.traceparent.empty() ? NewTrace() : options_.traceparent;
}

absl::Status Caller::Prepare(grpc::ClientContext& context, const std::string& traceparent,
                             bool renew) const {
  context.AddMetadata("dondoc-actor", rpc::ToMetadata(options_.actor));
  context.AddMetadata(rpc::kTraceparent, traceparent);
  if (!options_.token) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string token, options_.token(renew));
  if (!token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  return absl::OkStatus();
}

bool Caller::TokenRefused(const grpc::Status& status) const {
  return options_.token != nullptr && status.error_code() == grpc::StatusCode::UNAUTHENTICATED &&
         ReasonOf(rpc::FromGrpc(status)) == "TOKEN_REFUSED";
}

absl::Status Caller::Invoke(const std::function<grpc::Status(grpc::ClientContext&)>& attempt,
                            absl::Duration timeout) const {
  const absl::Time deadline = absl::Now() + timeout;
  const std::string traceparent = Traceparent();
  bool renewed = false;
  for (int tries = 1;; ++tries) {
    grpc::ClientContext context;
    RETURN_IF_ERROR(Prepare(context, traceparent, renewed));
    context.set_deadline(absl::ToChronoTime(deadline));
    const grpc::Status status = attempt(context);
    if (!renewed && TokenRefused(status)) {
      renewed = true;
      continue;
    }
    const absl::Duration pause = BackoffAfter(tries);
    if (!HasGone(status) || tries == options_.tries_max || absl::Now() + pause >= deadline) {
      return Explain(status, timeout, traceparent);
    }
    AwaitAnother(absl::Now() + pause);
  }
}

// Not a sleep: a channel connects again only while somebody asks it to. One that takes itself for
// connected has not heard the goodbye yet, or stands to an edge that has nobody behind it: what is
// tried at once there meets the same end.
void Caller::AwaitAnother(absl::Time until) const {
  const auto deadline = absl::ToChronoTime(until);
  if (channel_->GetState(/*try_to_connect=*/false) == GRPC_CHANNEL_READY) {
    channel_->WaitForStateChange(GRPC_CHANNEL_READY, deadline);
  }
  channel_->WaitForConnected(deadline);
}

absl::Status Caller::Follow(
    const std::function<grpc::Status(grpc::ClientContext&, bool& received)>& attempt) const {
  const std::string traceparent = Traceparent();
  for (int tries = 1;; ++tries) {
    grpc::ClientContext context;
    RETURN_IF_ERROR(Prepare(context, traceparent, /*renew=*/tries > 1));
    bool received = false;
    const grpc::Status status = attempt(context, received);
    if (received) tries = 1;
    if (!HasGone(status) || tries == options_.tries_max) {
      return Explain(status, absl::InfiniteDuration(), traceparent);
    }
    absl::SleepFor(BackoffAfter(tries));
  }
}

absl::Status Caller::Explain(const grpc::Status& status, absl::Duration timeout,
                             const std::string& traceparent) const {
  const absl::Status refused = rpc::FromGrpc(status);
  if (refused.ok()) return refused;
  const std::string trace_id(TraceIdOf(traceparent));
  const auto with_trace = [&](const absl::Status& told) {
    Details details = DetailsOf(told);
    details["trace_id"] = trace_id;
    return RefuseWithMessage(told.code(), ReasonOf(told), told.message(), details);
  };
  if (!ReasonOf(refused).empty()) return with_trace(refused);
  const Details details = {{"service", options_.service},
                           {"address", options_.address},
                           {"cause", status.error_message()},
                           {"trace_id", trace_id}};
  if (HasGone(status)) {
    return Refuse(absl::StatusCode::kUnavailable, "SERVICE_UNREACHABLE",
                  WhyUnreachable(options_, status.error_message()), details);
  }
  if (refused.code() == absl::StatusCode::kDeadlineExceeded) {
    return Refuse(refused.code(), "NO_ANSWER_IN_TIME",
                  {.vi = absl::StrCat("Dịch vụ ", options_.service, " chưa trả lời sau ",
                                      absl::FormatDuration(timeout),
                                      "; nếu là lệnh ghi thì chưa rõ đã ghi hay chưa."),
                   .en = "no answer in time; whether a change was made is not known"},
                  details);
  }
  return with_trace(refused);
}

}  // namespace dondoc::cli
