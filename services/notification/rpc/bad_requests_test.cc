#include <functional>
#include <string>
#include <vector>

#include "libs/rpc/testing/bad_messages.h"
#include "services/notification/rpc/rpc_fixture.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;

struct BadInput {
  const char* claim;
  absl::Status status;
  absl::StatusCode code;
  const char* reason;
};

void ExpectRefused(const std::vector<BadInput>& rows) {
  for (const BadInput& row : rows) {
    EXPECT_EQ(row.status.code(), row.code) << row.claim << ": " << row.status;
    EXPECT_THAT(row.status, Refuses(row.reason)) << row.claim;
  }
}

TEST_F(RpcTest, BadRulesAndContactsAreRefusedAndChangeNothing) {
  const auto rules = [this](const std::function<void(pb::PlanRules&)>& spoil) {
    pb::SetPlanRulesRequest request;
    pb::PlanRules& sent = *request.mutable_rules();
    sent.set_plan("plans/a");
    sent.set_overdue_step_days(3);
    sent.set_overdue_limit_days(90);
    spoil(sent);
    return Call(&Stub::SetPlanRules, request).status();
  };
  const auto contact = [this](const char* recipient, const char* email, const char* url) {
    return SetContact(recipient, email, url, url[0] == '\0' ? "" : kSecret).status();
  };
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  ExpectRefused({
      {"rules of nothing", rules([](auto& r) { r.set_plan(""); }), kInvalid, "NAME_INVALID"},
      {"rules of a unit", rules([](auto& r) { r.set_plan("units/a"); }), kInvalid, "NAME_INVALID"},
      {"a reminder on the day", rules([](auto& r) { r.add_days_before(0); }), kInvalid,
       "RULES_INVALID"},
      {"step 0", rules([](auto& r) { r.set_overdue_step_days(0); }), kInvalid, "RULES_INVALID"},
      {"hour 24", rules([](auto& r) { r.set_hour(24); }), kInvalid, "RULES_INVALID"},
      {"an etag of another time", rules([](auto& r) { r.set_etag("\"7\""); }),
       absl::StatusCode::kAborted, "ETAG_STALE"},
      {"contact of nobody", contact("", "", ""), kInvalid, "NAME_INVALID"},
      {"e-mail", contact("units/a", "a@b\r\nBcc: c@d.vn", ""), kInvalid, "EMAIL_INVALID"},
      {"webhook over http", contact("units/a", "", "http://hub.example.vn/"), kInvalid,
       "WEBHOOK_URL_INVALID"},
      {"webhook to this machine", contact("units/a", "", "https://127.0.0.1/"), kInvalid,
       "WEBHOOK_URL_INVALID"},
      {"webhook to metadata", contact("units/a", "", "https://169.254.169.254/"), kInvalid,
       "WEBHOOK_URL_INVALID"},
  });
  EXPECT_EQ(world_.database().LastSequence(), 0);
  EXPECT_EQ(world_.Count("select count(*) from contacts"), 0);
  EXPECT_EQ(world_.Count("select count(*) from plan_rules"), 0);
}

TEST_F(RpcTest, BadNamesAndFiltersAreRefusedAndChangeNothing) {
  world_.Say(AssignmentOf("van-phong", kDue));
  world_.RunAt(Morning(kDue - 7));
  const int64_t before = world_.database().LastSequence();
  const auto list = [this](const std::function<void(pb::ListNoticesRequest&)>& spoil) {
    pb::ListNoticesRequest request;
    spoil(request);
    return Call(&Stub::ListNotices, request).status();
  };
  pb::RetryDeliveryRequest no_delivery;
  no_delivery.set_name("deliveries/none");
  pb::AcknowledgeNoticeRequest bad_id;
  bad_id.set_request_id("7");
  bad_id.set_name("notices/2");
  pb::ListDeliveriesRequest bad_channel;
  bad_channel.set_channel(static_cast<pb::Channel>(99));
  pb::CountNoticesRequest bad_recipient;
  bad_recipient.set_recipient("van-phong");
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  constexpr auto kNotFound = absl::StatusCode::kNotFound;
  ExpectRefused({
      {"no such notice", Acknowledge("notices/99").status(), kNotFound, "NOTICE_UNKNOWN"},
      {"no name", Acknowledge("").status(), kNotFound, "NOTICE_UNKNOWN"},
      {"another spelling", Acknowledge("notices/02").status(), kNotFound, "NOTICE_UNKNOWN"},
      {"a skipped one", Acknowledge("notices/1").status(), absl::StatusCode::kFailedPrecondition,
       "NOTICE_SKIPPED"},
      {"request id", Call(&Stub::AcknowledgeNotice, bad_id).status(), kInvalid,
       "REQUEST_ID_INVALID"},
      {"no such delivery", Call(&Stub::RetryDelivery, no_delivery).status(), kNotFound,
       "DELIVERY_UNKNOWN"},
      {"channel", Call(&Stub::ListDeliveries, bad_channel).status(), kInvalid, "ENUM_UNKNOWN"},
      {"recipient", Call(&Stub::CountNotices, bad_recipient).status(), kInvalid, "NAME_INVALID"},
      {"state", list([](auto& r) { r.set_state(static_cast<pb::NoticeState>(9)); }), kInvalid,
       "ENUM_UNKNOWN"},
      {"kind", list([](auto& r) { r.set_kind(static_cast<pb::NoticeKind>(-1)); }), kInvalid,
       "ENUM_UNKNOWN"},
      {"page size", list([](auto& r) { r.set_page_size(-1); }), kInvalid, "PAGE_SIZE_NEGATIVE"},
      {"page token", list([](auto& r) { r.set_page_token("x"); }), kInvalid, "PAGE_TOKEN_INVALID"},
  });
  EXPECT_EQ(world_.database().LastSequence(), before);
}

TEST_F(RpcTest, RefusesBadMessagesWithAReasonInEveryMethod) {
  dondoc::testing::ExpectBadMessagesRefused(server_->port(),
                                            pb::NotificationService::service_full_name());
}

TEST_F(RpcTest, FieldsNobodyKnowsAreNotKept) {
  pb::SetContactRequest request;
  request.set_request_id(NewUuid());
  request.mutable_contact()->set_recipient("units/van-phong");
  request.mutable_contact()->set_email("van-phong@example.vn");
  dondoc::testing::AddUnknownFields(request, "nobody-knows-this");
  ASSERT_THAT(Call(&Stub::SetContact, request), IsOk());
  dondoc::testing::ExpectNotKept(world_.database_file(), "nobody-knows-this");
}

}  // namespace
}  // namespace dondoc::notification
