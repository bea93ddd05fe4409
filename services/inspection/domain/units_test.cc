#include "services/inspection/domain/units.h"

#include <gtest/gtest.h>

#include "services/inspection/domain/test_department.h"

namespace dondoc::inspection {
namespace {

using testing::DepartmentUnits;

constexpr absl::CivilDay kToday(2023, 3, 1);

int64_t CountingOn(absl::CivilDay day, CountingRule rule) {
  int64_t counting = 0;
  for (const Unit& unit : DepartmentUnits()) counting += Counts(unit, day, rule) ? 1 : 0;
  return counting;
}

TEST(UnitsThatCount, LeaveOutTheDepartmentItselfAndBodiesOutsideIt) {
  EXPECT_EQ(CountingOn(kToday, {.office_counts = true}), 9);
}

TEST(UnitsThatCount, LeaveOutTheOfficeWhenTheDepartmentSaysSo) {
  EXPECT_EQ(CountingOn(kToday, {.office_counts = false}), 8);
}

TEST(AUnit, ExistsFromItsFirstDayUntilTheDayBeforeItsEnd) {
  const Unit unit{.name = "units/x",
                  .display_name = "X",
                  .valid_from = absl::CivilDay(2023, 2, 1),
                  .valid_to = absl::CivilDay(2023, 7, 1)};
  EXPECT_FALSE(ExistsOn(unit, absl::CivilDay(2023, 1, 31)));
  EXPECT_TRUE(ExistsOn(unit, absl::CivilDay(2023, 2, 1)));
  EXPECT_TRUE(ExistsOn(unit, absl::CivilDay(2023, 6, 30)));
  EXPECT_FALSE(ExistsOn(unit, absl::CivilDay(2023, 7, 1)));
}

TEST(ABranch, IsTheTopmostUnitBelowTheDepartment) {
  const Units units(DepartmentUnits());
  EXPECT_EQ(units.BranchOf("units/van-phong"), "units/van-phong");
  EXPECT_EQ(units.BranchOf("units/chi-cuc"), "units/chi-cuc");
  EXPECT_EQ(units.BranchOf("units/nghiep-vu"), "units/chi-cuc");
  EXPECT_EQ(units.BranchOf("units/so"), "units/so");
  EXPECT_EQ(units.BranchOf("units/so-noi-vu"), "units/so-noi-vu");
  EXPECT_EQ(units.BranchOf("units/unknown"), "units/unknown");
}

TEST(ABranch, IsFoundEvenInACopyWithACircle) {
  std::vector<Unit> circle = testing::FlatUnits(2);
  circle[0].parent = "units/u1";
  circle[1].parent = "units/u0";
  const Units units(circle);
  EXPECT_FALSE(units.BranchOf("units/u0").empty());
}

}  // namespace
}  // namespace dondoc::inspection
