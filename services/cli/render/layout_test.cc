#include "services/cli/render/layout.h"

#include <gmock/gmock.h>

#include "libs/base/text.h"

namespace dondoc::cli {
namespace {

using ::testing::ElementsAre;

struct TruncateCase {
  const char* text;
  size_t width;
  const char* expected;
};

// Names the case in ctest's list; otherwise its bytes would, which differ in every build.
void PrintTo(const TruncateCase& c, std::ostream* out) { *out << c.text << " to " << c.width; }

class TruncateTable : public ::testing::TestWithParam<TruncateCase> {};

TEST_P(TruncateTable, KeepsTheLongestBeginningThatFits) {
  const TruncateCase& c = GetParam();
  EXPECT_EQ(Truncate(c.text, c.width), c.expected);
  EXPECT_LE(DisplayWidth(Truncate(c.text, c.width)), c.width);
}

INSTANTIATE_TEST_SUITE_P(
    Truncate, TruncateTable,
    ::testing::Values(TruncateCase{"Đôn đốc", 7, "Đôn đốc"},  // it fits to the column
                      TruncateCase{"Đôn đốc", 6, "Đôn đ…"},   // letters of several bytes
                      TruncateCase{"Đôn đốc", 5, "Đôn…"},     // no blank before the dots
                      TruncateCase{"Văn phòng", 1, "…"},      //
                      TruncateCase{"Văn phòng", 0, ""},       //
                      TruncateCase{"", 3, ""},                //
                      TruncateCase{"日本語", 6, "日本語"},    // two columns each
                      TruncateCase{"日本語", 5, "日本…"},     //
                      TruncateCase{"日本語", 4, "日…"},       // half a letter is none
                      TruncateCase{"ta\u0302\u0301n", 3,
                                   "ta\u0302\u0301n"},  // marks take no column
                      TruncateCase{"ta\u0302\u0301nh", 3, "ta\u0302\u0301…"}
                      // and stay with their letter
                      ));

TEST(Wrap, BreaksAtSpacesAndNeverPassesTheWidth) {
  EXPECT_THAT(Wrap("Cải cách thủ tục hành chính", 10),
              ElementsAre("Cải cách", "thủ tục", "hành chính"));
}

TEST(Wrap, BreaksAWordThatIsLongerThanALine) {
  EXPECT_THAT(Wrap("xem https://vi.example/a", 10), ElementsAre("xem", "https://vi", ".example/a"));
}

TEST(Wrap, KeepsNewlinesAndAnEmptyTextIsOneLine) {
  EXPECT_THAT(Wrap("31/03/2023\n31/12/2023", 40), ElementsAre("31/03/2023", "31/12/2023"));
  EXPECT_THAT(Wrap("", 40), ElementsAre(""));
}

TEST(Wrap, ComesToAnEndWhenALetterIsWiderThanTheLine) {
  EXPECT_THAT(Wrap("日本", 1), ElementsAre("日", "本"));
}

TEST(Pad, CountsColumnsAndNotBytes) {
  EXPECT_EQ(Pad("Sở", 4, Align::kLeft), "Sở  ");
  EXPECT_EQ(Pad("日", 4, Align::kRight), "  日");
  EXPECT_EQ(Pad("Thanh tra", 4, Align::kLeft), "Thanh tra");
}

TEST(Visible, DisarmsControlCharactersAndKeepsNewlines) {
  EXPECT_EQ(Visible("a\x1b[2Jb\nc\x07"), "a�[2Jb\nc�");
  EXPECT_EQ(Visible("Tiếng Việt"), "Tiếng Việt");
}

}  // namespace
}  // namespace dondoc::cli
