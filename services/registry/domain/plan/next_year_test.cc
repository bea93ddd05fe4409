// Another year, another department, other units: everything in these plans is invented and
// illustrative. They prove that the reader knows the grammar of such plans and not the one of 2023.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "services/registry/domain/plan/plan_fixture.h"
#include "services/registry/domain/plan/read_plan.h"
#include "services/registry/domain/plan/targets.h"

namespace dondoc::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr char kPlan[] =
    "UBND TỈNH MINH HỌA\n"
    "SỞ MINH HỌA\n"
    "Số: 12/KH-SMH\n"
    "Minh Họa, ngày 05 tháng 01 năm 2024\n"
    "KẾ HOẠCH\n"
    "Cải cách hành chính năm 2024\n"
    "Căn cứ Kế hoạch số 300/KH-UBND ngày 20 tháng 12 năm 2023 của UBND tỉnh;\n"
    "I. MỤC ĐÍCH, YÊU CẦU\n"
    "1. Nâng cao chất lượng phục vụ.\n"
    "II. MỤC TIÊU\n"
    "1. Về cải cách thủ tục hành chính\n"
    "a) Tỷ lệ hồ sơ giải quyết đúng hạn trên 98,5%;\n"
    "b) Thời gian chờ tại quầy không quá 15 phút/lượt;\n"
    "2. Về tài chính công\n"
    "Có ít nhất 03 sáng kiến tiết kiệm được công nhận.\n"
    "III. TỔ CHỨC THỰC HIỆN\n"
    "1. Phòng Tổng hợp:\n"
    "a) Báo cáo định kỳ (quý I, 6 tháng, quý III, năm) trước ngày 15 của tháng cuối kỳ; tham mưu "
    "điều chỉnh Kế hoạch khi cần.\n"
    "b) Bảo đảm kiểm tra tối thiểu 50% số đơn vị trực thuộc.\n"
    "Nơi nhận:\n"
    "- UBND tỉnh;\n"
    "- Lưu: VT.\n"
    "GIÁM ĐỐC\n"
    "Nguyễn Văn Minh Họa\n"
    "Phụ lục\n"
    "(Kèm theo Kế hoạch số 12/KH-SMH ngày 05 tháng 01 năm 2024 của Sở Minh Họa)\n"
    "TT\tNhiệm vụ\tĐơn vị chủ trì\tĐơn vị phối hợp\tThời gian hoàn thành\tSản phẩm, kết quả\n"
    "I\tThủ tục hành chính\t\t\t\t\n"
    "1\tRút ngắn thời gian giải quyết hồ sơ đúng hạn tại quầy\tTất cả các phòng\tPhòng Tổng hợp\t"
    "Từ tháng 3 đến tháng 6 năm 2024\tTỷ lệ hồ sơ giải quyết đúng hạn đạt trên 98%\n"
    "II\tTài chính công\t\t\t\t\n"
    "2\tPhát động sáng kiến tiết kiệm\tPhòng Kế hoạch - Tài chính; Thanh tra Sở\t-\t"
    "Xây dựng: Quý I, II/2024; Trình duyệt: trước ngày 15/10/2024\tQuyết định/ Công văn\n"
    "3\tTổng kết năm\tPhòng Tổng hợp\tMỗi đơn vị trực thuộc\t6 tháng cuối năm 2024\t"
    "Báo cáo (nếu có yêu cầu)\n"
    "Tổng cộng: 3 nhiệm vụ\n";

const PlanDocument& Plan() {
  static const PlanDocument kDocument = ReadPlan(kPlan).value();
  return kDocument;
}

std::set<std::string> Codes() {
  std::set<std::string> codes;
  for (const PlanWarning& warning : Plan().warnings) codes.insert(warning.code);
  return codes;
}

TEST(NextYear, HasItsOwnHead) {
  EXPECT_EQ(Plan().year, 2024);
  EXPECT_EQ(Plan().head.number, "12");
  EXPECT_EQ(Plan().head.symbol, "KH-SMH");
  EXPECT_EQ(Plan().head.issuer, "Sở Minh Họa");
  EXPECT_EQ(Plan().head.signer_role, "GIÁM ĐỐC");
}

TEST(NextYear, HasItsOwnTargetsUnderItsOwnNumerals) {
  std::vector<std::string> targets;
  for (const PlanTarget& target : Plan().targets) {
    targets.push_back(target.id + " " + plan::ToText(*target.bound));
  }
  EXPECT_THAT(targets, ElementsAre("II.1.a > 98,5%", "II.1.b ≤ 15 phút/lượt", "II.2 ≥ 3"));
  EXPECT_EQ(Plan().targets[0].effective_from, absl::CivilDay(2024, 1, 1));
}

TEST(NextYear, HasItsOwnColumnsUnitsAndWindows) {
  ASSERT_EQ(Plan().tasks.size(), 3u);
  EXPECT_EQ(Plan().lead_label, "Đơn vị chủ trì");
  EXPECT_THAT(plan::TaskOf(Plan(), 1).leads,
              ElementsAre(PlanParty{PartyKind::kGroup, "Tất cả các phòng"}));
  EXPECT_THAT(plan::TaskOf(Plan(), 2).leads,
              ElementsAre(PlanParty{PartyKind::kUnit, "Phòng Kế hoạch - Tài chính"},
                          PlanParty{PartyKind::kUnit, "Thanh tra Sở"}));
  EXPECT_THAT(plan::TaskOf(Plan(), 3).coordinators,
              ElementsAre(PlanParty{PartyKind::kGroup, "Mỗi đơn vị trực thuộc"}));
  const std::vector<PlanPhase>& phases = plan::TaskOf(Plan(), 2).phases;
  ASSERT_EQ(phases.size(), 2u);
  EXPECT_EQ(phases[0].end, absl::CivilDay(2024, 6, 30));
  EXPECT_EQ(phases[1].label, "Trình duyệt");
  EXPECT_EQ(phases[1].end, absl::CivilDay(2024, 10, 14));
  EXPECT_THAT(plan::TaskOf(Plan(), 2).product.alternatives, ElementsAre("Quyết định", "Công văn"));
  EXPECT_EQ(plan::TaskOf(Plan(), 3).product.condition, "nếu có yêu cầu");
}

TEST(NextYear, HasItsOwnSectionsAndDuties) {
  ASSERT_EQ(Plan().sections.size(), 2u);
  EXPECT_EQ(Plan().sections[0].goal, 1);
  EXPECT_EQ(Plan().sections[1].goal, 2);
  EXPECT_EQ(Plan().reports.size(), 4u);
  ASSERT_TRUE(Plan().inspection_share.has_value());
  EXPECT_EQ(Plan().inspection_share->clause, "III.1.b");
  EXPECT_EQ(Plan().inspection_share->of, "số đơn vị trực thuộc");
}

TEST(NextYear, IsLinkedByItsOwnWords) {
  std::vector<std::pair<std::string, int>> links;
  for (const PlanLink& link : Plan().links) links.emplace_back(link.target, link.task);
  EXPECT_THAT(links, ElementsAre(std::pair("II.1.a", 1), std::pair("II.2", 2)));
}

TEST(NextYear, HasItsOwnFindingsAndNoneOf2023) {
  const std::set<std::string> codes = Codes();
  EXPECT_THAT(codes, Contains("TARGET_CONFLICT"));      // 98,5% and 98%
  EXPECT_THAT(codes, Contains("TARGET_WITHOUT_TASK"));  // the queue
  EXPECT_THAT(codes, Contains("CALENDAR_MISSING"));
  for (const char* code : {"NUMBER_MISSING", "SYMBOL_VARIANTS", "PRODUCT_BLANK", "SIGNER_SPACING",
                           "REPORT_PERIODS_OVERLAP", "REPORT_QUARTER_MISSING", "REPORT_DUE_MISSING",
                           "ADJUSTMENT_NOT_DESCRIBED", "SECTION_WITHOUT_GOAL", "LEAD_COLUMN_LABEL",
                           "CONVERSION_MARKS", "DUE_YEAR_DIFFERS"}) {
    EXPECT_THAT(codes, Not(Contains(code)));
  }
}

}  // namespace
}  // namespace dondoc::registry
