#include "services/registry/domain/plan/quantities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace dondoc::registry::plan {
namespace {

constexpr Measure kPercent = {};

struct Case {
  std::string text;
  Comparator comparator;
  std::string value;
  Measure measure;
  std::string taken;  // the words that belong to the figure
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.text; }

class OneQuantity : public ::testing::TestWithParam<Case> {};

TEST_P(OneQuantity, IsRead) {
  const std::string& text = GetParam().text;
  const Words words = WordsOf(text);
  const Quantities quantities = QuantitiesIn(text, words);
  EXPECT_TRUE(quantities.understood);
  ASSERT_EQ(quantities.found.size(), 1u);
  const Quantity& quantity = quantities.found[0];
  EXPECT_EQ(quantity.bound.comparator, GetParam().comparator);
  EXPECT_EQ(quantity.bound.value.ToString(), GetParam().value);
  EXPECT_EQ(quantity.bound.measure, GetParam().measure);
  EXPECT_EQ(Between(text, words, quantity.first, quantity.end), GetParam().taken);
}

INSTANTIATE_TEST_SUITE_P(
    QuantitiesIn, OneQuantity,
    ::testing::Values(
        Case{"100% TTHC nội bộ", Comparator::kAtLeast, "100", kPercent, "100%"},
        Case{"Đạt 100%", Comparator::kAtLeast, "100", kPercent, "Đạt 100%"},
        Case{"tỷ lệ đạt từ 40% trở lên", Comparator::kAtLeast, "40", kPercent,
             "đạt từ 40% trở lên"},
        Case{"kết quả, đạt tỷ lệ tối thiểu là 70%; tổ chức", Comparator::kAtLeast, "70", kPercent,
             "đạt tỷ lệ tối thiểu là 70%"},
        Case{"ít nhất 90% TTHC", Comparator::kAtLeast, "90", kPercent, "ít nhất 90%"},
        Case{"ít nhất đạt 90% TTHC", Comparator::kAtLeast, "90", kPercent, "ít nhất đạt 90%"},
        Case{"không dưới 85,5 %", Comparator::kAtLeast, "85.5", kPercent, "không dưới 85,5 %"},
        Case{"Đạt trên 95%", Comparator::kMoreThan, "95", kPercent, "Đạt trên 95%"},
        Case{"trên tổng số hồ sơ đạt 30%", Comparator::kAtLeast, "30", kPercent, "đạt 30%"},
        Case{"không vượt quá 5%", Comparator::kAtMost, "5", kPercent, "không vượt quá 5%"},
        Case{"dưới 5%", Comparator::kLessThan, "5", kPercent, "dưới 5%"},
        Case{"từ 5% trở xuống", Comparator::kAtMost, "5", kPercent, "từ 5% trở xuống"},
        Case{"bằng 100%", Comparator::kEqual, "100", kPercent, "bằng 100%"},
        Case{"Một cửa giảm xuống còn tối đa 25 phút/01 lần đến giao dịch; Thời gian",
             Comparator::kAtMost,
             "25",
             {.kind = MeasureKind::kMinutes, .per = "lần đến giao dịch"},
             "giảm xuống còn tối đa 25 phút/01 lần đến giao dịch"},
        Case{"hồ sơ tối đa 40 phút/hồ sơ",
             Comparator::kAtMost,
             "40",
             {.kind = MeasureKind::kMinutes, .per = "hồ sơ"},
             "tối đa 40 phút/hồ sơ"},
        Case{"không quá 03 ngày làm việc",
             Comparator::kAtMost,
             "3",
             {.kind = MeasureKind::kWorkingDays},
             "không quá 03 ngày làm việc"},
        Case{"Có ít nhất 02 sáng kiến",
             Comparator::kAtLeast,
             "2",
             {.kind = MeasureKind::kCount},
             "ít nhất 02"},
        Case{"tối thiểu 1.000 hồ sơ",
             Comparator::kAtLeast,
             "1000",
             {.kind = MeasureKind::kCount},
             "tối thiểu 1.000"}));

TEST(QuantitiesIn, FindsNoneInYearsDatesSymbolsAndClauses) {
  for (const absl::string_view text :
       {"Kế hoạch số 166/KH-UBND ngày 03 tháng 8 năm 2022", "giai đoạn 2021-2025", "ISO 9001:2015",
        "trên 10 năm công tác", "từ tháng 7 năm 2023", "6 tháng đầu năm 2024"}) {
    const Quantities quantities = QuantitiesIn(text, WordsOf(text));
    EXPECT_TRUE(quantities.found.empty()) << text;
    EXPECT_TRUE(quantities.understood && !quantities.bare_duration) << text;
  }
}

TEST(QuantitiesIn, DoesNotGuessARangeOrAnOddNumber) {
  for (const absl::string_view text : {"từ 40% đến 60%", "40%-60%", "Đạt 40-45%", "từ 40 đến 45%",
                                       "trên 40% trở lên", "đạt 85.5%", "đạt 1,2,3%"}) {
    EXPECT_FALSE(QuantitiesIn(text, WordsOf(text)).understood) << text;
  }
}

TEST(QuantitiesIn, SaysWhenALengthOfTimeIsNoMaximum) {
  constexpr absl::string_view kText = "giải quyết trong 15 phút";
  const Quantities quantities = QuantitiesIn(kText, WordsOf(kText));
  EXPECT_TRUE(quantities.found.empty());
  EXPECT_TRUE(quantities.bare_duration);
}

}  // namespace
}  // namespace dondoc::registry::plan
