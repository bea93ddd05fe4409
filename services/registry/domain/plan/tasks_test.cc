#include "services/registry/domain/plan/tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AppendixRow GoodRow() {
  return {.number = 4,
          .line = 90,
          .section = "II",
          .cells = {.content = "Rà soát thủ tục",
                    .product = "Báo cáo",
                    .lead = "Văn phòng",
                    .coordinator = "-",
                    .time = "Quý II/2024"},
          .split_over_pages = false};
}

PlanTask TaskFrom(const AppendixRow& row) {
  Problems problems;
  const std::vector<PlanTask> tasks =
      ReadTasks({row}, {.issuer = "Sở Khoa học và Công nghệ", .year = 2024}, problems);
  EXPECT_TRUE(problems.empty());
  return tasks.at(0);
}

std::vector<std::string> ReasonsFor(const AppendixRow& row) {
  Problems problems;
  ReadTasks({row}, {.issuer = "Sở Khoa học và Công nghệ", .year = 2024}, problems);
  std::vector<std::string> reasons;
  for (const Problem& problem : problems.all()) {
    reasons.push_back(problem.reason);
    EXPECT_EQ(problem.details.at("row"), "4");
  }
  return reasons;
}

TEST(ReadTasks, KeepsTheCellsBesideWhatTheyMean) {
  const PlanTask task = TaskFrom(GoodRow());
  EXPECT_EQ(task.cells, GoodRow().cells);
  EXPECT_EQ(task.section, "II");
  EXPECT_TRUE(task.no_coordinator);
  EXPECT_THAT(task.coordinators, IsEmpty());
  ASSERT_EQ(task.phases.size(), 1u);
  EXPECT_EQ(task.phases[0].end, absl::CivilDay(2024, 6, 30));
  EXPECT_FALSE(task.indicator_only);
}

TEST(ReadTasks, SeesAContentThatOnlyStatesAMeasure) {
  AppendixRow row = GoodRow();
  row.cells.content = "Tỷ lệ hồ sơ đúng hạn";
  EXPECT_TRUE(TaskFrom(row).indicator_only);
  row.cells.content = "100% lãnh đạo bổ nhiệm đúng quy định";
  EXPECT_TRUE(TaskFrom(row).indicator_only);
}

TEST(ReadTasks, FindsBodiesOutsideTheIssuer) {
  AppendixRow row = GoodRow();
  row.cells.content = "Phối hợp Sở Nội vụ khảo sát";
  row.cells.product = "Quyết định của UBND TP";
  row.cells.coordinator = "Văn phòng UBND TP";
  EXPECT_THAT(TaskFrom(row).external_bodies,
              ElementsAre("Sở Nội vụ", "UBND TP", "Văn phòng UBND TP"));
}

TEST(ReadTasks, RefusesARowThatLacksSomething) {
  AppendixRow row = GoodRow();
  row.cells.content = "";
  EXPECT_THAT(ReasonsFor(row), ElementsAre("TASK_CONTENT_MISSING"));
  row = GoodRow();
  row.cells.lead = "-";
  EXPECT_THAT(ReasonsFor(row), ElementsAre("LEAD_MISSING"));
  row = GoodRow();
  row.cells.time = "sớm nhất có thể";
  EXPECT_THAT(ReasonsFor(row), ElementsAre("DUE_TEXT_NOT_UNDERSTOOD"));
  row = GoodRow();
  row.cells.product = "Đạt từ 40% đến 60%";
  EXPECT_THAT(ReasonsFor(row), ElementsAre("TARGET_NOT_UNDERSTOOD"));
}

TEST(ReadTasks, ReportsEverythingThatIsWrongWithARow) {
  AppendixRow row = GoodRow();
  row.cells.lead = "";
  row.cells.time = "Quý V/2024";
  EXPECT_THAT(ReasonsFor(row), ElementsAre("LEAD_MISSING", "DUE_TEXT_NOT_UNDERSTOOD"));
}

TEST(ReadProduct, TellsAChoiceFromAListAndFromOtherSlashes) {
  EXPECT_THAT(ReadProduct("Tờ trình/ Quyết định của UBND TP").alternatives,
              ElementsAre("Tờ trình", "Quyết định của UBND TP"));
  EXPECT_THAT(ReadProduct("Kế hoạch hoặc văn bản").alternatives,
              ElementsAre("Kế hoạch", "văn bản"));
  EXPECT_THAT(ReadProduct("Kế hoạch của Sở; văn bản chỉ đạo").alternatives,
              ElementsAre("Kế hoạch của Sở; văn bản chỉ đạo"));
  EXPECT_THAT(ReadProduct("tối đa 40 phút/hồ sơ").alternatives.size(), 1u);
  EXPECT_THAT(ReadProduct("Báo cáo theo Quyết định 19/2014/QĐ-TTg").alternatives.size(), 1u);
}

TEST(ReadProduct, TakesAConditionOutOfTheName) {
  const PlanProduct product = ReadProduct("Nghị quyết của HĐND TP (nếu có sửa đổi hoặc ban hành)");
  EXPECT_THAT(product.alternatives, ElementsAre("Nghị quyết của HĐND TP"));
  EXPECT_EQ(product.condition, "nếu có sửa đổi hoặc ban hành");
}

TEST(ReadProduct, IsEmptyForABlankCell) { EXPECT_EQ(ReadProduct(" "), PlanProduct{}); }

}  // namespace
}  // namespace dondoc::registry::plan
