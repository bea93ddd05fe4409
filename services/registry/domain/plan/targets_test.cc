#include "services/registry/domain/plan/targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "services/registry/domain/plan/document_lines.h"

namespace dondoc::registry::plan {
namespace {

using ::testing::ElementsAre;

Goals GoalsIn(absl::string_view text, Problems& problems) {
  const Outline outline = OutlineOf(LinesOf(text).lines);
  return ReadGoals(outline.parts.at(0), 2024, problems);
}

std::vector<PlanTarget> TargetsIn(absl::string_view clause) {
  Problems problems;
  const std::string text = "I. MỤC TIÊU\n1. Về việc\na) " + std::string(clause) + "\n";
  const Goals goals = GoalsIn(text, problems);
  EXPECT_TRUE(problems.empty());
  return goals.targets;
}

std::vector<std::string> IdsOf(const std::vector<PlanTarget>& targets) {
  std::vector<std::string> ids;
  for (const PlanTarget& target : targets) ids.push_back(target.id);
  return ids;
}

// What one clause says, piece by piece: "indicator | bound".
struct Clause {
  std::string text;
  std::vector<std::string> pieces;
};
std::ostream& operator<<(std::ostream& out, const Clause& clause) { return out << clause.text; }

class OneClause : public ::testing::TestWithParam<Clause> {};

TEST_P(OneClause, IsCutIntoItsFigures) {
  std::vector<std::string> pieces;
  for (const PlanTarget& target : TargetsIn(GetParam().text)) {
    pieces.push_back(target.indicator + " | " + (target.bound ? ToText(*target.bound) : "none"));
  }
  EXPECT_EQ(pieces, GetParam().pieces);
}

INSTANTIATE_TEST_SUITE_P(
    ReadGoals, OneClause,
    ::testing::Values(Clause{"Tỷ lệ A đạt 70%.", {"Tỷ lệ A | ≥ 70%"}},
                      Clause{"Có tối thiểu 10% đơn vị tự chủ.", {"đơn vị tự chủ | ≥ 10%"}},
                      Clause{"Rà soát 100% văn bản.", {"Rà soát văn bản | ≥ 100%"}},
                      Clause{"A đạt 70%; B đạt từ 40% trở lên;", {"A | ≥ 70%", "B | ≥ 40%"}},
                      Clause{"100% thủ tục A. Tỷ lệ B trên 95%.",
                             {"thủ tục A | ≥ 100%", "Tỷ lệ B | > 95%"}},
                      Clause{"A đạt 70%, B đạt 80%.", {"A | ≥ 70%", "B | ≥ 80%"}},
                      Clause{"100% thủ tục, hồ sơ được công khai và 80% hồ sơ đúng hạn.",
                             {"thủ tục, hồ sơ được công khai | ≥ 100%", "hồ sơ đúng hạn | ≥ 80%"}},
                      Clause{"90% hồ sơ (bao gồm giấy; không bao gồm hồ sơ mật) qua mạng.",
                             {"hồ sơ qua mạng | ≥ 90%"}},
                      Clause{"100% cơ quan tại TP. Cần Thơ áp dụng.",
                             {"cơ quan tại TP. Cần Thơ áp dụng | ≥ 100%"}},
                      Clause{"Thời gian chờ giảm xuống còn tối đa 25 phút/01 lần.",
                             {"Thời gian chờ | ≤ 25 phút/lần"}},
                      Clause{"Có ít nhất 02 sáng kiến.", {"sáng kiến | ≥ 2"}},
                      Clause{"Mức độ hài lòng đạt 85,5%.", {"Mức độ hài lòng | ≥ 85,5%"}},
                      Clause{"Xây dựng đội ngũ. Nâng cao năng lực.",
                             {"Xây dựng đội ngũ. Nâng cao năng lực | none"}}));

TEST(ReadGoals, NestsOnlyWhatSaysSo) {
  const std::vector<PlanTarget> targets = TargetsIn(
      "100% A trực tuyến. Trong số đó, ít nhất 90% B. Tỷ lệ C trên tổng số hồ sơ đạt 30%;");
  EXPECT_THAT(IdsOf(targets), ElementsAre("I.1.a-1", "I.1.a-2", "I.1.a-3"));
  EXPECT_EQ(targets[0].nested_in, std::nullopt);
  EXPECT_EQ(targets[1].nested_in, "I.1.a-1");
  EXPECT_EQ(targets[2].nested_in, std::nullopt);
  EXPECT_EQ(targets[2].denominator, "tổng số hồ sơ");
}

TEST(ReadGoals, NestsAfterACommaToo) {
  const std::vector<PlanTarget> targets =
      TargetsIn("Tối thiểu 70% A, trong đó, B đạt từ 40% trở lên;");
  ASSERT_EQ(targets.size(), 2u);
  EXPECT_EQ(targets[1].nested_in, "I.1.a-1");
  EXPECT_EQ(targets[1].indicator, "B");
  EXPECT_EQ(targets[1].text, "trong đó, B đạt từ 40% trở lên");
}

TEST(ReadGoals, ReadsFromWhenATargetHolds) {
  const std::vector<PlanTarget> targets =
      TargetsIn("A đạt 50%; B đạt 100% từ tháng 7 năm 2024; C đạt 10% kể từ ngày 15/3/2024");
  ASSERT_EQ(targets.size(), 3u);
  EXPECT_EQ(targets[0].effective_from, absl::CivilDay(2024, 1, 1));
  EXPECT_EQ(targets[1].effective_from, absl::CivilDay(2024, 7, 1));
  EXPECT_EQ(targets[1].indicator, "B");
  EXPECT_EQ(targets[2].effective_from, absl::CivilDay(2024, 3, 15));
  EXPECT_EQ(targets[2].indicator, "C");
}

TEST(ReadGoals, ReadsWhatIsLeftOut) {
  EXPECT_EQ(TargetsIn("90% hồ sơ (bao gồm A, không bao gồm hồ sơ có nội dung mật);")[0].exclusion,
            "hồ sơ có nội dung mật");
}

TEST(ReadGoals, SaysWhatKindATargetWithoutFigureIs) {
  const std::vector<PlanTarget> by_reference =
      TargetsIn("Đạt chỉ tiêu được giao tại Kế hoạch số 5/KH-UBND ngày 03 tháng 8 năm 2023;");
  EXPECT_EQ(by_reference[0].kind, TargetKind::kByReference);
  EXPECT_EQ(by_reference[0].referenced_document, "Kế hoạch số 5/KH-UBND");
  EXPECT_EQ(by_reference[0].bound, std::nullopt);
  EXPECT_EQ(TargetsIn("Xây dựng đội ngũ hợp lý.")[0].kind, TargetKind::kQualitative);
}

TEST(ReadGoals, WritesDdInIdsAndKeepsTheLetterInClauses) {
  Problems problems;
  const Goals goals = GoalsIn("II. MỤC TIÊU\n2. Về việc\nd) A đạt 1%;\nđ) B đạt 2%;\n", problems);
  EXPECT_THAT(IdsOf(goals.targets), ElementsAre("II.2.d", "II.2.dd"));
  EXPECT_EQ(goals.targets[1].clause, "II.2.đ");
}

TEST(ReadGoals, TakesAPointWithoutTextAsATargetAndAnIntroductionAsNone) {
  Problems problems;
  const Goals goals = GoalsIn(
      "I. MỤC TIÊU\n1. Rà soát 100% văn bản\n2. Về hồ sơ\nPhấn đấu:\na) 90% hồ sơ;\n", problems);
  EXPECT_THAT(IdsOf(goals.targets), ElementsAre("I.1", "I.2.a"));
}

class NoClearFigure : public ::testing::TestWithParam<std::string> {};

TEST_P(NoClearFigure, IsRefusedWithItsClause) {
  Problems problems;
  GoalsIn("I. MỤC TIÊU\n1. Về việc\na) " + GetParam() + "\n", problems);
  ASSERT_EQ(problems.all().size(), 1u);
  EXPECT_EQ(problems.all()[0].reason, "TARGET_NOT_UNDERSTOOD");
  EXPECT_EQ(problems.all()[0].details.at("clause"), "I.1.a");
}

INSTANTIATE_TEST_SUITE_P(ReadGoals, NoClearFigure,
                         ::testing::Values("A đạt từ 40% đến 60%", "Giải quyết trong 15 phút",
                                           "A đạt 85.5%", "A trên 40% trở lên",
                                           "70% hồ sơ của 80% đơn vị"));

TEST(ReadGoals, RefusesAClauseThatStandsTwice) {
  Problems problems;
  GoalsIn("I. MỤC TIÊU\n1. Về việc\na) A đạt 1%\na) B đạt 2%\n", problems);
  ASSERT_EQ(problems.all().size(), 1u);
  EXPECT_EQ(problems.all()[0].reason, "CLAUSE_DUPLICATE");
}

TEST(ReadTaskFigures, FindsThemInContentAndProduct) {
  const TaskFigures figures = ReadTaskFigures({.number = 9,
                                               .content = "100% lãnh đạo đúng quy định.",
                                               .product = "Tỷ lệ A đạt trên 95%; Biên bản",
                                               .year = 2024});
  EXPECT_THAT(IdsOf(figures.targets), ElementsAre("T9-1", "T9-2"));
  EXPECT_EQ(figures.targets[0].indicator, "lãnh đạo đúng quy định");
  EXPECT_EQ(figures.targets[1].task, 9);
}

TEST(ReadTaskFigures, TakesTheContentAsIndicatorOfABareFigure) {
  const TaskFigures figures = ReadTaskFigures(
      {.number = 13, .content = "Tỷ lệ hồ sơ", .product = "Đạt tối thiểu 45%", .year = 2024});
  ASSERT_EQ(figures.targets.size(), 1u);
  EXPECT_EQ(figures.targets[0].id, "T13");
  EXPECT_EQ(figures.targets[0].indicator, "Tỷ lệ hồ sơ");
}

TEST(ReadTaskFigures, OnlyNotesALengthOfTimeThatIsNoBound) {
  const TaskFigures figures = ReadTaskFigures(
      {.number = 1, .content = "Báo cáo trong 15 ngày", .product = "Báo cáo", .year = 2024});
  EXPECT_TRUE(figures.targets.empty());
  EXPECT_TRUE(figures.understood);
  EXPECT_TRUE(figures.bare_duration);
}

}  // namespace
}  // namespace dondoc::registry::plan
