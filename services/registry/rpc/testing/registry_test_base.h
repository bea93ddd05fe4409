#pragma once

#include <google/protobuf/text_format.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/base/ids.h"
#include "libs/identity/directory.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"
#include "libs/store/database.h"
#include "libs/store/test_database.h"
#include "services/registry/rpc/registry_service.h"

namespace dondoc {
std::vector<store::Migration> registry_schema();
std::vector<store::Migration> identity_schema();
}  // namespace dondoc

namespace dondoc::registry::testing {

// All tables of the registry.
inline std::vector<store::Migration> Schema() {
  std::vector<store::Migration> schema = identity::WithDirectory(registry_schema());
  for (store::Migration& step : identity_schema()) schema.push_back(std::move(step));
  return schema;
}

// Reads a message written as text. A text that is none ends the test.
template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) std::abort();
  return message;
}

// A real server on a port the kernel picks, over a real database in a temporary folder. Only the
// clock is not real: it stands still on 06/02/2023, ten days after the plan of 2023 was signed.
class RegistryTestBase : public ::testing::Test {
 protected:
  using Stub = pb::RegistryService::Stub;

  RegistryTestBase() {
    auto server = rpc::Server::Start({.listen = "127.0.0.1:0", .service = "registry"},
                                     {{pb::RegistryService::service_full_name(), &service_}});
    if (!server.ok()) std::abort();
    server_ = *std::move(server);
    stub_ = pb::RegistryService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }

  // Calls one method as somebody and gives the answer, or the refusal as the server meant it.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request, const std::string& actor = "office") {
    grpc::ClientContext context;
    if (!actor.empty()) context.AddMetadata("dondoc-actor", actor);
    Response response;
    const grpc::Status status = (*stub_.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  // The same with the request as text.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const std::string& request, const std::string& actor = "office") {
    return Call(method, Parse<Request>(request), actor);
  }

  absl::StatusOr<pb::AddUnitResponse> AddUnit(const std::string& unit) {
    return Call(&Stub::AddUnit, "unit { " + unit + " }");
  }

  pb::Task Task(int number) {
    return Call(&Stub::GetTask, absl::StrCat("name: 'plans/p/tasks/", number, "'")).value().task();
  }
  pb::Assignment Assignment(const std::string& name) {
    return Call(&Stub::GetAssignment, "name: '" + name + "'").value().assignment();
  }

  // "unit.added units/a 1", one per event since `after`.
  std::vector<std::string> EventsAfter(int64_t after) {
    std::vector<std::string> events;
    const absl::Status status = database_->Read([&](store::Snapshot& snapshot) {
      for (const store::Event& event : store::ReadEvents(snapshot, after + 1, 10'000)) {
        events.push_back(absl::StrCat(event.type.substr(std::string("dondoc.registry.").size()),
                                      " ", event.name, " ", event.version));
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return events;
  }

  FixedClock clock_{StartOf(absl::CivilDay(2023, 2, 6)) + absl::Hours(9)};
  dondoc::testing::TestDatabase database_{Schema(), clock_};
  RegistryService service_{*database_, /*holidays=*/nullptr};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace dondoc::registry::testing
