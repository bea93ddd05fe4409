#include "services/registry/domain/plan/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/registry/domain/plan/plan_fixture.h"
#include "services/registry/domain/plan/read_plan.h"

namespace dondoc::registry::plan {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr WarningSeverity kInfo = WarningSeverity::kInfo;
constexpr WarningSeverity kWarning = WarningSeverity::kWarning;
constexpr WarningSeverity kConflict = WarningSeverity::kConflict;

struct Finding {
  std::string code;
  WarningSeverity severity;
  std::vector<int> rows;
  std::string clause;
  bool operator==(const Finding&) const = default;
};
void PrintTo(const Finding& finding, std::ostream* out) {
  *out << finding.code << " " << static_cast<int>(finding.severity) << " rows "
       << absl::StrJoin(finding.rows, ",") << " clause \"" << finding.clause << "\"\n";
}

std::vector<Finding> FindingsOf(const PlanDocument& document) {
  std::vector<Finding> findings;
  for (const PlanWarning& warning : document.warnings) {
    findings.push_back({warning.code, warning.severity, warning.rows, warning.clause});
  }
  return findings;
}

std::set<std::string> CodesIn(const std::string& text) {
  const absl::StatusOr<PlanDocument> read = ReadPlan(text, {.holidays = &HolidaysOf2023()});
  EXPECT_TRUE(read.ok()) << read.status();
  std::set<std::string> codes;
  if (!read.ok()) return codes;
  for (const PlanWarning& warning : read->warnings) codes.insert(warning.code);
  return codes;
}

std::vector<int> AllBut(const std::set<int>& left_out) {
  std::vector<int> rows;
  for (int row = 1; row <= 46; ++row) {
    if (!left_out.contains(row)) rows.push_back(row);
  }
  return rows;
}

// Everything that is to be said about the plan of 2023, once, in order. The letters are those of
// the findings that a careful reading by hand made.
TEST(FindAll, ReportsEveryFindingOf2023OnceAndInItsPlace) {
  const std::vector<int> related = {8,  9,  10, 11, 12, 13, 14, 15, 18, 19, 20, 24,
                                    25, 26, 27, 32, 33, 35, 39, 40, 43, 44, 45, 46};
  const std::vector<int> office = {1, 2, 3, 4, 5, 6, 7, 17, 22, 23, 29, 31, 41, 42};
  const std::vector<Finding> expected = {
      {"TARGET_CONFLICT", kConflict, {14}, "I.2.d"},                            // 86% and 85%
      {"NUMBER_MISSING", kWarning, {}, "Số"},                                   //
      {"SYMBOL_VARIANTS", kWarning, {}, "Số"},                                  // KH-SKH-CN
      {"TARGET_WITHOUT_TASK", kWarning, {}, "I.2.b"},                           // I.2.b-1
      {"TARGET_WITHOUT_TASK", kWarning, {}, "I.2.b"},                           // I.2.b-2
      {"TARGET_WITHOUT_TASK", kWarning, {}, "I.2.c"},                           // I.2.c-1
      {"TARGET_WITHOUT_TASK", kWarning, {}, "I.2.c"},                           // I.2.c-3
      {"TARGET_BY_REFERENCE", kWarning, {}, "I.3.a"},                           //
      {"INDICATOR_WITHOUT_VALUE", kWarning, {21, 22, 28, 38, 39, 40, 44}, ""},  //
      {"INDICATOR_MAY_INHERIT", kInfo, {44}, "I.6.a"},                          //
      {"PRODUCT_BLANK", kWarning, {18}, ""},                                    //
      {"LEAD_IS_GROUP", kWarning, related, ""},                                 //
      {"LEAD_IS_GROUP", kWarning, {21, 28, 30, 36, 37, 38}, ""},                //
      {"LEAD_IS_GROUP", kWarning, {34}, ""},                                    //
      {"DUE_ON_DAY_OFF", kWarning, {19}, ""},                                   // 30/04
      {"DUE_ON_DAY_OFF", kWarning, {16}, ""},                                   // 30/09
      {"DUE_ON_DAY_OFF", kWarning, AllBut({11, 16, 19}), ""},                   // 31/12
      {"DUE_DATES_BUNCHED", kInfo, {}, ""},                                     // 43 of 50
      {"REPORT_PERIODS_OVERLAP", kWarning, {}, "III.1.b"},                      // quý II, 6 tháng
      {"REPORT_QUARTER_MISSING", kWarning, {}, "III.1.b"},                      // quý III
      {"REPORT_DUE_MISSING", kWarning, {}, "III.1.b"},                          //
      {"INSPECTION_UNITS_UNKNOWN", kWarning, {}, "III.2.d"},                    // of how many
      {"INSPECTOR_LEADS_TASKS", kWarning, office, "III.2.d"},                   //
      {"OTHER_INSPECTION", kInfo, {7}, "III.2.d"},                              //
      {"SIMILAR_INDICATORS", kInfo, {}, "I.2.d, I.3.b"},                        // two surveys
      {"TARGET_QUALITATIVE", kInfo, {}, "I.4"},                                 //
      {"TARGET_NESTED", kInfo, {}, "I.2.b"},                                    //
      {"TARGET_NESTED", kInfo, {}, "I.2.c"},                                    //
      {"TARGET_OWN_DENOMINATOR", kInfo, {}, "I.2.c"},                           //
      {"TARGET_EXCLUSION", kInfo, {}, "I.6.a"},                                 // secret files
      {"TARGET_STARTS_LATER", kInfo, {11}, "I.2.a"},                            // July
      {"STRICT_COMPARATOR", kInfo, {15}, ""},                                   // trên 95%
      {"EARLY_IS_NOT_ON_TIME", kInfo, {15}, ""},                                //
      {"LIMIT_PER_CASE", kInfo, {9}, ""},                                       // 25 and 40 minutes
      {"DENOMINATOR_MAY_BE_ZERO", kInfo, {26, 29, 30, 31, 40}, "I.1"},          //
      {"PRODUCT_CONDITIONAL", kInfo, {34}, ""},                                 //
      {"PRODUCT_ALTERNATIVE", kInfo, {37}, ""},                                 //
      {"CO_LEADS", kInfo, {29}, ""},                                            //
      {"COORDINATOR_NONE", kInfo, {22, 29, 31}, ""},                            //
      {"EXTERNAL_BODY", kInfo, {3, 19, 34, 35, 36, 37}, ""},                    //
      {"ROW_JOINED", kInfo, {22, 32}, ""},                                      //
      {"CONTENT_IS_INDICATOR", kInfo, {13, 27, 31}, ""},                        //
      {"CONTENT_ONLY_CITES", kInfo, {45}, ""},                                  //
      {"PLACE_HAS_TWO_NAMES", kInfo, {9, 11}, ""},                              //
      {"DUE_DOT_MISSING", kInfo, {2}, ""},                                      //
      {"QUARTERS_ARE_ONE_WINDOW", kInfo, {7}, ""},                              //
      {"PLAN_WITHOUT_ISSUE_DATE", kInfo, {25, 42}, ""},                         //
      {"STARTS_BEFORE_SIGNING", kInfo, {}, ""},                                 // 27/01
      {"COMMENDATION_OPTIONAL", kInfo, {}, "III.2.đ"},                          //
      {"ADJUSTMENT_NOT_DESCRIBED", kInfo, {}, ""},                              //
      {"SECTION_WITHOUT_GOAL", kInfo, {}, "Phụ lục I"},                         //
      {"SECTION_NAME_DIFFERS", kInfo, {}, "Phụ lục VII"},                       // Chính phủ số
      {"ROMAN_NUMERALS_SHARED", kInfo, {}, "Phụ lục"},                          //
      {"CLAUSE_LETTER_DD", kInfo, {}, "I.2, II.6, II.7, III.2"},                //
      {"LEAD_COLUMN_LABEL", kInfo, {}, "Phụ lục"},                              //
      {"SIGNER_SPACING", kInfo, {}, "Ký"},                                      // KT.GIÁM ĐỐC
      {"ABBREVIATION_UNKNOWN", kInfo, {}, "II.4.b"},                            // CBCCVN
      {"STANDARD_IN_TWO_VERSIONS", kInfo, {}, "I.6.c"},                         // ISO 9001:2008
      {"WORDS_REPEATED", kInfo, {}, "II.3.b"},     // một cửa, một cửa
      {"WORD_MISSING", kInfo, {27}, ""},           // bản mô công việc
      {"WORD_MISSING", kInfo, {34}, ""},           // sự nghiệp sử dụng
      {"OLD_YEAR_CITED", kInfo, {21}, ""},         // 2020
      {"OTHER_FIELD", kInfo, {8}, "Phụ lục III"},  //
      {"CONVERSION_MARKS", kInfo, {}, ""},         //
  };
  EXPECT_EQ(FindingsOf(DocumentOf2023()), expected);
}

TEST(FindAll, SaysWhatIsWrongAndWhatToDoInBothLanguages) {
  for (const PlanWarning& warning : DocumentOf2023().warnings) {
    for (const std::string* text :
         {&warning.message.vi, &warning.message.en, &warning.advice.vi, &warning.advice.en}) {
      EXPECT_FALSE(text->empty()) << warning.code;
      EXPECT_TRUE(absl::EndsWith(*text, ".")) << warning.code << ": " << *text;
    }
  }
}

TEST(TargetConflict, NamesBothFiguresAndTheirPlaces) {
  const PlanWarning& warning = DocumentOf2023().warnings.front();
  EXPECT_EQ(warning.message.vi, "Cùng một chỉ số có hai mức: ≥ 86% (I.2.d), ≥ 85% (hàng 14).");
}

TEST(TargetConflict, IsNoneForTheSameShareOfTwoSurveys) {
  // Even with two figures the two surveys are two indicators.
  const std::string text =
      Replaced(Replaced(PlanOf2023(), "về giải quyết TTHC đạt 85%", "về giải quyết TTHC đạt 86%"),
               "cơ quan hành chính nhà nước đạt tối thiểu **86%**",
               "cơ quan hành chính nhà nước đạt tối thiểu **80%**");
  EXPECT_THAT(CodesIn(text), Not(Contains("TARGET_CONFLICT")));
}

TEST(TargetConflict, SeesAStrictComparatorToo) {
  const std::string text =
      Replaced(PlanOf2023(), "về giải quyết TTHC đạt 85%", "về giải quyết TTHC đạt trên 86%");
  EXPECT_THAT(CodesIn(text), Contains("TARGET_CONFLICT"));
}

// Each of these goes when its cause goes.
struct Mended {
  std::string code;
  std::string from;
  std::string to;
};
std::ostream& operator<<(std::ostream& out, const Mended& mended) { return out << mended.code; }

class MendedPlan : public ::testing::TestWithParam<Mended> {};

TEST_P(MendedPlan, LosesTheFinding) {
  ASSERT_THAT(CodesIn(PlanOf2023()), Contains(GetParam().code));
  EXPECT_THAT(CodesIn(Replaced(PlanOf2023(), GetParam().from, GetParam().to)),
              Not(Contains(GetParam().code)));
}

INSTANTIATE_TEST_SUITE_P(
    FindAll, MendedPlan,
    ::testing::Values(
        Mended{"NUMBER_MISSING", "Số: /KH-SKHCN", "Số: 05/KH-SKHCN"},
        Mended{"TARGET_CONFLICT", "đạt 85%", "đạt 86%"},
        Mended{"PRODUCT_BLANK", "doanh nghiệp\t\tCác", "doanh nghiệp\tBáo cáo\tCác"},
        Mended{"REPORT_PERIODS_OVERLAP", "quý II, 6 tháng", "6 tháng"},
        Mended{"REPORT_QUARTER_MISSING", "quý II, 6 tháng", "6 tháng, quý III"},
        Mended{"DUE_DOT_MISSING", "Quý I/2023 Thực hiện", "Quý I/2023. Thực hiện"},
        Mended{"QUARTERS_ARE_ONE_WINDOW", "Quý III, IV năm 2023.", "Quý IV năm 2023."},
        Mended{"STRICT_COMPARATOR", "Đạt trên 95%", "Đạt tối thiểu 95%"},
        Mended{"TARGET_EXCLUSION", ", không bao gồm hồ sơ xử lý công việc có nội dung mật", ""},
        Mended{"TARGET_STARTS_LATER", "đạt 100% từ tháng 7 năm 2023", "đạt 100%"},
        Mended{"SIGNER_SPACING", "KT.GIÁM", "KT. GIÁM"},
        Mended{"WORDS_REPEATED", "cơ chế một cửa, một cửa trong", "cơ chế một cửa trong"},
        Mended{"ABBREVIATION_UNKNOWN", "CBCCVN", "CCVC"},
        Mended{"STANDARD_IN_TWO_VERSIONS", "9001:2008", "9001:2015"},
        Mended{"OLD_YEAR_CITED", "phê duyệt năm 2020", "phê duyệt"},
        Mended{"COMMENDATION_OPTIONAL", "trong công tác CCHC (nếu có)", "trong công tác CCHC"},
        Mended{"INSPECTION_UNITS_UNKNOWN", "; đảm bảo kiểm tra ít nhất 30% số phòng, đơn vị", ""},
        Mended{"ADJUSTMENT_NOT_DESCRIBED", "- c) Theo dõi, tham mưu",
               "- c) Theo dõi, điều chỉnh"}));

// And these come with theirs.
class DamagedPlanFinding : public ::testing::TestWithParam<Mended> {};

TEST_P(DamagedPlanFinding, Appears) {
  ASSERT_THAT(CodesIn(PlanOf2023()), Not(Contains(GetParam().code)));
  EXPECT_THAT(CodesIn(Replaced(PlanOf2023(), GetParam().from, GetParam().to)),
              Contains(GetParam().code));
}

INSTANTIATE_TEST_SUITE_P(
    FindAll, DamagedPlanFinding,
    ::testing::Values(
        Mended{"TASK_COUNT_NOT_DECLARED", "TỔNG CỘNG: 46 NHIỆM VỤ\t\t\t\t\t", ""},
        Mended{"TEXT_AFTER_APPENDIX", "TỔNG CỘNG: 46 NHIỆM VỤ\t\t\t\t\t",
               "TỔNG CỘNG: 46 NHIỆM VỤ\t\t\t\t\t\nGhi chú: có thể thay đổi"},
        Mended{"COORDINATOR_BLANK", "Văn phòng UBND TP\tTháng 4", "\tTháng 4"},
        Mended{"DURATION_WITHOUT_BOUND", "\tBiểu mẫu rà soát\t", "\tBáo cáo trong 15 ngày\t"},
        Mended{"DUE_BEFORE_DATE", "Quý IV/2023", "Trước ngày 15/12/2023"},
        Mended{"DUE_YEAR_DIFFERS", "Quý IV/2023", "Quý IV/2024"},
        Mended{"REPORTS_MISSING", "Báo cáo định kỳ (quý I, quý II, 6 tháng, năm)", "Báo cáo"},
        Mended{"INSPECTION_SHARE_MISSING", "; đảm bảo kiểm tra ít nhất 30% số phòng, đơn vị", ""}));

TEST(TaskWithoutSection, SeesARowAboveTheFirstSection) {
  const std::string section = LineWith(PlanOf2023(), "I\tCông tác");
  const std::string row = LineWith(PlanOf2023(), "1\tBan hành");
  EXPECT_THAT(CodesIn(PlanOf2023()), Not(Contains("TASK_WITHOUT_SECTION")));
  EXPECT_THAT(CodesIn(Replaced(PlanOf2023(), absl::StrCat(section, "\n", row),
                               absl::StrCat(row, "\n", section))),
              Contains("TASK_WITHOUT_SECTION"));
}

}  // namespace
}  // namespace dondoc::registry::plan
