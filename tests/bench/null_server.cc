// The yardstick for reads: the same RPC with the same request and response types on the same
// server, and a handler that does nothing but give the answer it was started with.
//
//   bench-null-server PORT RESPONSE_FILE [CERTIFICATE KEY CA]
//
// RESPONSE_FILE: a serialized GetTaskResponse. With the other three it speaks mutual TLS.

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/rpc/server.h"

namespace {

namespace pb = ::dondoc::registry::v1;

class NullService final : public pb::RegistryService::CallbackService {
 public:
  explicit NullService(pb::GetTaskResponse answer) : answer_(std::move(answer)) {}

  grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* context, const pb::GetTaskRequest*,
                                    pb::GetTaskResponse* response) override {
    *response = answer_;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const pb::GetTaskResponse answer_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 6) {
    std::cerr << "usage: bench-null-server PORT RESPONSE_FILE [CERTIFICATE KEY CA]\n";
    return 2;
  }
  dondoc::rpc::TlsFiles tls;
  if (argc == 6) tls = {.certificate = argv[3], .key = argv[4], .ca = argv[5]};
  dondoc::rpc::HoldSignals();
  std::ifstream file(argv[2], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  pb::GetTaskResponse answer;
  if (!answer.ParseFromString(bytes)) {
    std::cerr << argv[2] << " holds no GetTaskResponse\n";
    return 2;
  }
  NullService service(answer);
  auto server = dondoc::rpc::Server::Start(
      {.listen = absl::StrCat("127.0.0.1:", argv[1]), .tls = tls, .service = "null"},
      {{pb::RegistryService::service_full_name(), &service}});
  if (!server.ok()) {
    std::cerr << server.status() << "\n";
    return 1;
  }
  dondoc::rpc::WaitForStop();
  return 0;
}
