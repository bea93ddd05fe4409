#pragma once

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/server.h"
#include "services/notification/rpc/notification_service.h"
#include "services/notification/testing/world.h"

namespace dondoc::notification {

inline constexpr absl::CivilDay kDue(2023, 3, 31);
inline constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

// The real server on a free port over a real database.
class RpcTest : public ::testing::Test {
 protected:
  RpcTest() {
    server_ = rpc::Server::Start({.listen = "127.0.0.1:0", .service = "notification"},
                                 {{pb::NotificationService::service_full_name(), &service_}})
                  .value();
    stub_ = pb::NotificationService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  ~RpcTest() override {
    feeds_.Stop();
    server_->Drain(absl::Seconds(5));
  }

  // Calls a method of the stub.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (pb::NotificationService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    context.AddMetadata("dondoc-actor", "units/van-phong");
    Response response;
    const absl::Status status = rpc::FromGrpc(((*stub_).*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }
  using Stub = pb::NotificationService::Stub;

  absl::StatusOr<pb::AcknowledgeNoticeResponse> Acknowledge(const std::string& name) {
    pb::AcknowledgeNoticeRequest request;
    request.set_request_id(NewUuid());
    request.set_name(name);
    return Call(&Stub::AcknowledgeNotice, request);
  }
  absl::StatusOr<pb::SetContactResponse> SetContact(const std::string& recipient,
                                                    const std::string& email,
                                                    const std::string& url,
                                                    const std::string& secret) {
    pb::SetContactRequest request;
    request.mutable_contact()->set_recipient(recipient);
    request.mutable_contact()->set_email(email);
    request.mutable_contact()->set_webhook_url(url);
    request.mutable_contact()->set_webhook_secret(secret);
    return Call(&Stub::SetContact, request);
  }
  // All notices by pages of `size`.
  std::vector<std::string> ListAll(pb::ListNoticesRequest request, int size) {
    std::vector<std::string> names;
    request.set_page_size(size);
    do {
      const auto page = Call(&Stub::ListNotices, request);
      EXPECT_THAT(page, dondoc::testing::IsOk());
      EXPECT_LE(page->notices_size(), size);
      for (const pb::Notice& notice : page->notices()) names.push_back(notice.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  World world_{Morning(absl::CivilDay(2023, 1, 27)), {.email = true, .webhook = true}};
  rpc::Feeds feeds_{world_.database()};
  NotificationService service_{world_.database(), feeds_, LoopbackRule::kRefuse};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<pb::NotificationService::Stub> stub_;
};

}  // namespace dondoc::notification
