#include "services/registry/domain/plan/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> WrittenIn(absl::string_view text) {
  std::vector<std::string> written;
  const Words words = WordsOf(text);
  for (size_t at = 0; at < words.size(); ++at) {
    written.emplace_back(Between(text, words, at, at + 1));
  }
  return written;
}

TEST(WordsOf, CutsLettersNumbersAndSigns) {
  EXPECT_THAT(WrittenIn("Quý III, IV năm 2023."),
              ElementsAre("Quý", "III", ",", "IV", "năm", "2023", "."));
  EXPECT_THAT(WrittenIn("166/KH-UBND"), ElementsAre("166", "/", "KH", "-", "UBND"));
  EXPECT_THAT(WrittenIn("8,5% – ISO 9001:2015"), ElementsAre("8,5", "%", "–", "ISO", "9001:2015"));
}

TEST(WordsOf, GivesOneKeyToOneWordHoweverItIsWritten) {
  EXPECT_EQ(WordsOf("Hoà")[0].key, WordsOf("hòa")[0].key);
  EXPECT_EQ(WordsOf("ĐẠT")[0].key, WordsOf("đạt")[0].key);
  EXPECT_NE(WordsOf("đ")[0].key, WordsOf("d")[0].key);
}

TEST(FirstWords, StopsAfterSoMany) { EXPECT_EQ(FirstWords("a b c d", 2).size(), 2u); }

TEST(Phrase, StandsWhereAllItsWordsStand) {
  const Words words = WordsOf("đạt tỷ lệ Tối Thiểu là 70%");
  const Phrase phrase("tối thiểu");
  EXPECT_EQ(phrase.FindIn(words), 3u);
  EXPECT_TRUE(phrase.IsAt(words, 3));
  EXPECT_FALSE(phrase.IsAt(words, 4));
  EXPECT_FALSE(phrase.IsAt(words, words.size() - 1));
  EXPECT_TRUE(phrase.EndsBefore(words, 5));
  EXPECT_FALSE(phrase.EndsBefore(words, 1));
}

TEST(LongestAt, PrefersTheLongerPhrase) {
  const Words words = WordsOf("không thấp hơn 5");
  EXPECT_EQ(LongestAt({"không", "không thấp hơn"}, words, 0), 3u);
  EXPECT_EQ(LongestBefore({"hơn", "thấp hơn"}, words, 3), 2u);
  EXPECT_EQ(LongestAt({"có"}, words, 0), 0u);
}

TEST(RomanNumeral, ReadsOnlyTheUsualSpelling) {
  EXPECT_EQ(RomanNumeral("iv"), 4);
  EXPECT_EQ(RomanNumeral("xii"), 12);
  EXPECT_EQ(RomanNumeral("iiii"), std::nullopt);
  EXPECT_EQ(RomanNumeral(""), std::nullopt);
  EXPECT_EQ(RomanNumeral("vi phạm"), std::nullopt);
}

TEST(WholeNumberAt, ReadsUpToFourDigits) {
  const Words words = WordsOf("2023 8,5 12345");
  EXPECT_EQ(WholeNumberAt(words, 0), 2023);
  EXPECT_EQ(WholeNumberAt(words, 1), std::nullopt);
  EXPECT_EQ(WholeNumberAt(words, 2), std::nullopt);
  EXPECT_EQ(WholeNumberAt(words, 3), std::nullopt);
}

TEST(Capitals, KnowVietnameseLetters) {
  EXPECT_TRUE(IsAllCapitals("PHÓ GIÁM ĐỐC"));
  EXPECT_FALSE(IsAllCapitals("PHÓ Giám ĐỐC"));
  EXPECT_FALSE(IsAllCapitals("-"));
  EXPECT_TRUE(BeginsWithCapital("Ủy ban"));
  EXPECT_TRUE(BeginsWithCapital("Ư"));
  EXPECT_FALSE(BeginsWithCapital("ủy ban"));
}

TEST(TrimmedOfMarks, TakesMarksOfBothEndsOnly) {
  EXPECT_EQ(TrimmedOfMarks(" – Sở Nội vụ; "), "Sở Nội vụ");
  EXPECT_EQ(TrimmedOfMarks("./."), "");
  EXPECT_EQ(TrimmedOfMarks("a, b"), "a, b");
}

}  // namespace
}  // namespace dondoc::registry::plan
