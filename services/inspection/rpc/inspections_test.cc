#include "services/inspection/rpc/inspections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

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

class Inspections : public testing::InspectionWorld {
 protected:
  Inspections() { HearDepartment(); }
  // Of an approved programme.
  std::string FirstName() { return ApprovedProgramme().name() + "/inspections/1"; }
};

pb::Finding FindingOf(const std::string& text, bool serious) {
  pb::Finding finding;
  finding.set_field("III. Cải cách thủ tục hành chính");
  finding.set_text(text);
  finding.set_serious(serious);
  return finding;
}

TEST_F(Inspections, GoAllTheWayWithOneEventForEachStep) {
  const std::string name = FirstName();
  const int64_t before = LastSequence();
  SetToday(absl::CivilDay(2023, 3, 10));
  const pb::Inspection concluded = Concluded(name, {FindingOf("Chậm niêm yết", false)});
  EXPECT_EQ(concluded.state(), pb::INSPECTION_STATE_CONCLUDED);
  EXPECT_EQ(concluded.concluded_date(), "2023-03-10");
  EXPECT_EQ(concluded.findings(0).number(), 1);
  EXPECT_EQ(concluded.findings(0).remedy_due_date(), "2023-03-27");  // 25/3 is a Saturday

  pb::RemedyFindingRequest remedy;
  remedy.set_name(name);
  remedy.set_finding_number(1);
  remedy.set_document("30/BC-VP");
  remedy.set_verified_by("units/van-phong");
  const auto remedied = Call(&Stub::RemedyFinding, remedy);
  ASSERT_THAT(remedied, IsOk());
  EXPECT_EQ(remedied->inspection().state(), pb::INSPECTION_STATE_REMEDIED);
  EXPECT_EQ(remedied->inspection().SerializeAsString(), InspectionNamed(name).SerializeAsString());
  EXPECT_THAT(EventsFrom(before + 1),
              ElementsAre("inspection.notified programmes/2023/inspections/1 2",
                          "inspection.done programmes/2023/inspections/1 3",
                          "inspection.concluded programmes/2023/inspections/1 4",
                          "coverage.changed programmes/2023/coverage 3",
                          "inspection.remedied programmes/2023/inspections/1 5",
                          "coverage.changed programmes/2023/coverage 4"));
}

TEST_F(Inspections, CountForTheCoverageFromTheirConclusionOn) {
  const std::string name = FirstName();
  SetToday(absl::CivilDay(2023, 5, 10));
  EXPECT_EQ(CoverageOf(2023).concluded_count(), 0);
  EXPECT_EQ(CoverageOf(2023).expected_by_today(), 1);
  EXPECT_THAT(CoverageOf(2023).pace_vi(), HasSubstr("sẽ không đạt"));
  Concluded(name);
  const pb::Coverage coverage = CoverageOf(2023);
  EXPECT_EQ(coverage.concluded_count(), 1);
  EXPECT_EQ(coverage.planned_count(), 3);
  EXPECT_THAT(coverage.inspected_units(), ElementsAre(InspectionNamed(name).unit()));
  EXPECT_THAT(coverage.pace_vi(), IsEmpty());
  EXPECT_FALSE(coverage.met());
}

TEST_F(Inspections, FillTheQuotaTogetherWithAdHocOnes) {
  const std::string first = FirstName();
  const std::string unit = InspectionNamed(first).unit();
  SetToday(absl::CivilDay(2023, 3, 8));
  Concluded(first);
  std::set<std::string> planned;
  for (const pb::Inspection& inspection : InspectionWorld::Inspections()) {
    planned.insert(inspection.unit());
  }
  // A follow-up to the same unit, and one to a unit that was not chosen.
  std::vector<std::string> units = {unit};
  for (const Unit& other : testing::DepartmentUnits()) {
    const bool independent = other.name != "units/van-phong" && other.name != "units/thanh-tra";
    if (independent && Counts(other, absl::CivilDay(2023, 3, 8), {}) &&
        !planned.contains(other.name)) {
      units.push_back(other.name);
      break;
    }
  }
  ASSERT_THAT(units, SizeIs(2));
  const std::vector<std::string> teams = {"an", "chi"};
  for (size_t i = 0; i < units.size(); ++i) {
    pb::AddInspectionRequest add;
    add.set_parent("programmes/2023");
    add.set_unit(units[i]);
    add.set_planned_date("2023-03-08");
    add.add_team(teams[i]);
    add.set_reason("có phản ánh của người dân");
    const auto added = Call(&Stub::AddInspection, add);
    ASSERT_THAT(added, IsOk());
    EXPECT_EQ(added->inspection().kind(), pb::INSPECTION_KIND_AD_HOC);
    EXPECT_EQ(added->inspection().name(), absl::StrCat("programmes/2023/inspections/", 4 + i));
    pb::CompleteInspectionRequest complete;
    complete.set_name(added->inspection().name());
    ASSERT_THAT(Call(&Stub::CompleteInspection, complete), IsOk());
    pb::ConcludeInspectionRequest conclude;
    conclude.set_name(added->inspection().name());
    conclude.set_document_number("13/TB-SKHCN");
    ASSERT_THAT(Call(&Stub::ConcludeInspection, conclude), IsOk());
  }
  EXPECT_EQ(CoverageOf(2023).concluded_count(), 2);
  EXPECT_EQ(CoverageOf(2023).planned_count(), 4);
}

TEST_F(Inspections, ThatAreCancelledNeverCount) {
  const std::string name = FirstName();
  pb::CancelInspectionRequest cancel;
  cancel.set_name(name);
  cancel.set_reason("trùng với thanh tra của thành phố");
  const auto cancelled = Call(&Stub::CancelInspection, cancel);
  ASSERT_THAT(cancelled, IsOk());
  EXPECT_EQ(cancelled->inspection().state(), pb::INSPECTION_STATE_CANCELLED);
  EXPECT_EQ(CoverageOf(2023).planned_count(), 2);
  EXPECT_EQ(PublishedCoverage(2023).planned_count(), 2);
  pb::NotifyInspectionRequest notify;
  notify.set_name(name);
  EXPECT_THAT(Call(&Stub::NotifyInspection, notify), Refuses("INSPECTION_STATE_WRONG"));
}

TEST_F(Inspections, ShowWhatIsOverdue) {
  const std::string name = FirstName();
  SetToday(absl::CivilDay(2023, 3, 1));
  Concluded(name, {FindingOf("Thu sai phí", true), FindingOf("Chậm niêm yết", false)});
  SetToday(absl::CivilDay(2023, 3, 16));
  EXPECT_FALSE(InspectionNamed(name).findings(0).overdue());
  EXPECT_EQ(CoverageOf(2023).overdue_finding_count(), 0);
  SetToday(absl::CivilDay(2023, 3, 17));
  EXPECT_TRUE(InspectionNamed(name).findings(0).overdue());
  EXPECT_EQ(CoverageOf(2023).overdue_finding_count(), 2);

  pb::RemedyFindingRequest remedy;
  remedy.set_name(name);
  remedy.set_finding_number(1);
  remedy.set_document("30/BC");
  remedy.set_verified_by(InspectionNamed(name).unit());
  EXPECT_THAT(Call(&Stub::RemedyFinding, remedy), Refuses("VERIFIER_NOT_INDEPENDENT"));
  remedy.set_verified_by("units/so");
  ASSERT_THAT(Call(&Stub::RemedyFinding, remedy), IsOk());
  const pb::Coverage coverage = CoverageOf(2023);
  EXPECT_EQ(coverage.finding_count(), 2);
  EXPECT_EQ(coverage.remedied_finding_count(), 1);
  EXPECT_EQ(coverage.overdue_finding_count(), 1);
}

TEST_F(Inspections, AreListedByUnitAndStateInPages) {
  const std::string name = FirstName();
  pb::NotifyInspectionRequest notify;
  notify.set_name(name);
  ASSERT_THAT(Call(&Stub::NotifyInspection, notify), IsOk());

  pb::ListInspectionsRequest request;
  request.set_parent("programmes/2023");
  request.set_page_size(2);
  const auto first = Call(&Stub::ListInspections, request);
  ASSERT_THAT(first->inspections(), SizeIs(2));
  request.set_page_token(first->next_page_token());
  const auto second = Call(&Stub::ListInspections, request);
  ASSERT_THAT(second->inspections(), SizeIs(1));
  EXPECT_THAT(second->next_page_token(), IsEmpty());
  EXPECT_EQ(second->inspections(0).name(), "programmes/2023/inspections/3");

  request.set_state(pb::INSPECTION_STATE_NOTIFIED);
  EXPECT_THAT(Call(&Stub::ListInspections, request), Refuses("PAGE_TOKEN_INVALID"));
  request.clear_page_token();
  const auto notified = Call(&Stub::ListInspections, request);
  ASSERT_THAT(notified->inspections(), SizeIs(1));
  EXPECT_EQ(notified->inspections(0).name(), name);

  request.set_unit("units/so-noi-vu");
  EXPECT_THAT(Call(&Stub::ListInspections, request)->inspections(), IsEmpty());
}

TEST_F(Inspections, AreWatchedFromAnySequence) {
  ApprovedProgramme();
  grpc::ClientContext context;
  pb::WatchChangesRequest request;
  request.set_from_sequence(3);
  const auto reader = stub_->WatchChanges(&context, request);
  pb::WatchChangesResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.change().sequence(), 3);
  EXPECT_EQ(response.change().type(), "dondoc.inspection.programme.approved");
  pb::ProgrammeChanged changed;
  ASSERT_TRUE(response.change().payload().UnpackTo(&changed));
  EXPECT_EQ(changed.programme().decision(), "05/QĐ-SKHCN");
  context.TryCancel();
}

}  // namespace
}  // namespace dondoc::inspection
