// What a unit sees and changes when access is enforced: its own, and nothing of another's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "libs/rpc/testing/test_door.h"
#include "services/registry/rpc/testing/guarded_registry.h"
#include "services/registry/rpc/testing/plan_test_base.h"

namespace dondoc::registry {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;
using identity::Role;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Stub = pb::RegistryService::Stub;

// The registry over the same database once more, with a doorkeeper: the office is everywhere, binh
// heads the sub-department alone, and dung directs it.
class NarrowTest : public testing::PlanTestBase {
 protected:
  NarrowTest() {
    for (const char* unit :
         {"units/van-phong", "units/chi-cuc", "units/phong-a", "units/phong-b"}) {
      door_.AddUnit(unit);
    }
    door_.Give("office", Role::kOffice);
    door_.Give("binh", Role::kUnitHead, "units/chi-cuc");
    door_.Give("dung", Role::kDirector, "units/chi-cuc");
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> As(const std::string& name,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const std::string& request) {
    return guarded_.CallAs(name, method, request);
  }

  // The units of all assignments that are listed, in pages of one.
  std::set<std::string> ListedUnits(const std::string& name, const std::string& filter = "") {
    std::set<std::string> units;
    std::string token;
    do {
      const auto page =
          As(name, &Stub::ListAssignments,
             absl::StrCat("parent: 'plans/p' page_size: 1 ", filter, " page_token: '", token, "'"));
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) return units;
      for (const pb::Assignment& assignment : page->assignments()) {
        units.insert(assignment.name().substr(assignment.name().rfind('/') + 1));
      }
      token = page->next_page_token();
    } while (!token.empty());
    return units;
  }

  testing::GuardedRegistry guarded_{*database_, clock_};
  dondoc::testing::TestDoor& door_ = guarded_.door();
};

TEST_F(NarrowTest, AListHoldsWhatIsWithinReachAlone) {
  EXPECT_GT(ListedUnits("office").size(), 1U);
  EXPECT_THAT(ListedUnits("binh"), ElementsAre("chi-cuc"));
  EXPECT_THAT(ListedUnits("binh", "unit: 'units/van-phong'"), IsEmpty());
  EXPECT_THAT(ListedUnits("office", "unit: 'units/van-phong'"), ElementsAre("van-phong"));
}

TEST_F(NarrowTest, APageTokenOfSomebodyWhoSeesMoreShowsNoMore) {
  const auto first = As("office", &Stub::ListAssignments, "parent: 'plans/p' page_size: 1");
  ASSERT_THAT(first, IsOk());
  const auto second = As("binh", &Stub::ListAssignments,
                         "parent: 'plans/p' page_token: '" + first->next_page_token() + "'");
  ASSERT_THAT(second, IsOk());
  for (const pb::Assignment& assignment : second->assignments()) {
    EXPECT_TRUE(assignment.name().ends_with("/chi-cuc")) << assignment.name();
  }
}

TEST_F(NarrowTest, ASummaryCountsWhatIsWithinReachAlone) {
  const auto whole = As("office", &Stub::GetPlanSummary, "name: 'plans/p'");
  const auto own = As("binh", &Stub::GetPlanSummary, "name: 'plans/p'");
  ASSERT_THAT(whole, IsOk());
  ASSERT_THAT(own, IsOk());
  EXPECT_GT(whole->units_size(), 1);
  ASSERT_EQ(own->units_size(), 1);
  EXPECT_EQ(own->units(0).unit(), "units/chi-cuc");
  EXPECT_EQ(own->plan().SerializeAsString(), own->units(0).tally().SerializeAsString());
}

// Who asks for tasks 1 (van-phong's alone) and 4 (van-phong's, who is done, and chi-cuc's, who has
// not begun), and what they are told.
struct TaskFor {
  std::string who;
  int obliged_in_1;
  int obliged_in_4;
  int done_in_4;
  pb::Progress progress_of_1;
  pb::Progress progress_of_4;
  bool has_etag;
};

TEST_F(NarrowTest, ATaskSaysHowFarItIsWithinReachAlone) {
  door_.Give("leader", Role::kDirector);
  door_.Give("auditor", Role::kAuditor);
  door_.Give("gateway", Role::kSystem);
  door_.Give("an", Role::kUnitStaff, "units/van-phong");
  door_.Give("portal", Role::kSystem, "units/phong-a");
  const std::string done = AssignmentName(4, 1, "van-phong");
  Must(Report(AssignmentName(1, 2, "van-phong"), 10));
  Must(Submit(done));
  Must(Accept(done));
  constexpr pb::Progress kNone = pb::PROGRESS_UNSPECIFIED;
  constexpr pb::Progress kNot = pb::PROGRESS_NOT_STARTED;
  constexpr pb::Progress kBegun = pb::PROGRESS_IN_PROGRESS;
  const TaskFor table[] = {
      {"office", 1, 2, 1, kNot, kBegun, true},         {"leader", 1, 2, 1, kNot, kBegun, true},
      {"auditor", 1, 2, 1, kNot, kBegun, true},        {"gateway", 1, 2, 1, kNot, kBegun, true},
      {"an", 1, 1, 1, kNot, pb::PROGRESS_DONE, false}, {"binh", 0, 1, 0, kNone, kNot, false},
      {"dung", 0, 1, 0, kNone, kNot, false},           {"portal", 0, 0, 0, kNone, kNone, false}};
  for (const TaskFor& row : table) {
    const auto first = As(row.who, &Stub::GetTask, "name: 'plans/p/tasks/1'");
    const auto fourth = As(row.who, &Stub::GetTask, "name: 'plans/p/tasks/4'");
    const auto list = As(row.who, &Stub::ListTasks, "parent: 'plans/p'");
    ASSERT_THAT(first, IsOk()) << row.who;
    ASSERT_THAT(fourth, IsOk()) << row.who;
    ASSERT_THAT(list, IsOk()) << row.who;
    // The words of the plan are everybody's.
    ASSERT_EQ(list->tasks_size(), 5) << row.who;
    EXPECT_FALSE(first->task().content_text().empty()) << row.who;
    EXPECT_EQ(list->tasks(0).SerializeAsString(), first->task().SerializeAsString()) << row.who;
    EXPECT_EQ(list->tasks(3).SerializeAsString(), fourth->task().SerializeAsString()) << row.who;
    EXPECT_EQ(first->task().phases(1).assignment_count(), row.obliged_in_1) << row.who;
    EXPECT_EQ(first->task().phases(1).progress(), row.obliged_in_1 == 0 ? kNone : kBegun)
        << row.who;
    EXPECT_EQ(first->task().progress(), row.progress_of_1) << row.who;
    const pb::Phase& phase = fourth->task().phases(0);
    EXPECT_EQ(phase.assignment_count(), row.obliged_in_4) << row.who;
    EXPECT_EQ(phase.done_count(), row.done_in_4) << row.who;
    EXPECT_EQ(phase.progress(), row.progress_of_4) << row.who;
    EXPECT_EQ(phase.completed_date().empty(), row.progress_of_4 != pb::PROGRESS_DONE) << row.who;
    EXPECT_EQ(phase.timeliness() == pb::TIMELINESS_UNSPECIFIED, row.obliged_in_4 == 0) << row.who;
    EXPECT_EQ(fourth->task().progress(), row.progress_of_4) << row.who;
    EXPECT_EQ(fourth->task().etag().empty(), !row.has_etag) << row.who;
  }
}

TEST_F(NarrowTest, NobodyListsWhatAUnitBeyondReachOwes) {
  const auto listed = [&](const std::string& who, const std::string& unit) {
    std::vector<int> numbers;
    const auto list =
        As(who, &Stub::ListTasks, absl::StrCat("parent: 'plans/p' unit: 'units/", unit, "'"));
    EXPECT_THAT(list, IsOk());
    for (const pb::Task& task : list->tasks()) numbers.push_back(task.number());
    return numbers;
  };
  EXPECT_THAT(listed("office", "van-phong"), ElementsAre(1, 4));
  EXPECT_THAT(listed("binh", "van-phong"), IsEmpty());
  EXPECT_THAT(listed("binh", "chi-cuc"), ElementsAre(4));
}

TEST_F(NarrowTest, ASummaryTalliesTasksByWhatIsWithinReach) {
  const std::string done = AssignmentName(4, 1, "van-phong");
  Must(Submit(done));
  Must(Accept(done));
  const auto tasks = [&](const std::string& who) {
    return Must(As(who, &Stub::GetPlanSummary, "name: 'plans/p'")).tasks();
  };
  door_.Give("an", Role::kUnitStaff, "units/van-phong");
  const auto all = [](const pb::Tally& tally) {
    return tally.done_in_time() + tally.done_late() + tally.open_in_time() + tally.open_overdue();
  };
  EXPECT_EQ(all(tasks("office")), 5);
  EXPECT_EQ(tasks("office").done_in_time(), 0);
  EXPECT_EQ(all(tasks("an")), 2);
  EXPECT_EQ(tasks("an").done_in_time(), 1);
  EXPECT_EQ(all(tasks("binh")), 1);
  EXPECT_EQ(tasks("binh").done_in_time(), 0);
}

TEST_F(NarrowTest, AnAssignmentBeyondReachIsAsUnknownAsNone) {
  const std::string others = AssignmentName(1, 1, "van-phong");
  const auto hidden = As("binh", &Stub::GetAssignment, "name: '" + others + "'");
  const auto none =
      As("binh", &Stub::GetAssignment, "name: '" + AssignmentName(1, 1, "phong-b") + "'");
  EXPECT_THAT(As("office", &Stub::GetAssignment, "name: '" + others + "'"), IsOk());
  EXPECT_THAT(hidden, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(hidden, Refuses("ASSIGNMENT_NOT_FOUND"));
  EXPECT_THAT(none, Refuses("ASSIGNMENT_NOT_FOUND"));
}

TEST_F(NarrowTest, NobodyChangesWhatIsBeyondReach) {
  const std::string others = "name: '" + AssignmentName(1, 1, "van-phong") + "'";
  const int64_t before = database_->LastSequence();
  const absl::Status refusals[] = {
      As("binh", &Stub::ReportProgress, others + " percent: 10").status(),
      As("binh", &Stub::SubmitResult, others).status(),
      As("dung", &Stub::AcceptResult, others).status(),
      As("dung", &Stub::ReturnResult, others + " reason: 'x'").status(),
      As("dung", &Stub::SuspendAssignment, others + " reason: 'x'").status(),
      As("dung", &Stub::ResumeAssignment, others + " reason: 'x'").status(),
      As("binh", &Stub::DeliverPeriodicReport,
         "name: 'plans/p/reports/2023-Q1' unit: 'units/van-phong'")
          .status(),
  };
  for (const absl::Status& refusal : refusals) {
    EXPECT_THAT(refusal, StatusIs(absl::StatusCode::kPermissionDenied));
    EXPECT_THAT(refusal, Refuses("OUT_OF_SCOPE"));
  }
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(NarrowTest, AReportShowsTheDeliveriesWithinReachAlone) {
  for (const char* unit : {"van-phong", "chi-cuc"}) {
    Must(As("office", &Stub::DeliverPeriodicReport,
            absl::StrCat("name: 'plans/p/reports/2023-Q1' unit: 'units/", unit, "'")));
  }
  const auto deliveries = [&](const std::string& name) {
    std::set<std::string> units;
    const auto list = As(name, &Stub::ListPeriodicReports, "parent: 'plans/p'");
    EXPECT_THAT(list, IsOk());
    for (const pb::PeriodicReport& report : list->reports()) {
      for (const pb::ReportDelivery& delivery : report.deliveries()) units.insert(delivery.unit());
    }
    return units;
  };
  EXPECT_THAT(deliveries("office"), ElementsAre("units/chi-cuc", "units/van-phong"));
  EXPECT_THAT(deliveries("binh"), ElementsAre("units/chi-cuc"));
}

TEST_F(NarrowTest, NobodyAcceptsWhatTheyHandedInThemselves) {
  door_.Give("kiem", Role::kUnitHead, "units/van-phong");
  door_.Give("kiem", Role::kOffice);
  const std::string name = "name: '" + AssignmentName(1, 1, "van-phong") + "'";
  Must(As("kiem", &Stub::SubmitResult,
          name + " outcome: OUTCOME_PRODUCED evidence { document_number: '15/KH-SMH' "
                 "document_date: '2023-02-01' }"));
  EXPECT_THAT(As("kiem", &Stub::AcceptResult, name), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(As("office", &Stub::AcceptResult, name), IsOk());
}

}  // namespace
}  // namespace dondoc::registry
