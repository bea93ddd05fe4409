#include "services/registry/rpc/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status_matchers.h"
#include "services/registry/rpc/testing/registry_test_base.h"

namespace dondoc::registry {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;
using ::testing::ElementsAre;

using Stub = pb::RegistryService::Stub;

class UnitsTest : public testing::RegistryTestBase {
 protected:
  pb::Unit Added(const std::string& unit) { return AddUnit(unit).value().unit(); }
};

constexpr char kDepartment[] =
    "name: 'units/so' display_name: 'Sở Minh họa' kind: UNIT_KIND_DEPARTMENT "
    "valid_from: '2020-01-01'";
constexpr char kOffice[] =
    "name: 'units/van-phong' display_name: 'Văn phòng' aliases: 'Văn phòng Sở' "
    "kind: UNIT_KIND_OFFICE parent: 'units/so' valid_from: '2020-01-01' illustrative: true";

TEST_F(UnitsTest, AUnitIsAnsweredAsItWasAdded) {
  Added(kDepartment);
  const pb::Unit office = Added(kOffice);
  EXPECT_EQ(office.etag(), "\"1\"");
  EXPECT_TRUE(office.illustrative());
  const auto read = Call(&Stub::GetUnit, "name: 'units/van-phong'");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->unit().SerializeAsString(), office.SerializeAsString());
  EXPECT_THAT(EventsAfter(0), ElementsAre("unit.added units/so 1", "unit.added units/van-phong 1"));
}

TEST_F(UnitsTest, TheEventCarriesTheWholeUnit) {
  const pb::Unit department = Added(kDepartment);
  ASSERT_THAT(database_->Read([&](store::Snapshot& snapshot) {
    const store::Event event = store::ReadEvents(snapshot, 1, 1).at(0);
    EXPECT_EQ(event.schema, "dondoc.registry.v1.UnitChanged");
    EXPECT_EQ(event.actor, "office");
    // UnitChanged.unit is field 1: one tag, one length, the unit as it was answered.
    EXPECT_EQ(event.payload.substr(2), department.SerializeAsString());
    return absl::OkStatus();
  }),
              IsOk());
}

struct BadUnit {
  const char* what;
  const char* unit;
  absl::StatusCode code;
  const char* reason;
};

TEST_F(UnitsTest, WhatIsNoUnitIsRefusedAndChangesNothing) {
  Added(kDepartment);
  Added(kOffice);
  const std::vector<BadUnit> cases = {
      {"an id in capitals", "name: 'units/A'", absl::StatusCode::kInvalidArgument,
       "RESOURCE_NAME_INVALID"},
      {"a path in the id", "name: 'units/../a'", absl::StatusCode::kInvalidArgument,
       "RESOURCE_NAME_INVALID"},
      {"no kind", "name: 'units/a' display_name: 'A' valid_from: '2020-01-01'",
       absl::StatusCode::kInvalidArgument, "ENUM_INVALID"},
      {"31/02",
       "name: 'units/a' display_name: 'A' kind: UNIT_KIND_DIVISION valid_from: '2023-02-31'",
       absl::StatusCode::kInvalidArgument, "DATE_INVALID"},
      {"no first day", "name: 'units/a' display_name: 'A' kind: UNIT_KIND_DIVISION",
       absl::StatusCode::kInvalidArgument, "DATE_INVALID"},
      {"its own parent",
       "name: 'units/a' display_name: 'A' kind: UNIT_KIND_DIVISION valid_from: '2020-01-01' "
       "parent: 'units/a'",
       absl::StatusCode::kInvalidArgument, "UNIT_CYCLE"},
      {"an unknown parent",
       "name: 'units/a' display_name: 'A' kind: UNIT_KIND_DIVISION valid_from: '2020-01-01' "
       "parent: 'units/b'",
       absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"},
      {"a taken id",
       "name: 'units/so' display_name: 'Khác' kind: UNIT_KIND_DIVISION valid_from: '2020-01-01'",
       absl::StatusCode::kAlreadyExists, "UNIT_EXISTS"},
      {"a taken alias in other letters",
       "name: 'units/a' display_name: 'VĂN  PHÒNG SỞ' kind: UNIT_KIND_OFFICE "
       "valid_from: '2022-01-01'",
       absl::StatusCode::kAlreadyExists, "UNIT_NAME_TAKEN"},
  };
  const int64_t before = database_->LastSequence();
  for (const BadUnit& c : cases) {
    const auto refused = AddUnit(c.unit);
    EXPECT_THAT(refused, StatusIs(c.code)) << c.what;
    EXPECT_THAT(refused, Refuses(c.reason)) << c.what;
    EXPECT_FALSE(refused.status().message().empty()) << c.what;
  }
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(UnitsTest, NamesAreKeptInNfcAndFoundInAnyForm) {
  // "Phòng" decomposed, then composed.
  Added(
      "name: 'units/a' display_name: 'Pho\\314\\200ng' kind: UNIT_KIND_DIVISION "
      "valid_from: '2020-01-01'");
  EXPECT_EQ(Call(&Stub::GetUnit, "name: 'units/a'")->unit().display_name(), "Phòng");
  EXPECT_THAT(AddUnit("name: 'units/b' display_name: 'Phòng' kind: UNIT_KIND_DIVISION "
                      "valid_from: '2020-01-01'"),
              Refuses("UNIT_NAME_TAKEN"));
}

TEST_F(UnitsTest, AParentBelowTheUnitIsRefused) {
  Added(kDepartment);
  Added(
      "name: 'units/a' display_name: 'A' kind: UNIT_KIND_DIVISION valid_from: '2020-01-01' "
      "parent: 'units/so'");
  Added(
      "name: 'units/b' display_name: 'B' kind: UNIT_KIND_DIVISION valid_from: '2020-01-01' "
      "parent: 'units/a'");
  const int64_t before = database_->LastSequence();
  const auto cycle =
      Call(&Stub::UpdateUnit, "unit { name: 'units/so' display_name: 'Sở' parent: 'units/b' }");
  EXPECT_THAT(cycle, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(cycle, Refuses("UNIT_CYCLE"));
  EXPECT_THAT(
      Call(&Stub::UpdateUnit, "unit { name: 'units/so' display_name: 'Sở' parent: 'units/so' }"),
      Refuses("UNIT_CYCLE"));
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(UnitsTest, AStaleEtagIsRefusedWithTheCurrentOne) {
  Added(kDepartment);
  ASSERT_THAT(
      Call(&Stub::UpdateUnit, "unit { name: 'units/so' display_name: 'Sở A' etag: '\"1\"' }"),
      IsOk());
  const auto stale =
      Call(&Stub::UpdateUnit, "unit { name: 'units/so' display_name: 'Sở B' etag: '\"1\"' }");
  EXPECT_THAT(stale, StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(stale, Refuses("ETAG_STALE"));
  EXPECT_EQ(DetailsOf(stale.status()).at("etag"), "\"2\"");
  EXPECT_THAT(Call(&Stub::UpdateUnit, "unit { name: 'units/so' display_name: 'Sở C' }"), IsOk());
}

TEST_F(UnitsTest, TheSameRequestGetsTheFirstAnswerAndAnotherOneIsRefused) {
  const std::string id = NewUuid();
  const std::string first = absl::StrCat("request_id: '", id, "' unit { ", kDepartment, " }");
  const auto answer = Call(&Stub::AddUnit, first);
  ASSERT_THAT(answer, IsOk());
  const auto again = Call(&Stub::AddUnit, first);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), answer->SerializeAsString());
  EXPECT_EQ(database_->LastSequence(), 1);
  EXPECT_THAT(Call(&Stub::AddUnit, absl::StrCat("request_id: '", id, "' unit { ", kOffice, " }")),
              Refuses("REQUEST_ID_REUSED"));
}

TEST_F(UnitsTest, ListsAreCutInPagesAndTokensCannotBeForged) {
  Added(kDepartment);
  for (const char* id : {"a", "b", "c"}) {
    Added(absl::StrCat("name: 'units/", id, "' display_name: '", id,
                       "' kind: UNIT_KIND_DIVISION valid_from: '2021-01-01'"));
  }
  std::vector<std::string> names;
  std::string token;
  do {
    const auto page =
        Call(&Stub::ListUnits, absl::StrCat("page_size: 3 page_token: '", token, "'"));
    ASSERT_THAT(page, IsOk());
    for (const pb::Unit& unit : page->units()) names.push_back(unit.name());
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_THAT(names, ElementsAre("units/a", "units/b", "units/c", "units/so"));
  EXPECT_EQ(Call(&Stub::ListUnits, "as_of: '2020-06-30'")->units_size(), 1);

  EXPECT_THAT(Call(&Stub::ListUnits, "page_token: 'Zm9yZ2Vk'"), Refuses("PAGE_TOKEN_INVALID"));
  EXPECT_THAT(Call(&Stub::ListUnits, "page_size: -1"), Refuses("PAGE_SIZE_NEGATIVE"));
  EXPECT_THAT(Call(&Stub::ListUnits, "as_of: '2023-13-01'"), Refuses("DATE_INVALID"));
}

TEST_F(UnitsTest, ADissolvedUnitKeepsItsHistoryAndFreesItsName) {
  Added(kDepartment);
  Added(kOffice);
  EXPECT_THAT(Call(&Stub::DissolveUnit, "name: 'units/so' valid_to: '2023-07-01'"),
              Refuses("UNIT_HAS_CHILDREN"));
  const auto gone = Call(&Stub::DissolveUnit,
                         "name: 'units/van-phong' valid_to: '2023-07-01' decision: '9/QĐ-SMH'");
  ASSERT_THAT(gone, IsOk());
  EXPECT_EQ(gone->unit().valid_to(), "2023-07-01");
  EXPECT_THAT(Call(&Stub::DissolveUnit, "name: 'units/van-phong' valid_to: '2023-08-01'"),
              Refuses("UNIT_DISSOLVED"));
  EXPECT_EQ(Call(&Stub::ListUnits, "as_of: '2023-06-30'")->units_size(), 2);
  EXPECT_EQ(Call(&Stub::ListUnits, "as_of: '2023-07-01'")->units_size(), 1);
  EXPECT_THAT(AddUnit("name: 'units/van-phong-2' display_name: 'Văn phòng' kind: UNIT_KIND_OFFICE "
                      "valid_from: '2023-07-01'"),
              IsOk());
}

}  // namespace
}  // namespace dondoc::registry
