#include "services/kpi/domain/plan_indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "services/kpi/domain/names.h"

namespace dondoc::kpi {
namespace {

using ::testing::ElementsAre;

PlanTarget Numeric(const char* id, const char* value, std::vector<std::string> tasks = {}) {
  PlanTarget target;
  target.id = id;
  target.clause = id;
  target.indicator = std::string("Chỉ số ") + id;
  target.kind = PlanTargetKind::kNumeric;
  target.comparator = Comparator::kAtLeast;
  target.value = Decimal::Parse(value).value();
  target.unit = "%";
  target.tasks = std::move(tasks);
  return target;
}

PlanFacts Plan(std::vector<PlanTarget> targets) {
  return {.id = "cchc-2023", .year = 2023, .targets = std::move(targets), .inspection_share = {}};
}

// Indicator id -> ids of its targets.
std::map<std::string, std::vector<std::string>> Shape(const std::vector<PlanMeasure>& measures) {
  std::map<std::string, std::vector<std::string>> shape;
  for (const PlanMeasure& measure : measures) {
    auto& targets = shape[measure.indicator.id];
    for (const Target& target : measure.targets) targets.push_back(target.id);
  }
  return shape;
}

TEST(MeasuresOf, PutsTheContradictoryFiguresOfSatisfactionSideBySide) {
  const auto measures =
      MeasuresOf(Plan({Numeric("I.2.d", "86", {"14"}), Numeric("I.3.b", "86", {"3"}),
                       Numeric("T14", "85", {"14"})}));
  const auto shape = Shape(measures);
  EXPECT_THAT(shape.at("cchc-2023-i-2-d"), ElementsAre("i-2-d", "t14"));
  EXPECT_THAT(shape.at("cchc-2023-i-3-b"), ElementsAre("i-3-b"));
  EXPECT_EQ(shape.count("cchc-2023-t14"), 0u);
  EXPECT_TRUE(measures[0].targets[0].conflicting);
  EXPECT_TRUE(measures[0].targets[1].conflicting);
  EXPECT_FALSE(measures[1].targets[0].conflicting);
}

TEST(MeasuresOf, JoinsOnlyWhatIsTheSameThing) {
  PlanTarget by_reference = Numeric("I.3.a", "1", {"21"});
  by_reference.kind = PlanTargetKind::kByReference;
  by_reference.value.reset();
  PlanTarget minutes = Numeric("T9", "25", {"9"});
  minutes.unit = "phút/lượt";
  PlanTarget ratio_without_figure = Numeric("T44", "1", {"44"});
  ratio_without_figure.kind = PlanTargetKind::kNotSet;
  PlanTarget same_words = Numeric("T12", "90", {"12"});
  same_words.indicator = "chỉ số i.2.c-2";
  const auto shape = Shape(MeasuresOf(Plan({
      Numeric("I.2.a-1", "70", {"11"}),
      Numeric("I.2.a-2", "100", {"11"}),
      Numeric("T11", "100", {"11"}),  // two candidates: neither
      by_reference,
      Numeric("T21", "100", {"21"}),  // the other figure stands elsewhere
      Numeric("I.2.x", "10", {"9"}),
      minutes,  // another unit of measure
      Numeric("I.6.a", "90", {"44"}),
      ratio_without_figure,  // inherits the measured value
      Numeric("I.2.c-2", "90", {"12"}),
      Numeric("I.2.c-9", "50", {"12"}),
      same_words,  // two candidates, and the words decide
      Numeric("T27", "100", {"27"}),
      Numeric("T27-2", "100", {"27"}),
  })));
  EXPECT_EQ(shape.count("cchc-2023-t11"), 1u);
  EXPECT_EQ(shape.count("cchc-2023-t21"), 1u);
  EXPECT_EQ(shape.count("cchc-2023-t9"), 1u);
  EXPECT_THAT(shape.at("cchc-2023-i-6-a"), ElementsAre("i-6-a", "t44"));
  EXPECT_THAT(shape.at("cchc-2023-i-2-c-2"), ElementsAre("i-2-c-2", "t12"));
  EXPECT_EQ(shape.count("cchc-2023-t27"), 1u);
  EXPECT_EQ(shape.count("cchc-2023-t27-2"), 1u);
}

TEST(MeasuresOf, TakesTheWayOfAddingUpFromTheUnit) {
  PlanTarget minutes = Numeric("T9", "25");
  minutes.unit = "phút/hồ sơ";
  PlanTarget documents = Numeric("T30", "12");
  documents.unit = "văn bản";
  const auto measures = MeasuresOf(Plan({Numeric("I.1", "100"), minutes, documents}));
  EXPECT_EQ(measures[0].indicator.aggregation, Aggregation::kRatio);
  EXPECT_EQ(measures[0].indicator.factor, 100);
  EXPECT_EQ(measures[1].indicator.aggregation, Aggregation::kMaximum);
  EXPECT_EQ(measures[1].indicator.factor, 1);
  EXPECT_EQ(measures[2].indicator.aggregation, Aggregation::kSum);
  EXPECT_EQ(measures[2].indicator.factor, 1);
}

TEST(MeasuresOf, LeavesOutFiguresThatNobodyGave) {
  PlanTarget by_reference = Numeric("I.3.a", "5");
  by_reference.kind = PlanTargetKind::kByReference;
  by_reference.reference = "Kế hoạch số 166/KH-UBND";
  PlanTarget statement = Numeric("I.4", "5");
  statement.kind = PlanTargetKind::kQualitative;
  const auto measures = MeasuresOf(Plan({by_reference, statement}));
  EXPECT_FALSE(measures[0].targets[0].value.has_value());
  EXPECT_EQ(measures[0].targets[0].reference, "Kế hoạch số 166/KH-UBND");
  EXPECT_FALSE(measures[1].targets[0].value.has_value());
  EXPECT_TRUE(measures[1].targets[0].qualitative);
}

TEST(MeasuresOf, KeepsDatesNestingAndWords) {
  PlanTarget outer = Numeric("I.2.b-1", "70");
  PlanTarget inner = Numeric("I.2.b-2", "40");
  inner.nested_in = "I.2.b-1";
  inner.effective_from = absl::CivilDay(2023, 7, 1);
  inner.exclusion = "không bao gồm hồ sơ mật";
  const auto measures = MeasuresOf(Plan({outer, inner}));
  EXPECT_EQ(measures[1].indicator.nested_in, "cchc-2023-i-2-b-1");
  EXPECT_EQ(measures[1].indicator.exclusion, "không bao gồm hồ sơ mật");
  EXPECT_EQ(measures[1].indicator.source, "plans/cchc-2023/targets/I.2.b-2");
  EXPECT_EQ(measures[1].targets[0].effective_from, absl::CivilDay(2023, 7, 1));
  EXPECT_EQ(measures[0].targets[0].effective_from, absl::CivilDay(2023, 1, 1));
  EXPECT_EQ(measures[0].targets[0].due_date, absl::CivilDay(2023, 12, 31));
}

TEST(MeasuresOf, AddsWhatIsComputedFromEvents) {
  PlanFacts plan = Plan({});
  EXPECT_EQ(MeasuresOf(plan).size(), 1u);
  EXPECT_EQ(MeasuresOf(plan)[0].indicator.id, "cchc-2023-tasks-on-time");
  plan.inspection_share = Decimal::OfWhole(30);
  const auto measures = MeasuresOf(plan);
  ASSERT_EQ(measures.size(), 2u);
  EXPECT_TRUE(measures[1].indicator.computed);
  EXPECT_EQ(measures[1].indicator.id, "inspection-coverage");
  EXPECT_EQ(measures[1].targets[0].id, "cchc-2023");
  EXPECT_EQ(measures[1].targets[0].value, Decimal::OfWhole(30));
}

TEST(MeasuresOf, CutsANameThatIsTooLongBetweenTwoLetters) {
  PlanTarget target = Numeric("I.1", "100");
  target.indicator.clear();
  for (int i = 0; i < 600; ++i) target.text += "đ";
  const auto measures = MeasuresOf(Plan({target}));
  EXPECT_EQ(measures[0].indicator.display_name.size(), 2 * kDisplayNameMax);
}

TEST(MeasuresOf, GivesTwoTargetsWithLookAlikeIdsTheirOwnIndicators) {
  const auto measures = MeasuresOf(Plan({Numeric("I.2.a-1", "1"), Numeric("I.2.a.1", "2")}));
  EXPECT_EQ(measures[0].indicator.id, "cchc-2023-i-2-a-1");
  EXPECT_EQ(measures[1].indicator.id, "cchc-2023-i-2-a-1-no2");
}

}  // namespace
}  // namespace dondoc::kpi
