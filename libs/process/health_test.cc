#include "libs/process/health.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/clock.h"
#include "libs/base/status_matchers.h"
#include "libs/process/disk.h"
#include "libs/rpc/testing/clock_server.h"
#include "libs/store/lease.h"
#include "libs/testing/postgres.h"

namespace dondoc::process {
namespace {

using ::dondoc::testing::IsOk;

// What grpc.health.v1.Health/Check answers for the server as a whole, as it is on the wire.
constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

std::string AskServer(int port) {
  grpc::GenericStub stub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
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
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> slices;
  if (!status.ok() || !answer.Dump(&slices).ok()) return status.error_message();
  std::string text;
  for (const grpc::Slice& slice : slices) text.append(slice.begin(), slice.end());
  return text;
}

// A replica that does nothing but be there.
class Replica {
 public:
  Replica(
      const std::string& url, std::function<bool()> clock_suspect = [] { return false; })
      : database_(store::Database::Open({.url = url, .migrations = {}}, clock_).value()),
        lease_(*database_),
        duty_(lease_, {.begin = [] { return absl::OkStatus(); }, .end = [] {}}),
        server_(testing::StartClockServer()),
        health_({.database = *database_,
                 .server = *server_,
                 .duty = duty_,
                 .metrics = metrics_,
                 .folder = FolderOf(url),
                 .clock_suspect = std::move(clock_suspect)}) {}

  std::string Answer() const { return AskServer(server_->port()); }
  bool Tells(const std::string& line) const {
    return absl::StrContains(metrics_.Text(), absl::StrCat("\n", line, "\n"));
  }
  // Waits until health answers so and the metrics say so.
  bool Becomes(const std::string& answer, const std::vector<std::string>& lines) const {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (absl::Now() < deadline) {
      bool all = Answer() == answer;
      for (const std::string& line : lines) all = all && Tells(line);
      if (all) return true;
      absl::SleepFor(absl::Milliseconds(100));
    }
    return false;
  }

 private:
  SystemClock clock_;
  metrics::Registry metrics_;
  std::unique_ptr<store::Database> database_;
  store::Lease lease_;
  store::Duty duty_;
  std::unique_ptr<rpc::Server> server_;
  Health health_;
};

TEST(Health, FollowsItsPostgresServerAndIsWellWhereItStandsBy) {
  const testing::TempDir folder;
  const auto server = testing::StartPostgres(folder);
  ASSERT_THAT(server, IsOk());
  const std::string url = testing::PostgresUrl((*server)->port(), "postgres");
  const Replica on_duty(url);
  const Replica stands_by(url);
  EXPECT_TRUE(on_duty.Becomes(kServing, {"dondoc_duty_on 1", "dondoc_store_reachable 1",
                                         "dondoc_health_trouble{what=\"database\"} 0"}));
  EXPECT_TRUE(stands_by.Becomes(kServing, {"dondoc_duty_on 0", "dondoc_store_reachable 1"}));

  ASSERT_THAT((*server)->Kill(SIGINT), IsOk());
  for (const Replica* replica : {&on_duty, &stands_by}) {
    EXPECT_TRUE(replica->Becomes(kNotServing, {"dondoc_duty_on 0", "dondoc_store_reachable 0",
                                               "dondoc_health_trouble{what=\"database\"} 1"}));
  }

  ASSERT_THAT((*server)->Restart(), IsOk());
  ASSERT_THAT(testing::AwaitPostgres((*server)->port()), IsOk());
  for (const Replica* replica : {&on_duty, &stands_by}) {
    EXPECT_TRUE(replica->Becomes(kServing, {"dondoc_store_reachable 1"}));
  }
  EXPECT_TRUE(on_duty.Becomes(kServing, {"dondoc_duty_on 1"}) ||
              stands_by.Becomes(kServing, {"dondoc_duty_on 1"}));
}

TEST(Health, IsToldAClockThatIsNotTrusted) {
  const testing::TempDir folder;
  std::atomic<bool> suspect = false;
  const Replica replica("sqlite:" + folder.File("test.db"), [&] { return suspect.load(); });
  EXPECT_TRUE(
      replica.Becomes(kServing, {"dondoc_duty_on 1", "dondoc_health_trouble{what=\"clock\"} 0"}));
  suspect = true;
  EXPECT_TRUE(replica.Becomes(
      kNotServing, {"dondoc_store_reachable 1", "dondoc_health_trouble{what=\"clock\"} 1"}));
  suspect = false;
  EXPECT_TRUE(replica.Becomes(kServing, {"dondoc_health_trouble{what=\"clock\"} 0"}));
}

}  // namespace
}  // namespace dondoc::process
