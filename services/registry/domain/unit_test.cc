#include "services/registry/domain/unit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using testing::IsOk;
using testing::Refuses;
using testing::StatusIs;

// Illustrative units.
NewUnit Office() {
  return {.id = "van-phong",
          .display_name = "Văn phòng",
          .aliases = {"Văn phòng Sở"},
          .kind = UnitKind::kOffice,
          .parent = {},
          .valid_from = CivilDay(2020, 1, 1),
          .decision = {},
          .email = {},
          .illustrative = true};
}
Unit Named(const std::string& id, const std::string& display_name,
           CivilDay from = CivilDay(2020, 1, 1)) {
  NewUnit fields = Office();
  fields.id = id;
  fields.display_name = display_name;
  fields.aliases.clear();
  fields.valid_from = from;
  return Unit::Create(fields).value();
}
Unit DissolvedOn(Unit unit, CivilDay valid_to) {
  EXPECT_THAT(unit.Dissolve({.valid_to = valid_to, .successor = {}, .decision = {}}, valid_to),
              IsOk());
  return unit;
}

struct Refused {
  const char* what;
  void (*spoil)(NewUnit&);
  const char* reason;
};

TEST(CreateUnit, RefusesWhatIsNoUnit) {
  const std::vector<Refused> cases = {
      {"no name", [](NewUnit& u) { u.display_name = " \t"; }, "TEXT_BLANK"},
      {"a name of 256 letters", [](NewUnit& u) { u.display_name = std::string(256, 'a'); },
       "TEXT_TOO_LONG"},
      {"TCVN3 bytes", [](NewUnit& u) { u.display_name = "V\xA8n ph\xDFng"; }, "NOT_UTF8"},
      {"a zero-width space", [](NewUnit& u) { u.display_name = "V\u200B"; }, "CONTROL_CHARACTER"},
      {"an alias that is the name with another tone",
       [](NewUnit& u) {
         u.display_name = "Phòng Hoà giải";
         u.aliases = {"phòng hòa giải"};
       },
       "VALUE_REPEATED"},
      {"its own parent", [](NewUnit& u) { u.parent = u.id; }, "UNIT_CYCLE"},
      {"no address", [](NewUnit& u) { u.email = "van phong"; }, "EMAIL_INVALID"},
      {"two addresses", [](NewUnit& u) { u.email = "a@b.vn,c@d.vn"; }, "EMAIL_INVALID"},
      {"21 aliases",
       [](NewUnit& u) {
         for (int i = 0; i < 21; ++i) u.aliases.push_back("n" + std::to_string(i));
       },
       "TOO_MANY_ITEMS"},
  };
  for (const Refused& c : cases) {
    NewUnit fields = Office();
    c.spoil(fields);
    const auto unit = Unit::Create(fields);
    EXPECT_THAT(unit, StatusIs(absl::StatusCode::kInvalidArgument)) << c.what;
    EXPECT_THAT(unit, Refuses(c.reason)) << c.what;
  }
}

TEST(CreateUnit, KeepsNamesInNfc) {
  NewUnit fields = Office();
  fields.display_name = "Va\u0306n pho\u0300ng";
  EXPECT_EQ(Unit::Create(fields)->state().display_name, "Văn phòng");
}

TEST(AUnit, ExistsFromItsFirstDayToTheDayBeforeItsEnd) {
  const Unit unit = DissolvedOn(Named("a", "A", CivilDay(2023, 2, 1)), CivilDay(2023, 7, 1));
  EXPECT_FALSE(unit.ExistsOn(CivilDay(2023, 1, 31)));
  EXPECT_TRUE(unit.ExistsOn(CivilDay(2023, 2, 1)));
  EXPECT_TRUE(unit.ExistsOn(CivilDay(2023, 6, 30)));
  EXPECT_FALSE(unit.ExistsOn(CivilDay(2023, 7, 1)));
}

TEST(DissolveUnit, RefusesAnEndBeforeTheBeginningASecondEndAndItself) {
  Unit unit = Named("a", "A", CivilDay(2023, 2, 1));
  const CivilDay today(2023, 2, 20);
  EXPECT_THAT(unit.Dissolve({CivilDay(2029, 1, 1), "b", ""}, today), Refuses("DATE_TOO_FAR"));
  EXPECT_THAT(unit.Dissolve({CivilDay(2023, 2, 1), "", ""}, today), Refuses("VALIDITY_INVALID"));
  EXPECT_THAT(unit.Dissolve({CivilDay(2023, 3, 1), "a", ""}, today), Refuses("SUCCESSOR_INVALID"));
  EXPECT_THAT(unit.Dissolve({CivilDay(2023, 3, 1), "b", "12/QĐ"}, today), IsOk());
  EXPECT_EQ(unit.state().successor, "b");
  EXPECT_EQ(unit.state().decision, "12/QĐ");
  EXPECT_THAT(unit.Dissolve({CivilDay(2023, 4, 1), "b", ""}, today), Refuses("UNIT_DISSOLVED"));
}

TEST(CheckPlace, RefusesAParentBelowTheUnit) {
  const Unit unit = Named("a", "A");
  const Unit child = Named("b", "B");
  const Unit grandchild = Named("c", "C");
  EXPECT_THAT(CheckPlace(unit, {{grandchild, child, unit}, 2}), Refuses("UNIT_CYCLE"));
  EXPECT_THAT(CheckPlace(unit, {{unit}, 0}), Refuses("UNIT_CYCLE"));
  EXPECT_THAT(CheckPlace(unit, {{child, grandchild}, 0}), IsOk());
  EXPECT_THAT(CheckPlace(unit, {{}, 2}), IsOk());
}

TEST(CheckPlace, RefusesATreeOfThirteenLevels) {
  const Unit unit = Named("a", "A");
  std::vector<Unit> above;
  for (int i = 0; i < 9; ++i) above.push_back(Named("p" + std::to_string(i), "P"));
  EXPECT_THAT(CheckPlace(unit, {above, 2}), IsOk());
  EXPECT_THAT(CheckPlace(unit, {above, 3}), Refuses("UNIT_TOO_DEEP"));
}

TEST(CheckPlace, RefusesAParentThatEndedBefore) {
  const Unit parent = DissolvedOn(Named("p", "P", CivilDay(2020, 1, 1)), CivilDay(2022, 1, 1));
  EXPECT_THAT(CheckPlace(Named("a", "A", CivilDay(2022, 1, 1)), {{parent}, 0}),
              Refuses("PARENT_NOT_VALID"));
  EXPECT_THAT(CheckPlace(Named("a", "A", CivilDay(2021, 12, 31)), {{parent}, 0}), IsOk());
}

TEST(CheckNames, HoldsNamesApartOnlyOnCommonDays) {
  const Unit old =
      DissolvedOn(Named("old", "Phòng Đo lường", CivilDay(2020, 1, 1)), CivilDay(2023, 1, 1));
  // Another Đ (U+00D0), another case: the same name.
  EXPECT_THAT(CheckNames(Named("new", "PHÒNG Ðo lường", CivilDay(2022, 12, 31)), {old}),
              Refuses("UNIT_NAME_TAKEN"));
  EXPECT_THAT(CheckNames(Named("new", "Phòng Đo lường", CivilDay(2023, 1, 1)), {old}), IsOk());
}

TEST(CheckAssignable, RefusesExternalBodiesAndUnitsThatAreNotThere) {
  NewUnit fields = Office();
  fields.kind = UnitKind::kExternal;
  EXPECT_THAT(CheckAssignable(Unit::Create(fields).value(), CivilDay(2023, 1, 1)),
              Refuses("UNIT_EXTERNAL"));
  EXPECT_THAT(CheckAssignable(Named("a", "A", CivilDay(2023, 1, 2)), CivilDay(2023, 1, 1)),
              Refuses("UNIT_NOT_VALID"));
  // Still there, but its end is on record.
  EXPECT_THAT(
      CheckAssignable(DissolvedOn(Named("a", "A"), CivilDay(2023, 7, 1)), CivilDay(2023, 6, 1)),
      Refuses("UNIT_NOT_VALID"));
  EXPECT_THAT(CheckAssignable(Named("a", "A", CivilDay(2023, 1, 1)), CivilDay(2023, 1, 1)), IsOk());
}

}  // namespace
}  // namespace dondoc::registry
