#include "services/registry/domain/plan/outline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dondoc::registry::plan {
namespace {

Outline OutlineOfText(absl::string_view text) { return OutlineOf(LinesOf(text).lines); }

constexpr absl::string_view kText =
    "KẾ HOẠCH Năm\n"
    "I. MỤC TIÊU\n"
    "Phấn đấu:\n"
    "1. Về thể chế\n"
    "Rà soát 100% văn bản.\n"
    "2. Về thủ tục\n"
    "d) Điểm d;\n"
    "tiếp của d.\n"
    "¹ Một chú thích.\n"
    "- đ) Điểm đ;\n"
    "II. TỔ CHỨC THỰC HIỆN\n"
    "1. Văn phòng:\n"
    "a) Theo dõi.\n"
    "Trên đây là Kế hoạch.\n"
    "1. Không còn là điểm.\n";

TEST(OutlineOf, TellsPartsPointsAndItemsApart) {
  const Outline outline = OutlineOfText(kText);
  ASSERT_EQ(outline.parts.size(), 2u);
  const OutlinePart& goals = outline.parts[0];
  EXPECT_EQ(goals.numeral, "I");
  EXPECT_EQ(goals.title, "MỤC TIÊU");
  ASSERT_EQ(goals.points.size(), 2u);
  EXPECT_EQ(goals.points[0].text, "Rà soát 100% văn bản.");
  ASSERT_EQ(goals.points[1].items.size(), 2u);
  EXPECT_EQ(goals.points[1].items[0].text, "Điểm d; tiếp của d.");
  EXPECT_EQ(goals.points[1].items[1].letter, "đ");
}

TEST(OutlineOf, KeepsHeadAndTailApart) {
  const Outline outline = OutlineOfText(kText);
  ASSERT_EQ(outline.head.size(), 1u);
  EXPECT_EQ(outline.head[0].text, "KẾ HOẠCH Năm");
  ASSERT_EQ(outline.tail.size(), 2u);
  EXPECT_EQ(outline.parts[1].points.size(), 1u);
}

TEST(OutlineOf, ReadsTheCellsOfALetterheadAsLines) {
  const Outline outline =
      OutlineOfText("Số: 5/KH-A\tCần Thơ, ngày 1 tháng 2 năm 2024\nI. MỤC TIÊU\n");
  EXPECT_EQ(outline.head.size(), 2u);
}

TEST(ClauseOf, KeepsTheLetterDd) {
  const Outline outline = OutlineOfText(kText);
  const OutlinePart& goals = outline.parts[0];
  EXPECT_EQ(ClauseOf(goals, goals.points[1], "đ"), "I.2.đ");
  EXPECT_EQ(ClauseOf(goals, goals.points[0], ""), "I.1");
}

TEST(FindPart, FindsByTheWordsOfTheTitle) {
  const Outline outline = OutlineOfText(kText);
  EXPECT_EQ(FindPart(outline, "tổ chức thực hiện"), &outline.parts[1]);
  EXPECT_EQ(FindPart(outline, "nhiệm vụ"), nullptr);
}

}  // namespace
}  // namespace dondoc::registry::plan
