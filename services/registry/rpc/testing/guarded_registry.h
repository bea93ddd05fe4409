#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/rpc/server.h"
#include "libs/rpc/testing/test_door.h"
#include "libs/store/database.h"
#include "services/registry/rpc/registry_service.h"
#include "services/registry/rpc/testing/registry_test_base.h"

namespace dondoc::registry::testing {

// The registry once more over a database that an open one writes, behind a doorkeeper: what callers
// are told when access is enforced.
class GuardedRegistry {
 public:
  using Stub = pb::RegistryService::Stub;

  // Borrows both.
  GuardedRegistry(store::Database& database, const Clock& clock)
      : door_(database, clock),
        service_(database, /*holidays=*/nullptr, rpc::LogRefusal, door_.door()),
        server_(rpc::Server::Start({.listen = "127.0.0.1:0", .service = "registry"},
                                   {{pb::RegistryService::service_full_name(), &service_}})
                    .value()),
        stub_(pb::RegistryService::NewStub(grpc::CreateChannel(
            absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()))) {}
  ~GuardedRegistry() { service_.StopFeeds(); }

  // Who there is, and what they may.
  dondoc::testing::TestDoor& door() { return door_; }
  Stub& stub() { return *stub_; }

  // Calls one method as "person:<name>", with the request as text.
  template <typename Request, typename Response>
  absl::StatusOr<Response> CallAs(const std::string& name,
                                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                               Response*),
                                  const std::string& request) {
    return door_.CallAs(name, *stub_, method, Parse<Request>(request));
  }

 private:
  dondoc::testing::TestDoor door_;
  RegistryService service_;
  const std::unique_ptr<rpc::Server> server_;
  const std::unique_ptr<Stub> stub_;
};

}  // namespace dondoc::registry::testing
