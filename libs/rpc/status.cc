#include "libs/rpc/status.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "dondoc/common/v1/error.pb.h"
#include "libs/base/refusal.h"
#include "libs/rpc/errors.h"

namespace dondoc::rpc {
namespace {

constexpr char kDomain[] = "dondoc";
constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

// The cast below is sound because the two enums share their numbers; these lines keep watch.
static_assert(static_cast<int>(absl::StatusCode::kNotFound) == grpc::StatusCode::NOT_FOUND);
static_assert(static_cast<int>(absl::StatusCode::kUnauthenticated) ==
              grpc::StatusCode::UNAUTHENTICATED);

// What a refusal quotes may be as long as the caller's request; trailers may not (16 KiB with all
// they hold). A sentence of this length is read to its end by nobody.
constexpr size_t kMessageBytesMax = 1'024;
constexpr size_t kDetailBytesMax = 512;
constexpr size_t kDetailsBytesMax = 4'096;

// Cuts at a code point, and shows that it did.
std::string Shortened(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), "…");
}

bool IsOurFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

// When it is worth while to try again, where every client's library looks for it.
void AddRetryInfo(const std::string& after_ms, common::v1::RefusalStatus& refusal) {
  int64_t ms = 0;
  if (!absl::SimpleAtoi(after_ms, &ms)) return;
  common::v1::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(ms / 1'000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(ms % 1'000 * 1'000'000));
  auto* detail = refusal.add_details();
  detail->set_type_url(kRetryInfoUrl);
  detail->set_value(retry.SerializeAsString());
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.code());
  if (IsOurFault(status.code())) {
    return {code, "Lỗi nội bộ; hãy báo bộ phận vận hành. (internal error; tell the operators)"};
  }
  const std::string message = Shortened(status.message(), kMessageBytesMax);
  const std::string reason = ReasonOf(status);
  if (reason.empty()) return {code, message};

  common::v1::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(kDomain);
  size_t bytes = 0;
  for (const auto& [key, value] : DetailsOf(status)) {
    std::string shown = Shortened(value, kDetailBytesMax);
    bytes += key.size() + shown.size();
    if (bytes > kDetailsBytesMax) break;
    (*info.mutable_metadata())[key] = std::move(shown);
  }
  common::v1::RefusalStatus refusal;
  refusal.set_code(static_cast<int>(code));
  refusal.set_message(message);
  auto* detail = refusal.add_details();
  detail->set_type_url(kErrorInfoUrl);
  detail->set_value(info.SerializeAsString());
  if (const auto retry = info.metadata().find(error::kRetryAfterMs);
      retry != info.metadata().end()) {
    AddRetryInfo(retry->second, refusal);
  }
  return {code, message, refusal.SerializeAsString()};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  common::v1::RefusalStatus refusal;
  common::v1::ErrorInfo info;
  if (!refusal.ParseFromString(status.error_details()) || refusal.details().empty() ||
      refusal.details(0).type_url() != kErrorInfoUrl ||
      !info.ParseFromString(refusal.details(0).value())) {
    return absl::Status(code, status.error_message());
  }
  const Details details(info.metadata().begin(), info.metadata().end());
  return RefuseWithMessage(code, info.reason(), status.error_message(), details);
}

absl::Status RequestIdInvalid(absl::string_view request_id) {
  return Refuse(absl::StatusCode::kInvalidArgument, "REQUEST_ID_INVALID",
                {.vi = "request_id phải là một UUID, ví dụ do uuidgen tạo.",
                 .en = "request_id has to be a UUID, for example from uuidgen"},
                {{"field", "request_id"}, {"value", std::string(request_id.substr(0, 64))}});
}

}  // namespace dondoc::rpc
