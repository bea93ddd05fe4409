// Whose notices a unit reads, counts, watches and acknowledges when access is enforced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/rpc/status.h"
#include "libs/rpc/testing/test_door.h"
#include "services/notification/rpc/rpc_fixture.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using identity::Role;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;

class NarrowTest : public RpcTest {
 protected:
  NarrowTest() {
    for (const char* unit : {"van-phong", "chi-cuc"}) {
      world_.Say(AssignmentOf(unit, kDue));
      door_.AddUnit(absl::StrCat("units/", unit));
    }
    world_.RunAt(Morning(kDue - 7));
    door_.Give("office", Role::kOffice);
    door_.Give("binh", Role::kUnitStaff, "units/chi-cuc");
    door_.Give("truong", Role::kUnitHead, "units/chi-cuc");
  }
  ~NarrowTest() override { guarded_feeds_.Stop(); }

  template <typename Request, typename Response>
  absl::StatusOr<Response> As(const std::string& who,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request) {
    return door_.CallAs(who, *guarded_, method, request);
  }
  // By pages of one.
  std::vector<std::string> Recipients(const std::string& who, const std::string& recipient = "",
                                      const std::string& subject = "") {
    std::vector<std::string> recipients;
    pb::ListNoticesRequest request;
    request.set_recipient(recipient);
    request.set_subject(subject);
    request.set_page_size(1);
    do {
      const auto page = As(who, &Stub::ListNotices, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) return recipients;
      for (const pb::Notice& notice : page->notices()) recipients.push_back(notice.recipient());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return recipients;
  }
  int64_t Counted(const std::string& who) {
    int64_t sum = 0;
    const auto counts = As(who, &Stub::CountNotices, pb::CountNoticesRequest());
    EXPECT_THAT(counts, IsOk());
    for (const pb::NoticeCount& count : counts->counts()) sum += count.count();
    return sum;
  }
  pb::Notice NoticeOf(const std::string& unit) {
    pb::ListNoticesRequest request;
    request.set_recipient("units/" + unit);
    request.set_state(pb::NOTICE_STATE_SENT);
    const auto list = Call(&Stub::ListNotices, request);
    EXPECT_THAT(list, IsOk());
    return list.ok() && list->notices_size() > 0 ? list->notices(0) : pb::Notice();
  }

  dondoc::testing::TestDoor door_{world_.database(), world_.clock()};
  rpc::Feeds guarded_feeds_{world_.database(), door_.door()};
  NotificationService behind_door_{world_.database(), guarded_feeds_, LoopbackRule::kRefuse,
                                   rpc::LogRefusal, door_.door()};
  std::unique_ptr<rpc::Server> guarded_server_ =
      rpc::Server::Start({.listen = "127.0.0.1:0", .service = "notification"},
                         {{pb::NotificationService::service_full_name(), &behind_door_}})
          .value();
  std::unique_ptr<Stub> guarded_ = pb::NotificationService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", guarded_server_->port()), grpc::InsecureChannelCredentials()));
};

TEST_F(NarrowTest, ListsAndCountsHoldOwnNoticesAlone) {
  const std::vector<std::string> own = Recipients("binh");
  EXPECT_THAT(own, Not(IsEmpty()));
  EXPECT_THAT(own, Each("units/chi-cuc"));
  EXPECT_GT(Recipients("office").size(), own.size());
  EXPECT_THAT(Recipients("binh", "units/van-phong"), IsEmpty());
  EXPECT_THAT(Recipients("binh", "", NoticeOf("van-phong").subject()), IsEmpty());
  EXPECT_EQ(Counted("binh"), static_cast<int64_t>(own.size()));
  EXPECT_GT(Counted("office"), Counted("binh"));
}

TEST_F(NarrowTest, WhatIsToComeIsOwnAlone) {
  const auto upcoming = As("binh", &Stub::ListUpcoming, pb::ListUpcomingRequest());
  ASSERT_THAT(upcoming, IsOk());
  EXPECT_GT(upcoming->notices_size(), 0);
  for (const pb::Notice& notice : upcoming->notices()) {
    EXPECT_EQ(notice.recipient(), "units/chi-cuc");
  }
}

TEST_F(NarrowTest, NobodyAcknowledgesForAnother) {
  pb::AcknowledgeNoticeRequest request;
  request.set_name(NoticeOf("van-phong").name());
  const auto refused = As("binh", &Stub::AcknowledgeNotice, request);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(refused, Refuses("NOTICE_UNKNOWN"));
  // In the very words for one that is not there, which name no unit.
  const std::string name = request.name();
  request.set_name("notices/999999");
  EXPECT_EQ(absl::StrReplaceAll(As("binh", &Stub::AcknowledgeNotice, request).status().ToString(),
                                {{request.name(), name}}),
            refused.status().ToString());
  request.set_name(NoticeOf("chi-cuc").name());
  const auto own = As("binh", &Stub::AcknowledgeNotice, request);
  ASSERT_THAT(own, IsOk());
  EXPECT_EQ(own->notice().acknowledged_by(), "person:binh");
}

TEST_F(NarrowTest, AnInboxIsReadByItsUnitAlone) {
  const auto first_of = [&](const std::string& who, const std::string& recipient) {
    grpc::ClientContext context;
    door_.SignIn(who, context);
    pb::WatchInboxRequest request;
    request.set_recipient(recipient);
    const auto stream = guarded_->WatchInbox(&context, request);
    pb::WatchInboxResponse response;
    if (!stream->Read(&response)) return rpc::FromGrpc(stream->Finish());
    EXPECT_EQ(response.notice().recipient(), "units/chi-cuc");
    context.TryCancel();
    return absl::OkStatus();
  };
  EXPECT_THAT(first_of("binh", "units/chi-cuc"), IsOk());
  EXPECT_THAT(first_of("binh", ""), IsOk()) << "all inboxes within reach";
  EXPECT_THAT(first_of("binh", "units/van-phong"), Refuses("OUT_OF_SCOPE"));
}

TEST_F(NarrowTest, AContactIsSetByItsUnitAlone) {
  pb::SetContactRequest request;
  request.mutable_contact()->set_recipient("units/van-phong");
  request.mutable_contact()->set_email("a@example.vn");
  EXPECT_THAT(As("truong", &Stub::SetContact, request), Refuses("OUT_OF_SCOPE"));
  request.mutable_contact()->set_recipient("units/chi-cuc");
  EXPECT_THAT(As("truong", &Stub::SetContact, request), IsOk());
}

}  // namespace
}  // namespace dondoc::notification
