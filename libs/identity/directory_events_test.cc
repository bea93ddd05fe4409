#include "libs/identity/directory_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_matchers.h"
#include "libs/store/test_database.h"

namespace dondoc::identity {
namespace {

namespace rpb = ::dondoc::registry::v1;

using ::dondoc::testing::IsOk;
using ::dondoc::testing::StatusIs;
using ::dondoc::testing::TestDatabase;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class DirectoryEventsTest : public ::testing::Test {
 protected:
  // Hands an event to whoever subscribed to its type.
  template <typename Payload>
  absl::Status Arrives(const std::string& type, int64_t version, const Payload& payload) {
    bus::Event event;
    event.type = type;
    event.version = version;
    event.schema = Payload::descriptor()->full_name();
    event.payload = payload.SerializeAsString();
    return database_->WriteAndWait([&](store::Transaction& transaction) -> absl::Status {
      absl::Status status = absl::NotFoundError("nobody listens");
      for (const bus::Subscription& subscription : DirectorySubscriptions()) {
        const absl::string_view start = absl::StripSuffix(subscription.pattern, "*");
        if (absl::StartsWith(type, start)) status = subscription.handler(transaction, event);
      }
      return status;
    });
  }
  std::shared_ptr<const View> Now() {
    std::shared_ptr<const View> view;
    EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
      view = directory_.At(snapshot).value();
      return absl::OkStatus();
    }),
                IsOk());
    return view;
  }

  const FixedClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  Directory directory_;
  TestDatabase database_{DirectoryMigrations(), clock_};
};

rpb::GrantChanged GrantGiven() {
  rpb::GrantChanged changed;
  rpb::Grant& grant = *changed.mutable_grant();
  grant.set_name("grants/1");
  grant.set_principal("person:an");
  grant.set_role(rpb::ROLE_UNIT_HEAD);
  grant.set_unit("units/phong");
  grant.set_valid_from("2023-02-06");
  return changed;
}

TEST_F(DirectoryEventsTest, KeepAGrantAndItsEnd) {
  rpb::GrantChanged changed = GrantGiven();
  ASSERT_THAT(Arrives("dondoc.registry.grant.changed", 1, changed), IsOk());
  const std::vector<Grant> given = Now()->GrantsOf("person:an");
  ASSERT_THAT(given, SizeIs(1));
  EXPECT_EQ(given[0].role, Role::kUnitHead);
  EXPECT_EQ(given[0].unit, "units/phong");
  EXPECT_EQ(given[0].valid_from, absl::CivilDay(2023, 2, 6));
  EXPECT_EQ(given[0].valid_to, std::nullopt);
  changed.mutable_grant()->set_valid_to("2023-07-01");
  ASSERT_THAT(Arrives("dondoc.registry.grant.changed", 2, changed), IsOk());
  EXPECT_EQ(Now()->GrantsOf("person:an").at(0).valid_to, absl::CivilDay(2023, 7, 1));
}

TEST_F(DirectoryEventsTest, KeepTheTreeWhateverHappenedToTheUnit) {
  for (const char* verb : {"added", "changed", "dissolved"}) {
    rpb::UnitChanged changed;
    changed.mutable_unit()->set_name(absl::StrCat("units/", verb));
    changed.mutable_unit()->set_parent("units/so");
    changed.mutable_unit()->set_valid_from("2020-01-01");
    ASSERT_THAT(Arrives(absl::StrCat("dondoc.registry.unit.", verb), 1, changed), IsOk());
  }
  EXPECT_THAT(Now()->tree().SubtreeOf("units/so"),
              UnorderedElementsAre("units/so", "units/added", "units/changed", "units/dissolved"));
}

TEST_F(DirectoryEventsTest, KeepAKeyUntilItIsRetired) {
  rpb::SigningKeyChanged changed;
  changed.mutable_key()->set_name("keys/k1");
  changed.mutable_key()->set_x("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  ASSERT_THAT(Arrives("dondoc.registry.key.changed", 1, changed), IsOk());
  EXPECT_TRUE(Now()->FindKey("k1").has_value());
  changed.mutable_key()->set_retired(true);
  ASSERT_THAT(Arrives("dondoc.registry.key.changed", 2, changed), IsOk());
  EXPECT_FALSE(Now()->FindKey("k1").has_value());
}

TEST_F(DirectoryEventsTest, RefuseForGoodWhatCannotBeRead) {
  rpb::GrantChanged later = GrantGiven();
  later.mutable_grant()->set_role(static_cast<rpb::Role>(99));
  rpb::GrantChanged undated = GrantGiven();
  undated.mutable_grant()->clear_valid_from();
  for (const rpb::GrantChanged& grant : {later, undated, rpb::GrantChanged()}) {
    EXPECT_THAT(Arrives("dondoc.registry.grant.changed", 1, grant),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(Arrives("dondoc.registry.key.changed", 1, rpb::SigningKeyChanged()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Arrives("dondoc.registry.unit.added", 1, rpb::UnitChanged()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Arrives("dondoc.registry.grant.changed", 1, rpb::UnitChanged()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Now()->grants(), IsEmpty());
}

TEST(RoleOf, IsTheOtherWayOfToProto) {
  for (const Role role : kRoles) {
    const bool granted = role != Role::kOperator;
    EXPECT_EQ(RoleOf(ToProto(role)), granted ? std::optional(role) : std::nullopt)
        << RoleName(role);
  }
  EXPECT_EQ(RoleOf(rpb::ROLE_UNSPECIFIED), std::nullopt);
}

}  // namespace
}  // namespace dondoc::identity
