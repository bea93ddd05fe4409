#include "libs/process/probe.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/base/status_macros.h"

namespace dondoc::process {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(2);
// HealthCheckResponse{status: SERVING} on the wire.
constexpr char kServing[] = "\x08\x01";

// "0.0.0.0:7401" is heard here as "127.0.0.1:7401"; certificates of services name this address.
std::string HereOf(const std::string& listen) {
  return absl::StrCat("127.0.0.1", listen.substr(listen.rfind(':')));
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> ChannelTo(const std::string& address,
                                                         const rpc::TlsFiles& tls) {
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (tls.Used()) {
    ASSIGN_OR_RETURN(const rpc::TlsPem pem, rpc::ReadTls(tls));
    credentials = rpc::ChannelCredentialsOf(pem);
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return "";
  std::string text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

}  // namespace

absl::Status Probe(const std::string& listen, const rpc::TlsFiles& tls) {
  if (listen.rfind(':') == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat("\"", listen, "\" is no address:port"));
  }
  const std::string address = HereOf(listen);
  ASSIGN_OR_RETURN(const auto channel, ChannelTo(address, tls));
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  // The call by its name and its bytes: an empty request asks for the server as a whole.
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const grpc::Slice nothing("");
  const auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check",
                                          grpc::ByteBuffer(&nothing, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, &answer);
  void* tag = nullptr;
  bool ok = false;
  // The deadline of the call ends the wait.
  queue.Next(&tag, &ok);
  if (!status.ok()) {
    return absl::UnavailableError(
        absl::StrCat(address, " does not answer: ", status.error_message()));
  }
  if (TextOf(answer) != kServing) {
    return absl::UnavailableError(absl::StrCat(address, " answers that it does not serve"));
  }
  return absl::OkStatus();
}

}  // namespace dondoc::process
