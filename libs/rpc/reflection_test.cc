// What a port tells strangers about itself, asked over the wire as grpcurl does.
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "echo.grpc.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"

namespace dondoc::rpc {
namespace {

namespace pb = ::dondoc::rpctest::v1;
using ::dondoc::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
// ServerReflectionRequest { list_services: "*" }
constexpr char kListServices[] = "\x3a\x01*";

// Never called.
class Nothing final : public pb::EchoService::CallbackService {};

// The answer as it came, in which names of services stand as they are.
absl::StatusOr<std::string> AskForServices(const Server& server) {
  grpc::GenericStub stub(grpc::CreateChannel(absl::StrCat("127.0.0.1:", server.port()),
                                             grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto await = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
  };
  const auto stream = stub.PrepareCall(&context, kReflection, &queue);
  stream->StartCall(nullptr);
  await();
  const grpc::Slice request{std::string(kListServices)};
  stream->Write(grpc::ByteBuffer(&request, 1), nullptr);
  await();
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  await();
  stream->WritesDone(nullptr);
  await();
  grpc::Status status;
  stream->Finish(&status, nullptr);
  await();
  queue.Shutdown();
  if (!status.ok()) return FromGrpc(status);
  std::vector<grpc::Slice> slices;
  if (!answer.Dump(&slices).ok()) return absl::InternalError("no answer");
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

std::unique_ptr<Server> Serve(ServerOptions options, Nothing& service) {
  options.listen = "127.0.0.1:0";
  options.service = "echo";
  return Server::Start(options, {{pb::EchoService::service_full_name(), &service}}).value();
}

TEST(Reflection, TellsStrangersNothingUnlessItIsAskedFor) {
  Nothing service;
  ServerOptions asked_for;
  asked_for.reflection = true;
  const auto open = Serve(asked_for, service);
  const auto told = AskForServices(*open);
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_THAT(*told, HasSubstr(pb::EchoService::service_full_name()));

  // Beside the other in one process, and still silent.
  Nothing another;
  const auto closed = Serve({}, another);
  EXPECT_THAT(AskForServices(*closed), StatusIs(absl::StatusCode::kUnimplemented));
}

}  // namespace
}  // namespace dondoc::rpc
