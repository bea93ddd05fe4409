#include "services/registry/rpc/tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/registry/rpc/cut_page.h"
#include "services/registry/rpc/testing/plan_test_base.h"

namespace dondoc::registry {
namespace {

using absl::CivilDay;
using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;
using ::testing::ElementsAre;

using Stub = pb::RegistryService::Stub;

class TasksTest : public testing::PlanTestBase {
 protected:
  std::vector<int> List(const std::string& filter) {
    std::vector<int> numbers;
    const auto answer = Call(&Stub::ListTasks, "parent: 'plans/p' " + filter);
    EXPECT_THAT(answer, IsOk()) << filter;
    for (const pb::Task& task : answer->tasks()) numbers.push_back(task.number());
    return numbers;
  }
  absl::StatusOr<pb::MoveDeadlineResponse> Move(const std::string& phase, const std::string& due) {
    return Call(&Stub::MoveDeadline,
                absl::StrCat("phase: '", phase, "' new_due_date: '", due,
                             "' document: '12/QĐ-SMH ngày 10/4/2023' reason: 'phần mềm chậm'"));
  }
};

TEST_F(TasksTest, AreListedByNumberWithFilters) {
  EXPECT_THAT(List(""), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(List("section: 'II'"), ElementsAre(3, 4, 5));
  EXPECT_THAT(List("unit: 'units/chi-cuc'"), ElementsAre(4));
  EXPECT_THAT(List("unresolved_only: true"), ElementsAre(2, 3, 5));
  Must(Resolve(3, "units: 'units/phong-a'"));
  EXPECT_THAT(List("unresolved_only: true"), ElementsAre(2, 5));
  EXPECT_THAT(List("unit: 'units/phong-a'"), ElementsAre(3));

  const auto page = Call(&Stub::ListTasks, "parent: 'plans/p' page_size: 2");
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(List(absl::StrCat("page_size: 2 page_token: '", page->next_page_token(), "'")),
              ElementsAre(3, 4));
  EXPECT_THAT(Call(&Stub::ListTasks, "parent: 'plans/p' page_size: -1"),
              Refuses("PAGE_SIZE_NEGATIVE"));
  EXPECT_THAT(Call(&Stub::ListTasks, "parent: 'plans/q'"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(TasksTest, AreJudgedOnTheDayTheyAreRead) {
  EXPECT_EQ(Task(2).timeliness(), pb::TIMELINESS_NOT_YET_OPEN);
  SetToday(CivilDay(2023, 4, 23));
  EXPECT_EQ(Task(2).timeliness(), pb::TIMELINESS_DUE_SOON);
  SetToday(CivilDay(2023, 5, 1));
  EXPECT_EQ(Task(2).timeliness(), pb::TIMELINESS_OVERDUE);
  EXPECT_THAT(Call(&Stub::GetTask, "name: 'plans/p/tasks/6'"), Refuses("TASK_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::GetTask, "name: 'plans/p/tasks/0'"), Refuses("RESOURCE_NAME_INVALID"));
}

TEST_F(TasksTest, AMovedDeadlineReachesOpenAssignmentsAndLeavesVerdictsAlone) {
  Must(Resolve(2, "units: 'units/phong-a' units: 'units/phong-b'"));
  const std::string done = AssignmentName(2, 1, "phong-a");
  const std::string open = AssignmentName(2, 1, "phong-b");
  SetToday(CivilDay(2023, 5, 3));
  Must(Submit(done));
  Must(Accept(done));

  const int64_t before = database_->LastSequence();
  const auto moved = Move("plans/p/tasks/2/phases/1", "2023-06-30");
  ASSERT_THAT(moved, IsOk());
  EXPECT_THAT(EventsAfter(before), ElementsAre("assignment.rescheduled " + open + " 2",
                                               "task.rescheduled plans/p/tasks/2 5"));
  const pb::Phase& phase = moved->task().phases(0);
  EXPECT_EQ(phase.due_date(), "2023-06-30");
  EXPECT_EQ(phase.printed_due_date(), "2023-04-30");
  ASSERT_EQ(phase.deadline_moves_size(), 1);
  EXPECT_EQ(phase.deadline_moves(0).old_due_date(), "2023-04-30");
  EXPECT_EQ(phase.deadline_moves(0).actor(), "office");
  EXPECT_EQ(Assignment(open).due_date(), "2023-06-30");
  EXPECT_EQ(Assignment(open).timeliness(), pb::TIMELINESS_IN_TIME);
  EXPECT_EQ(Assignment(done).due_date(), "2023-04-30");
  EXPECT_EQ(Assignment(done).timeliness(), pb::TIMELINESS_DONE_LATE);
}

TEST_F(TasksTest, WhatIsNoNewDeadlineIsRefusedAndChangesNothing) {
  const std::string phase = "plans/p/tasks/1/phases/1";
  Must(Submit(AssignmentName(4, 1, "van-phong")));
  Must(Submit(AssignmentName(4, 1, "chi-cuc")));
  Must(Accept(AssignmentName(4, 1, "van-phong")));
  Must(Accept(AssignmentName(4, 1, "chi-cuc")));
  const int64_t before = database_->LastSequence();
  EXPECT_THAT(Move(phase, "2023-02-31"), Refuses("DATE_INVALID"));
  EXPECT_THAT(Move(phase, "2022-12-31"), Refuses("DUE_BEFORE_WINDOW"));
  EXPECT_THAT(Move(phase, "2029-01-01"), Refuses("DATE_TOO_FAR"));
  EXPECT_THAT(Move("plans/p/tasks/1/phases/3", "2023-06-30"), Refuses("PHASE_NOT_FOUND"));
  EXPECT_THAT(Move("plans/p/tasks/4/phases/1", "2024-01-31"), Refuses("PHASE_DONE"));
  EXPECT_THAT(Call(&Stub::MoveDeadline,
                   absl::StrCat("phase: '", phase, "' new_due_date: '2023-06-30' document: 'x'")),
              Refuses("FIELD_MISSING"));
  EXPECT_EQ(database_->LastSequence(), before);
}

TEST(CutPage, KeepsAPageWithinWhatAnAnswerMayHold) {
  pb::Task task;
  task.set_content_text(std::string(1'000'000, 'x'));
  std::vector<pb::Task> rows(10, task);
  EXPECT_TRUE(CutPage(rows, 9));
  EXPECT_EQ(rows.size(), 3u);
  EXPECT_TRUE(CutPage(rows, 2));
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_FALSE(CutPage(rows, 2));
  // One that is too long by itself is answered all the same.
  task.set_content_text(std::string(4'000'000, 'x'));
  rows.assign(2, task);
  EXPECT_TRUE(CutPage(rows, 9));
  EXPECT_EQ(rows.size(), 1u);
}

}  // namespace
}  // namespace dondoc::registry
