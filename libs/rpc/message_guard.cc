#include "libs/rpc/message_guard.h"

#include <google/protobuf/descriptor.h>
#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/support/message_allocator.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/rpc/message_check.h"
#include "libs/rpc/status.h"

namespace dondoc::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using grpc::internal::MethodHandler;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

// A service shows its handlers only to what is a service itself.
struct Handlers : public grpc::Service {
  static MethodHandler* Of(grpc::Service& service, int index) {
    return (service.*&Handlers::GetHandler)(index);
  }
};

// The bytes of a message in one piece.
std::string WholeOf(grpc_byte_buffer* message) {
  grpc_byte_buffer_reader reader;
  if (grpc_byte_buffer_reader_init(&reader, message) == 0) return "";
  const grpc_slice whole = grpc_byte_buffer_reader_readall(&reader);
  std::string bytes(reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(whole)),
                    GRPC_SLICE_LENGTH(whole));
  grpc_slice_unref(whole);
  grpc_byte_buffer_reader_destroy(&reader);
  return bytes;
}

std::string WholeOf(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!message.Dump(&slices).ok()) return bytes;
  bytes.reserve(message.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// Of bytes that protobuf could not read.
absl::Status WhyUnreadable(const Descriptor& type, absl::string_view bytes) {
  RETURN_IF_ERROR(CheckMessage(type, bytes));
  // Protobuf found something that we did not.
  return MessageUnreadable(0);
}

// The handler of a method that takes one request, with ours for the requests that it cannot take.
// Only what is refused costs more than a look at its length and one more reference to its bytes.
class GuardedHandler final : public MethodHandler {
 public:
  GuardedHandler(MethodHandler& handler, const Descriptor& request, Observer observer,
                 const Doorkeeper& door)
      : handler_(handler),
        request_(request),
        observer_(std::move(observer)),
        door_(door),
        bytes_max_(door.RequestBytesMax(request)),
        refusing_([this](grpc::CallbackServerContext* context, const grpc::ByteBuffer* message,
                         grpc::ByteBuffer*) { return Refuse(*context, *message); }) {}

  void* Deserialize(grpc_call* call, grpc_byte_buffer* message, grpc::Status* status,
                    void** state) override {
    if (message == nullptr || grpc_byte_buffer_length(message) > bytes_max_ ||
        HoldsTooMuch(message)) {
      *status = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "");
      // A call may end without a request.
      if (message == nullptr) message = grpc_raw_byte_buffer_create(nullptr, 0);
      return KeepForRefusal(call, message, state);
    }
    grpc_byte_buffer* const kept = grpc_byte_buffer_copy(message);
    void* const request = handler_.Deserialize(call, message, status, state);
    if (status->ok()) {
      grpc_byte_buffer_destroy(kept);
      return request;
    }
    // The half-read request lies in memory of the call, but what it holds does not.
    if (*state != nullptr) static_cast<grpc::RpcAllocatorState*>(*state)->~RpcAllocatorState();
    return KeepForRefusal(call, kept, state);
  }

  void RunHandler(const HandlerParameter& call) override {
    if (call.status.ok()) {
      handler_.RunHandler(call);
      return;
    }
    refusing_.RunHandler(HandlerParameter(call.call, call.server_context, call.request,
                                          grpc::Status::OK, call.internal_data,
                                          call.call_requester));
  }

 private:
  bool HoldsTooMuch(grpc_byte_buffer* message) const {
    if (grpc_byte_buffer_length(message) <= kUnknownBytesMax) return false;
    return !CheckMessage(request_, WholeOf(message)).ok();
  }

  // Takes the message.
  void* KeepForRefusal(grpc_call* call, grpc_byte_buffer* message, void** state) {
    grpc::Status ignored;
    return refusing_.Deserialize(call, message, &ignored, state);
  }

  grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext& context,
                                   const grpc::ByteBuffer& message) const {
    const absl::Time start = absl::Now();
    const Call call = door_.Receive(context, request_);
    const TraceScope trace(call.traceparent);
    absl::Status refusal = door_.EnterUnreadable(context, message.Length(), call);
    if (refusal.ok()) refusal = WhyUnreadable(request_, WholeOf(message));
    Audit(call, refusal);
    observer_(call, refusal, absl::Now() - start);
    grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
    reactor->Finish(ToGrpc(refusal));
    return reactor;
  }

  MethodHandler& handler_;
  const Descriptor& request_;
  const Observer observer_;
  const Doorkeeper& door_;
  // Longer ones are not even read.
  const size_t bytes_max_;
  grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer> refusing_;
};

// The handler of a method whose client streams: it reads its messages itself.
class OpenHandler final : public MethodHandler {
 public:
  explicit OpenHandler(MethodHandler& handler) : handler_(handler) {}
  void RunHandler(const HandlerParameter& call) override { handler_.RunHandler(call); }

 private:
  MethodHandler& handler_;
};

RpcMethod::RpcType TypeOf(const MethodDescriptor& method) {
  if (method.client_streaming()) {
    return method.server_streaming() ? RpcMethod::BIDI_STREAMING : RpcMethod::CLIENT_STREAMING;
  }
  return method.server_streaming() ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MessageGuard>> MessageGuard::Before(grpc::Service& service,
                                                                   absl::string_view name,
                                                                   const Observer& observer,
                                                                   const Doorkeeper& door) {
  const auto* described = DescriptorPool::generated_pool()->FindServiceByName(std::string(name));
  if (described == nullptr) return absl::InternalError(absl::StrCat("no service is named ", name));
  std::unique_ptr<MessageGuard> guard(new MessageGuard);
  // The generated service numbers its methods as the contract does.
  for (int i = 0; i < described->method_count(); ++i) {
    const MethodDescriptor& method = *described->method(i);
    MethodHandler& handler = *Handlers::Of(service, i);
    guard->paths_.push_back(
        std::make_unique<const std::string>(absl::StrCat("/", name, "/", method.name())));
    MethodHandler* guarded = nullptr;
    if (method.client_streaming()) {
      guarded = new OpenHandler(handler);
    } else {
      guarded = new GuardedHandler(handler, *method.input_type(), observer, door);
    }
    // gRPC owns both.
    guard->AddMethod(new RpcServiceMethod(guard->paths_.back()->c_str(), TypeOf(method), nullptr));
    guard->MarkMethodCallback(i, guarded);
  }
  return guard;
}

absl::Status ReadMessage(grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  if (bytes.Length() > kUnknownBytesMax) RETURN_IF_ERROR(CheckMessage(type, WholeOf(bytes)));
  const grpc::ByteBuffer kept = bytes;
  if (grpc::SerializationTraits<google::protobuf::Message>::Deserialize(&bytes, &message).ok()) {
    return absl::OkStatus();
  }
  return WhyUnreadable(type, WholeOf(kept));
}

}  // namespace dondoc::rpc
