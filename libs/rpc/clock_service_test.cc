#include "libs/rpc/clock_service.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/rpc/server.h"

namespace dondoc::rpc {
namespace {

namespace pb = common::v1;

// What a server that goes by `clock` says of it.
pb::GetClockResponse Ask(const Clock* clock, grpc::StatusCode expected = grpc::StatusCode::OK) {
  // gRPC starts no server that serves nothing: reflection is something.
  const ServerOptions options = {
      .listen = "127.0.0.1:0", .service = "any", .reflection = true, .clock = clock};
  const auto server = Server::Start(options, {}).value();
  const auto stub = pb::ClockService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", server->port()), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  pb::GetClockResponse response;
  EXPECT_EQ(stub->GetClock(&context, {}, &response).error_code(), expected);
  return response;
}

TEST(GetClock, TellsTheInstantAndTheDateInVietnam) {
  const FixedClock new_year(StartOf(absl::CivilDay(2024, 1, 1)) + absl::Milliseconds(1'500));
  const pb::GetClockResponse answer = Ask(&new_year);
  EXPECT_EQ(answer.date(), "2024-01-01");
  EXPECT_EQ(answer.time().seconds(), absl::ToUnixSeconds(new_year.Now()));
  EXPECT_EQ(answer.time().nanos(), 500'000'000);
  EXPECT_EQ(answer.simulation(), "");
}

TEST(GetClock, SaysThatATimeIsSimulated) {
  const SimulatedClock year({.real_start = absl::Now() - absl::Hours(1),
                             .simulated_start = StartOf(absl::CivilDay(2023, 1, 26)),
                             .rate = 24,
                             .simulated_end = StartOf(absl::CivilDay(2023, 12, 31))});
  const pb::GetClockResponse answer = Ask(&year);
  EXPECT_EQ(answer.simulation(), "simulated x24");
  EXPECT_EQ(answer.date(), "2023-01-27");
}

TEST(GetClock, IsNotThereWithoutAClock) { Ask(nullptr, grpc::StatusCode::UNIMPLEMENTED); }

}  // namespace
}  // namespace dondoc::rpc
