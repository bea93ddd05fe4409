#include "services/cli/render/table.h"

#include <gmock/gmock.h>

#include <sstream>

#include "absl/strings/str_split.h"
#include "libs/base/text.h"

namespace dondoc::cli {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ResultOf;

// What a table prints on a terminal of so many columns; 0 for none.
struct Paper {
  int width = 0;
  bool colour = false;
};

template <typename Printable>
std::string Printed(const Printable& printable, Paper paper) {
  std::ostringstream out;
  std::ostringstream err;
  printable.Print(
      Console{.out = out, .err = err, .width = paper.width, .out_colour = paper.colour});
  return out.str();
}

Table Units() {
  Table table({{.title = "Đơn vị"}, {.title = "Số", .align = Align::kRight}, {.title = "Ghi chú"}});
  table.Add({"Văn phòng", "7", "không"});
  table.Add({"日本", "12", ""});
  return table;
}

TEST(Table, AlignsColumnsWhateverTheScript) {
  EXPECT_EQ(Printed(Units(), {}),
            "Đơn vị     Số  Ghi chú\n"
            "─────────  ──  ───────\n"
            "Văn phòng   7  không\n"
            "日本       12\n");
}

TEST(Table, HasNoHeadWhenAllTitlesAreEmpty) {
  Table table({{}, {}});
  table.Add({"a", "b"});
  EXPECT_EQ(Printed(table, {}), "a  b\n");
}

TEST(Table, PrintsNoEscapeWhereThereIsNoColour) {
  Table table({{.title = "Thời hạn"}});
  table.Add({Cell("✗ Quá hạn", Style::kBad)});
  EXPECT_THAT(Printed(table, {.width = 80, .colour = false}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(Printed(table, {.width = 80, .colour = true}), HasSubstr("\x1b[31m✗ Quá hạn\x1b[0m"));
}

Table LongTexts(size_t lines_max) {
  Table table({{.title = "Stt", .align = Align::kRight},
               {.title = "Nội dung", .width_min = 10, .lines_max = lines_max},
               {.title = "Hạn"}});
  table.Add(
      {"1", "Ban hành kế hoạch và thực hiện kiểm tra định kỳ, kiểm tra đột xuất", "31/03/2023"});
  return table;
}

TEST(Table, NeverPassesTheTerminalWhenAColumnMayGiveWay) {
  for (const int width : {28, 40, 60, 79, 80, 100}) {
    const std::vector<std::string> lines =
        absl::StrSplit(Printed(LongTexts(3), {.width = width}), '\n');
    EXPECT_THAT(lines, Each(ResultOf([](const std::string& line) { return DisplayWidth(line); },
                                     ::testing::Le(width))))
        << width;
  }
}

TEST(Table, WrapsUpToItsLinesAndCutsWithDots) {
  EXPECT_EQ(Printed(LongTexts(2), {.width = 40}),
            "Stt  Nội dung                 Hạn\n"
            "───  ───────────────────────  ──────────\n"
            "  1  Ban hành kế hoạch và     31/03/2023\n"
            "     thực hiện kiểm tra địn…\n");
}

TEST(Table, CutsNothingWhereThereIsNoTerminal) {
  EXPECT_THAT(Printed(LongTexts(1), {}),
              HasSubstr("Ban hành kế hoạch và thực hiện kiểm tra định kỳ, kiểm tra đột xuất"));
}

TEST(Table, LeavesOutOptionalColumnsBeforeItBecomesBlocks) {
  Table table({{.title = "Mã"},
               {.title = "Đơn vị", .optional = true},
               {.title = "Hạn"},
               {.title = "%", .optional = true}});
  table.Add({"thanh-tra", "Thanh tra Sở", "31/03/2023", "40"});
  EXPECT_THAT(Printed(table, {.width = 40}),
              HasSubstr("\nthanh-tra  Thanh tra Sở  31/03/2023  40\n"));
  EXPECT_THAT(Printed(table, {.width = 38}), HasSubstr("\nthanh-tra  Thanh tra Sở  31/03/2023\n"));
  EXPECT_THAT(Printed(table, {.width = 30}), HasSubstr("\nthanh-tra  31/03/2023\n"));
  EXPECT_THAT(Printed(table, {.width = 20}), HasSubstr("Đơn vị  Thanh tra Sở\n"));
}

TEST(Table, BecomesBlocksWhenNothingCanGiveWay) {
  EXPECT_EQ(Printed(Units(), {.width = 12}),
            "Đơn vị   Văn phòng\n"
            "Số       7\n"
            "Ghi chú  không\n"
            "\n"
            "Đơn vị  日本\n"
            "Số      12\n");
}

TEST(Table, PrintsHeadingsAcrossAllColumns) {
  Table table({{.title = "Stt"}, {.title = "Hạn"}});
  table.AddHeading("III. Cải cách thủ tục hành chính");
  table.Add({"8", "31/12/2023"});
  EXPECT_EQ(Printed(table, {.width = 20}),
            "Stt  Hạn\n"
            "───  ──────────\n"
            "III. Cải cách thủ tục hành chính\n"
            "8    31/12/2023\n");
}

TEST(Cell, OfSeveralSpansKeepsItsBlanks) {
  Table table({{.title = "Đơn vị"}});
  table.Add({Cell(std::vector<Span>{{"   └─ ", Style::kFaint}, {"Thanh tra", Style::kPlain}})});
  EXPECT_THAT(Printed(table, {}), HasSubstr("   └─ Thanh tra\n"));
}

TEST(Cell, OfSeveralSpansIsCutWhereThereIsNoRoom) {
  Table table({{.title = "Đơn vị", .width_min = 8}, {.title = "Mã"}});
  table.Add({Cell(std::vector<Span>{{"└─ ", Style::kFaint}, {"Thanh tra Sở", Style::kPlain}}),
             "thanh-tra"});
  EXPECT_THAT(Printed(table, {.width = 23}), HasSubstr("\n└─ Thanh tr…  thanh-tra\n"));
}

TEST(Facts, AlignValuesAndLeaveOutWhatIsEmpty) {
  Facts facts;
  facts.Add("Số", "15/KH-SKHCN");
  facts.Add("Người ký", "");
  facts.Add("Ngày ký", "27/01/2023");
  EXPECT_EQ(Printed(facts, {}),
            "Số       15/KH-SKHCN\n"
            "Ngày ký  27/01/2023\n");
}

}  // namespace
}  // namespace dondoc::cli
