#include "services/inspection/domain/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "services/inspection/domain/test_department.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using testing::DepartmentUnits;
using ::testing::ElementsAre;
using testing::FourInspectors;
using testing::Person;

constexpr absl::CivilDay kMonday(2023, 3, 6);

std::vector<absl::CivilDay> DaysFrom(absl::CivilDay first, int count) {
  std::vector<absl::CivilDay> days;
  for (int i = 0; i < count; ++i) days.push_back(first + i);
  return days;
}

TEST(Schedule, SpreadsVisitsEvenlyOverTheDays) {
  const auto visits = Schedule({.units_to_visit = {"units/ke-hoach", "units/khoa-hoc"},
                                .days = DaysFrom(kMonday, 4),
                                .inspectors = FourInspectors(),
                                .team_size = 2},
                               Units(DepartmentUnits()));
  ASSERT_THAT(visits, IsOk());
  EXPECT_EQ((*visits)[0].day, kMonday + 1);
  EXPECT_EQ((*visits)[1].day, kMonday + 3);
}

TEST(Schedule, GivesTheNextVisitToThoseWhoHadTheFewest) {
  const auto visits = Schedule({.units_to_visit = {"units/ke-hoach", "units/khoa-hoc"},
                                .days = DaysFrom(kMonday, 4),
                                .inspectors = FourInspectors(),
                                .team_size = 2},
                               Units(DepartmentUnits()));
  EXPECT_THAT((*visits)[0].team, ElementsAre("an", "binh"));
  EXPECT_THAT((*visits)[1].team, ElementsAre("chi", "dung"));
}

TEST(Schedule, SendsNobodyToAUnitOfHisOwnBranch) {
  const auto visits =
      Schedule({.units_to_visit = {"units/nghiep-vu", "units/chi-cuc", "units/van-phong"},
                .days = DaysFrom(kMonday, 3),
                .inspectors = {Person("a", "chi-cuc"), Person("b", "nghiep-vu"),
                               Person("c", "van-phong"), Person("d", "thanh-tra")},
                .team_size = 2},
               Units(DepartmentUnits()));
  ASSERT_THAT(visits, IsOk());
  EXPECT_THAT((*visits)[0].team, ::testing::UnorderedElementsAre("c", "d"));
  EXPECT_THAT((*visits)[1].team, ::testing::UnorderedElementsAre("c", "d"));
  EXPECT_THAT((*visits)[2].team, ::testing::Not(::testing::Contains("c")));
}

TEST(Schedule, LetsSomebodyOfTheDepartmentItselfInspectEverybody) {
  EXPECT_THAT(Schedule({.units_to_visit = {"units/chi-cuc", "units/van-phong"},
                        .days = DaysFrom(kMonday, 2),
                        .inspectors = {Person("director", "so")},
                        .team_size = 1},
                       Units(DepartmentUnits())),
              IsOk());
}

TEST(Schedule, VisitsAUnitBeforeItIsDissolved) {
  std::vector<Unit> units = DepartmentUnits();
  units[3].valid_to = kMonday + 1;  // ke-hoach
  const auto visits = Schedule({.units_to_visit = {"units/khoa-hoc", "units/ke-hoach"},
                                .days = DaysFrom(kMonday, 10),
                                .inspectors = FourInspectors(),
                                .team_size = 2},
                               Units(units));
  ASSERT_THAT(visits, IsOk());
  EXPECT_EQ((*visits)[1].day, kMonday);
}

TEST(Schedule, KeepsInspectorsOutOfDaysOnWhichTheyAreUnavailable) {
  const auto visits = Schedule(
      {.units_to_visit = {"units/khoa-hoc"},
       .days = DaysFrom(kMonday, 3),
       .inspectors = {Person("a", "van-phong", {kMonday, kMonday + 1}), Person("b", "thanh-tra")},
       .team_size = 2},
      Units(DepartmentUnits()));
  ASSERT_THAT(visits, IsOk());
  EXPECT_EQ((*visits)[0].day, kMonday + 2);
}

TEST(Schedule, SaysWhichRuleBlocksAndForWhom) {
  struct Row {
    const char* rule;
    ScheduleProblem problem;
    Details details;
  };
  const std::vector<absl::CivilDay> one_day = {kMonday};
  for (const Row& row : {
           Row{"WINDOW_EMPTY",
               {.units_to_visit = {"units/khoa-hoc"},
               .days = {},
               .inspectors = FourInspectors(),
               .team_size = 2},
               {}},
           Row{"TEAM_TOO_LARGE",
               {.units_to_visit = {"units/khoa-hoc"},
               .days = one_day,
               .inspectors = FourInspectors(),
               .team_size = 5},
               {{"team_size", "5"}, {"inspectors", "4"}}},
           Row{"NO_INSPECTOR_FOR_UNIT",
               {.units_to_visit = {"units/khoa-hoc", "units/van-phong"},
               .days = one_day,
               .inspectors = {Person("a", "van-phong"), Person("b", "van-phong"),
                              Person("c", "thanh-tra")},
               .team_size = 2},
               {{"unit", "units/van-phong"}, {"independent", "1"}}},
           Row{"NO_FREE_DAY",
               {.units_to_visit = {"units/khoa-hoc"},
               .days = one_day,
               .inspectors = {Person("a", "van-phong", {kMonday})},
               .team_size = 1},
               {{"units", "units/khoa-hoc"}, {"visits", "1"}, {"room", "0"}}},
           Row{"NO_FREE_DAY",
               {.units_to_visit = {"units/khoa-hoc", "units/ke-hoach", "units/cong-nghe"},
               .days = one_day,
               .inspectors = FourInspectors(),
               .team_size = 2},
               {{"visits", "3"}, {"room", "2"}}},
           // Two people are there, but one of them is of the Office itself.
           Row{"NO_FREE_DAY",
               {.units_to_visit = {"units/van-phong", "units/khoa-hoc"},
               .days = one_day,
               .inspectors = {Person("a", "van-phong"), Person("b", "thanh-tra"),
                              Person("c", "thanh-tra", {kMonday})},
               .team_size = 2},
               {{"units", "units/van-phong"}, {"visits", "1"}, {"room", "0"}}},
       }) {
    const auto visits = Schedule(row.problem, Units(DepartmentUnits()));
    EXPECT_THAT(visits, Refuses("NO_PROGRAMME")) << row.rule;
    Details details = DetailsOf(visits.status());
    EXPECT_EQ(details["rule"], row.rule) << visits.status();
    for (const auto& [key, value] : row.details) EXPECT_EQ(details[key], value) << visits.status();
  }
}

}  // namespace
}  // namespace dondoc::inspection
