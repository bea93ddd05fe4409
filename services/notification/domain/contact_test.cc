#include "services/notification/domain/contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "services/notification/domain/address.h"
#include "services/notification/domain/names.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;

TEST(Email, IsPlainAsciiThatEveryServerTakes) {
  struct Case {
    std::string email;
    bool accepted;
  };
  const Case cases[] = {
      {"van-phong@skhcn.cantho.gov.vn", true},
      {"a.b+c@x.vn", true},
      {"a@b", false},
      {"@x.vn", false},
      {"a@", false},
      {"ab.x.vn", false},
      {"a b@x.vn", false},
      {"a@x..vn", false},
      {".a@x.vn", false},
      {"a..b@x.vn", false},
      {"a@x.vn\r\nBcc: b@x.vn", false},
      {"<a@x.vn>", false},
      {"a@[127.0.0.1]", false},
      {"a@127.0.0.1", false},
      {"văn-phòng@x.vn", false},
      {"a@x.vn,b@x.vn", false},
      {std::string(65, 'a') + "@x.vn", false},
      {"a@" + std::string(63, 'x') + "." + std::string(63, 'x') + "." + std::string(63, 'x') + "." +
           std::string(63, 'x') + ".vn",
       false},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(CheckEmail(row.email).ok(), row.accepted) << row.email;
    if (!row.accepted) {
      EXPECT_THAT(CheckEmail(row.email), Refuses("EMAIL_INVALID"));
    }
  }
}

struct UrlCase {
  std::string url;
  // What is wrong with it; "" for nothing.
  std::string fault;
};

TEST(WebhookUrl, LeadsOutOverHttpsAndNowhereElse) {
  const UrlCase cases[] = {
      {"https://hub.cantho.gov.vn/dondoc?key=1", ""},
      {"https://hub.cantho.gov.vn:8443", ""},
      {"https://203.0.113.7/hook", ""},
      {"https://10.1.2.3/hook", ""},
      {"https://[2001:db8::7]/hook", ""},
      {"http://hub.cantho.gov.vn/", "scheme"},
      {"file:///etc/passwd", "scheme"},
      {"gopher://hub.cantho.gov.vn/", "scheme"},
      {"hub.cantho.gov.vn", "scheme"},
      {"https://user:pass@hub.cantho.gov.vn/", "user and password"},
      {"https://hub.cantho.gov.vn@169.254.169.254/", "user and password"},
      {"https://hub.cantho.gov.vn:22/", "port"},
      {"https://hub.cantho.gov.vn:0/", "port"},
      {"https://hub.cantho.gov.vn:x/", "port"},
      {"https://hub.cantho.gov.vn/#a", "fragment"},
      {"https://hub.cantho.gov.vn\\@evil.vn/", "characters"},
      {"https://hub.cantho.gov.vn/a b", "characters"},
      {"https://hub.cantho.gov.vn/\r\nX: y", "characters"},
      {"https://nats/", "host"},
      {"https:///hook", "host"},
      {"https://hub.cantho.gov.vn./", "host"},
      {"https://127.1/", "host"},
      {"https://2130706433/", "host"},
      {"https://0x7f.1/", "host"},
      {"https://0x7f000001/", "host"},
      {"https://0177.0.0.1/", "host"},
      {"https://[::ffff:7f00:1]/", "host spelling"},
      {"https://[0:0:0:0:0:0:0:1]/", "host spelling"},
      {"https://[hub.cantho.gov.vn]/", "host"},
      {"https://[127.0.0.1]/", "host spelling"},
      {"https://169.254.169.254/latest/meta-data", "forbidden address"},
      {"https://0.0.0.0/", "forbidden address"},
      {"https://[::]/", "forbidden address"},
      {"https://[fe80::1]/", "forbidden address"},
      {"https://224.0.0.1/", "forbidden address"},
      {"https://100.100.100.200/", "forbidden address"},
      {"https://127.0.0.1/", "loopback address"},
      {"http://localhost:9000/", "loopback address"},
      {"https://[::1]/", "loopback address"},
      {"https://hub.cantho.gov.vn/" + std::string(2'000, 'a'), "length"},
  };
  for (const UrlCase& row : cases) {
    const auto parsed = ParseWebhookUrl(row.url, LoopbackRule::kRefuse);
    if (row.fault.empty()) {
      EXPECT_THAT(parsed, IsOk()) << row.url;
      continue;
    }
    EXPECT_THAT(parsed, Refuses("WEBHOOK_URL_INVALID")) << row.url;
    EXPECT_EQ(DetailsOf(parsed.status())["fault"], row.fault) << row.url;
  }
}

TEST(WebhookUrl, MayNameThisMachineOnlyWhereTheSettingSaysSo) {
  const UrlCase cases[] = {
      {"http://127.0.0.1:9000/hook", ""},
      {"http://localhost:9000/", ""},
      {"http://[::1]:9000/", ""},
      {"https://127.0.0.2:1/", ""},
      {"http://hub.cantho.gov.vn/", "scheme"},
      {"http://127.1:9000/", "host"},
      {"https://[::ffff:7f00:1]/", "host spelling"},
  };
  for (const UrlCase& row : cases) {
    const auto parsed = ParseWebhookUrl(row.url, LoopbackRule::kAllow);
    EXPECT_EQ(parsed.ok() ? "" : DetailsOf(parsed.status())["fault"], row.fault) << row.url;
    if (parsed.ok()) {
      EXPECT_TRUE(parsed->loopback) << row.url;
    }
  }
}

TEST(WebhookSecret, HasTwentyFourToSixtyFourBytes) {
  EXPECT_THAT(ParseWebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), IsOk());
  for (const char* secret :
       {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_***"}) {
    EXPECT_THAT(ParseWebhookSecret(secret), Refuses("WEBHOOK_SECRET_INVALID")) << secret;
  }
}

TEST(Contact, NeedsASecretForAWebhookAndAWebhookForASecret) {
  const std::string url = "https://hub.cantho.gov.vn/";
  const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  EXPECT_THAT(CheckContact({}, LoopbackRule::kRefuse), IsOk());
  EXPECT_THAT(CheckContact({.webhook_url = url, .webhook_secret = secret}, LoopbackRule::kRefuse),
              IsOk());
  EXPECT_THAT(CheckContact({.webhook_url = url}, LoopbackRule::kRefuse),
              Refuses("WEBHOOK_SECRET_INVALID"));
  EXPECT_THAT(CheckContact({.webhook_secret = secret}, LoopbackRule::kRefuse),
              Refuses("WEBHOOK_URL_INVALID"));
}

TEST(Address, IsJudgedByWhereItLeadsInWhateverSpelling) {
  struct Case {
    const char* address;
    AddressClass expected;
  };
  const Case cases[] = {
      {"203.0.113.7", AddressClass::kOrdinary},
      {"10.0.0.1", AddressClass::kOrdinary},
      {"172.17.0.1", AddressClass::kOrdinary},
      {"192.168.1.1", AddressClass::kOrdinary},
      {"2001:db8::1", AddressClass::kOrdinary},
      {"fd12::1", AddressClass::kOrdinary},
      {"::ffff:203.0.113.7", AddressClass::kOrdinary},
      {"127.0.0.1", AddressClass::kLoopback},
      {"127.255.255.254", AddressClass::kLoopback},
      {"::1", AddressClass::kLoopback},
      {"::ffff:127.0.0.1", AddressClass::kLoopback},
      {"::127.0.0.1", AddressClass::kLoopback},
      {"64:ff9b::7f00:1", AddressClass::kLoopback},
      {"2002:7f00:1::", AddressClass::kLoopback},
      {"0.0.0.0", AddressClass::kForbidden},
      {"0.1.2.3", AddressClass::kForbidden},
      {"::", AddressClass::kForbidden},
      {"169.254.169.254", AddressClass::kForbidden},
      {"::ffff:169.254.169.254", AddressClass::kForbidden},
      {"64:ff9b::a9fe:a9fe", AddressClass::kForbidden},
      {"168.63.129.16", AddressClass::kForbidden},
      {"192.0.0.192", AddressClass::kForbidden},
      {"100.100.100.200", AddressClass::kForbidden},
      {"fd00:ec2::254", AddressClass::kForbidden},
      {"224.0.0.1", AddressClass::kForbidden},
      {"239.255.255.255", AddressClass::kForbidden},
      {"255.255.255.255", AddressClass::kForbidden},
      {"fe80::1", AddressClass::kForbidden},
      {"febf::1", AddressClass::kForbidden},
      {"ff02::1", AddressClass::kForbidden},
  };
  for (const Case& row : cases) {
    const auto ip = ParseIp(row.address);
    ASSERT_TRUE(ip.has_value()) << row.address;
    EXPECT_EQ(Classify(*ip), row.expected) << row.address;
  }
  EXPECT_FALSE(ParseIp("127.1").has_value());
  EXPECT_FALSE(ParseIp("hub.vn").has_value());
}

TEST(Names, FollowTheirPattern) {
  EXPECT_THAT(CheckUnitName("recipient", "units/van-phong"), IsOk());
  EXPECT_THAT(CheckPlanName("plan", "plans/-"), IsOk());
  for (const char* name : {"", "units/", "van-phong", "units/Van-Phong", "units/a/b", "units/..",
                           "plans/a", "units/a%2F"}) {
    EXPECT_THAT(CheckUnitName("recipient", name), Refuses("NAME_INVALID")) << name;
  }
}

}  // namespace
}  // namespace dondoc::notification
