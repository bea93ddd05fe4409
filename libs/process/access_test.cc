#include "libs/process/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "libs/base/status_matchers.h"

namespace dondoc::process {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::testing::HasSubstr;

AccessPlace Here() {
  return {.service = "registry",
          .listen = "127.0.0.1:7401",
          .admin_listen = "127.0.0.1:8401",
          .clock = "system",
          .tls = false};
}

TEST(Access, IsEnforcedWithTlsAndOpenWithoutUnlessItIsSaid) {
  AccessPlace place = Here();
  EXPECT_FALSE(IsEnforced({}, place));
  EXPECT_TRUE(IsEnforced({.access = "enforced"}, place));
  place.tls = true;
  EXPECT_TRUE(IsEnforced({}, place));
}

TEST(Access, IsOpenByDefaultOnThisMachineAlone) {
  for (const char* address : {"127.0.0.1:7401", "127.0.0.2:0", "[::1]:7401", "localhost:7401"}) {
    AccessPlace place = Here();
    place.listen = address;
    EXPECT_THAT(CheckAccess({}, place), IsOk()) << address;
  }
}

struct Refused {
  const char* claim;
  std::function<void(AccessSettings&, AccessPlace&)> spoil;
  const char* says;
};

TEST(Access, IsRefusedWhereItWouldBeOpenToOthersOrHalfSet) {
  const Refused kRows[] = {
      {"open with TLS",
       [](auto& settings, auto& place) {
         settings.access = "open";
         place.tls = true;
       },
       "refused together with TLS"},
      {"open to a network", [](auto&, auto& place) { place.listen = "0.0.0.0:7401"; },
       "listen = 0.0.0.0:7401"},
      {"open to a name like ours",
       [](auto&, auto& place) { place.listen = "localhost.example:7401"; }, "localhost.example"},
      {"open to a network's operators",
       [](auto&, auto& place) { place.admin_listen = "10.0.0.7:8401"; }, "admin_listen"},
      {"operators of a network without certificates",
       [](auto& settings, auto& place) {
         settings.access = "enforced";
         place.admin_listen = "10.0.0.7:8401";
       },
       "admin_listen"},
      {"enforced on a played clock",
       [](auto& settings, auto& place) {
         settings.access = "enforced";
         place.clock = "simulated:1:2:3";
       },
       "simulated clock"},
      {"an issuer without keys", [](auto& settings, auto&) { settings.issuer_name = "https://id"; },
       "belong together"},
      {"keys of nobody", [](auto& settings, auto&) { settings.issuer_keys = "https://id/keys"; },
       "belong together"},
      {"keys that anybody can change on their way",
       [](auto& settings, auto&) {
         settings.issuer_name = "https://id";
         settings.issuer_keys = "http://id/keys";
       },
       "issuer_keys = http://id/keys"},
      {"an issuer that gives itself our name",
       [](auto& settings, auto&) {
         settings.issuer_name = "dondoc";
         settings.issuer_keys = "https://id/keys";
       },
       "our own accounts"},
      {"people who would be systems",
       [](auto& settings, auto&) {
         settings.issuer_name = "https://id";
         settings.issuer_keys = "https://id/keys";
         settings.issuer_principal_prefix = "system:";
       },
       "issuer_principal_prefix"},
  };
  for (const Refused& row : kRows) {
    AccessSettings settings;
    AccessPlace place = Here();
    row.spoil(settings, place);
    const absl::Status status = CheckAccess(settings, place);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << row.claim;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.says)) << row.claim;
  }
}

TEST(Access, HasADoorForCallersAndOneForOperators) {
  SystemClock clock;
  AccessPlace place = Here();
  const Access open({}, place, clock);
  EXPECT_TRUE(open.door().open());
  EXPECT_TRUE(open.admin_door().open());
  const Access enforced({.access = "enforced"}, place, clock);
  EXPECT_FALSE(enforced.door().open());
  EXPECT_TRUE(enforced.admin_door().open()) << "there are no certificates to know operators by";
  place.tls = true;
  const Access with_tls({}, place, clock);
  EXPECT_FALSE(with_tls.door().open());
  EXPECT_FALSE(with_tls.admin_door().open());
}

}  // namespace
}  // namespace dondoc::process
