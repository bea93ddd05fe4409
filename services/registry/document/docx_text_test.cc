#include "services/registry/document/docx_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "services/registry/document/docx_fixture.h"
#include "services/registry/document/zip_entries.h"
#include "services/registry/domain/plan/plan_fixture.h"
#include "services/registry/domain/plan/read_plan.h"

namespace dondoc::registry {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;

std::string Text(absl::string_view body) {
  const absl::StatusOr<std::string> text = TextOfDocx(DocxOfBody(body));
  EXPECT_THAT(text, IsOk());
  return text.value_or("");
}

std::string Cell(absl::string_view text, absl::string_view properties = "") {
  return absl::StrCat("<w:tc>", properties, "<w:p><w:r><w:t>", text, "</w:t></w:r></w:p></w:tc>");
}

// The whole way: a plan that is written as a Word document reads like its text.
TEST(TextOfDocx, GivesThePlanOf2023ThatItsTextGives) {
  const absl::StatusOr<std::string> text = TextOfDocx(DocxOfPlan(plan::PlanOf2023()));
  ASSERT_THAT(text, IsOk());
  const absl::StatusOr<PlanDocument> read = ReadPlan(*text, {.holidays = &plan::HolidaysOf2023()});
  ASSERT_THAT(read, IsOk());
  const PlanDocument& expected = plan::DocumentOf2023();
  EXPECT_EQ(read->head, expected.head);
  EXPECT_EQ(read->year, expected.year);
  EXPECT_EQ(read->goals, expected.goals);
  EXPECT_EQ(read->targets, expected.targets);
  EXPECT_EQ(read->sections, expected.sections);
  EXPECT_EQ(read->tasks, expected.tasks);
  EXPECT_EQ(read->declared_task_count, expected.declared_task_count);
  EXPECT_EQ(read->lead_label, expected.lead_label);
  EXPECT_EQ(read->duties, expected.duties);
  EXPECT_EQ(read->reports, expected.reports);
  EXPECT_EQ(read->inspection_share, expected.inspection_share);
  EXPECT_EQ(read->links, expected.links);
  ASSERT_EQ(read->warnings.size(), expected.warnings.size());
  for (size_t i = 0; i < expected.warnings.size(); ++i) {
    EXPECT_EQ(read->warnings[i].code, expected.warnings[i].code);
    EXPECT_EQ(read->warnings[i].rows, expected.warnings[i].rows);
    EXPECT_EQ(read->warnings[i].clause, expected.warnings[i].clause);
  }
}

TEST(TextOfDocx, MakesALineOfAParagraphWhateverItsRuns) {
  EXPECT_EQ(Text("<w:p><w:r><w:t>tối </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>thiểu</w:t></w:r>"
                 "<w:r><w:t xml:space=\"preserve\"> </w:t></w:r><w:hyperlink><w:r><w:t>86%</w:t>"
                 "</w:r></w:hyperlink></w:p><w:p/>"),
            "tối thiểu 86%\n\n");
}

TEST(TextOfDocx, LeavesOutWhatWasDeletedAndKeepsWhatWasInserted) {
  EXPECT_EQ(Text("<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:ins><w:r><w:t>mới"
                 "</w:t></w:r></w:ins></w:p>"),
            "mới\n");
}

TEST(TextOfDocx, BreaksLinesInParagraphsAndJoinsThemInCells) {
  EXPECT_EQ(Text("<w:p><w:r><w:t>KT.GIÁM ĐỐC</w:t><w:br/><w:t>PHÓ GIÁM ĐỐC</w:t></w:r></w:p>"),
            "KT.GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n");
  const std::string two_lines =
      "<w:tc><w:p><w:r><w:t>một</w:t><w:br/><w:t>hai</w:t></w:r></w:p>"
      "<w:p><w:r><w:tab/><w:t>ba</w:t></w:r></w:p></w:tc>";
  EXPECT_EQ(Text(absl::StrCat("<w:tbl><w:tr>", two_lines, Cell("b"), Cell("c"), "</w:tr></w:tbl>")),
            "một hai ba\tb\tc\n");
}

TEST(TextOfDocx, CountsMergedCellsAsTheColumnsTheyCover) {
  const std::string wide = "<w:tcPr><w:gridSpan w:val=\"3\"/></w:tcPr>";
  const std::string below = "<w:tcPr><w:vMerge/></w:tcPr>";
  EXPECT_EQ(
      Text(absl::StrCat("<w:tbl><w:tr>", Cell("I"), Cell("Thể chế", wide), "</w:tr><w:tr>",
                        Cell("1", below), Cell("a"), Cell("b"), Cell("c"), "</w:tr></w:tbl>")),
      "I\tThể chế\t\t\n\ta\tb\tc\n");
}

TEST(TextOfDocx, TakesTheTextOfATableInACell) {
  EXPECT_EQ(
      Text(absl::StrCat("<w:tbl><w:tr><w:tc><w:tbl><w:tr>", Cell("x"), Cell("y"),
                        "</w:tr></w:tbl><w:p/></w:tc>", Cell("b"), Cell("c"), "</w:tr></w:tbl>")),
      "x y\tb\tc\n");
}

TEST(TextOfDocx, ReadsATableOfTwoColumnsAsParagraphs) {
  EXPECT_EQ(
      Text(absl::StrCat("<w:tbl><w:tr>", Cell("Nơi nhận:"), Cell("GIÁM ĐỐC"), "</w:tr></w:tbl>")),
      "Nơi nhận:\nGIÁM ĐỐC\n");
}

TEST(TextOfDocx, WritesOutTheNumbersThatWordWrites) {
  const std::string numbering =
      R"x(<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7">)x"
      R"x(<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>)x"
      R"x(<w:lvlText w:val="%1."/></w:lvl>)x"
      R"x(<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>)x"
      R"x(<w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/>)x"
      R"x(<w:lvlText w:val="%3)"/></w:lvl>)x"
      R"x(<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>)x"
      R"x(</w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>)x"
      R"x(</w:numbering>)x";
  const auto paragraph = [](int level) {
    return absl::StrCat(
        R"(<w:p><w:pPr><w:numPr><w:ilvl w:val=")", level,
        R"("/><w:numId w:val="2"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>)");
  };
  std::string body;
  for (const int level : {0, 1, 1, 2, 2, 3, 0, 1}) absl::StrAppend(&body, paragraph(level));
  const std::string docx =
      ZipOf({{"word/document.xml",
              absl::StrCat(R"(<w:document xmlns:w="w"><w:body>)", body, "</w:body></w:document>")},
             {"word/numbering.xml", numbering}});
  const absl::StatusOr<std::string> text = TextOfDocx(docx);
  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(*text, "I. x\nI.1. x\nI.2. x\nc) x\nd) x\n- x\nII. x\nII.1. x\n");
}

TEST(TextOfDocx, RefusesWhatIsNoWordDocument) {
  EXPECT_FALSE(LooksLikeDocx("Số: /KH-SKHCN"));
  EXPECT_TRUE(LooksLikeDocx(DocxOfBody("")));
  EXPECT_THAT(TextOfDocx("Số: /KH-SKHCN"), Refuses("NOT_A_DOCX"));
  EXPECT_THAT(TextOfDocx(absl::string_view("PK\x03\x04 and nothing else", 22)),
              Refuses("NOT_A_DOCX"));
  EXPECT_THAT(TextOfDocx(ZipOf({{"xl/workbook.xml", "<workbook/>"}})), Refuses("NOT_A_DOCX"));
  EXPECT_THAT(TextOfDocx(ZipOf({{"word/document.xml", "<w:document>"}})), Refuses("NOT_A_DOCX"));
  EXPECT_THAT(TextOfDocx(ZipOf({{"word/document.xml", "<w:document/>"}})), Refuses("NOT_A_DOCX"));
}

TEST(TextOfDocx, RefusesADocumentThatWasCutOff) {
  const std::string docx = DocxOfPlan(plan::PlanOf2023());
  EXPECT_THAT(TextOfDocx(docx.substr(0, docx.size() / 2)), Refuses("NOT_A_DOCX"));
}

TEST(TextOfDocx, RefusesAnArchiveThatUnpacksToTooMuch) {
  const std::string bomb = ZipOf({{"word/document.xml", std::string(kUnpackedBytesMax + 1, ' ')}});
  ASSERT_LT(bomb.size(), 64u * 1024);
  EXPECT_THAT(TextOfDocx(bomb), Refuses("DOCX_TOO_LARGE"));
}

TEST(TextOfDocx, RefusesAnArchiveOfTooManyEntries) {
  std::map<std::string, std::string> entries;
  for (size_t i = 0; i <= kZipEntriesMax; ++i) entries[absl::StrCat("a/", i)] = "";
  EXPECT_THAT(TextOfDocx(ZipOf(entries)), Refuses("DOCX_TOO_LARGE"));
}

TEST(TextOfDocx, RefusesTablesThatAreNestedWithoutEnd) {
  std::string body = Cell("x");
  for (int i = 0; i < kDocxNestingMax; ++i) {
    body =
        absl::StrCat("<w:tc><w:tbl><w:tr>", body, Cell("b"), Cell("c"), "</w:tr></w:tbl></w:tc>");
  }
  EXPECT_THAT(TextOfDocx(DocxOfBody(
                  absl::StrCat("<w:tbl><w:tr>", body, Cell("b"), Cell("c"), "</w:tr></w:tbl>"))),
              Refuses("NOT_A_DOCX"));
}

}  // namespace
}  // namespace dondoc::registry
