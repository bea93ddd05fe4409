#include "services/registry/domain/plan/head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A made-up department; illustrative.
constexpr absl::string_view kLetterhead =
    "UBND TỈNH MINH HỌA\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    "SỞ MINH HỌA\tĐộc lập - Tự do - Hạnh phúc\n"
    "Số: 05/KH-SMH\tMinh Họa, ngày 05 tháng 01 năm 2024\n"
    "KẾ HOẠCH\n"
    "Cải cách hành chính năm 2024\n"
    "Căn cứ Kế hoạch số 1/KH-UBND ngày 02 tháng 01 năm 2024;\n"
    "Sở Minh Họa ban hành Kế hoạch như sau:\n";
constexpr absl::string_view kGoals = "I. MỤC TIÊU\n1. Về việc\nA đạt 1%.\n";
constexpr absl::string_view kSignature =
    "Nơi nhận: - Sở Nội vụ; - Lưu: VT.\tGIÁM ĐỐC Nguyễn Văn Minh Họa\n";
constexpr absl::string_view kAttached =
    "Phụ lục\n(Kèm theo Kế hoạch số 05/KH-SMH ngày 05 tháng 01 năm 2024\ncủa Sở Minh Họa)\n";

HeadAndYear Read(absl::string_view text, Problems& problems) {
  return ReadHead(OutlineOf(LinesOf(text).lines), problems);
}

HeadAndYear ReadWell(absl::string_view text) {
  Problems problems;
  HeadAndYear read = Read(text, problems);
  EXPECT_TRUE(problems.empty());
  return read;
}

TEST(ReadHead, ReadsALetterheadInTwoColumns) {
  const HeadAndYear read = ReadWell(absl::StrCat(kLetterhead, kGoals, kSignature, kAttached));
  EXPECT_EQ(read.year, 2024);
  EXPECT_EQ(read.head.issuer, "Sở Minh Họa");
  EXPECT_EQ(read.head.number, "05");
  EXPECT_EQ(read.head.symbol, "KH-SMH");
  EXPECT_EQ(read.head.kind, "KẾ HOẠCH");
  EXPECT_EQ(read.head.title, "Cải cách hành chính năm 2024");
  EXPECT_EQ(read.head.place, "Minh Họa");
  EXPECT_EQ(read.head.date, absl::CivilDay(2024, 1, 5));
  EXPECT_EQ(read.head.signer_role, "GIÁM ĐỐC");
  EXPECT_EQ(read.head.signer_name, "Nguyễn Văn Minh Họa");
  EXPECT_THAT(read.head.recipients, ElementsAre("Sở Nội vụ", "Lưu: VT"));
  EXPECT_THAT(read.head.bases,
              ElementsAre("Căn cứ Kế hoạch số 1/KH-UBND ngày 02 tháng 01 năm 2024"));
}

TEST(ReadHead, FallsBackOnTheClosingAndThenOnTheLetterhead) {
  EXPECT_EQ(ReadWell(absl::StrCat(kLetterhead, kGoals,
                                  "Trên đây là Kế hoạch của Sở Minh Họa. Trong quá trình ấy, của "
                                  "ai đó.\n",
                                  kSignature))
                .head.issuer,
            "Sở Minh Họa");
  EXPECT_EQ(ReadWell(absl::StrCat(kLetterhead, kGoals, kSignature)).head.issuer, "SỞ MINH HỌA");
}

TEST(ReadHead, AcceptsAPlanWithoutNumber) {
  for (const absl::string_view number : {"Số: /KH-SMH", "Số:      /KH-SMH", "Số: ....../KH-SMH"}) {
    const HeadAndYear read = ReadWell(
        absl::StrCat(number, "\nMinh Họa, ngày 5 tháng 1 năm 2024\nKẾ HOẠCH Công tác năm 2024\n",
                     kGoals, kSignature, kAttached));
    EXPECT_EQ(read.head.number, std::nullopt) << number;
    EXPECT_EQ(read.head.symbol, "KH-SMH") << number;
  }
}

TEST(ReadHead, NamesEverythingThatIsMissing) {
  Problems problems;
  Read(kGoals, problems);
  ASSERT_EQ(problems.all().size(), 1u);
  EXPECT_EQ(problems.all()[0].reason, "PLAN_NO_HEAD");
  EXPECT_EQ(problems.all()[0].details.at("missing"), "symbol, date, title, year, issuer, signer");
}

TEST(ReadHead, RefusesADayThatDoesNotExistAndATitleWithoutYear) {
  Problems problems;
  Read(absl::StrCat("Số: 5/KH-SMH\nMinh Họa, ngày 31 tháng 02 năm 2024\nKẾ HOẠCH Công tác\n",
                    kGoals, kSignature, kAttached),
       problems);
  ASSERT_EQ(problems.all().size(), 1u);
  EXPECT_THAT(problems.all()[0].details.at("missing"), HasSubstr("date, year"));
}

}  // namespace
}  // namespace dondoc::registry::plan
