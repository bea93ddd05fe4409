#include "services/registry/domain/plan/citations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> NamesIn(absl::string_view text) {
  std::vector<std::string> names;
  for (const Citation& citation : CitationsIn(text, WordsOf(text))) names.push_back(citation.name);
  return names;
}

TEST(CitationsIn, ReadsKindNumberAndSymbol) {
  EXPECT_THAT(NamesIn("chỉ tiêu được giao tại Kế hoạch số 166/KH-UBND ngày 03 tháng 8 năm 2022"),
              ElementsAre("Kế hoạch số 166/KH-UBND"));
  EXPECT_THAT(NamesIn("theo Nghị định 60/2021/NĐ-CP và Chương trình số 26-CTr/TU của Thành ủy"),
              ElementsAre("Nghị định 60/2021/NĐ-CP", "Chương trình số 26-CTr/TU"));
}

TEST(CitationsIn, TakesTheDateAndTheIssuerWithIt) {
  constexpr absl::string_view kText =
      "Kế hoạch số 166/KH-UBND ngày 03 tháng 8 năm 2022 của UBND thành phố về tinh giản";
  const Words words = WordsOf(kText);
  const std::vector<Citation> citations = CitationsIn(kText, words);
  ASSERT_EQ(citations.size(), 1u);
  EXPECT_EQ(Between(kText, words, citations[0].end, words.size()), "về tinh giản");
  EXPECT_EQ(citations[0].symbol, "166/KH-UBND");
}

TEST(CitationsIn, FindsNoneInDatesRatesAndYears) {
  EXPECT_THAT(NamesIn("Quý I/2023, ngày 15/3/2024, tối đa 25 phút/01 lần, giai đoạn 2021-2025, "
                      "TCVN ISO 9001:2015, 40 phút/hồ sơ"),
              ElementsAre());
}

TEST(SymbolLength, CountsTheWordsOfASymbolWithoutItsNumber) {
  EXPECT_EQ(SymbolLength(WordsOf("KH-SKH-CN ngày"), 0), 5u);
  EXPECT_EQ(SymbolLength(WordsOf("KH-SKHCN"), 0), 3u);
  EXPECT_EQ(SymbolLength(WordsOf("Kế hoạch"), 0), 0u);
  EXPECT_EQ(SymbolLength(WordsOf("KH - SKHCN"), 0), 0u);
}

}  // namespace
}  // namespace dondoc::registry::plan
