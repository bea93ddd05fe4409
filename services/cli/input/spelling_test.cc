#include "services/cli/input/spelling.h"

#include <gmock/gmock.h>

namespace dondoc::cli {
namespace {

struct SpellingCase {
  const char* word;
  const char* nearest;
};

// Names the case in ctest's list; otherwise its bytes would, which differ in every build.
void PrintTo(const SpellingCase& c, std::ostream* out) { *out << c.word; }

class SpellingTable : public ::testing::TestWithParam<SpellingCase> {};

TEST_P(SpellingTable, FindsTheNearestOrNone) {
  const std::vector<std::string> known = {"list",   "show",        "assign",
                                          "accept", "assignments", "--json"};
  EXPECT_EQ(Nearest(GetParam().word, known), GetParam().nearest);
}

INSTANTIATE_TEST_SUITE_P(Spelling, SpellingTable,
                         ::testing::Values(SpellingCase{"lst", "list"},       // a letter lost
                                           SpellingCase{"lsit", "list"},      // two swapped
                                           SpellingCase{"shows", "show"},     // one too many
                                           SpellingCase{"asign", "assign"},   //
                                           SpellingCase{"--jsno", "--json"},  //
                                           SpellingCase{"xyz", ""},           //
                                           SpellingCase{"delete", ""},        //
                                           SpellingCase{"", ""}));

}  // namespace
}  // namespace dondoc::cli
