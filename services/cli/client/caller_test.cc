#include "services/cli/client/caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/server.h"
#include "services/cli/client/client.h"

// What the client makes of a server that goes away under its calls.
namespace dondoc::cli {
namespace {

namespace pb = common::v1;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;

constexpr absl::Duration kPatience = absl::Seconds(20);

std::unique_ptr<rpc::Server> Serve(const std::string& listen, const Clock& clock) {
  auto server = rpc::Server::Start({.listen = listen, .service = "registry", .clock = &clock}, {});
  EXPECT_THAT(server, IsOk());
  return server.ok() ? *std::move(server) : nullptr;
}

TEST(TheCaller, TriesAgainWhatWasCancelledWithoutAReason) {
  const FixedClock clock(absl::FromUnixSeconds(1'700'000'000));
  const auto server = Serve("127.0.0.1:0", clock);
  const Caller caller(
      {.service = "registry", .address = absl::StrCat("127.0.0.1:", server->port())});
  int tries = 0;
  EXPECT_THAT(caller.Invoke([&](grpc::ClientContext&) {
    return ++tries == 1 ? grpc::Status::CANCELLED : grpc::Status::OK;
  }),
              IsOk());
  EXPECT_EQ(tries, 2);

  tries = 0;
  const absl::Status gone = caller.Invoke([&](grpc::ClientContext&) {
    ++tries;
    return grpc::Status::CANCELLED;
  });
  EXPECT_THAT(gone, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(gone, Refuses("SERVICE_UNREACHABLE"));
  EXPECT_EQ(tries, 3);
}

// A server that has begun to stop cancels calls for a moment before its goodbye reaches the
// channel. Three tries in that moment would all meet the same end.
TEST(TheCaller, PausesThoughTheConnectionStillStands) {
  const FixedClock clock(absl::FromUnixSeconds(1'700'000'000));
  const auto server = Serve("127.0.0.1:0", clock);
  const Caller caller(
      {.service = "registry", .address = absl::StrCat("127.0.0.1:", server->port())});
  ASSERT_TRUE(caller.channel()->WaitForConnected(absl::ToChronoTime(absl::Now() + kPatience)));
  std::vector<std::chrono::steady_clock::time_point> tries;
  EXPECT_THAT(caller.Invoke([&](grpc::ClientContext&) {
    tries.push_back(std::chrono::steady_clock::now());
    return grpc::Status::CANCELLED;
  }),
              StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_EQ(tries.size(), 3);
  EXPECT_GE(tries[1] - tries[0], std::chrono::milliseconds(140));
  EXPECT_GE(tries[2] - tries[1], std::chrono::milliseconds(890));
}

// Eight ask without a pause while the server is stopped and started at the same place, time and
// again; no sooner than each of them was answered by the one before, so that no call meets two
// stops.
TEST(TheCaller, LosesNoCallToAServerThatStopsAndComesBack) {
  constexpr int kCallers = 8;
  constexpr int kStops = 10;
  constexpr int kAnswersBetweenStops = 10;
  const FixedClock clock(absl::FromUnixSeconds(1'700'000'000));
  auto server = Serve("127.0.0.1:0", clock);
  const std::string address = absl::StrCat("127.0.0.1:", server->port());
  std::atomic<bool> enough = false;
  std::array<std::atomic<int>, kCallers> answered = {};
  std::vector<std::thread> threads;
  for (int i = 0; i < kCallers; ++i) {
    threads.emplace_back([&, i] {
      const Caller caller(
          {.service = "registry",
           .address = address,
           .timeout = absl::Seconds(60),
           // A second of pauses in all is short for a server that a busy machine starts.
           .tries_max = 10});
      const Client<pb::ClockService> client(caller);
      while (!enough) {
        const auto answer = client.Call(&pb::ClockService::Stub::GetClock, pb::GetClockRequest());
        EXPECT_THAT(answer, IsOk());
        ++answered[i];
      }
    });
  }
  for (int i = 0; i < kStops; ++i) {
    for (const std::atomic<int>& mine : answered) {
      const int before = mine;
      while (mine < before + kAnswersBetweenStops) std::this_thread::yield();
    }
    server->Drain(absl::Seconds(10));
    server = Serve(address, clock);
    if (server == nullptr) break;
  }
  enough = true;
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace dondoc::cli
