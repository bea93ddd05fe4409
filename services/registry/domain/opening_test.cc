#include "services/registry/domain/opening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::Refuses;

struct Registered {
  const char* id;
  const char* name;
  UnitKind kind = UnitKind::kDivision;
  CivilDay from = CivilDay(2020, 1, 1);
  std::optional<CivilDay> to = std::nullopt;
  const char* successor = "";
};

// Illustrative.
UnitDirectory Register(const std::vector<Registered>& units) {
  UnitDirectory directory;
  for (const Registered& unit : units) {
    UnitState state;
    state.id = unit.id;
    state.display_name = unit.name;
    state.kind = unit.kind;
    state.valid_from = unit.from;
    state.valid_to = unit.to;
    state.successor = unit.successor;
    directory.Add(Unit::Restore(state));
  }
  return directory;
}

PlanTask Row(int number, std::vector<PlanParty> leads) {
  PlanTask task;
  task.number = number;
  task.section = "I";
  task.leads = std::move(leads);
  PlanPhase phase;
  phase.start = CivilDay(2023, 1, 1);
  phase.end = CivilDay(2023, 12, 31);
  task.phases = {phase};
  return task;
}
PlanParty Named(const std::string& text) { return {PartyKind::kUnit, text}; }

PlanDocument Signed(std::vector<PlanTask> rows) {
  PlanDocument document;
  document.year = 2023;
  document.head.date = CivilDay(2023, 1, 27);
  document.tasks = std::move(rows);
  return document;
}

TEST(SetInMotion, OpensOneAssignmentForEachPhaseAndNamedUnit) {
  PlanTask row = Row(29, {Named("Văn phòng"), Named("chi cục ĐO LƯỜNG")});
  row.phases.push_back(row.phases[0]);
  row.phases[1].ordinal = 2;
  const auto motion =
      SetInMotion(Signed({row}), Register({{"vp", "Văn phòng"}, {"cc", "Chi cục Đo lường"}}), "p");
  ASSERT_THAT(motion, IsOk());
  std::vector<std::string> names;
  for (const Assignment& assignment : motion->assignments)
    names.push_back(NameOf(assignment.key()));
  EXPECT_THAT(names, ElementsAre("plans/p/tasks/29/phases/1/assignments/vp",
                                 "plans/p/tasks/29/phases/2/assignments/vp",
                                 "plans/p/tasks/29/phases/1/assignments/cc",
                                 "plans/p/tasks/29/phases/2/assignments/cc"));
  EXPECT_EQ(motion->tasks[0].phases[0].assignment_count, 2);
}

TEST(SetInMotion, LeavesAGroupToTheOffice) {
  const auto motion =
      SetInMotion(Signed({Row(8, {{PartyKind::kGroup, "Các đơn vị"}})}), Register({}), "p");
  ASSERT_THAT(motion, IsOk());
  EXPECT_TRUE(motion->assignments.empty());
  EXPECT_TRUE(motion->tasks[0].IsUnresolved());
}

TEST(SetInMotion, ReportsEveryUnknownNameWithItsRowsAtOnce) {
  const auto motion =
      SetInMotion(Signed({Row(1, {Named("Văn phòng")}), Row(2, {Named("Thanh tra")}),
                          Row(3, {Named("Văn phòng")})}),
                  Register({}), "p");
  ASSERT_THAT(motion, Refuses("UNIT_UNKNOWN"));
  const Details details = DetailsOf(motion.status());
  EXPECT_EQ(details.at("problem_count"), "2");
  EXPECT_EQ(details.at("row"), "2");
  EXPECT_THAT(details.at("problem_2"), HasSubstr("Hàng 1, 3"));
  EXPECT_THAT(std::string(motion.status().message()), HasSubstr("dondoc unit add"));
}

TEST(SetInMotion, MatchesNamesAsOfTheDayOfSignature) {
  const auto motion =
      SetInMotion(Signed({Row(1, {Named("Văn phòng")})}),
                  Register({{"vp", "Văn phòng", UnitKind::kOffice, CivilDay(2023, 1, 28)}}), "p");
  ASSERT_THAT(motion, Refuses("UNIT_UNKNOWN"));
  EXPECT_THAT(std::string(motion.status().message()), HasSubstr("units/vp có từ 28/01/2023"));
}

TEST(SetInMotion, GivesTheWorkOfADissolvedUnitToItsSuccessor) {
  const auto motion = SetInMotion(Signed({Row(1, {Named("Phòng A")})}),
                                  Register({{"a", "Phòng A", UnitKind::kDivision,
                                             CivilDay(2020, 1, 1), CivilDay(2023, 7, 1), "b"},
                                            {"b", "Phòng B"}}),
                                  "p");
  ASSERT_THAT(motion, IsOk());
  ASSERT_EQ(motion->assignments.size(), 1u);
  EXPECT_EQ(motion->assignments[0].key().unit, "b");
  EXPECT_EQ(motion->assignments[0].state().taken_over_from, "a");
  EXPECT_EQ(motion->tasks[0].leads[0].unit, "a");
}

TEST(SetInMotion, RefusesALeadWhoseWorkNobodyTookOver) {
  EXPECT_THAT(SetInMotion(Signed({Row(1, {Named("Phòng A")})}),
                          Register({{"a", "Phòng A", UnitKind::kDivision, CivilDay(2020, 1, 1),
                                     CivilDay(2023, 7, 1)}}),
                          "p"),
              Refuses("UNIT_WITHOUT_SUCCESSOR"));
}

TEST(SetInMotion, NeverObligesAnExternalBody) {
  PlanTask row = Row(3, {{PartyKind::kExternal, "Sở Nội vụ"}, Named("UBND quận")});
  row.coordinators = {{PartyKind::kExternal, "Văn phòng UBND TP"}};
  const auto motion =
      SetInMotion(Signed({row}), Register({{"q", "UBND quận", UnitKind::kExternal}}), "p");
  ASSERT_THAT(motion, IsOk());
  EXPECT_TRUE(motion->assignments.empty());
  EXPECT_EQ(motion->tasks[0].leads[1].kind, PartyKind::kExternal);
  EXPECT_EQ(motion->tasks[0].leads[1].unit, "q");
  EXPECT_EQ(motion->tasks[0].coordinators[0].unit, "");
  ASSERT_EQ(motion->warnings.size(), 1u);
  EXPECT_EQ(motion->warnings[0].code, "NOBODY_OBLIGED");
}

}  // namespace
}  // namespace dondoc::registry
