#include "services/inspection/domain/inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>

#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "services/inspection/domain/test_department.h"

namespace dondoc::inspection {
namespace {

using Day = absl::CivilDay;

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using testing::DepartmentUnits;
using testing::FourInspectors;
using testing::Holidays2023;
using ::testing::SizeIs;

constexpr absl::CivilDay kToday(2023, 3, 1);
constexpr absl::CivilDay kThursday(2023, 3, 9);

Inspection Planned(InspectionKind kind = InspectionKind::kPlanned) {
  return {.year = 2023,
          .number = 1,
          .version = 1,
          .unit = "units/khoa-hoc",
          .kind = kind,
          .planned = kThursday,
          .team = {"an", "chi"},
          .reason_vi = "Chưa được kiểm tra lần nào.",
          .reason_en = "never inspected so far"};
}

Inspection InState(InspectionState state) {
  Inspection inspection = Planned();
  inspection.state = state;
  return inspection;
}

// Concluded on 01/03/2023 with an ordinary finding and a serious one.
Inspection WithFindings() {
  Inspection inspection = InState(InspectionState::kNotified);
  inspection = *Complete(inspection,
                         {{.field = "III", .text = "Chậm niêm yết"},
                          {.field = "VI", .text = "Thu sai phí", .serious = true}},
                         kToday);
  return *Conclude(inspection, {.document = "12/TB", .today = kToday, .remedy_days = 15},
                   Holidays2023());
}

TEST(AnInspection, IsKnownToItsUnitOnceItWasToldOrTheTeamWasThere) {
  EXPECT_FALSE(IsKnownToUnit(Planned()));
  EXPECT_FALSE(IsKnownToUnit(*Cancel(Planned(), "hoãn")));
  const Inspection notified = *Notify(Planned(), kToday);
  EXPECT_TRUE(IsKnownToUnit(notified));
  EXPECT_TRUE(IsKnownToUnit(*Cancel(notified, "hoãn"))) << "what was told cannot be untold";
  const Inspection ad_hoc = Planned(InspectionKind::kAdHoc);
  EXPECT_FALSE(IsKnownToUnit(ad_hoc));
  EXPECT_TRUE(IsKnownToUnit(*Complete(ad_hoc, {}, kToday)));
}

TEST(AnInspection, GoesFromPlanToRemedyAndKeepsItsDates) {
  Inspection inspection = *Notify(Planned(), kToday);
  EXPECT_EQ(inspection.state, InspectionState::kNotified);
  EXPECT_EQ(inspection.notified, kToday);

  inspection = *Complete(inspection, {{.field = "III", .text = "Chậm niêm yết"}}, kThursday);
  EXPECT_EQ(inspection.state, InspectionState::kDone);
  EXPECT_EQ(inspection.done, kThursday);
  ASSERT_THAT(inspection.findings, SizeIs(1));
  EXPECT_EQ(inspection.findings[0].number, 1);
  EXPECT_FALSE(IsConcluded(inspection));

  inspection = *Conclude(
      inspection, {.document = "12/TB", .today = kThursday + 1, .remedy_days = 15}, Holidays2023());
  EXPECT_EQ(inspection.state, InspectionState::kConcluded);
  EXPECT_EQ(inspection.findings[0].remedy_due, absl::CivilDay(2023, 3, 27));  // 25/3 is a Saturday
  EXPECT_TRUE(IsConcluded(inspection));

  inspection = *PutRight(inspection,
                         {.finding_number = 1,
                          .document = "30/BC",
                          .verified_by = "units/van-phong",
                          .today = kThursday + 5},
                         Units(DepartmentUnits()));
  EXPECT_EQ(inspection.state, InspectionState::kRemedied);
  EXPECT_EQ(inspection.remedied, kThursday + 5);
  EXPECT_EQ(inspection.findings[0].remedy_document, "30/BC");
}

TEST(AnInspection, WithoutFindingsIsRemediedByItsConclusion) {
  const Inspection done = *Complete(InState(InspectionState::kNotified), {}, kThursday);
  const auto concluded =
      Conclude(done, {.document = "12/TB", .today = kThursday, .remedy_days = 15}, Holidays2023());
  EXPECT_EQ(concluded->state, InspectionState::kRemedied);
  EXPECT_EQ(concluded->remedied, kThursday);
  EXPECT_TRUE(IsConcluded(*concluded));
}

TEST(AnAdHocInspection, IsDoneWithoutBeingAnnounced) {
  EXPECT_THAT(Notify(Planned(InspectionKind::kAdHoc), kToday), Refuses("AD_HOC_NOT_ANNOUNCED"));
  EXPECT_THAT(Complete(Planned(InspectionKind::kAdHoc), {}, kToday), IsOk());
  EXPECT_THAT(Complete(Planned(), {}, kToday), Refuses("INSPECTION_STATE_WRONG"));
}

// Every verb in every state: allowed from exactly the states that the contract names.
TEST(AnInspection, RefusesEveryOtherTransitionNamingFromAndTo) {
  using State = InspectionState;
  const Units units(DepartmentUnits());
  const calendar::Holidays holidays = Holidays2023();
  const std::vector<Inspector> inspectors = FourInspectors();
  const std::vector<Inspection> nothing;
  const Agenda agenda{kToday, units, holidays, inspectors, nothing};
  struct Verb {
    const char* to;
    std::set<State> allowed;
    std::function<absl::StatusOr<Inspection>(Inspection)> apply;
  };
  const std::vector<Verb> verbs = {
      {"NOTIFIED", {State::kPlanned}, [](Inspection i) { return Notify(i, kToday); }},
      {"DONE", {State::kNotified}, [](Inspection i) { return Complete(i, {}, kToday); }},
      {"CONCLUDED",
       {State::kDone},
       [&](Inspection i) {
         return Conclude(i, {.document = "1", .today = kToday, .remedy_days = 15}, holidays);
       }},
      {"REMEDIED",
       {State::kConcluded},
       [&](Inspection i) {
         i.findings = {{.number = 1, .field = "I", .text = "x"}};
         return PutRight(i,
                         {.finding_number = 1,
                          .document = "1",
                          .verified_by = "units/van-phong",
                          .today = kToday},
                         units);
       }},
      {"CANCELLED",
       {State::kPlanned, State::kNotified},
       [](Inspection i) { return Cancel(i, "trùng thanh tra"); }},
      {"PLANNED",
       {State::kPlanned, State::kNotified},
       [&](Inspection i) {
         return Reschedule(i,
                           {.old_date = {},
                            .new_date = kThursday + 1,
                            .reason = "x",
                            .actor = "an",
                            .at = absl::UnixEpoch()},
                           agenda);
       }},
  };
  const std::map<State, std::string> states = {
      {State::kPlanned, "PLANNED"},   {State::kNotified, "NOTIFIED"},
      {State::kDone, "DONE"},         {State::kConcluded, "CONCLUDED"},
      {State::kRemedied, "REMEDIED"}, {State::kCancelled, "CANCELLED"}};
  for (const Verb& verb : verbs) {
    for (const auto& [state, name] : states) {
      const auto result = verb.apply(InState(state));
      EXPECT_EQ(result.ok(), verb.allowed.contains(state)) << name << " to " << verb.to;
      if (result.ok()) continue;
      EXPECT_THAT(result, StatusIs(absl::StatusCode::kFailedPrecondition));
      EXPECT_THAT(result, Refuses("INSPECTION_STATE_WRONG"));
      EXPECT_EQ(DetailsOf(result.status())["from"], name);
      EXPECT_EQ(DetailsOf(result.status())["to"], verb.to);
    }
  }
}

TEST(PutRight, LeavesTheInspectionConcludedUntilTheLastOne) {
  const Units units(DepartmentUnits());
  const auto one = PutRight(WithFindings(),
                            {.finding_number = 1,
                             .document = "30/BC",
                             .verified_by = "units/khoa-hoc",
                             .today = kThursday},
                            units);
  ASSERT_THAT(one, IsOk());
  EXPECT_EQ(one->state, InspectionState::kConcluded);
  const auto both = PutRight(*one,
                             {.finding_number = 2,
                              .document = "31/BC",
                              .verified_by = "units/thanh-tra",
                              .today = kThursday},
                             units);
  EXPECT_EQ(both->state, InspectionState::kRemedied);
}

TEST(PutRight, RefusesWhatCannotBeBelieved) {
  struct Row {
    const char* reason;
    int finding;
    const char* verified_by;
  };
  const Units units(DepartmentUnits());
  const Inspection first_remedied = *PutRight(WithFindings(),
                                              {.finding_number = 1,
                                               .document = "30/BC",
                                               .verified_by = "units/khoa-hoc",
                                               .today = kThursday},
                                              units);
  for (const Row& row : {Row{"FINDING_NOT_FOUND", 3, "units/van-phong"},
                         Row{"FINDING_NOT_FOUND", 0, "units/van-phong"},
                         Row{"FINDING_ALREADY_REMEDIED", 1, "units/van-phong"},
                         Row{"VERIFIER_UNKNOWN", 2, "units/nobody"},
                         Row{"VERIFIER_NOT_INDEPENDENT", 2, "units/khoa-hoc"}}) {
    EXPECT_THAT(PutRight(first_remedied,
                         {.finding_number = row.finding,
                          .document = "31/BC",
                          .verified_by = row.verified_by,
                          .today = kThursday},
                         units),
                Refuses(row.reason));
  }
}

TEST(RemedyDueDate, IsTheEndOfACalendarTermOnAWorkingDay) {
  const calendar::Holidays holidays = Holidays2023();
  struct Row {
    absl::CivilDay concluded;
    int days;
    absl::CivilDay due;
  };
  for (const Row& row : {
           Row{Day(2023, 3, 1), 15, Day(2023, 3, 16)},
           Row{Day(2023, 3, 10), 15, Day(2023, 3, 27)},  // 25/3 is a Saturday
           Row{Day(2023, 8, 18), 15, Day(2023, 9, 5)},   // 02/9 is a holiday, 03/9 and 04/9 are off
           Row{Day(2023, 3, 1), 30, Day(2023, 3, 31)},
           Row{Day(2023, 12, 20), 15, Day(2024, 1, 4)},  // no calendar of 2024: it stays
       }) {
    EXPECT_EQ(RemedyDueDate(row.concluded, row.days, holidays), row.due) << row.concluded;
  }
}

TEST(AFinding, IsOverdueFromTheDayAfterItsTerm) {
  Finding finding{.number = 1, .field = "I", .text = "x", .remedy_due = kThursday};
  EXPECT_FALSE(IsOverdue(finding, kThursday));
  EXPECT_TRUE(IsOverdue(finding, kThursday + 1));
  finding.remedied = kThursday + 3;
  EXPECT_FALSE(IsOverdue(finding, kThursday + 9));
}

TEST(ThePlanOfAnInspection, IsRefusedWhenItCannotBeCarriedOut) {
  std::vector<Unit> register_of_units = DepartmentUnits();
  register_of_units[9].valid_to = absl::CivilDay(2023, 2, 1);  // thong-tin
  const Units units(register_of_units);
  const calendar::Holidays holidays = Holidays2023();
  std::vector<Inspector> inspectors = FourInspectors();
  inspectors[1].unavailable = {kThursday};
  Inspection neighbour = Planned();
  neighbour.number = 2;
  neighbour.unit = "units/ke-hoach";
  neighbour.team = {"dung"};
  const std::vector<Inspection> same_day = {neighbour};
  struct Row {
    const char* reason;
    std::function<void(Inspection&)> spoil;
  };
  for (const Row& row : {
           Row{"INSPECTION_DATE_OUTSIDE_YEAR",
               [](Inspection& i) { i.planned = absl::CivilDay(2024, 1, 3); }},
           Row{"INSPECTION_DATE_PAST", [](Inspection& i) { i.planned = kToday - 1; }},
           Row{"NOT_A_WORKING_DAY", [](Inspection& i) { i.planned = kThursday + 2; }},
           Row{"NOT_A_WORKING_DAY", [](Inspection& i) { i.planned = absl::CivilDay(2023, 5, 3); }},
           Row{"UNIT_NOT_INSPECTED", [](Inspection& i) { i.unit = "units/thong-tin"; }},
           Row{"UNIT_NOT_INSPECTED", [](Inspection& i) { i.unit = "units/so-noi-vu"; }},
           Row{"UNIT_NOT_INSPECTED", [](Inspection& i) { i.unit = "units/so"; }},
           Row{"UNIT_NOT_INSPECTED", [](Inspection& i) { i.unit = "units/x"; }},
           Row{"UNIT_VISITED_TWICE", [](Inspection& i) { i.unit = "units/ke-hoach"; }},
           Row{"INSPECTOR_UNKNOWN", [](Inspection& i) { i.team = {"nobody"}; }},
           Row{"INSPECTOR_TWICE",
               [](Inspection& i) {
                 i.team = {"an", "an"};
               }},
           Row{"INSPECTOR_NOT_INDEPENDENT", [](Inspection& i) { i.unit = "units/van-phong"; }},
           Row{"INSPECTOR_UNAVAILABLE",
               [](Inspection& i) {
                 i.team = {"an", "binh"};
               }},
           Row{"INSPECTOR_BUSY", [](Inspection& i) { i.team = {"dung"}; }},
       }) {
    Inspection inspection = Planned();
    row.spoil(inspection);
    EXPECT_THAT(CheckPlan(inspection, {kToday, units, holidays, inspectors, same_day}),
                Refuses(row.reason));
  }
  EXPECT_THAT(CheckPlan(Planned(), {kToday, units, holidays, inspectors, same_day}), IsOk());
}

TEST(ThePlanOfAnInspection, NeedsTheCalendarOfItsYear) {
  const Units units(DepartmentUnits());
  const calendar::Holidays holidays = Holidays2023();
  const std::vector<Inspector> inspectors = FourInspectors();
  Inspection inspection = Planned();
  inspection.year = 2024;
  inspection.planned = absl::CivilDay(2024, 3, 5);
  EXPECT_THAT(CheckPlan(inspection, {kToday, units, holidays, inspectors, {}}),
              Refuses("CALENDAR_MISSING"));
}

TEST(Reschedule, KeepsTheOldDateOnRecord) {
  const Units units(DepartmentUnits());
  const calendar::Holidays holidays = Holidays2023();
  const std::vector<Inspector> inspectors = FourInspectors();
  const DateMove move{.old_date = {},
                      .new_date = kThursday + 1,
                      .reason = "trùng họp",
                      .actor = "an",
                      .at = absl::UnixEpoch()};
  const auto moved = Reschedule(Planned(), move, {kToday, units, holidays, inspectors, {}});
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->planned, kThursday + 1);
  ASSERT_THAT(moved->date_moves, SizeIs(1));
  EXPECT_EQ(moved->date_moves[0].old_date, kThursday);
}

}  // namespace
}  // namespace dondoc::inspection
