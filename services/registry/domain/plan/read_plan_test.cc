#include "services/registry/domain/plan/read_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/base/status_matchers.h"
#include "services/registry/domain/plan/plan_fixture.h"
#include "services/registry/domain/plan/targets.h"

namespace dondoc::registry {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Day = absl::CivilDay;

const PlanDocument& Plan() { return plan::DocumentOf2023(); }

template <typename Predicate>
std::vector<int> RowsWhere(Predicate predicate) {
  std::vector<int> rows;
  for (const PlanTask& task : Plan().tasks) {
    if (predicate(task)) rows.push_back(task.number);
  }
  return rows;
}

// ---- The plan of 2023, counted by hand ------------------------------------------------------

TEST(ReadPlanOf2023, ReadsTheHead) {
  const PlanHead& head = Plan().head;
  EXPECT_EQ(head.issuer, "Sở Khoa học và Công nghệ");
  EXPECT_EQ(head.kind, "KẾ HOẠCH");
  EXPECT_EQ(head.title, "Công tác cải cách hành chính năm 2023");
  EXPECT_EQ(head.number, std::nullopt);
  EXPECT_EQ(head.symbol, "KH-SKHCN");
  EXPECT_EQ(head.place, "Cần Thơ");
  EXPECT_EQ(head.date, Day(2023, 1, 27));
  EXPECT_EQ(head.signer_role, "KT.GIÁM ĐỐC PHÓ GIÁM ĐỐC");
  EXPECT_EQ(head.signer_name, "Trần Đông Phương An");
  EXPECT_THAT(head.bases, SizeIs(2));
  EXPECT_THAT(head.recipients, ElementsAre("Sở Nội vụ", "BGĐ Sở KH&CN",
                                           "Các phòng, đơn vị trực thuộc Sở", "Lưu: VT"));
  EXPECT_EQ(Plan().year, 2023);
}

struct ExpectedTarget {
  std::string id;
  std::string clause;
  std::string bound;
  Day from;
  std::string nested_in;
  bool operator==(const ExpectedTarget&) const = default;
};
std::ostream& operator<<(std::ostream& out, const ExpectedTarget& target) {
  return out << target.id << " " << target.clause << " " << target.bound << " " << target.from
             << " " << target.nested_in;
}

TEST(ReadPlanOf2023, ReadsItsSeventeenTargets) {
  const Day january(2023, 1, 1);
  const Day july(2023, 7, 1);
  const std::vector<ExpectedTarget> expected = {{"I.1", "I.1", "≥ 100%", january, ""},
                                                {"I.2.a-1", "I.2.a", "≥ 70%", january, ""},
                                                {"I.2.a-2", "I.2.a", "≥ 100%", july, ""},
                                                {"I.2.b-1", "I.2.b", "≥ 70%", january, ""},
                                                {"I.2.b-2", "I.2.b", "≥ 40%", january, "I.2.b-1"},
                                                {"I.2.c-1", "I.2.c", "≥ 100%", january, ""},
                                                {"I.2.c-2", "I.2.c", "≥ 90%", january, "I.2.c-1"},
                                                {"I.2.c-3", "I.2.c", "≥ 30%", january, ""},
                                                {"I.2.d", "I.2.d", "≥ 86%", january, ""},
                                                {"I.2.dd", "I.2.đ", "≥ 100%", january, ""},
                                                {"I.3.a", "I.3.a", "by reference", january, ""},
                                                {"I.3.b", "I.3.b", "≥ 86%", january, ""},
                                                {"I.4", "I.4", "qualitative", january, ""},
                                                {"I.5", "I.5", "≥ 10%", january, ""},
                                                {"I.6.a", "I.6.a", "≥ 90%", january, ""},
                                                {"I.6.b", "I.6.b", "≥ 100%", january, ""},
                                                {"I.6.c", "I.6.c", "≥ 100%", january, ""}};
  std::vector<ExpectedTarget> read;
  for (const PlanTarget& target : Plan().targets) {
    const std::string bound = target.bound ? plan::ToText(*target.bound)
                              : target.kind == TargetKind::kByReference ? "by reference"
                                                                        : "qualitative";
    read.push_back(
        {target.id, target.clause, bound, target.effective_from, target.nested_in.value_or("")});
  }
  EXPECT_EQ(read, expected);
}

TEST(ReadPlanOf2023, ReadsTheSmallPrintOfTargets) {
  std::map<std::string, PlanTarget> targets;
  for (const PlanTarget& target : Plan().targets) targets[target.id] = target;
  EXPECT_EQ(targets["I.3.a"].referenced_document, "Kế hoạch số 166/KH-UBND");
  EXPECT_EQ(targets["I.6.a"].exclusion, "hồ sơ xử lý công việc có nội dung mật");
  EXPECT_EQ(targets["I.2.c-3"].denominator, "tổng số hồ sơ");
  EXPECT_EQ(targets["I.2.d"].text,
            "Mức độ hài lòng của người dân, doanh nghiệp về giải quyết TTHC đạt tối thiểu 86%");
  EXPECT_EQ(targets["I.2.d"].indicator,
            "Mức độ hài lòng của người dân, doanh nghiệp về giải quyết TTHC");
}

TEST(ReadPlanOf2023, ReadsFortySixTasksInSevenSections) {
  EXPECT_THAT(Plan().tasks, SizeIs(46));
  EXPECT_EQ(Plan().declared_task_count, 46);
  std::map<std::string, int> tasks;
  for (const PlanTask& task : Plan().tasks) ++tasks[task.section];
  const std::map<std::string, int> expected = {{"I", 4}, {"II", 3}, {"III", 13}, {"IV", 6},
                                               {"V", 7}, {"VI", 8}, {"VII", 5}};
  EXPECT_EQ(tasks, expected);
}

TEST(ReadPlanOf2023, MapsSectionsToGoals) {
  std::vector<std::optional<int>> goals;
  for (const PlanSection& section : Plan().sections) goals.push_back(section.goal);
  EXPECT_THAT(goals, ElementsAre(std::nullopt, 1, 2, 3, 4, 5, 6));
}

TEST(ReadPlanOf2023, ReadsFiftyMilestones) {
  size_t phases = 0;
  std::map<Day, int> ends;
  for (const PlanTask& task : Plan().tasks) {
    phases += task.phases.size();
    for (const PlanPhase& phase : task.phases) ++ends[phase.end];
  }
  EXPECT_EQ(phases, 50u);
  const std::map<Day, int> expected = {{Day(2023, 3, 31), 4},
                                       {Day(2023, 4, 30), 1},
                                       {Day(2023, 7, 31), 1},
                                       {Day(2023, 9, 30), 1},
                                       {Day(2023, 12, 31), 43}};
  EXPECT_EQ(ends, expected);
}

TEST(ReadPlanOf2023, ReadsTheWindows) {
  EXPECT_THAT(RowsWhere([](const PlanTask& task) { return task.phases.size() == 2; }),
              ElementsAre(1, 2, 5, 6));
  EXPECT_THAT(RowsWhere([](const PlanTask& task) {
                return task.phases.size() == 1 && task.phases[0].kind == PeriodKind::kYear;
              }),
              SizeIs(37));
  EXPECT_EQ(plan::TaskOf(Plan(), 7).phases[0].start, Day(2023, 7, 1));
  EXPECT_EQ(plan::TaskOf(Plan(), 7).phases[0].end, Day(2023, 12, 31));
  EXPECT_EQ(plan::TaskOf(Plan(), 4).phases[0].start, Day(2023, 10, 1));
  EXPECT_EQ(plan::TaskOf(Plan(), 2).phases[0].label, "Ban hành kế hoạch");
}

TEST(ReadPlanOf2023, TellsLeadsThatAreGroupsFromNamedOnes) {
  std::map<std::string, int> groups;
  for (const PlanTask& task : Plan().tasks) {
    for (const PlanParty& lead : task.leads) {
      if (lead.kind == PartyKind::kGroup) ++groups[lead.text];
    }
  }
  const std::map<std::string, int> expected = {
      {"Các phòng, đơn vị có liên quan", 24}, {"Các đơn vị", 6}, {"Các đơn vị có liên quan", 1}};
  EXPECT_EQ(groups, expected);
  EXPECT_THAT(plan::TaskOf(Plan(), 29).leads,
              ElementsAre(PlanParty{PartyKind::kUnit, "Văn phòng"},
                          PlanParty{PartyKind::kUnit, "Chi cục Tiêu chuẩn Đo lường Chất lượng"}));
}

TEST(ReadPlanOf2023, ReadsCoordinators) {
  EXPECT_THAT(RowsWhere([](const PlanTask& task) { return task.no_coordinator; }),
              ElementsAre(22, 29, 31));
  EXPECT_THAT(RowsWhere([](const PlanTask& task) {
                return std::find(task.coordinators.begin(), task.coordinators.end(),
                                 PlanParty{PartyKind::kUnit, "Văn phòng"}) !=
                       task.coordinators.end();
              }),
              SizeIs(31));
  EXPECT_THAT(plan::TaskOf(Plan(), 19).coordinators,
              ElementsAre(PlanParty{PartyKind::kExternal, "Văn phòng UBND TP"}));
}

TEST(ReadPlanOf2023, JoinsTheTwoRowsThatPagesSplit) {
  EXPECT_THAT(RowsWhere([](const PlanTask& task) { return task.split_over_pages; }),
              ElementsAre(22, 32));
  EXPECT_EQ(plan::TaskOf(Plan(), 22).cells.product,
            "Tỷ lệ các đơn vị bố trí đúng quy định về số lượng cấp phó");
  EXPECT_EQ(plan::TaskOf(Plan(), 32).cells.lead, "Các phòng, đơn vị có liên quan");
  EXPECT_EQ(plan::TaskOf(Plan(), 32).cells.product, "Kết quả đánh giá, xếp loại chất lượng");
}

TEST(ReadPlanOf2023, FindsTheFiguresHiddenInTheAppendix) {
  std::map<std::string, std::string> figures;
  for (const PlanTask& task : Plan().tasks) {
    for (const PlanTarget& target : task.targets) figures[target.id] = plan::ToText(*target.bound);
  }
  const std::map<std::string, std::string> expected = {{"T9-1", "≤ 25 phút/lần đến giao dịch"},
                                                       {"T9-2", "≤ 40 phút/hồ sơ"},
                                                       {"T10", "≥ 100%"},
                                                       {"T11", "≥ 100%"},
                                                       {"T13", "≥ 45%"},
                                                       {"T14", "≥ 85%"},
                                                       {"T15", "> 95%"},
                                                       {"T19", "≥ 100%"},
                                                       {"T26", "≥ 100%"},
                                                       {"T27-1", "≥ 100%"},
                                                       {"T27-2", "≥ 100%"},
                                                       {"T31", "≥ 100%"}};
  EXPECT_EQ(figures, expected);
}

TEST(ReadPlanOf2023, ReadsReportsAndTheInspectionShare) {
  std::vector<std::string> reports;
  for (const PlanReport& report : Plan().reports) reports.push_back(report.text);
  EXPECT_THAT(reports, ElementsAre("quý I", "quý II", "6 tháng", "năm", "báo cáo đột xuất"));
  EXPECT_EQ(Plan().reports_clause, "III.1.b");
  ASSERT_TRUE(Plan().inspection_share.has_value());
  EXPECT_EQ(Plan().inspection_share->clause, "III.2.d");
  EXPECT_EQ(Plan().inspection_share->owner, "Văn phòng Sở");
  EXPECT_EQ(plan::ToText(Plan().inspection_share->bound), "≥ 30%");
}

// ---- The same words in another dress -------------------------------------------------------

void ExpectSamePlan(const PlanDocument& read) {
  EXPECT_EQ(read.head, Plan().head);
  EXPECT_EQ(read.targets, Plan().targets);
  EXPECT_EQ(read.tasks, Plan().tasks);
  EXPECT_EQ(read.links, Plan().links);
  EXPECT_EQ(read.warnings.size(), Plan().warnings.size());
}

TEST(ReadPlan, ReadsDecomposedLettersAndOtherLineEndsAlike) {
  utf8proc_uint8_t* decomposed =
      utf8proc_NFD(reinterpret_cast<const utf8proc_uint8_t*>(plan::PlanOf2023().c_str()));
  const std::string text(reinterpret_cast<const char*>(decomposed));
  std::free(decomposed);
  ASSERT_NE(text, plan::PlanOf2023());
  const auto read =
      ReadPlan(absl::StrCat("\xEF\xBB\xBF", absl::StrReplaceAll(text, {{"\n", "\r\n"}})),
               {.holidays = &plan::HolidaysOf2023()});
  ASSERT_THAT(read, IsOk());
  ExpectSamePlan(*read);
}

TEST(ReadPlan, KnowsWeekendsWithoutACalendarAndSaysSo) {
  const auto read = ReadPlan(plan::PlanOf2023());
  ASSERT_THAT(read, IsOk());
  std::set<std::string> codes;
  for (const PlanWarning& warning : read->warnings) codes.insert(warning.code);
  EXPECT_TRUE(codes.contains("CALENDAR_MISSING"));
  EXPECT_TRUE(codes.contains("DUE_ON_DAY_OFF"));
}

// ---- Damaged documents ---------------------------------------------------------------------

struct Damage {
  std::string name;
  std::string from;
  std::string to;
  std::string reason;
  Details details;  // those that must be there
};
std::ostream& operator<<(std::ostream& out, const Damage& damage) { return out << damage.name; }

class DamagedPlan : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedPlan, IsRefusedWithItsPlace) {
  const Damage& damage = GetParam();
  const auto read = ReadPlan(plan::Replaced(plan::PlanOf2023(), damage.from, damage.to));
  ASSERT_THAT(read, Refuses(damage.reason));
  const Details details = DetailsOf(read.status());
  for (const auto& [key, value] : damage.details) {
    EXPECT_EQ(details.contains(key) ? details.at(key) : "(none)", value) << key;
  }
}

INSTANTIATE_TEST_SUITE_P(
    ReadPlan, DamagedPlan,
    ::testing::Values(
        Damage{"A row number twice",
               "\n24\tTriển khai",
               "\n23\tTriển khai",
               "TASK_NUMBER_DUPLICATE",
               {{"row", "23"}, {"line", "205"}, {"problem_count", "2"}}},
        Damage{"A gap in the numbers",
               "\n46\tTiếp tục",
               "\n47\tTiếp tục",
               "TASK_NUMBER_GAP",
               {{"row", "47"}, {"expected", "46"}, {"problem_count", "1"}}},
        Damage{"Another total",
               "TỔNG CỘNG: 46",
               "TỔNG CỘNG: 45",
               "TASK_COUNT_MISMATCH",
               {{"declared", "45"}, {"counted", "46"}}},
        Damage{"A time without meaning",
               "Cả năm 2023.",
               "sớm nhất có thể",
               "DUE_TEXT_NOT_UNDERSTOOD",
               {{"row", "44"}, {"text", "sớm nhất có thể"}}},
        Damage{"A fifth quarter",
               "Quý IV/2023",
               "Quý V/2023",
               "DUE_TEXT_NOT_UNDERSTOOD",
               {{"row", "4"}}},
        Damage{"A thirteenth month",
               "Tháng 7/2023.",
               "Tháng 13/2023.",
               "DUE_TEXT_NOT_UNDERSTOOD",
               {{"row", "11"}}},
        Damage{"A cell less",
               "Tờ trình\tChi cục",
               "Tờ trình Chi cục",
               "TASK_ROW_COLUMNS",
               {{"row", "16"}, {"cells", "5"}}},
        Damage{"A cell more",
               "Tờ trình\tChi cục",
               "Tờ trình\t\tChi cục",
               "TASK_ROW_COLUMNS",
               {{"row", "16"}, {"cells", "7"}}},
        Damage{"A row without lead",
               "Tờ trình\tChi cục Tiêu chuẩn Đo lường Chất lượng\t",
               "Tờ trình\t-\t",
               "LEAD_MISSING",
               {{"row", "16"}}},
        Damage{"A section lost",
               "IV\tCải cách tổ chức bộ máy hành chính nhà nước\t\t\t\t\n",
               "",
               "SECTION_OUT_OF_ORDER",
               {{"section", "V"}}},
        Damage{"A target that is a range",
               "đạt tỷ lệ tối thiểu là **70%**",
               "đạt từ 60% đến 70%",
               "TARGET_NOT_UNDERSTOOD",
               {{"clause", "I.2.a"}}},
        Damage{"A task's figure that is a range",
               "Đạt tối thiểu 45%",
               "Đạt từ 45% đến 50%",
               "TARGET_NOT_UNDERSTOOD",
               {{"row", "13"}}},
        Damage{"A clause twice",
               "\nđ) **100%** TTHC",
               "\nd) **100%** TTHC",
               "CLAUSE_DUPLICATE",
               {{"clause", "I.2.d"}}},
        Damage{"A report period without meaning",
               "(quý I, quý II,",
               "(quý I, quý V,",
               "REPORT_PERIOD_NOT_UNDERSTOOD",
               {{"clause", "III.1.b"}}},
        Damage{"No goals", "I. MỤC TIÊU", "I. YÊU CẦU", "PLAN_NO_GOALS", {}},
        Damage{"No number line", "Số: /KH-SKHCN\n", "", "PLAN_NO_HEAD", {{"missing", "symbol"}}},
        Damage{"No date",
               "Cần Thơ, ngày 27 tháng 01 năm 2023\n",
               "",
               "PLAN_NO_HEAD",
               {{"missing", "date"}}},
        Damage{"No signer",
               "\nTrần Đông Phương An\n",
               "\n",
               "PLAN_NO_HEAD",
               {{"missing", "signer"}}}));

TEST(ReadPlan, RefusesAPlanThatLostARow) {
  const std::string row = plan::LineWith(plan::PlanOf2023(), "20\tRà soát phương án") + "\n";
  const auto read = ReadPlan(plan::Replaced(plan::PlanOf2023(), row, ""));
  ASSERT_THAT(read, Refuses("TASK_NUMBER_GAP"));
  const Details details = DetailsOf(read.status());
  EXPECT_EQ(details.at("problem_count"), "2");
  EXPECT_TRUE(absl::StartsWith(details.at("problem_2"), "TASK_COUNT_MISMATCH"));
}

TEST(ReadPlan, RefusesAPlanWithoutItsTable) {
  const std::string without = absl::StrReplaceAll(plan::PlanOf2023(), {{"Stt\tNội dung", "Mục"}});
  EXPECT_THAT(ReadPlan(without), Refuses("PLAN_NO_APPENDIX"));
  EXPECT_THAT(ReadPlan(plan::PlanOf2023().substr(0, plan::PlanOf2023().find("Stt\t"))),
              Refuses("PLAN_NO_APPENDIX"));
}

TEST(ReadPlan, NamesTheColumnThatTheTableLacks) {
  const std::string without =
      absl::StrReplaceAll(plan::PlanOf2023(), {{"\tSản phẩm\t", "\tGhi\t"}});
  const auto read = ReadPlan(without);
  ASSERT_THAT(read, Refuses("PLAN_NO_APPENDIX"));
  EXPECT_EQ(DetailsOf(read.status()).at("missing"), "Sản phẩm");
}

TEST(ReadPlan, ReportsEveryProblemAtOnce) {
  const std::string text = plan::Replaced(
      plan::Replaced(plan::PlanOf2023(), "Quý IV/2023", "Quý V/2023"), "Cả năm 2023.", "Khi cần");
  const auto read = ReadPlan(text);
  ASSERT_THAT(read, Refuses("DUE_TEXT_NOT_UNDERSTOOD"));
  const Details details = DetailsOf(read.status());
  EXPECT_EQ(details.at("row"), "4");
  EXPECT_EQ(details.at("problem_count"), "2");
  EXPECT_TRUE(absl::StrContains(details.at("problem_2"), "hàng 44"));
}

TEST(ReadPlan, RefusesWhatIsNoPlan) {
  EXPECT_THAT(ReadPlan(""), Refuses("PLAN_NO_HEAD"));
  EXPECT_THAT(ReadPlan("Xin chào"), Refuses("PLAN_NO_HEAD"));
  EXPECT_THAT(ReadPlan(std::string(kPlanBytesMax + 1, 'a')), Refuses("PLAN_TOO_LARGE"));
}

TEST(ReadPlan, RefusesOtherEncodings) {
  // "KẾ HOẠCH" in TCVN3.
  EXPECT_THAT(ReadPlan("K\xD5 ho\xB9"
                       "ch c\xB6i c\xB8"
                       "ch h\xB5nh ch\xDDnh"),
              Refuses("NOT_UTF8"));
  EXPECT_THAT(ReadPlan("Phßng C¶nh s¸t kÕ ho¹ch c¶i c¸ch"), Refuses("SUSPECTED_LEGACY_ENCODING"));
}

TEST(ReadPlan, WarnsOfAnotherYearAndGuessesNone) {
  const auto read = ReadPlan(plan::Replaced(plan::PlanOf2023(), "Quý IV/2023", "Quý IV/2022"),
                             {.holidays = &plan::HolidaysOf2023()});
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(plan::TaskOf(*read, 4).phases[0].end, Day(2022, 12, 31));
  const auto warning =
      std::find_if(read->warnings.begin(), read->warnings.end(),
                   [](const PlanWarning& each) { return each.code == "DUE_YEAR_DIFFERS"; });
  ASSERT_NE(warning, read->warnings.end());
  EXPECT_EQ(warning->severity, WarningSeverity::kConflict);
  EXPECT_THAT(warning->rows, ElementsAre(4));
}

}  // namespace
}  // namespace dondoc::registry
