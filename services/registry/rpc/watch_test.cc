// What the feed tells to whom: grants and accounts to those alone who may list them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/testing/deadline.h"
#include "libs/rpc/testing/test_door.h"
#include "services/registry/rpc/testing/guarded_registry.h"
#include "services/registry/rpc/testing/registry_test_base.h"
#include "services/registry/store/account_log.h"

namespace dondoc::registry {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using identity::Role;
using ::testing::ElementsAre;

// A server with a doorkeeper over the database in which the open one writes.
class WatchTest : public testing::RegistryTestBase {
 protected:
  WatchTest() {
    door_.Give("van-phong", Role::kOffice);
    door_.Give("giam-sat", Role::kAuditor);
    door_.Give("giam-doc", Role::kDirector);
    door_.Give("mot-cua", Role::kSystem);
    door_.Give("truong-phong", Role::kUnitHead);
  }

  void AddUnitNamed(const std::string& id) {
    ASSERT_THAT(AddUnit(absl::StrCat("name: 'units/", id, "' display_name: 'Phòng ", id,
                                     "' kind: UNIT_KIND_DIVISION valid_from: '2020-01-01'")),
                IsOk());
  }
  void GiveRoleTo(const std::string& principal) {
    ASSERT_THAT(Call(&Stub::GrantRole,
                     absl::StrCat("grant { principal: '", principal, "' role: ROLE_DIRECTOR }")),
                IsOk());
  }

  // The changes that a feed tells from a sequence on, until one of `last` comes: "4 unit.added".
  std::vector<std::string> Told(const std::string& who, int64_t from, const std::string& last) {
    grpc::ClientContext context;
    dondoc::testing::GiveUpLate(context);
    door_.SignIn(who, context);
    pb::WatchChangesRequest request;
    request.set_from_sequence(from);
    const auto feed = guarded_.stub().WatchChanges(&context, request);
    std::vector<std::string> told;
    pb::WatchChangesResponse response;
    while (feed->Read(&response)) {
      const std::vector<std::string> type = absl::StrSplit(response.change().type(), '.');
      if (type[2] != "key") {
        told.push_back(absl::StrCat(response.change().sequence(), " ", type[2]));
      }
      if (response.change().name() == last) {
        context.TryCancel();
        return told;
      }
    }
    ADD_FAILURE() << who << ": " << rpc::FromGrpc(feed->Finish());
    return told;
  }

  testing::GuardedRegistry guarded_{*database_, clock_};
  dondoc::testing::TestDoor& door_ = guarded_.door();
};

TEST_F(WatchTest, TellsOfGrantsAndAccountsToThoseAloneWhoMayListThem) {
  identity::Accounts accounts(*database_, LoggedAccounts({.operations = 1, .memory_bytes = 8192}));
  AddUnitNamed("a");
  GiveRoleTo("person:giam-doc-moi");
  ASSERT_THAT(accounts.Create({"an.tran", "Trần An", "mật khẩu lần đầu"}), IsOk());
  AddUnitNamed("b");
  // The fourth is the key of the accounts' tokens, which is no secret.
  for (const char* who : {"van-phong", "giam-sat"}) {
    EXPECT_THAT(Told(who, 0, "units/b"), ElementsAre("1 unit", "2 grant", "3 account", "5 unit"))
        << who;
  }
  for (const char* who : {"giam-doc", "mot-cua"}) {
    EXPECT_THAT(Told(who, 0, "units/b"), ElementsAre("1 unit", "5 unit")) << who;
    EXPECT_THAT(Told(who, 2, "units/b"), ElementsAre("5 unit")) << who << ", resumed";
  }
  grpc::ClientContext context;
  door_.SignIn("truong-phong", context);
  EXPECT_THAT(rpc::FromGrpc(guarded_.stub().WatchChanges(&context, {})->Finish()),
              Refuses("ROLE_MISSING"));
}

// More in a row than a feed reads at once, so that it must not take them for the end of the log.
TEST_F(WatchTest, GoesOnBehindManyEventsThatItLeavesOut) {
  for (int64_t i = 0; i < 2 * rpc::Feeds::kFeedBatch + 1; ++i) {
    GiveRoleTo(absl::StrCat("person:p", i));
  }
  const int64_t last = database_->LastSequence();
  AddUnitNamed("a");
  const std::string of_unit = absl::StrCat(last + 1, " unit");
  for (const int64_t from : {int64_t{0}, int64_t{50}, last}) {
    EXPECT_THAT(Told("giam-doc", from, "units/a"), ElementsAre(of_unit)) << from;
  }
}

TEST_F(WatchTest, TellsFromTheNextEventOnWhatANewRoleMaySee) {
  grpc::ClientContext context;
  dondoc::testing::GiveUpLate(context);
  door_.SignIn("giam-doc", context);
  const auto feed = guarded_.stub().WatchChanges(&context, {});
  pb::WatchChangesResponse response;
  GiveRoleTo("person:kin");
  AddUnitNamed("a");
  ASSERT_TRUE(feed->Read(&response));
  EXPECT_EQ(response.change().name(), "units/a");
  door_.Give("giam-doc", Role::kAuditor);
  GiveRoleTo("person:moi");
  ASSERT_TRUE(feed->Read(&response));
  EXPECT_EQ(response.change().name(), "grants/2");
  context.TryCancel();
}

}  // namespace
}  // namespace dondoc::registry
