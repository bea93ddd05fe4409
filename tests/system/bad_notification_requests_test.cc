#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/bad_requests.h"
#include "tests/system/city.h"
#include "tests/system/log_check.h"
#include "tests/system/refusal_check.h"

namespace dondoc::testing {
namespace {

using absl::StatusCode;

class BadNotificationRequests : public BadRequests {
 protected:
  template <typename Spoil>
  absl::Status Reaching(Spoil spoil) {
    return Refused(&Notification::SetContact, With(SetContact("moi"), spoil));
  }
  absl::Status Calling(const std::string& url) {
    return Reaching([&](auto& r) { r.mutable_contact()->set_webhook_url(url); });
  }
  template <typename Spoil>
  absl::Status Ruling(Spoil spoil) {
    notification_pb::SetPlanRulesRequest request;
    request.set_request_id(NewUuid());
    notification_pb::PlanRules& rules = *request.mutable_rules();
    rules.set_plan("plans/cchc-2023");
    rules.add_days_before(7);
    rules.set_overdue_step_days(3);
    rules.set_overdue_limit_days(90);
    rules.set_hour(7);
    return Refused(&Notification::SetPlanRules, With(request, spoil));
  }
};

TEST_F(BadNotificationRequests, GetTheirReasonAndLeaveNothing) {
  ASSERT_TRUE(Eventually([&] { return !Upcoming(city_, "units/van-phong").empty(); }));
  const notification_pb::SetContactRequest before = SetContact("truoc");
  ASSERT_THAT(city_.Call(&Notification::SetContact, before), IsOk());
  const auto list = [this](auto spoil) { return RefusedList(&Notification::ListNotices, spoil); };
  ExpectRefused({
      {"two addresses",
       Reaching([](auto& r) { r.mutable_contact()->set_email("a@b.vn\r\nBcc: c@d.vn"); }), kBad,
       "EMAIL_INVALID"},
      {"a contact of nobody", Reaching([](auto& r) { r.mutable_contact()->clear_recipient(); }),
       kBad, "NAME_INVALID"},
      {"TCVN3", Reaching([](auto& r) { r.mutable_contact()->set_email(kTcvn3); }), kBad,
       "NOT_UTF8"},
      {"a webhook without a lock", Calling("http://so.example/a"), kBad, "WEBHOOK_URL_INVALID"},
      {"a webhook to this machine", Calling("https://127.1/a"), kBad, "WEBHOOK_URL_INVALID"},
      {"a webhook to the metadata", Calling("https://169.254.169.254/"), kBad,
       "WEBHOOK_URL_INVALID"},
      {"a webhook with a password", Calling("https://a:b@so.example/"), kBad,
       "WEBHOOK_URL_INVALID"},
      {"a request id for another request",
       Reaching([&](auto& r) { r.set_request_id(before.request_id()); }), kBad,
       "REQUEST_ID_REUSED"},
      {"a reminder on the day", Ruling([](auto& r) { r.mutable_rules()->add_days_before(0); }),
       kBad, "RULES_INVALID"},
      {"the 24th hour", Ruling([](auto& r) { r.mutable_rules()->set_hour(24); }), kBad,
       "RULES_INVALID"},
      {"stale rules", Ruling([](auto& r) { r.mutable_rules()->set_etag("\"9\""); }),
       StatusCode::kAborted, "ETAG_STALE"},
      {"a notice that is not there",
       RefusedList(&Notification::AcknowledgeNotice, [](auto& r) { r.set_name("notices/999"); }),
       StatusCode::kNotFound, "NOTICE_UNKNOWN"},
      {"a delivery that is not there",
       RefusedList(&Notification::RetryDelivery, [](auto& r) { r.set_name("deliveries/x"); }),
       StatusCode::kNotFound, "DELIVERY_UNKNOWN"},
      {"a state that is none",
       list([](auto& r) { r.set_state(static_cast<notification_pb::NoticeState>(9)); }), kBad,
       "ENUM_UNKNOWN"},
      {"a page of -1", list([](auto& r) { r.set_page_size(-1); }), kBad, "PAGE_SIZE_NEGATIVE"},
      {"a forged token", list([](auto& r) { r.set_page_token("x"); }), kBad, "PAGE_TOKEN_INVALID"},
  });
  ASSERT_THAT(city_.Call(&Notification::SetContact, SetContact("sau")), IsOk());
  const auto log = city_.ReadLog(&Notification::WatchChanges, 1, [](const Change& change) {
    return change.name() == "contacts/sau";
  });
  ExpectNothingBetween(log, "contacts/truoc", "contacts/sau");
}

}  // namespace
}  // namespace dondoc::testing
