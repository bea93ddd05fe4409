#include "services/registry/domain/plan/document_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;

TEST(LinesOf, DropsWhatAConversionLeftBehindAndCountsIt) {
  const DocumentLines document = LinesOf("tối thiểu **86%**.\nsố 218/KH-UBND¹ của\n** Các.*");
  ASSERT_EQ(document.lines.size(), 3u);
  EXPECT_EQ(document.lines[0].text, "tối thiểu 86%.");
  EXPECT_EQ(document.lines[1].text, "số 218/KH-UBND của");
  EXPECT_EQ(document.lines[2].text, "Các.");
  EXPECT_EQ(document.conversion_marks, 5);
}

TEST(LinesOf, KeepsTheSquareOfAMeasure) {
  EXPECT_EQ(LinesOf("100 m² sàn, 5 km³").lines[0].text, "100 m² sàn, 5 km³");
}

TEST(LinesOf, LeavesOutBlankLinesAndKeepsNumbers) {
  const DocumentLines document = LinesOf("một\n\n  \nhai\n");
  ASSERT_EQ(document.lines.size(), 2u);
  EXPECT_EQ(document.lines[1].number, 4);
}

TEST(LinesOf, MarksFootnotes) {
  EXPECT_TRUE(LinesOf("¹ Kế hoạch số 218").lines[0].is_footnote);
  EXPECT_FALSE(LinesOf("Kế hoạch¹").lines[0].is_footnote);
}

TEST(CellsOf, KeepsEmptyCells) {
  EXPECT_THAT(CellsOf(LinesOf("\t\tsố lượng\t\t\t").lines[0]),
              ElementsAre("", "", "số lượng", "", "", ""));
}

}  // namespace
}  // namespace dondoc::registry::plan
