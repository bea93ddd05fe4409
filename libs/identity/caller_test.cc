#include "libs/identity/caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/base/status_matchers.h"

namespace dondoc::identity {
namespace {

using ::dondoc::testing::Refuses;

Claims An(const std::string& authorized_party) {
  return {.principal = "person:an", .authorized_party = authorized_party, .expires = {}};
}

TEST(CallerOf, IsThePersonBeforeTheSystemAndNobodyWithoutProof) {
  EXPECT_EQ(*CallerOf({}), "");
  EXPECT_EQ(*CallerOf({.system = "system:portal"}), "system:portal");
  EXPECT_EQ(*CallerOf({.person = An("")}), "person:an");
  EXPECT_EQ(*CallerOf({.person = An("portal"), .system = "system:portal"}), "person:an");
}

TEST(CallerOf, RefusesATokenThatAnotherSystemWasGiven) {
  std::string cause;
  const auto tell = [&](absl::string_view told) { cause = std::string(told); };
  for (const char* party : {"", "other", "system:portal", "Portal"}) {
    EXPECT_THAT(CallerOf({.person = An(party), .system = "system:portal"}, tell),
                Refuses("TOKEN_REFUSED"))
        << party;
    EXPECT_EQ(cause, "another_system");
  }
}

TEST(CallerOf, RefusesATokenOfASystemWithoutThatSystemWhereSystemsComeThroughTheEdge) {
  Claims own = An("portal");
  own.party_is_system = true;
  std::string cause;
  const auto tell = [&](absl::string_view told) { cause = std::string(told); };
  EXPECT_THAT(CallerOf({.person = own, .by_edge = true}, tell), Refuses("TOKEN_REFUSED"));
  EXPECT_EQ(cause, "without_its_system");
  EXPECT_EQ(*CallerOf({.person = own, .system = "system:portal", .by_edge = true}), "person:an");
  EXPECT_EQ(*CallerOf({.person = own}), "person:an") << "no edge tells of systems";
  EXPECT_EQ(*CallerOf({.person = An("browser"), .by_edge = true}), "person:an")
      << "an identity provider names any program";
}

}  // namespace
}  // namespace dondoc::identity
