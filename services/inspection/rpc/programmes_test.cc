#include "services/inspection/rpc/programmes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "services/inspection/domain/test_department.h"
#include "services/inspection/testing/inspection_world.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Programmes = testing::InspectionWorld;

pb::GetProgrammeRequest Get(const std::string& name) {
  pb::GetProgrammeRequest request;
  request.set_name(name);
  return request;
}

TEST_F(Programmes, AreProposedWithUnitsDatesTeamsAndReasons) {
  HearDepartment();
  const auto proposed = Call(&Stub::ProposeProgramme, Proposal());
  ASSERT_THAT(proposed, IsOk());
  const pb::Programme& programme = proposed->programme();
  EXPECT_EQ(programme.name(), "programmes/2023");
  EXPECT_EQ(programme.etag(), "\"1\"");
  EXPECT_EQ(programme.state(), pb::PROGRAMME_STATE_PROPOSED);
  EXPECT_EQ(programme.share(), "30");
  EXPECT_EQ(programme.unit_count(), 9);
  EXPECT_EQ(programme.required_count(), 3);
  EXPECT_EQ(programme.seed(), 27012023);
  EXPECT_THAT(programme.candidates(), SizeIs(9));
  ASSERT_THAT(proposed->inspections(), SizeIs(3));
  EXPECT_EQ(proposed->inspections(0).name(), "programmes/2023/inspections/1");
  EXPECT_THAT(proposed->inspections(0).team(), SizeIs(2));
  EXPECT_THAT(proposed->inspections(0).reason_vi(), HasSubstr("rút thăm"));

  const auto stored = Call(&Stub::GetProgramme, Get("programmes/2023"));
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->programme().SerializeAsString(), programme.SerializeAsString());
}

TEST_F(Programmes, MayBeProposedAgainUntilTheyAreApproved) {
  HearDepartment();
  ASSERT_THAT(Call(&Stub::ProposeProgramme, Proposal()), IsOk());
  pb::ProposeProgrammeRequest again = Proposal();
  again.set_share("50");
  again.set_seed(1);
  const auto second = Call(&Stub::ProposeProgramme, again);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->programme().etag(), "\"2\"");
  EXPECT_THAT(Inspections(), SizeIs(5));
  EXPECT_THAT(EventsFrom(1), ElementsAre("programme.proposed programmes/2023 1",
                                         "coverage.changed programmes/2023/coverage 1",
                                         "programme.proposed programmes/2023 2"));

  ApprovedProgramme();
  EXPECT_THAT(Call(&Stub::ProposeProgramme, Proposal()), Refuses("PROGRAMME_ALREADY_APPROVED"));
}

TEST_F(Programmes, AnnounceEachInspectionWhenTheyAreApproved) {
  HearDepartment();
  ASSERT_THAT(Call(&Stub::ProposeProgramme, Proposal()), IsOk());
  EXPECT_THAT(Inspections()[0].etag(), IsEmpty());
  const int64_t before = LastSequence();
  const pb::Programme approved = ApprovedProgramme();
  EXPECT_EQ(approved.state(), pb::PROGRAMME_STATE_APPROVED);
  EXPECT_EQ(approved.decision(), "05/QĐ-SKHCN");
  EXPECT_TRUE(approved.has_approve_time());
  EXPECT_THAT(
      EventsFrom(before + 1),
      ElementsAre("programme.proposed programmes/2023 2", "programme.approved programmes/2023 3",
                  "inspection.planned programmes/2023/inspections/1 1",
                  "inspection.planned programmes/2023/inspections/2 1",
                  "inspection.planned programmes/2023/inspections/3 1",
                  "coverage.changed programmes/2023/coverage 2"));
  EXPECT_EQ(Inspections()[0].etag(), "\"1\"");
  EXPECT_EQ(PublishedCoverage(2023).planned_count(), 3);
}

TEST_F(Programmes, AreOnlyTriedOutWithValidateOnly) {
  HearDepartment();
  pb::ProposeProgrammeRequest request = Proposal();
  request.set_validate_only(true);
  const auto tried = Call(&Stub::ProposeProgramme, request);
  ASSERT_THAT(tried, IsOk());
  EXPECT_THAT(tried->inspections(), SizeIs(3));
  EXPECT_EQ(LastSequence(), 0);
  EXPECT_THAT(Call(&Stub::GetProgramme, Get("programmes/2023")), Refuses("PROGRAMME_NOT_FOUND"));
}

TEST_F(Programmes, AreAnsweredAgainToTheSameRequest) {
  HearDepartment();
  pb::ProposeProgrammeRequest request = Proposal();
  request.set_seed(0);
  const auto first = Call(&Stub::ProposeProgramme, request);
  ASSERT_THAT(first, IsOk());
  EXPECT_NE(first->programme().seed(), 0);
  const int64_t before = LastSequence();
  SetToday(absl::CivilDay(2023, 2, 2));
  const auto again = Call(&Stub::ProposeProgramme, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(LastSequence(), before);
}

TEST_F(Programmes, TakeTheShareOfThePlanOfTheYear) {
  HearDepartment();
  HearPlan(2023, "50");
  HearPlan(2022, "100");
  const auto proposed = Call(&Stub::ProposeProgramme, Proposal());
  ASSERT_THAT(proposed, IsOk());
  EXPECT_EQ(proposed->programme().share(), "50");
  EXPECT_EQ(proposed->programme().required_count(), 5);
}

TEST_F(Programmes, PreferWhoHasLateWork) {
  HearDepartment();
  const auto owes = [&](const std::string& unit, const std::string& due,
                        const std::string& completed, bool cancelled) {
    registry::v1::AssignmentChanged changed;
    registry::v1::Assignment& assignment = *changed.mutable_assignment();
    assignment.set_name(absl::StrCat("plans/p/tasks/1/phases/1/assignments/", unit, due));
    assignment.set_unit(absl::StrCat("units/", unit));
    assignment.set_due_date(due);
    assignment.set_completed_date(completed);
    assignment.set_cancelled(cancelled);
    EXPECT_THAT(Hear("dondoc.registry.assignment.opened", changed), IsOk());
  };
  owes("khoa-hoc", "2023-01-31", "", false);            // open and overdue
  owes("ke-hoach", "2023-01-15", "2023-01-20", false);  // handed in late
  owes("cong-nghe", "2023-01-15", "2023-01-15", false);
  owes("chi-cuc", "2023-02-01", "", false);  // due today
  owes("ung-dung", "2023-01-15", "", true);
  owes("thong-tin", "2022-06-30", "2022-07-05", false);  // late, but last year
  const auto proposed = Call(&Stub::ProposeProgramme, Proposal());
  ASSERT_THAT(proposed, IsOk());
  for (const pb::Candidate& candidate : proposed->programme().candidates()) {
    const bool late = candidate.unit() == "units/khoa-hoc" || candidate.unit() == "units/ke-hoach";
    EXPECT_EQ(candidate.late_count(), late ? 1 : 0) << candidate.unit();
    EXPECT_TRUE(!late || candidate.reason() == pb::SELECTION_REASON_LATE_WORK) << candidate.unit();
  }
}

TEST_F(Programmes, RememberTheYearsBefore) {
  HearDepartment();
  ApprovedProgramme();
  const pb::Inspection first = Inspections()[0];
  SetToday(absl::CivilDay(2023, 3, 1));
  pb::Finding finding;
  finding.set_field("III");
  finding.set_text("Chậm niêm yết");
  Concluded(first.name(), {finding});

  regulation_.holidays = [] {
    calendar::Holidays holidays = testing::Holidays2023();
    const absl::Status added = holidays.AddNotice("year 2024\nsource test\nholiday 2024-01-01 x\n");
    EXPECT_THAT(added, IsOk());
    return holidays;
  }();
  SetToday(absl::CivilDay(2024, 1, 15));
  pb::ProposeProgrammeRequest next_year = Proposal();
  next_year.set_year(2024);
  const auto proposed = Call(&Stub::ProposeProgramme, next_year);
  ASSERT_THAT(proposed, IsOk());
  const pb::Candidate& last = *proposed->programme().candidates().rbegin();
  EXPECT_EQ(last.unit(), first.unit());
  EXPECT_EQ(last.last_inspected_date(), "2023-03-01");
  EXPECT_EQ(last.reason(), pb::SELECTION_REASON_NEVER_INSPECTED);
  EXPECT_FALSE(last.selected());
}

TEST_F(Programmes, AreNotApprovedOnAnOldEtag) {
  HearDepartment();
  ASSERT_THAT(Call(&Stub::ProposeProgramme, Proposal()), IsOk());
  ASSERT_THAT(Call(&Stub::ProposeProgramme, Proposal()), IsOk());
  pb::ApproveProgrammeRequest request;
  request.set_name("programmes/2023");
  request.set_etag("\"1\"");
  request.set_decision("05/QĐ-SKHCN");
  const int64_t before = LastSequence();
  EXPECT_THAT(Call(&Stub::ApproveProgramme, request), Refuses("ETAG_STALE"));
  EXPECT_EQ(LastSequence(), before);
}

TEST_F(Programmes, KeepTheirInspectionsUnharmedThroughAChange) {
  HearDepartment();
  const pb::Programme approved = ApprovedProgramme();
  const std::vector<pb::Inspection> inspections = Inspections();
  EXPECT_EQ(Call(&Stub::GetProgramme, Get("programmes/2023"))->programme().SerializeAsString(),
            approved.SerializeAsString());
  // The stored form comes through the domain and back unharmed.
  pb::RescheduleInspectionRequest move;
  move.set_name(inspections[0].name());
  move.set_etag(inspections[0].etag());
  move.set_planned_date("2023-06-07");
  move.set_reason("trùng họp giao ban");
  const auto moved = Call(&Stub::RescheduleInspection, move);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->inspection().reason_vi(), inspections[0].reason_vi());
  EXPECT_EQ(moved->inspection().date_moves(0).old_date(), inspections[0].planned_date());
  EXPECT_EQ(moved->inspection().date_moves(0).actor(), "van-phong");
  EXPECT_EQ(moved->inspection().quarter(), 2);
}

}  // namespace
}  // namespace dondoc::inspection
