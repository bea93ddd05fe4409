#include "services/notification/delivery/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notification/domain/contact.h"

namespace dondoc::notification {
namespace {

// The example of the Standard Webhooks specification; Python's hmac gives the same.
TEST(WebhookHeaders, SignAsTheStandardDoes) {
  const std::string secret = ParseWebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  EXPECT_THAT(WebhookHeaders("msg_p5jXN8AQM9LWM0D4loKWxJek", absl::FromUnixSeconds(1'614'265'330),
                             R"({"test": 2432232314})", secret),
              ::testing::ElementsAre(
                  "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1614265330",
                  "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
}

TEST(WebhookBody, NamesAndTellsNothingElse) {
  const Delivery delivery{.id = "0190-7",
                          .digest = 4,
                          .recipient = "units/van-phong",
                          .channel = Channel::kWebhook,
                          .created_at = absl::FromUnixSeconds(1'679'616'000),
                          .notices = {17, 18},
                          .notice_count = 2};
  EXPECT_EQ(WebhookBody(delivery),
            R"({"type":"dondoc.notification.digest","timestamp":"2023-03-24T00:00:00+00:00",)"
            R"("data":{"delivery":"deliveries/0190-7","digest":"digests/4",)"
            R"("recipient":"units/van-phong","notice_count":2,)"
            R"("notices":["notices/17","notices/18"]}})");
}

TEST(WebhookBody, StaysSmallWithTheMostNoticesItMayHave) {
  Delivery delivery{.recipient = "units/" + std::string(63, 'x')};
  delivery.notices.assign(kNoticesShownMax, INT64_MAX);
  EXPECT_LT(WebhookBody(delivery).size(), 20'000u);
}

}  // namespace
}  // namespace dondoc::notification
