#include "services/registry/rpc/assignments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/registry/rpc/testing/plan_test_base.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Stub = pb::RegistryService::Stub;

// The plan as issued: row 1, phase 1, the Office, due on 31/03/2023.
const std::string kIssue = "plans/p/tasks/1/phases/1/assignments/van-phong";

class AssignmentsTest : public testing::PlanTestBase {};

TEST_F(AssignmentsTest, TheFirstReportBeginsTheTaskAndLaterOnesTouchOnlyTheAssignment) {
  const int64_t before = database_->LastSequence();
  ASSERT_THAT(Report(kIssue, 10), IsOk());
  EXPECT_THAT(EventsAfter(before), ElementsAre("assignment.reported " + kIssue + " 2",
                                               "task.progressed plans/p/tasks/1 2"));
  EXPECT_EQ(Task(1).phases(0).progress(), pb::PROGRESS_IN_PROGRESS);

  const int64_t first = database_->LastSequence();
  const auto second = Report(kIssue, 60);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->assignment().percent(), 60);
  EXPECT_EQ(second->assignment().etag(), "\"3\"");
  EXPECT_EQ(second->assignment().timeliness(), pb::TIMELINESS_IN_TIME);
  EXPECT_THAT(EventsAfter(first), ElementsAre("assignment.reported " + kIssue + " 3"));
}

TEST_F(AssignmentsTest, TheFirstReportOfASecondUnitDoesNotTouchTheTask) {
  Must(Report(AssignmentName(4, 1, "van-phong"), 10));
  const int64_t before = database_->LastSequence();
  Must(Report(AssignmentName(4, 1, "chi-cuc"), 10));
  EXPECT_THAT(EventsAfter(before),
              ElementsAre("assignment.reported " + AssignmentName(4, 1, "chi-cuc") + " 2"));
}

TEST_F(AssignmentsTest, AnAcceptedResultIsJudgedByTheDayItWasHandedIn) {
  SetToday(CivilDay(2023, 3, 31));
  const auto submitted = Submit(kIssue);
  ASSERT_THAT(submitted, IsOk());
  EXPECT_EQ(submitted->assignment().progress(), pb::PROGRESS_SUBMITTED);
  EXPECT_EQ(Task(1).phases(0).progress(), pb::PROGRESS_SUBMITTED);

  SetToday(CivilDay(2023, 4, 20));
  EXPECT_EQ(Assignment(kIssue).timeliness(), pb::TIMELINESS_IN_TIME);
  const auto accepted = Accept(kIssue);
  ASSERT_THAT(accepted, IsOk());
  EXPECT_EQ(accepted->assignment().timeliness(), pb::TIMELINESS_DONE_ON_TIME);
  EXPECT_EQ(accepted->assignment().completed_date(), "2023-03-31");
  const pb::Task task = Task(1);
  EXPECT_EQ(task.phases(0).progress(), pb::PROGRESS_DONE);
  EXPECT_EQ(task.phases(0).completed_date(), "2023-03-31");
  EXPECT_EQ(task.phases(0).timeliness(), pb::TIMELINESS_DONE_ON_TIME);
  // The second phase runs the whole year and nobody has begun it.
  EXPECT_EQ(task.progress(), pb::PROGRESS_NOT_STARTED);
  EXPECT_EQ(task.timeliness(), pb::TIMELINESS_IN_TIME);
}

TEST_F(AssignmentsTest, NobodyAcceptsHisOwnResult) {
  Must(Submit(kIssue, "an"));
  const int64_t before = database_->LastSequence();
  EXPECT_THAT(Accept(kIssue, "an"), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Accept(kIssue, "an"), Refuses("OWN_RESULT"));
  EXPECT_EQ(database_->LastSequence(), before);
  EXPECT_THAT(Accept(kIssue, "binh"), IsOk());
}

TEST_F(AssignmentsTest, TwoCallersWithoutANameCountAsOnePerson) {
  Must(Submit(kIssue, ""));
  EXPECT_THAT(Accept(kIssue, ""), Refuses("OWN_RESULT"));
  EXPECT_THAT(Accept(kIssue, "office"), IsOk());
}

TEST_F(AssignmentsTest, AReturnedResultIsWorkInProgressAgain) {
  Must(Submit(kIssue));
  EXPECT_THAT(Call(&Stub::ReturnResult, "name: '" + kIssue + "'"), Refuses("FIELD_MISSING"));
  const auto returned = Call(&Stub::ReturnResult, "name: '" + kIssue + "' reason: 'thiếu phụ lục'");
  ASSERT_THAT(returned, IsOk());
  EXPECT_EQ(returned->assignment().progress(), pb::PROGRESS_IN_PROGRESS);
  EXPECT_EQ(returned->assignment().review().reason(), "thiếu phụ lục");
  EXPECT_EQ(Task(1).phases(0).progress(), pb::PROGRESS_IN_PROGRESS);
  EXPECT_THAT(Accept(kIssue), Refuses("NOTHING_SUBMITTED"));
}

TEST_F(AssignmentsTest, NothingArisesOnlyWhereTheProductIsConditional) {
  const std::string nothing = "outcome: OUTCOME_NOT_ARISING reason: 'không sửa đổi' name: ";
  EXPECT_THAT(Call(&Stub::SubmitResult, nothing + "'" + kIssue + "'", "unit"),
              Refuses("OUTCOME_NOT_CONDITIONAL"));
  Must(Resolve(3, "units: 'units/phong-a'"));
  const std::string conditional = AssignmentName(3, 1, "phong-a");
  ASSERT_THAT(Call(&Stub::SubmitResult, nothing + "'" + conditional + "'", "unit"), IsOk());
  EXPECT_EQ(Accept(conditional)->assignment().progress(), pb::PROGRESS_NOT_ARISING);
  EXPECT_EQ(Task(3).progress(), pb::PROGRESS_NOT_ARISING);
}

TEST_F(AssignmentsTest, WorkThatIsPutOffIsLeftAloneUntilItIsResumed) {
  const std::string name = AssignmentName(4, 1, "chi-cuc");
  const std::string other = AssignmentName(4, 1, "van-phong");
  Must(Report(name, 30));
  EXPECT_THAT(Call(&Stub::SuspendAssignment, "name: '" + name + "'"), Refuses("FIELD_MISSING"));
  EXPECT_THAT(Call(&Stub::ResumeAssignment, "name: '" + name + "' reason: 'x'"),
              Refuses("ASSIGNMENT_NOT_SUSPENDED"));

  const int64_t before = database_->LastSequence();
  const auto suspended =
      Call(&Stub::SuspendAssignment, "name: '" + name + "' reason: 'chờ hướng dẫn'");
  ASSERT_THAT(suspended, IsOk());
  EXPECT_EQ(suspended->assignment().progress(), pb::PROGRESS_SUSPENDED);
  EXPECT_EQ(suspended->assignment().suspension().reason(), "chờ hướng dẫn");
  EXPECT_EQ(suspended->assignment().suspension().actor(), "office");
  // The other unit has not begun, so the task no longer has either.
  EXPECT_THAT(EventsAfter(before), ElementsAre("assignment.suspended " + name + " 3",
                                               "task.progressed plans/p/tasks/4 3"));
  EXPECT_EQ(Task(4).progress(), pb::PROGRESS_NOT_STARTED);
  EXPECT_THAT(Report(name, 40), Refuses("ASSIGNMENT_SUSPENDED"));
  EXPECT_THAT(Submit(name), Refuses("ASSIGNMENT_SUSPENDED"));
  const auto summary = Call(&Stub::GetPlanSummary, "name: 'plans/p'");
  ASSERT_THAT(summary, IsOk());
  EXPECT_EQ(summary->plan().suspended(), 1);

  Must(Submit(other));
  Must(Accept(other));
  EXPECT_EQ(Task(4).progress(), pb::PROGRESS_SUSPENDED) << "all that is left is put off";
  const auto resumed =
      Call(&Stub::ResumeAssignment, "name: '" + name + "' reason: 'đã có hướng dẫn'");
  ASSERT_THAT(resumed, IsOk());
  EXPECT_EQ(resumed->assignment().progress(), pb::PROGRESS_IN_PROGRESS);
  EXPECT_EQ(resumed->assignment().percent(), 30);
  EXPECT_EQ(resumed->assignment().suspension().resume_reason(), "đã có hướng dẫn");
  EXPECT_EQ(Assignment(name).suspension().resume_actor(), "office");
  EXPECT_EQ(Task(4).progress(), pb::PROGRESS_IN_PROGRESS);
  EXPECT_THAT(Submit(name), IsOk());
}

struct Bad {
  const char* what;
  std::string evidence;
  const char* reason;
};

TEST_F(AssignmentsTest, WhatShowsNoResultIsRefusedAndChangesNothing) {
  const std::vector<Bad> cases = {
      {"none", "", "EVIDENCE_MISSING"},
      {"tomorrow's", "evidence { document_number: '1/KH' document_date: '2023-02-07' }",
       "EVIDENCE_DATE_IN_FUTURE"},
      {"of the 31st of February",
       "evidence { document_number: '1/KH' document_date: '2023-02-31' }", "DATE_INVALID"},
      {"without a number", "evidence { document_date: '2023-02-01' }", "TEXT_BLANK"},
      {"an unknown outcome",
       "evidence { document_number: '1/KH' document_date: '2023-02-01' } outcome: 9",
       "ENUM_INVALID"},
  };
  const int64_t before = database_->LastSequence();
  for (const Bad& c : cases) {
    const std::string outcome =
        c.evidence.find("outcome") == std::string::npos ? " outcome: OUTCOME_PRODUCED" : "";
    const auto refused =
        Call(&Stub::SubmitResult, absl::StrCat("name: '", kIssue, "' ", c.evidence, outcome));
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument)) << c.what;
    EXPECT_THAT(refused, Refuses(c.reason)) << c.what;
    EXPECT_FALSE(refused.status().message().empty()) << c.what;
  }
  EXPECT_THAT(Report(kIssue, 101), Refuses("PERCENT_OUT_OF_RANGE"));
  EXPECT_THAT(Report(AssignmentName(1, 1, "phong-a"), 1), Refuses("ASSIGNMENT_NOT_FOUND"));
  EXPECT_THAT(Report("plans/p/tasks/01/phases/1/assignments/van-phong", 1),
              Refuses("RESOURCE_NAME_INVALID"));
  EXPECT_THAT(Call(&Stub::ReportProgress, absl::StrCat("name: '", kIssue, "' etag: '\"7\"'")),
              Refuses("ETAG_STALE"));
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST_F(AssignmentsTest, ARepeatedReportIsRecordedOnce) {
  const std::string request =
      absl::StrCat("request_id: '", NewUuid(), "' percent: 5 name: '", kIssue, "'");
  const auto first = Call(&Stub::ReportProgress, request);
  ASSERT_THAT(first, IsOk());
  Must(Report(kIssue, 50));
  const auto again = Call(&Stub::ReportProgress, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(Assignment(kIssue).percent(), 50);
}

// ---- Lists ----------------------------------------------------------------------------------

class ListAssignmentsTest : public testing::PlanTestBase {
 protected:
  std::vector<std::string> List(const std::string& request) {
    std::vector<std::string> names;
    const auto answer = Call(&Stub::ListAssignments, request);
    EXPECT_THAT(answer, IsOk()) << request;
    for (const pb::Assignment& assignment : answer->assignments()) {
      names.push_back(assignment.name().substr(std::string("plans/p/tasks/").size()));
    }
    return names;
  }
};

TEST_F(ListAssignmentsTest, GoByTaskPhaseAndUnit) {
  EXPECT_THAT(List("parent: 'plans/p'"),
              ElementsAre("1/phases/1/assignments/van-phong", "1/phases/2/assignments/van-phong",
                          "4/phases/1/assignments/chi-cuc", "4/phases/1/assignments/van-phong"));
  EXPECT_THAT(List("parent: 'plans/p/tasks/4'"),
              ElementsAre("4/phases/1/assignments/chi-cuc", "4/phases/1/assignments/van-phong"));
  EXPECT_THAT(List("parent: 'plans/p' unit: 'units/chi-cuc'"),
              ElementsAre("4/phases/1/assignments/chi-cuc"));
  EXPECT_THAT(List("parent: 'plans/p' progress: PROGRESS_DONE"), IsEmpty());
}

TEST_F(ListAssignmentsTest, AreJudgedAsOfToday) {
  const std::string issue = "1/phases/1/assignments/van-phong";
  const std::string name = "plans/p/tasks/" + issue;
  const auto of_kind = [&](const std::string& kind) {
    return List("parent: 'plans/p' unit: 'units/van-phong' timeliness: TIMELINESS_" + kind);
  };
  EXPECT_THAT(of_kind("DUE_SOON"), IsEmpty());
  SetToday(CivilDay(2023, 3, 24));
  EXPECT_THAT(of_kind("DUE_SOON"), ElementsAre(issue));
  SetToday(CivilDay(2023, 4, 1));
  EXPECT_THAT(of_kind("DUE_SOON"), IsEmpty());
  EXPECT_THAT(of_kind("OVERDUE"), ElementsAre(issue));
  Must(Submit(name));
  SetToday(CivilDay(2023, 4, 3));
  EXPECT_THAT(of_kind("OVERDUE"), ElementsAre(issue));
  Must(Accept(name));
  EXPECT_THAT(of_kind("OVERDUE"), IsEmpty());
  EXPECT_THAT(of_kind("DONE_LATE"), ElementsAre(issue));
  EXPECT_THAT(of_kind("DONE_EARLY"), IsEmpty());
}

TEST_F(ListAssignmentsTest, AreCutInPagesThatFitTogether) {
  const auto first = Call(&Stub::ListAssignments, "parent: 'plans/p' page_size: 3");
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->assignments_size(), 3);
  const std::string token = " page_token: '" + first->next_page_token() + "'";
  const auto second = Call(&Stub::ListAssignments, "parent: 'plans/p' page_size: 3" + token);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->assignments_size(), 1);
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_THAT(Call(&Stub::ListAssignments, "parent: 'plans/p/tasks/4'" + token),
              Refuses("PAGE_TOKEN_INVALID"));
  EXPECT_THAT(Call(&Stub::ListAssignments, "parent: 'plans/q'"), Refuses("PLAN_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::ListAssignments, "parent: 'plans/p/tasks/9'"), Refuses("TASK_NOT_FOUND"));
}

}  // namespace
}  // namespace dondoc::registry
