#include "libs/rpc/message_guard.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "echo.grpc.pb.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"
#include "libs/rpc/testing/bad_messages.h"

namespace dondoc::rpc {
namespace {

namespace pb = ::dondoc::rpctest::v1;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Only answers; what stands before it is under test.
class EchoOnly final : public pb::EchoService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                 const pb::EchoRequest* request,
                                 pb::EchoResponse* response) override {
    response->set_text(request->text());
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class MessageGuardTest : public ::testing::Test {
 protected:
  MessageGuardTest() {
    const auto observe = [this](const Call& call, const absl::Status& status, absl::Duration) {
      std::lock_guard lock(mutex_);
      observed_.push_back(absl::StrCat(call.method, " ", ReasonOf(status)));
    };
    server_ = Server::Start({.listen = "127.0.0.1:0", .service = "echo", .observer = observe},
                            {{pb::EchoService::service_full_name(), &service_}})
                  .value();
    stub_ = pb::EchoService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }

  absl::StatusOr<std::string> Echo(const std::string& text) {
    grpc::ClientContext context;
    pb::EchoRequest request;
    request.set_text(text);
    pb::EchoResponse response;
    const absl::Status status = FromGrpc(stub_->Echo(&context, request, &response));
    if (!status.ok()) return status;
    return response.text();
  }
  std::vector<std::string> Observed() {
    std::lock_guard lock(mutex_);
    return observed_;
  }

  std::mutex mutex_;
  std::vector<std::string> observed_;
  EchoOnly service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<pb::EchoService::Stub> stub_;
};

TEST_F(MessageGuardTest, RefusesInEveryMethod) {
  testing::ExpectBadMessagesRefused(server_->port(), pb::EchoService::service_full_name());
  // Nothing, no protobuf, cut, deep and unknown for each of three; two of them have text.
  EXPECT_THAT(Observed(), SizeIs(3 * 5 + 2));
  EXPECT_EQ(Echo("đôn đốc").value_or("refused"), "đôn đốc");
  EXPECT_THAT(Observed(), SizeIs(3 * 5 + 2)) << "what the service answers is its own to report";
}

TEST_F(MessageGuardTest, TakesLargeRequestsThatAreGood) {
  const std::string text(1 << 20, 'x');
  EXPECT_EQ(Echo(text).value_or("refused"), text);
}

TEST_F(MessageGuardTest, NamesTheFieldOfALargeRequestThatIsNot) {
  const absl::Status refused = Echo(std::string(1 << 20, 'x') + "\xB8").status();
  EXPECT_THAT(refused, dondoc::testing::Refuses("NOT_UTF8"));
  EXPECT_EQ(DetailsOf(refused),
            (Details{{"field", "text"}, {"byte_offset", absl::StrCat(1 << 20)}}));
  EXPECT_THAT(Observed(), Each(HasSubstr("Echo NOT_UTF8")));
}

TEST_F(MessageGuardTest, AServiceThatIsNotLinkedIsAnErrorAtStart) {
  EXPECT_THAT(Server::Start({.listen = "127.0.0.1:0", .service = "none"},
                            {{"dondoc.none.v1.None", &service_}}),
              dondoc::testing::StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace dondoc::rpc
