#include "services/cli/render/bar.h"

#include <gmock/gmock.h>

#include <sstream>

#include "libs/base/text.h"

namespace dondoc::cli {
namespace {

using ::testing::HasSubstr;

struct BarCase {
  int64_t done;
  int64_t open;
  int64_t late;
  const char* expected;
};

// Names the case in ctest's list; otherwise its bytes would, which differ in every build.
void PrintTo(const BarCase& c, std::ostream* out) {
  *out << c.done << "," << c.open << "," << c.late;
}

class BarTable : public ::testing::TestWithParam<BarCase> {};

TEST_P(BarTable, DividesTenColumnsAsTheCountsAre) {
  const BarCase& c = GetParam();
  const Cell bar = StackedBar({{c.done, "#"}, {c.open, "."}, {c.late, "!"}}, 10);
  EXPECT_EQ(bar.text(), c.expected);
}

INSTANTIATE_TEST_SUITE_P(StackedBar, BarTable,
                         ::testing::Values(BarCase{1, 1, 0, "#####....."},  //
                                           BarCase{1, 1, 1,
                                                   "####...!!!"},  // the rest goes first come
                                           BarCase{10, 0, 0, "##########"},    //
                                           BarCase{1000, 1, 0, "#########."},  // nobody vanishes
                                           BarCase{1000, 1, 1, "########.!"},  //
                                           BarCase{0, 0, 0, "··········"}      // nothing to show
                                           ));

TEST(StackedBar, FillsItsWidthWhateverTheCounts) {
  for (int64_t done = 0; done < 20; ++done) {
    for (int64_t open = 0; open < 20; ++open) {
      EXPECT_EQ(DisplayWidth(StackedBar({{done, "█"}, {open, "░"}}, 13).text()), 13u);
    }
  }
}

TEST(ProgressBar, PrintsNothingWhereThereIsNoTerminal) {
  std::ostringstream out;
  std::ostringstream err;
  {
    const Console console{.out = out, .err = err};
    ProgressBar bar(console, "Ghi số liệu", 10);
    bar.Set(5);
  }
  EXPECT_EQ(err.str(), "");
}

TEST(ProgressBar, ShowsHowFarItIsAndClearsItsLine) {
  std::ostringstream out;
  std::ostringstream err;
  const Console console{.out = out, .err = err, .err_is_terminal = true};
  {
    ProgressBar bar(console, "Ghi số liệu", 10);
    bar.Set(5);
    EXPECT_THAT(err.str(), HasSubstr("Ghi số liệu ███████████████░░░░░░░░░░░░░░░ 5/10"));
  }
  EXPECT_THAT(err.str(), ::testing::EndsWith("\r\x1b[K"));
  EXPECT_EQ(out.str(), "");
}

TEST(ProgressBar, DoesNotRedrawWhatLooksTheSame) {
  std::ostringstream out;
  std::ostringstream err;
  const Console console{.out = out, .err = err, .err_is_terminal = true};
  ProgressBar bar(console, "Ghi", 1'000'000);
  bar.Set(1000);
  const std::string drawn = err.str();
  bar.Set(1001);
  EXPECT_EQ(err.str(), drawn);
}

}  // namespace
}  // namespace dondoc::cli
