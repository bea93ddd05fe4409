#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dondoc/common/v1/error.pb.h"
#include "echo.grpc.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/base/trace.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/server.h"
#include "libs/store/test_database.h"

// A real server on a free port over a real database; the service is the smallest there can be.
namespace dondoc::rpc {
namespace {

namespace pb = ::dondoc::rpctest::v1;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using ::testing::ElementsAre;

absl::StatusOr<pb::EchoResponse> Echo(const Call& call, store::Snapshot&,
                                      const pb::EchoRequest& request) {
  if (request.text() == "throw") throw std::runtime_error("a library's exception");
  pb::EchoResponse response;
  response.set_text(request.text() == "trace" ? std::string(TraceIdOf(CurrentTrace()))
                                              : request.text());
  response.set_actor(call.actor);
  return response;
}

absl::StatusOr<pb::RememberResponse> Remember(const Call&, store::Transaction& transaction,
                                              const pb::RememberRequest& request) {
  if (request.text().empty()) {
    return Refuse(absl::StatusCode::kInvalidArgument, "TEXT_BLANK",
                  {.vi = "Trống.", .en = "blank"});
  }
  const int64_t version =
      transaction.sql()
          .Value<int64_t>("select count(*) from events where name = :n", "things/1")
          .value() +
      1;
  transaction.Emit({.type = "dondoc.test.thing.remembered",
                    .name = "things/1",
                    .version = version,
                    .schema = "dondoc.rpctest.v1.RememberRequest",
                    .payload = request.SerializeAsString()});
  pb::RememberResponse response;
  response.set_sequence(version);
  return response;
}

class EchoService final : public pb::EchoService::CallbackService {
 public:
  EchoService(store::Database& database, Feeds& feeds)
      : gate_(database,
              [this](const Call&, const absl::Status&, absl::Duration) {
                const std::lock_guard lock(mutex_);
                observed_.emplace_back(TraceIdOf(CurrentTrace()));
              }),
        feeds_(feeds) {}

  // The trace ids of the calls that were reported.
  std::vector<std::string> observed() {
    const std::lock_guard lock(mutex_);
    return observed_;
  }

  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                 const pb::EchoRequest* request,
                                 pb::EchoResponse* response) override {
    return gate_.Read(context, request, response, &rpc::Echo);
  }
  grpc::ServerUnaryReactor* Remember(grpc::CallbackServerContext* context,
                                     const pb::RememberRequest* request,
                                     pb::RememberResponse* response) override {
    return gate_.Write(context, request, response, &rpc::Remember);
  }
  grpc::ServerWriteReactor<pb::WatchChangesResponse>* WatchChanges(
      grpc::CallbackServerContext* context, const pb::WatchChangesRequest* request) override {
    return feeds_.WatchChanges<pb::WatchChangesResponse>(*context, *request);
  }

 private:
  Gate gate_;
  Feeds& feeds_;
  std::mutex mutex_;
  std::vector<std::string> observed_;
};

class RpcTest : public ::testing::Test {
 protected:
  RpcTest() {
    server_ = Server::Start({.listen = "127.0.0.1:0", .service = "echo"},
                            {{pb::EchoService::service_full_name(), &service_}})
                  .value();
    stub_ = pb::EchoService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  ~RpcTest() override {
    feeds_.Stop();
    server_->Drain(absl::Seconds(5));
  }

  absl::Status CallRemember(const std::string& id, const std::string& text, int64_t& sequence) {
    grpc::ClientContext context;
    pb::RememberRequest request;
    request.set_request_id(id);
    request.set_text(text);
    pb::RememberResponse response;
    const absl::Status status = FromGrpc(stub_->Remember(&context, request, &response));
    sequence = response.sequence();
    return status;
  }

  const FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  testing::TestDatabase database_{{}, clock_};
  Feeds feeds_{*database_};
  EchoService service_{*database_, feeds_};
  std::unique_ptr<Server> server_;
  std::unique_ptr<pb::EchoService::Stub> stub_;
};

TEST_F(RpcTest, AReadAnswersAndKnowsWhoAsks) {
  grpc::ClientContext context;
  context.AddMetadata("dondoc-actor", "units/van-phong");
  pb::EchoRequest request;
  request.set_text("xin chào");
  pb::EchoResponse response;
  ASSERT_TRUE(stub_->Echo(&context, request, &response).ok());
  EXPECT_EQ(response.text(), "xin chào");
  EXPECT_EQ(response.actor(), "units/van-phong");
}

TEST_F(RpcTest, AnExceptionBecomesInternalAndTheServerGoesOn) {
  for (const char* text : {"throw", "throw"}) {
    grpc::ClientContext context;
    pb::EchoRequest request;
    request.set_text(text);
    pb::EchoResponse response;
    EXPECT_EQ(stub_->Echo(&context, request, &response).error_code(), grpc::StatusCode::INTERNAL);
  }
  int64_t sequence = 0;
  EXPECT_TRUE(CallRemember(NewUuid(), "after", sequence).ok());
}

TEST_F(RpcTest, ARepeatedRequestGetsTheFirstAnswer) {
  const std::string id = NewUuid();
  int64_t first = 0;
  int64_t again = 0;
  int64_t other = 0;
  ASSERT_TRUE(CallRemember(id, "x", first).ok());
  ASSERT_TRUE(CallRemember(NewUuid(), "y", other).ok());
  ASSERT_TRUE(CallRemember(id, "x", again).ok());
  EXPECT_EQ(first, again);
  EXPECT_EQ(other, 2);
  EXPECT_EQ(database_->LastSequence(), 2);
}

TEST_F(RpcTest, ARequestIdIsForOneRequestOnly) {
  const std::string id = NewUuid();
  int64_t sequence = 0;
  ASSERT_TRUE(CallRemember(id, "x", sequence).ok());
  EXPECT_THAT(CallRemember(id, "y", sequence), Refuses("REQUEST_ID_REUSED"));
  EXPECT_THAT(CallRemember("not a uuid", "y", sequence), Refuses("REQUEST_ID_INVALID"));
  EXPECT_EQ(database_->LastSequence(), 1);
}

TEST_F(RpcTest, ARefusedRequestMayBeMendedUnderTheSameId) {
  const std::string id = NewUuid();
  int64_t sequence = 0;
  EXPECT_THAT(CallRemember(id, "", sequence), Refuses("TEXT_BLANK"));
  EXPECT_TRUE(CallRemember(id, "x", sequence).ok());
}

TEST_F(RpcTest, AMessageOfEightMebibytesIsRefused) {
  int64_t sequence = 0;
  EXPECT_THAT(CallRemember(NewUuid(), std::string(8 << 20, 'x'), sequence),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(database_->LastSequence(), 0);
}

TEST_F(RpcTest, AWatcherSeesWhatWasAndWhatComes) {
  int64_t sequence = 0;
  for (const char* text : {"1", "2", "3"}) {
    ASSERT_TRUE(CallRemember(NewUuid(), text, sequence).ok());
  }
  grpc::ClientContext context;
  pb::WatchChangesRequest request;
  request.set_from_sequence(2);
  const auto stream = stub_->WatchChanges(&context, request);
  std::vector<std::string> texts;
  const auto take = [&] {
    pb::WatchChangesResponse response;
    ASSERT_TRUE(stream->Read(&response));
    pb::RememberRequest payload;
    ASSERT_TRUE(response.change().payload().UnpackTo(&payload));
    texts.push_back(payload.text());
  };
  take();
  take();
  ASSERT_TRUE(CallRemember(NewUuid(), "4", sequence).ok());
  take();
  EXPECT_THAT(texts, ElementsAre("2", "3", "4"));
  context.TryCancel();
}

TEST_F(RpcTest, AStopEndsAWatcherWithAReason) {
  grpc::ClientContext context;
  const auto stream = stub_->WatchChanges(&context, pb::WatchChangesRequest());
  stream->WaitForInitialMetadata();
  feeds_.Stop();
  pb::WatchChangesResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_THAT(FromGrpc(stream->Finish()), Refuses("STOPPING"));
}

TEST_F(RpcTest, ManyWritersAtOnceAreEachAnsweredOnce) {
  std::atomic<int> answered = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&] {
      for (int j = 0; j < 100; ++j) {
        int64_t sequence = 0;
        if (CallRemember(NewUuid(), "x", sequence).ok()) ++answered;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(answered, 800);
  EXPECT_EQ(database_->LastSequence(), 800);
}

constexpr char kTrace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

// What the log holds of the last call that sent these values of traceparent.
std::string TraceOfACall(pb::EchoService::Stub& stub, store::Database& database,
                         const std::vector<std::string>& sent) {
  grpc::ClientContext context;
  for (const std::string& value : sent) context.AddMetadata("traceparent", value);
  pb::RememberRequest request;
  request.set_request_id(NewUuid());
  request.set_text("x");
  pb::RememberResponse response;
  EXPECT_TRUE(stub.Remember(&context, request, &response).ok());
  std::string traceparent;
  EXPECT_TRUE(database
                  .Read([&](store::Snapshot& snapshot) {
                    traceparent =
                        store::ReadEvents(snapshot, response.sequence(), 1).front().traceparent;
                    return absl::OkStatus();
                  })
                  .ok());
  return traceparent;
}

TEST_F(RpcTest, ACallGoesOnInTheTraceOfItsCaller) {
  const std::string kept = TraceOfACall(*stub_, *database_, {kTrace});
  EXPECT_EQ(TraceIdOf(kept), kTraceId);
  EXPECT_NE(kept, kTrace) << "under a span of our own";
}

TEST_F(RpcTest, ACallWithoutAGoodTraceparentBeginsATraceAndIsAnsweredAllTheSame) {
  const std::vector<std::vector<std::string>> rows = {
      {}, {""}, {"x"}, {std::string(8'000, '0')}, {kTrace, kTrace}};
  for (const auto& sent : rows) {
    const std::string kept = TraceOfACall(*stub_, *database_, sent);
    EXPECT_EQ(TraceIdOf(kept).size(), 32u) << kept;
    EXPECT_NE(TraceIdOf(kept), kTraceId);
  }
}

TEST_F(RpcTest, AWatcherIsToldTheTraceOfAChange) {
  TraceOfACall(*stub_, *database_, {kTrace});
  grpc::ClientContext context;
  const auto stream = stub_->WatchChanges(&context, pb::WatchChangesRequest());
  pb::WatchChangesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(TraceIdOf(response.change().traceparent()), kTraceId);
  context.TryCancel();
}

TEST_F(RpcTest, TheHandlerAndTheObserverWorkInTheTraceOfTheCall) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", kTrace);
  pb::EchoRequest request;
  request.set_text("trace");
  pb::EchoResponse response;
  ASSERT_TRUE(stub_->Echo(&context, request, &response).ok());
  EXPECT_EQ(response.text(), kTraceId);
  EXPECT_THAT(service_.observed(), ElementsAre(kTraceId));
}

TEST(ServerStart, RefusesAnAddressThatIsTaken) {
  // gRPC starts no server that serves nothing: reflection is something.
  ServerOptions options = {.listen = "127.0.0.1:0", .service = "a", .reflection = true};
  const auto first = Server::Start(options, {});
  ASSERT_TRUE(first.ok());
  options.listen = absl::StrCat("127.0.0.1:", (*first)->port());
  const auto second = Server::Start(options, {});
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace dondoc::rpc
