#include "services/inspection/domain/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "services/inspection/domain/draw.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::vector<std::string> Chosen(const std::vector<Candidate>& candidates) {
  std::vector<std::string> chosen;
  for (const Candidate& candidate : candidates) {
    if (candidate.selected) chosen.push_back(candidate.unit);
  }
  return chosen;
}

const Candidate& Of(const std::vector<Candidate>& candidates, const std::string& unit) {
  return *std::find_if(candidates.begin(), candidates.end(),
                       [&](const Candidate& candidate) { return candidate.unit == unit; });
}

std::vector<UnitFacts> Equals(int count) {
  std::vector<UnitFacts> facts;
  for (int i = 0; i < count; ++i) facts.push_back({.unit = absl::StrCat("units/u", i)});
  return facts;
}

TEST(SplitMix64, GivesThePublishedNumbers) {
  SplitMix64 random(1234567);
  EXPECT_EQ(random.Next(), 6457827717110365317u);
  EXPECT_EQ(random.Next(), 3203168211198807973u);
  EXPECT_EQ(random.Next(), 9817491932198370423u);
}

TEST(Selection, AppliesItsRulesInOrderAndSaysWhichOneDecided) {
  const std::vector<UnitFacts> facts = {
      {.unit = "units/never", .last_inspected = {}},
      {.unit = "units/2019", .last_inspected = absl::CivilDay(2019, 5, 4)},
      {.unit = "units/2021-late", .last_inspected = absl::CivilDay(2021, 12, 1), .late_count = 3},
      {.unit = "units/2021-findings",
       .last_inspected = absl::CivilDay(2021, 1, 5),
       .open_finding_count = 2},
      {.unit = "units/2021-quiet", .last_inspected = absl::CivilDay(2021, 2, 5)},
      {.unit = "units/2022", .last_inspected = absl::CivilDay(2022, 3, 3), .late_count = 9},
      {.unit = "units/named", .last_inspected = absl::CivilDay(2022, 11, 30)},
  };
  struct Row {
    int64_t places;
    const char* last_in;
    SelectionReason reason;
  };
  for (const Row& row : {
           Row{1, "units/named", SelectionReason::kMandatory},
           Row{2, "units/never", SelectionReason::kNeverInspected},
           Row{3, "units/2019", SelectionReason::kLongestAgo},
           Row{4, "units/2021-late", SelectionReason::kLateWork},
           Row{5, "units/2021-findings", SelectionReason::kOpenFindings},
           Row{6, "units/2021-quiet", SelectionReason::kLongestAgo},
       }) {
    const auto candidates =
        Select(facts, {.place_count = row.places,
                       .seed = 1,
                       .mandatory = {{.unit = "units/named", .reason = "có đơn phản ánh"}}});
    ASSERT_THAT(candidates, IsOk());
    EXPECT_EQ(Chosen(*candidates).back(), row.last_in) << row.places;
    EXPECT_EQ(Of(*candidates, row.last_in).reason, row.reason) << row.places;
    EXPECT_EQ((*candidates)[static_cast<size_t>(row.places)].reason,
              row.places == 1 ? SelectionReason::kMandatory : row.reason)
        << row.places;
  }
}

TEST(Selection, WritesAReasonInTwoLanguagesForEveryCandidate) {
  const auto candidates =
      Select(Equals(11), {.place_count = 4,
                          .seed = 42,
                          .mandatory = {{.unit = "units/u7", .reason = "có đơn phản ánh"}}});
  ASSERT_THAT(candidates, IsOk());
  ASSERT_THAT(*candidates, SizeIs(11));
  for (const Candidate& candidate : *candidates) {
    EXPECT_FALSE(candidate.reason_vi.empty()) << candidate.unit;
    EXPECT_FALSE(candidate.reason_en.empty()) << candidate.unit;
  }
  EXPECT_THAT(Of(*candidates, "units/u7").reason_vi, HasSubstr("có đơn phản ánh"));
  EXPECT_EQ(candidates->back().reason, SelectionReason::kDrawn);
  EXPECT_THAT(candidates->back().reason_vi, HasSubstr("hạt giống 42"));
}

TEST(Selection, IsTheSameForTheSameSeedWhateverTheOrderOfItsInput) {
  std::mt19937 random(7);
  std::vector<UnitFacts> facts = Equals(30);
  const auto first = Select(facts, {.place_count = 9, .seed = 20230127});
  for (int i = 0; i < 20; ++i) {
    std::shuffle(facts.begin(), facts.end(), random);
    EXPECT_EQ(*Select(facts, {.place_count = 9, .seed = 20230127}), *first);
  }
}

TEST(Selection, DrawsOthersWithAnotherSeed) {
  EXPECT_NE(Chosen(*Select(Equals(30), {.place_count = 9, .seed = 1})),
            Chosen(*Select(Equals(30), {.place_count = 9, .seed = 2})));
}

TEST(Selection, DrawsEveryUnitAboutAsOften) {
  std::vector<int> times(10, 0);
  for (int seed = 1; seed <= 1000; ++seed) {
    const auto candidates = Select(Equals(10), {.place_count = 3, .seed = seed});
    for (const std::string& unit : Chosen(*candidates)) ++times[static_cast<size_t>(unit[7] - '0')];
  }
  // 300 are expected; 5 standard deviations are 72.
  for (const int count : times) EXPECT_NEAR(count, 300, 72);
}

TEST(Selection, TakesAllMandatoryUnitsEvenBeyondTheQuota) {
  const auto candidates = Select(Equals(5), {.place_count = 1,
                                             .seed = 1,
                                             .mandatory = {{.unit = "units/u1", .reason = "a"},
                                                           {.unit = "units/u3", .reason = "b"}}});
  EXPECT_THAT(Chosen(*candidates), ::testing::UnorderedElementsAre("units/u1", "units/u3"));
}

TEST(Selection, NeedsNoComparisonWhenEverybodyIsChosen) {
  const auto candidates = Select(
      {{.unit = "units/a"}, {.unit = "units/b", .last_inspected = absl::CivilDay(2020, 1, 1)}},
      {.place_count = 2, .seed = 1});
  EXPECT_EQ(Of(*candidates, "units/a").reason, SelectionReason::kNeverInspected);
  EXPECT_EQ(Of(*candidates, "units/b").reason, SelectionReason::kLongestAgo);
}

TEST(Selection, RefusesWithoutUnitsOrWithAnUnknownMandatoryOne) {
  const auto nobody = Select({}, {.place_count = 1});
  EXPECT_THAT(nobody, Refuses("NO_PROGRAMME"));
  EXPECT_EQ(DetailsOf(nobody.status())["rule"], "NO_UNITS");

  const auto unknown =
      Select(Equals(3), {.place_count = 1, .mandatory = {{.unit = "units/x", .reason = "a"}}});
  EXPECT_THAT(unknown, Refuses("NO_PROGRAMME"));
  EXPECT_EQ(DetailsOf(unknown.status())["rule"], "MANDATORY_UNIT_UNKNOWN");
  EXPECT_EQ(DetailsOf(unknown.status())["unit"], "units/x");
}

}  // namespace
}  // namespace dondoc::inspection
