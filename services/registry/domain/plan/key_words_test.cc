#include "services/registry/domain/plan/key_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::Pointee;
using ::testing::UnorderedElementsAre;

TEST(Abbreviations, AreLearntFromTheDocument) {
  const Abbreviations learnt(
      "Rà soát văn bản quy phạm pháp luật (VBQPPL) do Ủy ban nhân dân ban hành; UBND giao "
      "công chức, viên chức; CCVC làm; HĐND họp. Hội đồng nhân dân.");
  const auto find = [&](absl::string_view form) { return learnt.Find(WordsOf(form)[0].key); };
  EXPECT_THAT(find("VBQPPL"), Pointee(std::string("văn bản quy phạm pháp luật")));
  EXPECT_THAT(find("UBND"), Pointee(std::string("ủy ban nhân dân")));
  EXPECT_THAT(find("HĐND"), Pointee(std::string("hội đồng nhân dân")));
  EXPECT_THAT(find("CCVC"), Pointee(std::string("công chức viên chức")));
  EXPECT_EQ(find("TTHC"), nullptr);
}

TEST(Abbreviations, KnowWhichLongOnesAreNeverSpeltOut) {
  const Abbreviations learnt("đội ngũ CBCCVN; theo ISO; Số: /KH-SKHCN; KẾ HOẠCH NGANH");
  EXPECT_THAT(learnt.unknown(), ElementsAre(Pair("CBCCVN", 1)));
}

TEST(KeyWords, ArePairsThatDoNotCrossMarksOrJoiningWords) {
  const KeyWords words("Mức độ hài lòng của người dân, doanh nghiệp", Abbreviations());
  EXPECT_EQ(words.pairs().size(), 5u);
  const KeyWords other("sự hài lòng của doanh nghiệp", Abbreviations());
  EXPECT_THAT(words.Phrases(SharedPairs(words, other)), ElementsAre("hài lòng", "doanh nghiệp"));
}

TEST(KeyWords, SpellShortFormsOut) {
  const Abbreviations learnt("thủ tục hành chính TTHC");
  EXPECT_EQ(KeyWords("Rà soát TTHC", learnt).pairs(),
            KeyWords("rà soát thủ tục hành chính", learnt).pairs());
}

TEST(KeyWords, TakeACitedDocumentAsOneWord) {
  const KeyWords words(
      "theo Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng "
      "Chính phủ",
      Abbreviations());
  EXPECT_THAT(words.pairs(), UnorderedElementsAre("19/2014/QĐ-TTg"));
  EXPECT_THAT(words.Phrases(words.pairs()), ElementsAre("19/2014/QĐ-TTg"));
}

TEST(KeyWords, LeaveOutThePlaceWhereProceduresAreHandled) {
  EXPECT_EQ(
      KeyWords("Số hóa hồ sơ tại Bộ phận Một cửa", Abbreviations()).pairs(),
      KeyWords("Số hóa hồ sơ tại Trung tâm Phục vụ hành chính công thành phố", Abbreviations())
          .pairs());
}

// The two surveys of the 2023 plan share a share and half of their names, and are two.
TEST(SameIndicator, TellsTwoSurveysApart) {
  const Abbreviations none;
  const KeyWords procedures("Mức độ hài lòng của người dân, doanh nghiệp về giải quyết TTHC", none);
  const KeyWords service(
      "Mức độ hài lòng của người dân, tổ chức đối với sự phục vụ của cơ quan hành chính nhà nước",
      none);
  EXPECT_FALSE(SameIndicator(procedures, service));
  EXPECT_TRUE(SameIndicator(
      procedures,
      KeyWords("mức độ hài lòng của người dân, doanh nghiệp về giải quyết TTHC", none)));
  EXPECT_FALSE(SameIndicator(KeyWords("", none), KeyWords("", none)));
}

}  // namespace
}  // namespace dondoc::registry::plan
