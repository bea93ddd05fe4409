#include "services/cli/render/format.h"

#include <gmock/gmock.h>

namespace dondoc::cli {
namespace {

TEST(ShowDate, IsDayMonthYearAndLeavesWhatItDoesNotKnow) {
  EXPECT_EQ(ShowDate("2023-01-27"), "27/01/2023");
  EXPECT_EQ(ShowDate(""), "");
  EXPECT_EQ(ShowDate("2023"), "2023");
}

TEST(ShowInstant, IsInVietnam) {
  google::protobuf::Timestamp instant;
  EXPECT_EQ(ShowInstant(instant), "");
  instant.set_seconds(1674753300);  // 2023-01-26T17:15:00Z
  EXPECT_EQ(ShowInstant(instant), "27/01/2023 00:15");
}

TEST(ShowDecimal, HasACommaAsPeopleHereWriteIt) {
  EXPECT_EQ(ShowDecimal("85.99"), "85,99");
  EXPECT_EQ(ShowDecimal("86"), "86");
}

TEST(ShortName, IsWhatTheCommandsTake) {
  EXPECT_EQ(ShortName("plans/cchc-2023"), "cchc-2023");
  EXPECT_EQ(ShortName("plans/cchc-2023/tasks/29"), "cchc-2023/29");
  EXPECT_EQ(ShortName("plans/cchc-2023/tasks/1/phases/2"), "cchc-2023/1/2");
  EXPECT_EQ(ShortName("plans/cchc-2023/tasks/1/phases/2/assignments/van-phong"),
            "cchc-2023/1/2@van-phong");
  EXPECT_EQ(ShortName("units/van-phong"), "van-phong");
  EXPECT_EQ(ShortName("programmes/2023/inspections/1"), "2023/1");
  EXPECT_EQ(ShortName(""), "");
  EXPECT_EQ(ShortName("nothing"), "nothing");
}

constexpr Word kWords[] = {{"·", "Không rõ"}, {"✓", "Đạt", Style::kGood}};

TEST(InWords, SaysASymbolAndAWord) { EXPECT_EQ(InWords(kWords, 1).text(), "✓ Đạt"); }

TEST(InWords, ShowsANumberItDoesNotKnow) {
  EXPECT_EQ(InWords(kWords, 2).text(), "#2");
  EXPECT_EQ(InWords(kWords, -1).text(), "#-1");
}

}  // namespace
}  // namespace dondoc::cli
