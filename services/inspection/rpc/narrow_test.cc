// What the inspected unit sees of an inspection, and from when on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/testing/test_door.h"
#include "services/inspection/domain/test_department.h"
#include "services/inspection/testing/inspection_world.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using identity::Role;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NarrowTest : public testing::InspectionWorld {
 protected:
  NarrowTest() : NarrowTest(/*approved=*/true) {}
  // Without a programme there are no names to go by.
  explicit NarrowTest(bool approved) {
    HearDepartment();
    if (!approved) return;
    ApprovedProgramme();
    const pb::Inspection first = InspectionNamed("programmes/2023/inspections/1");
    name_ = first.name();
    unit_ = first.unit();
    other_ = InspectionNamed("programmes/2023/inspections/2").unit();
    door_.AddUnit(unit_);
    door_.AddUnit(other_);
    door_.Give("office", Role::kOffice);
    door_.Give("head", Role::kUnitHead, unit_);
    door_.Give("team", Role::kInspector, unit_);
    // Head of the one unit, examiner of the other.
    door_.Give("both", Role::kUnitHead, unit_);
    door_.Give("both", Role::kInspector, other_);
    door_.Give("everywhere", Role::kUnitHead);
  }
  ~NarrowTest() override { behind_door_.StopFeeds(); }

  template <typename Request, typename Response>
  absl::StatusOr<Response> As(const std::string& who,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request) {
    return door_.CallAs(who, *guarded_, method, request);
  }
  std::vector<std::string> Listed(const std::string& who) {
    pb::ListInspectionsRequest request;
    request.set_parent("programmes/2023");
    const auto list = As(who, &Stub::ListInspections, request);
    EXPECT_THAT(list, IsOk());
    std::vector<std::string> names;
    for (const pb::Inspection& inspection : list->inspections()) names.push_back(inspection.name());
    return names;
  }
  absl::StatusOr<pb::GetInspectionResponse> Get(const std::string& who, const std::string& name) {
    pb::GetInspectionRequest request;
    request.set_name(name);
    return As(who, &Stub::GetInspection, request);
  }
  pb::Coverage CoverageFor(const std::string& who) {
    pb::GetCoverageRequest request;
    request.set_year(2023);
    const auto answer = As(who, &Stub::GetCoverage, request);
    EXPECT_THAT(answer, IsOk()) << who;
    return answer.ok() ? answer->coverage() : pb::Coverage();
  }
  // An ad hoc inspection of a unit that the programme did not choose.
  pb::Inspection AddAdHoc() {
    std::set<std::string> taken = {"units/van-phong", "units/thanh-tra"};
    for (const pb::Inspection& inspection : Inspections()) taken.insert(inspection.unit());
    pb::AddInspectionRequest add;
    add.set_parent("programmes/2023");
    for (const Unit& unit : testing::DepartmentUnits()) {
      if (Counts(unit, absl::CivilDay(2023, 3, 8), {}) && !taken.contains(unit.name)) {
        add.set_unit(unit.name);
      }
    }
    add.set_planned_date("2023-03-08");
    add.add_team("chi");
    add.set_reason("có phản ánh của người dân");
    const auto added = As("office", &Stub::AddInspection, add);
    EXPECT_THAT(added, IsOk());
    return added.ok() ? added->inspection() : pb::Inspection();
  }
  absl::Status Notify(const std::string& who, const std::string& name) {
    pb::NotifyInspectionRequest request;
    request.set_name(name);
    return As(who, &Stub::NotifyInspection, request).status();
  }

  std::string name_;
  std::string unit_;
  std::string other_;
  dondoc::testing::TestDoor door_{*database_, clock_};
  InspectionService behind_door_{*database_, regulation_, rpc::LogRefusal, door_.door()};
  std::unique_ptr<rpc::Server> guarded_server_ =
      rpc::Server::Start({.listen = "127.0.0.1:0", .service = "inspection"},
                         {{pb::InspectionService::service_full_name(), &behind_door_}})
          .value();
  std::unique_ptr<Stub> guarded_ = pb::InspectionService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", guarded_server_->port()), grpc::InsecureChannelCredentials()));
};

TEST_F(NarrowTest, AUnitLearnsOfItsInspectionWhenItIsTold) {
  EXPECT_THAT(Listed("head"), IsEmpty());
  EXPECT_THAT(Listed("everywhere"), IsEmpty()) << "who speaks for units is told like a unit";
  const auto hidden = Get("head", name_);
  EXPECT_THAT(hidden, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(hidden, Refuses("INSPECTION_NOT_FOUND"));
  EXPECT_THAT(Get("head", "programmes/2023/inspections/99"), Refuses("INSPECTION_NOT_FOUND"));

  ASSERT_THAT(Notify("team", name_), IsOk());
  EXPECT_THAT(Listed("head"), ElementsAre(name_));
  EXPECT_THAT(Listed("everywhere"), ElementsAre(name_));
  EXPECT_THAT(Get("head", name_), IsOk());
}

TEST_F(NarrowTest, WhoPlansAndExaminesSeesItFromTheBeginning) {
  EXPECT_GT(Listed("office").size(), 1U);
  EXPECT_THAT(Listed("team"), Contains(name_));
  for (const std::string& name : Listed("team")) EXPECT_EQ(InspectionNamed(name).unit(), unit_);
  EXPECT_THAT(Get("team", name_), IsOk());
  const std::vector<std::string> both = Listed("both");
  EXPECT_FALSE(both.empty());
  for (const std::string& name : both) EXPECT_EQ(InspectionNamed(name).unit(), other_);
}

TEST_F(NarrowTest, AUnitNeverLearnsOfOneThatWasCancelledBeforeItWasTold) {
  pb::CancelInspectionRequest cancel;
  cancel.set_name(name_);
  cancel.set_reason("trùng đoàn thanh tra");
  ASSERT_THAT(As("office", &Stub::CancelInspection, cancel), IsOk());
  EXPECT_THAT(Listed("head"), IsEmpty());
  EXPECT_THAT(Get("head", name_), Refuses("INSPECTION_NOT_FOUND"));
}

// Who asks, and how many units are planned for them: at first, once an ad hoc visit elsewhere was
// added, and once `unit_` was told of its inspection.
struct PlannedFor {
  std::string who;
  int at_first;
  int with_ad_hoc;
  int with_one_told;
};

TEST_F(NarrowTest, TheCoverageTellsNoUnitOfAnInspectionThatIsNotAnnounced) {
  door_.Give("leader", Role::kDirector);
  door_.Give("auditor", Role::kAuditor);
  door_.Give("clerk", Role::kUnitStaff, unit_);
  door_.Give("other head", Role::kUnitHead, other_);
  const std::vector<PlannedFor> table = {
      {"office", 3, 4, 4},     {"leader", 3, 4, 4},     {"auditor", 3, 4, 4},
      {"team", 1, 1, 1},       {"head", 0, 0, 1},       {"clerk", 0, 0, 1},
      {"other head", 0, 0, 1}, {"everywhere", 0, 0, 1}, {"both", 1, 1, 2}};
  std::map<std::string, std::string> at_first;
  for (const PlannedFor& row : table) {
    const pb::Coverage coverage = CoverageFor(row.who);
    EXPECT_EQ(coverage.planned_count(), row.at_first) << row.who;
    at_first[row.who] = coverage.SerializeAsString();
  }
  AddAdHoc();
  for (const PlannedFor& row : table) {
    const pb::Coverage coverage = CoverageFor(row.who);
    EXPECT_EQ(coverage.planned_count(), row.with_ad_hoc) << row.who;
    EXPECT_EQ(coverage.SerializeAsString() == at_first[row.who], row.at_first == row.with_ad_hoc)
        << row.who;
  }
  ASSERT_THAT(Notify("team", name_), IsOk());
  for (const PlannedFor& row : table) {
    EXPECT_EQ(CoverageFor(row.who).planned_count(), row.with_one_told) << row.who;
  }
}

TEST_F(NarrowTest, TheCoverageNamesUnitsAndCountsFindingsWithinReach) {
  const pb::Inspection ad_hoc = AddAdHoc();
  door_.AddUnit(ad_hoc.unit());
  door_.Give("visited", Role::kUnitHead, ad_hoc.unit());
  pb::CompleteInspectionRequest complete;
  complete.set_name(ad_hoc.name());
  complete.add_findings()->set_field("III. Cải cách thủ tục hành chính");
  complete.mutable_findings(0)->set_text("Chậm niêm yết");
  ASSERT_THAT(Call(&Stub::CompleteInspection, complete), IsOk());
  pb::ConcludeInspectionRequest conclude;
  conclude.set_name(ad_hoc.name());
  conclude.set_document_number("13/TB-SKHCN");
  ASSERT_THAT(Call(&Stub::ConcludeInspection, conclude), IsOk());

  for (const char* who : {"office", "everywhere", "visited"}) {
    const pb::Coverage coverage = CoverageFor(who);
    EXPECT_THAT(coverage.inspected_units(), ElementsAre(ad_hoc.unit())) << who;
    EXPECT_EQ(coverage.finding_count(), 1) << who;
    EXPECT_EQ(coverage.concluded_count(), 1) << who;
  }
  for (const char* who : {"head", "team", "both"}) {
    const pb::Coverage coverage = CoverageFor(who);
    EXPECT_THAT(coverage.inspected_units(), IsEmpty()) << who;
    EXPECT_EQ(coverage.finding_count(), 0) << who;
    // How far the quota is filled is everybody's.
    EXPECT_EQ(coverage.concluded_count(), 1) << who;
    EXPECT_EQ(coverage.required_count(), CoverageFor("office").required_count()) << who;
  }
}

// Announced or not, one beyond reach is refused in the very words for one that is not there.
TEST_F(NarrowTest, ARefusalTellsNobodyOfAnInspectionBeyondReach) {
  const int64_t before = LastSequence();
  const std::string none = "programmes/2023/inspections/99";
  const std::string in_words =
      absl::StrReplaceAll(Notify("both", none).ToString(), {{none, name_}});
  EXPECT_THAT(Notify("both", name_), Refuses("INSPECTION_NOT_FOUND"));
  EXPECT_EQ(Notify("both", name_).ToString(), in_words);
  ASSERT_THAT(Notify("team", name_), IsOk());
  EXPECT_EQ(Notify("both", name_).ToString(), in_words);
  EXPECT_EQ(LastSequence(), before + 1);
}

class NarrowProposalTest : public NarrowTest {
 protected:
  NarrowProposalTest() : NarrowTest(/*approved=*/false) {}
};

TEST_F(NarrowProposalTest, IsNotApprovedByWhoMadeIt) {
  door_.Give("two roles", Role::kOffice);
  door_.Give("two roles", Role::kDirector);
  door_.Give("leader", Role::kDirector);
  const auto proposed = As("two roles", &Stub::ProposeProgramme, Proposal());
  ASSERT_THAT(proposed, IsOk());
  EXPECT_EQ(proposed->programme().proposer(), "person:two roles");
  pb::ApproveProgrammeRequest approve;
  approve.set_name("programmes/2023");
  approve.set_decision("05/QĐ-SKHCN");
  const int64_t before = LastSequence();
  const auto own = As("two roles", &Stub::ApproveProgramme, approve);
  EXPECT_THAT(own, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(own, Refuses("OWN_PROPOSAL"));
  EXPECT_EQ(LastSequence(), before);
  const auto approved = As("leader", &Stub::ApproveProgramme, approve);
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->programme().proposer(), "person:two roles");
}

TEST_F(NarrowTest, WhoVerifiesDoesItForAUnitOfTheirOwn) {
  door_.AddUnit("units/van-phong");
  door_.Give("verifier", Role::kInspector, unit_);
  door_.Give("verifier", Role::kInspector, "units/van-phong");
  // Another role there does not verify.
  door_.Give("team", Role::kUnitHead, "units/van-phong");
  pb::Finding finding;
  finding.set_field("III. Cải cách thủ tục hành chính");
  finding.set_text("Chậm niêm yết");
  finding.set_serious(true);
  Concluded(name_, {finding});
  pb::RemedyFindingRequest remedy;
  remedy.set_name(name_);
  remedy.set_finding_number(1);
  remedy.set_document("30/BC-VP");
  remedy.set_verified_by("units/van-phong");
  const int64_t before = LastSequence();
  const auto claimed = As("team", &Stub::RemedyFinding, remedy);
  EXPECT_THAT(claimed, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(claimed, Refuses("VERIFIER_BEYOND_GRANTS"));
  remedy.set_verified_by(unit_);
  EXPECT_THAT(As("team", &Stub::RemedyFinding, remedy), Refuses("VERIFIER_NOT_INDEPENDENT"));
  EXPECT_EQ(LastSequence(), before);
  remedy.set_verified_by("units/van-phong");
  EXPECT_THAT(As("verifier", &Stub::RemedyFinding, remedy), IsOk());
}

}  // namespace
}  // namespace dondoc::inspection
