#include "services/registry/domain/plan/parties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::string_view kIssuer = "Sở Khoa học và Công nghệ";

PlanParty Unit(std::string text) { return {.kind = PartyKind::kUnit, .text = std::move(text)}; }
PlanParty Group(std::string text) { return {.kind = PartyKind::kGroup, .text = std::move(text)}; }
PlanParty External(std::string text) {
  return {.kind = PartyKind::kExternal, .text = std::move(text)};
}

struct Cell {
  std::string text;
  std::vector<PlanParty> parties;
};
std::ostream& operator<<(std::ostream& out, const Cell& cell) { return out << cell.text; }

class PartiesOfCell : public ::testing::TestWithParam<Cell> {};

TEST_P(PartiesOfCell, AreUnderstood) {
  EXPECT_EQ(PartiesOf(GetParam().text, kIssuer), GetParam().parties);
}

INSTANTIATE_TEST_SUITE_P(
    PartiesOf, PartiesOfCell,
    ::testing::Values(
        Cell{"Văn phòng", {Unit("Văn phòng")}},
        Cell{"Chi cục Tiêu chuẩn Đo lường Chất lượng",
             {Unit("Chi cục Tiêu chuẩn Đo lường Chất lượng")}},
        Cell{"Các phòng, đơn vị có liên quan", {Group("Các phòng, đơn vị có liên quan")}},
        Cell{"Các đơn vị", {Group("Các đơn vị")}},
        Cell{"các đơn vị trực thuộc", {Group("các đơn vị trực thuộc")}},
        Cell{"Đơn vị có liên quan", {Group("Đơn vị có liên quan")}},
        Cell{"- Văn phòng - Chi cục Tiêu chuẩn Đo lường Chất lượng",
             {Unit("Văn phòng"), Unit("Chi cục Tiêu chuẩn Đo lường Chất lượng")}},
        Cell{"- Phòng Hành chính - Tổng hợp - Thanh tra Sở",
             {Unit("Phòng Hành chính - Tổng hợp"), Unit("Thanh tra Sở")}},
        Cell{"Văn phòng, Thanh tra Sở", {Unit("Văn phòng"), Unit("Thanh tra Sở")}},
        Cell{"Văn phòng; Phòng Quản lý Công nghệ, Sở hữu trí tuệ",
             {Unit("Văn phòng"), Unit("Phòng Quản lý Công nghệ, Sở hữu trí tuệ")}},
        Cell{"Phòng Công nghệ, chuyên ngành", {Unit("Phòng Công nghệ, chuyên ngành")}},
        Cell{"Văn phòng, các phòng, đơn vị có liên quan",
             {Unit("Văn phòng"), Group("các phòng, đơn vị có liên quan")}},
        Cell{"Văn phòng UBND TP", {External("Văn phòng UBND TP")}},
        Cell{"Sở Nội vụ", {External("Sở Nội vụ")}},
        Cell{"Sở Khoa học và Công nghệ", {Unit("Sở Khoa học và Công nghệ")}},
        Cell{"Bộ phận Một cửa", {Unit("Bộ phận Một cửa")}}, Cell{"-", {}}, Cell{"–", {}},
        Cell{"", {}}));

TEST(PartiesOf, TellsADashThatMeansNoneFromABlankCell) {
  EXPECT_TRUE(IsExplicitNone("-"));
  EXPECT_TRUE(IsExplicitNone(" – "));
  EXPECT_FALSE(IsExplicitNone(""));
  EXPECT_FALSE(IsExplicitNone("- Văn phòng"));
}

TEST(ExternalBodiesIn, TakesOnlyThoseThatAreAskedToActFromAContent) {
  EXPECT_THAT(ExternalBodiesIn("Phối hợp Sở Nội vụ thực hiện khảo sát", kIssuer, false),
              ElementsAre("Sở Nội vụ"));
  EXPECT_THAT(ExternalBodiesIn("số lượng người làm việc do Bộ Nội vụ phê duyệt", kIssuer, false),
              IsEmpty());
  EXPECT_THAT(ExternalBodiesIn("bổ sung trình HĐND thành phố danh mục", kIssuer, false),
              ElementsAre("HĐND thành phố"));
}

TEST(ExternalBodiesIn, TakesEveryBodyOfAProductOnceAndNeverTheIssuer) {
  EXPECT_THAT(ExternalBodiesIn("Quyết định của UBND TP, Quyết định của UBND TP", kIssuer, true),
              ElementsAre("UBND TP"));
  EXPECT_THAT(ExternalBodiesIn("Kế hoạch của Sở Khoa học và Công nghệ", kIssuer, true), IsEmpty());
  EXPECT_THAT(ExternalBodiesIn("Kế hoạch của Sở", kIssuer, true), IsEmpty());
}

}  // namespace
}  // namespace dondoc::registry::plan
