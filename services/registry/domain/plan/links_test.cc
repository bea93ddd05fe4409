#include "services/registry/domain/plan/links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "services/registry/domain/plan/plan_fixture.h"

namespace dondoc::registry::plan {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(SuggestLinks, ConnectsTheTargetsOf2023WithTheTasksThatServeThem) {
  std::map<std::string, std::vector<int>> tasks;
  for (const PlanLink& link : DocumentOf2023().links) tasks[link.target].push_back(link.task);
  const std::map<std::string, std::vector<int>> expected = {
      {"I.1", {5}},     {"I.2.a-1", {11}}, {"I.2.a-2", {11}}, {"I.2.c-2", {12}}, {"I.2.d", {14}},
      {"I.2.dd", {19}}, {"I.3.a", {21}},   {"I.3.b", {3}},    {"I.4", {27, 28}}, {"I.5", {37}},
      {"I.6.a", {44}},  {"I.6.b", {46}},   {"I.6.c", {46}}};
  EXPECT_EQ(tasks, expected);
}

TEST(SuggestLinks, ShowsWhyInWordsOfTheDocument) {
  const std::vector<PlanLink>& links = DocumentOf2023().links;
  EXPECT_THAT(links, Each(Field(&PlanLink::weight, Ge(100))));
  EXPECT_THAT(links, Each(Field(&PlanLink::shared_words, Not(IsEmpty()))));
  EXPECT_THAT(links, Contains(PlanLink{.target = "I.4",
                                       .task = 28,
                                       .weight = 119,
                                       .shared_words = {"viên chức", "vị trí việc làm"}}));
}

// Illustrative: goal 1 has a section of its own, section I has no goal.
PlanDocument SmallPlan() {
  PlanDocument plan;
  plan.sections = {{.numeral = "I", .title = "Chỉ đạo"},
                   {.numeral = "II", .title = "Thể chế", .goal = 1},
                   {.numeral = "III", .title = "Thủ tục", .goal = 2}};
  PlanTarget target;
  target.id = "I.1";
  target.clause = "I.1";
  target.indicator = "rà soát văn bản pháp luật";
  plan.targets = {target};
  for (const char* section : {"I", "II", "III"}) {
    PlanTask task;
    task.number = static_cast<int>(plan.tasks.size()) + 1;
    task.section = section;
    task.cells.content = "Rà soát văn bản pháp luật";
    plan.tasks.push_back(task);
  }
  return plan;
}

TEST(SuggestLinks, ComparesOnlyTheOwnFieldAndSectionsWithoutGoal) {
  std::vector<int> tasks;
  for (const PlanLink& link : SuggestLinks(SmallPlan(), Abbreviations()))
    tasks.push_back(link.task);
  EXPECT_THAT(tasks, ElementsAre(1, 2));
}

TEST(SuggestLinks, NeedsMoreThanOneRarePair) {
  PlanDocument plan = SmallPlan();
  for (PlanTask& task : plan.tasks) task.cells.content = "rà soát hồ sơ";
  EXPECT_THAT(SuggestLinks(plan, Abbreviations()), IsEmpty());
}

TEST(MapSectionsToGoals, GoesByTheTitlesAndNotByTheNumbers) {
  std::vector<PlanSection> sections = {{.numeral = "I", .title = "Công tác chỉ đạo, điều hành"},
                                       {.numeral = "II", .title = "Cải cách thể chế"},
                                       {.numeral = "III", .title = "Phát triển Chính phủ số"}};
  MapSectionsToGoals({{.number = 1, .title = "Về phát triển Chính quyền số"},
                      {.number = 2, .title = "Về cải cách thể chế"},
                      {.number = 3, .title = "Về tài chính công"}},
                     Abbreviations(), sections);
  EXPECT_EQ(sections[0].goal, std::nullopt);
  EXPECT_EQ(sections[1].goal, 2);
  EXPECT_EQ(sections[2].goal, 1);
}

}  // namespace
}  // namespace dondoc::registry::plan
