#include "services/registry/rpc/grants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"
#include "libs/identity/directory.h"
#include "services/registry/rpc/testing/registry_test_base.h"
#include "services/registry/store/account_log.h"
#include "services/registry/store/units.h"

namespace dondoc::registry {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Today is 06/02/2023.
class GrantsTest : public testing::RegistryTestBase {
 protected:
  GrantsTest() {
    EXPECT_THAT(AddUnit("name: 'units/so' display_name: 'Sở' kind: UNIT_KIND_DEPARTMENT "
                        "valid_from: '2020-01-01'"),
                IsOk());
    EXPECT_THAT(AddUnit("name: 'units/a' display_name: 'Phòng A' kind: UNIT_KIND_DIVISION "
                        "parent: 'units/so' valid_from: '2020-01-01'"),
                IsOk());
  }
  absl::StatusOr<pb::GrantRoleResponse> Give(const std::string& grant) {
    return Call(&Stub::GrantRole, "grant { " + grant + " }");
  }
  std::shared_ptr<const identity::View> Directory() {
    std::shared_ptr<const identity::View> view;
    EXPECT_THAT(database_->Read([&](store::Snapshot& snapshot) {
      view = directory_.At(snapshot).value();
      return absl::OkStatus();
    }),
                IsOk());
    return view;
  }

  identity::Directory directory_;
};

constexpr char kOfficeForAll[] = "principal: 'person:an' role: ROLE_OFFICE";
constexpr char kHeadOfA[] = "principal: 'account:binh' role: ROLE_UNIT_HEAD unit: 'units/a'";

TEST_F(GrantsTest, AGrantIsNumberedToldAndPutIntoTheDirectory) {
  const int64_t before = database_->LastSequence();
  const auto office = Give(kOfficeForAll);
  ASSERT_THAT(office, IsOk());
  EXPECT_EQ(office->grant().name(), "grants/1");
  EXPECT_EQ(office->grant().etag(), "\"1\"");
  EXPECT_EQ(office->grant().valid_from(), "2023-02-06");
  EXPECT_EQ(office->grant().valid_to(), "");
  ASSERT_THAT(Give(absl::StrCat(kHeadOfA, " valid_to: '2023-07-01' decision: '12/QĐ-SMH'")),
              IsOk());
  ASSERT_THAT(Call(&Stub::EndGrant, "name: 'grants/2' valid_to: '2023-06-01' etag: '\"1\"'"),
              IsOk());
  EXPECT_THAT(EventsAfter(before),
              ElementsAre("grant.changed grants/1 1", "grant.changed grants/2 1",
                          "grant.changed grants/2 2"));
  const auto view = Directory();
  ASSERT_THAT(view->GrantsOf("account:binh"), SizeIs(1));
  const identity::Grant& head = view->GrantsOf("account:binh")[0];
  EXPECT_EQ(head.role, identity::Role::kUnitHead);
  EXPECT_EQ(head.unit, "units/a");
  EXPECT_EQ(head.valid_to, absl::CivilDay(2023, 6, 1));
  EXPECT_EQ(view->GrantsOf("person:an").at(0).unit, "");
  EXPECT_THAT(view->tree().SubtreeOf("units/so"), SizeIs(2));
}

TEST_F(GrantsTest, WhatCannotBeGivenIsRefusedAndChangesNothing) {
  ASSERT_THAT(Give(kHeadOfA), IsOk());
  ASSERT_THAT(Call(&Stub::DissolveUnit, "name: 'units/a' valid_to: '2023-07-01'"), IsOk());
  const int64_t before = database_->LastSequence();
  const struct {
    const char* grant;
    absl::StatusCode code;
    const char* reason;
  } rows[] = {
      {"principal: 'person:an'", absl::StatusCode::kInvalidArgument, "ENUM_INVALID"},
      {"principal: 'person:an' role: 99", absl::StatusCode::kInvalidArgument, "ENUM_INVALID"},
      {"role: ROLE_OFFICE", absl::StatusCode::kInvalidArgument, "TEXT_BLANK"},
      {"principal: 'an' role: ROLE_OFFICE", absl::StatusCode::kInvalidArgument,
       "GRANT_PRINCIPAL_INVALID"},
      {"principal: 'person:an' role: ROLE_SYSTEM", absl::StatusCode::kInvalidArgument,
       "GRANT_ROLE_INVALID"},
      {"principal: 'person:an' role: ROLE_UNIT_HEAD unit: 'a'", absl::StatusCode::kInvalidArgument,
       "RESOURCE_NAME_INVALID"},
      {"principal: 'person:an' role: ROLE_UNIT_HEAD unit: 'units/b'", absl::StatusCode::kNotFound,
       "UNIT_NOT_FOUND"},
      {"principal: 'person:an' role: ROLE_UNIT_HEAD unit: 'units/a' valid_from: '2023-07-01'",
       absl::StatusCode::kFailedPrecondition, "UNIT_NOT_VALID"},
      {"principal: 'person:an' role: ROLE_OFFICE valid_from: '2023-02-05'",
       absl::StatusCode::kInvalidArgument, "GRANT_STARTS_IN_PAST"},
      {"principal: 'person:an' role: ROLE_OFFICE valid_from: '2023-02-30'",
       absl::StatusCode::kInvalidArgument, "DATE_INVALID"},
      {"principal: 'person:an' role: ROLE_OFFICE valid_to: '2023-02-06'",
       absl::StatusCode::kInvalidArgument, "GRANT_DATES_INVALID"},
      {kHeadOfA, absl::StatusCode::kAlreadyExists, "GRANT_EXISTS"},
  };
  for (const auto& row : rows) {
    const auto refused = Give(row.grant);
    EXPECT_THAT(refused, StatusIs(row.code)) << row.grant;
    EXPECT_THAT(refused, Refuses(row.reason)) << row.grant;
  }
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/x'"), Refuses("RESOURCE_NAME_INVALID"));
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/9'"), Refuses("GRANT_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/1' valid_to: '2023-02-05'"),
              Refuses("GRANT_ENDS_IN_PAST"));
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/1' etag: '\"7\"'"), Refuses("ETAG_STALE"));
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(GrantsTest, ThereIsAlwaysAnOfficeThatHasNoEnd) {
  ASSERT_THAT(Give(kOfficeForAll), IsOk());
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/1'"), Refuses("LAST_OFFICE_GRANT"));
  // One in a unit, one with an end and one that begins too late do not count.
  ASSERT_THAT(Give("principal: 'person:b' role: ROLE_OFFICE unit: 'units/a'"), IsOk());
  ASSERT_THAT(Give("principal: 'person:c' role: ROLE_OFFICE valid_to: '2024-01-01'"), IsOk());
  ASSERT_THAT(Give("principal: 'person:d' role: ROLE_OFFICE valid_from: '2023-03-01'"), IsOk());
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/1'"), Refuses("LAST_OFFICE_GRANT"));
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/1' valid_to: '2023-02-28'"),
              Refuses("LAST_OFFICE_GRANT"));
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/1' valid_to: '2023-03-01'"), IsOk());
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/4'"), Refuses("LAST_OFFICE_GRANT"));
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/3'"), IsOk());
}

TEST_F(GrantsTest, AnOfficeWhoseAccountIsClosedIsNoneThatStays) {
  identity::Accounts accounts(*database_, LoggedAccounts({.operations = 1, .memory_bytes = 8192}));
  ASSERT_THAT(accounts.Create({"binh", "Bình", "mật khẩu lần đầu"}), IsOk());
  ASSERT_THAT(Give(kOfficeForAll), IsOk());
  ASSERT_THAT(Give("principal: 'account:binh' role: ROLE_OFFICE"), IsOk());
  ASSERT_THAT(accounts.SetDisabled("binh", true), IsOk());
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/1'"), Refuses("LAST_OFFICE_GRANT"));
  ASSERT_THAT(accounts.SetDisabled("binh", false), IsOk());
  EXPECT_THAT(Call(&Stub::EndGrant, "name: 'grants/1'"), IsOk());
}

TEST_F(GrantsTest, TheSameRequestGetsTheFirstAnswer) {
  const std::string request =
      absl::StrCat("request_id: '", NewUuid(), "' grant { ", kOfficeForAll, " }");
  const auto answer = Call(&Stub::GrantRole, request);
  ASSERT_THAT(answer, IsOk());
  const auto again = Call(&Stub::GrantRole, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), answer->SerializeAsString());
}

TEST_F(GrantsTest, AreListedByWhomWhereAndWhen) {
  ASSERT_THAT(Give(kOfficeForAll), IsOk());
  ASSERT_THAT(Give(kHeadOfA), IsOk());
  ASSERT_THAT(Give("principal: 'person:an' role: ROLE_DIRECTOR valid_from: '2023-03-01'"), IsOk());
  const auto names = [&](const std::string& filter) {
    std::vector<std::string> found;
    std::string token;
    do {
      const auto page =
          Call(&Stub::ListGrants, absl::StrCat(filter, " page_size: 1 page_token: '", token, "'"));
      EXPECT_THAT(page, IsOk());
      for (const pb::Grant& grant : page->grants()) found.push_back(grant.name());
      token = page->next_page_token();
    } while (!token.empty());
    return found;
  };
  EXPECT_THAT(names(""), ElementsAre("grants/1", "grants/2", "grants/3"));
  EXPECT_THAT(names("principal: 'person:an'"), ElementsAre("grants/1", "grants/3"));
  EXPECT_THAT(names("principal: 'person:an' as_of: '2023-02-06'"), ElementsAre("grants/1"));
  EXPECT_THAT(names("unit: 'units/a'"), ElementsAre("grants/2"));
  EXPECT_THAT(names("principal: 'nobody'"), IsEmpty());
  EXPECT_THAT(Call(&Stub::ListGrants, "unit: 'a'"), Refuses("RESOURCE_NAME_INVALID"));
  EXPECT_THAT(Call(&Stub::ListGrants, "as_of: 'today'"), Refuses("DATE_INVALID"));
  EXPECT_THAT(Call(&Stub::ListGrants, "page_token: 'Zm9yZ2Vk'"), Refuses("PAGE_TOKEN_INVALID"));
}

// A database from before there was a directory.
TEST_F(GrantsTest, UnitsThatTheDirectoryDoesNotKnowAreToldAgain) {
  const auto tell = [&] {
    return database_->WriteAndWait([](store::Transaction& transaction) {
      TellUnknownUnitsAgain(transaction);
      return absl::OkStatus();
    });
  };
  const int64_t before = database_->LastSequence();
  ASSERT_THAT(tell(), IsOk());
  EXPECT_EQ(database_->LastSequence(), before);
  ASSERT_THAT(database_->WriteAndWait([](store::Transaction& transaction) {
    transaction.sql().Run("delete from directory_units");
    return absl::OkStatus();
  }),
              IsOk());
  ASSERT_THAT(tell(), IsOk());
  EXPECT_THAT(EventsAfter(before),
              ElementsAre("unit.changed units/a 2", "unit.changed units/so 2"));
  identity::Directory anew;
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    EXPECT_THAT(anew.At(snapshot).value()->tree().SubtreeOf("units/so"), SizeIs(2));
    return absl::OkStatus();
  }),
              IsOk());
}

}  // namespace
}  // namespace dondoc::registry
