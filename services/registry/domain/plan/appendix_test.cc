#include "services/registry/domain/plan/appendix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::string_view kHeading = "Stt\tNội dung\tSản phẩm\tChủ trì\tPhối hợp\tThời gian\n";

Appendix Read(absl::string_view rows, Problems& problems) {
  const std::vector<Line> lines = LinesOf(absl::StrCat(kHeading, rows)).lines;
  return ReadAppendix(lines, *FindAppendix(lines), problems);
}

std::vector<std::string> ReasonsOf(const Problems& problems) {
  std::vector<std::string> reasons;
  for (const Problem& problem : problems.all()) reasons.push_back(problem.reason);
  return reasons;
}

std::vector<std::string> ReasonsFor(absl::string_view rows) {
  Problems problems;
  Read(rows, problems);
  return ReasonsOf(problems);
}

TEST(ReadAppendix, ReadsSectionsRowsAndTheTotal) {
  Problems problems;
  const Appendix appendix = Read(
      "I\tChỉ đạo\t\t\t\t\n"
      "1\tA\tB\tC\tD\tE\n"
      "II\tThể chế\t\t\t\t\n"
      "2\tA2\tB2\tC2\tD2\tE2\n"
      "TỔNG CỘNG: 2 NHIỆM VỤ\t\t\t\t\t\n",
      problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(appendix.rows.size(), 2u);
  EXPECT_EQ(appendix.rows[0].section, "I");
  EXPECT_EQ(appendix.rows[1].section, "II");
  EXPECT_EQ(appendix.rows[1].cells, (TaskCells{"A2", "B2", "C2", "D2", "E2"}));
  EXPECT_EQ(appendix.declared_count, 2);
  EXPECT_EQ(appendix.sections.size(), 2u);
  EXPECT_EQ(appendix.lead_label, "Chủ trì");
}

TEST(ReadAppendix, JoinsARowThatWasSplitOverAPageBreak) {
  Problems problems;
  const Appendix appendix =
      Read(absl::StrCat("1\tGiao việc,\tKết quả,\tCác phòng có liên\tD\tE\n\n", kHeading,
                        "\tđánh giá\txếp loại\tquan\t\t\n"),
           problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(appendix.rows.size(), 1u);
  EXPECT_TRUE(appendix.rows[0].split_over_pages);
  EXPECT_EQ(appendix.rows[0].cells, (TaskCells{"Giao việc, đánh giá", "Kết quả, xếp loại",
                                               "Các phòng có liên quan", "D", "E"}));
}

TEST(ReadAppendix, FollowsTheHeadingWhenColumnsStandInAnotherOrder) {
  const std::vector<Line> lines =
      LinesOf(
          "TT\tThời gian hoàn thành\tNhiệm vụ\tĐơn vị chủ trì\tĐơn vị phối hợp\tKết quả\n"
          "1\tQuý I/2024\tA\tB\tC\tD\n")
          .lines;
  Problems problems;
  const Appendix appendix = ReadAppendix(lines, FindAppendix(lines).value(), problems);
  ASSERT_EQ(appendix.rows.size(), 1u);
  EXPECT_EQ(appendix.rows[0].cells, (TaskCells{"A", "D", "B", "C", "Quý I/2024"}));
}

TEST(ReadAppendix, AcceptsSectionsAndTotalsWhoseEmptyCellsWereLost) {
  EXPECT_THAT(ReasonsFor("I\tChỉ đạo\n1\tA\tB\tC\tD\tE\nTỔNG CỘNG: 1 NHIỆM VỤ\n"), IsEmpty());
}

TEST(ReadAppendix, KeepsTheLinesBelowTheTotalApart) {
  Problems problems;
  const Appendix appendix = Read("1\tA\tB\tC\tD\tE\nTổng cộng: 1\nGhi chú: không.\n", problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(appendix.after.size(), 1u);
  EXPECT_EQ(appendix.after[0].text, "Ghi chú: không.");
}

TEST(ReadAppendix, RefusesARowWithTooFewOrTooManyCells) {
  EXPECT_THAT(ReasonsFor("1\tA\tB\tC\tD\n2\tA\tB\tC\tD\tE\n"), ElementsAre("TASK_ROW_COLUMNS"));
  EXPECT_THAT(ReasonsFor("1\tA\tB\tC\tD\tE\tF\n"), ElementsAre("TASK_ROW_COLUMNS"));
  EXPECT_THAT(ReasonsFor("Một dòng lạ\n"), ElementsAre("TASK_ROW_COLUMNS"));
}

TEST(ReadAppendix, RefusesNumbersThatRepeatOrLeaveAGap) {
  EXPECT_THAT(ReasonsFor("1\tA\tB\tC\tD\tE\n1\tA\tB\tC\tD\tE\n"),
              ElementsAre("TASK_NUMBER_DUPLICATE"));
  EXPECT_THAT(ReasonsFor("1\tA\tB\tC\tD\tE\n3\tA\tB\tC\tD\tE\n"), ElementsAre("TASK_NUMBER_GAP"));
  EXPECT_THAT(ReasonsFor("2\tA\tB\tC\tD\tE\n"), ElementsAre("TASK_NUMBER_GAP"));
}

TEST(ReadAppendix, RefusesACountThatDoesNotMatch) {
  EXPECT_THAT(ReasonsFor("1\tA\tB\tC\tD\tE\nTỔNG CỘNG: 2 NHIỆM VỤ\n"),
              ElementsAre("TASK_COUNT_MISMATCH"));
}

TEST(ReadAppendix, RefusesRowsThatAreNoTaskAndSectionsOutOfOrder) {
  EXPECT_THAT(ReasonsFor("a\tA\tB\tC\tD\tE\n"), ElementsAre("TASK_ROW_NOT_UNDERSTOOD"));
  EXPECT_THAT(ReasonsFor("\tA\tB\tC\tD\tE\n"), ElementsAre("TASK_ROW_NOT_UNDERSTOOD"));
  EXPECT_THAT(ReasonsFor("II\tThể chế\t\t\t\t\n"), ElementsAre("SECTION_OUT_OF_ORDER"));
  EXPECT_THAT(ReasonsFor("I\tThể chế\tSản phẩm\t\t\t\n"), ElementsAre("TASK_ROW_NOT_UNDERSTOOD"));
}

TEST(ReadAppendix, NamesLineAndRowOfAProblem) {
  Problems problems;
  Read("1\tA\tB\tC\tD\tE\n\n1\tA\tB\tC\tD\tE\n", problems);
  ASSERT_EQ(problems.all().size(), 1u);
  EXPECT_EQ(problems.all()[0].details.at("line"), "4");
  EXPECT_EQ(problems.all()[0].details.at("row"), "1");
}

TEST(MissingHeadings, NamesTheColumnsThatAreNotThere) {
  const std::vector<Line> lines =
      LinesOf("Stt\tNội dung\tChủ trì\tPhối hợp\tThời gian\n1\tA\tB\tC\tD\n").lines;
  EXPECT_EQ(FindAppendix(lines), std::nullopt);
  EXPECT_EQ(MissingHeadings(lines), "Sản phẩm");
  EXPECT_EQ(MissingHeadings(LinesOf("không có bảng").lines), "");
}

}  // namespace
}  // namespace dondoc::registry::plan
