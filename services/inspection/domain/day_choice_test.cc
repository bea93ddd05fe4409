#include "services/inspection/domain/day_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <random>

namespace dondoc::inspection {
namespace {

int64_t Below(std::mt19937& random, int64_t bound) {
  return static_cast<int64_t>(random() % static_cast<uint64_t>(bound));
}

DayChoiceProblem RandomProblem(std::mt19937& random) {
  const auto days = static_cast<size_t>(1 + Below(random, 5));
  DayChoiceProblem problem;
  for (size_t d = 0; d < days; ++d) problem.day_capacity.push_back(Below(random, 4));
  for (int b = 0; b < 3; ++b) {
    std::vector<int64_t>& capacity = problem.branch_capacity.emplace_back();
    for (size_t d = 0; d < days; ++d) {
      capacity.push_back(std::min(Below(random, 4), problem.day_capacity[d]));
    }
  }
  const int64_t groups = 1 + Below(random, 3);
  for (int64_t g = 0; g < groups; ++g) {
    problem.groups.push_back({.visit_count = 1 + Below(random, 3),
                              .branch = static_cast<size_t>(Below(random, 3)),
                              .day_end = static_cast<size_t>(Below(random, 6)) % (days + 1)});
  }
  return problem;
}

bool IsWithinCapacity(const DayChoiceProblem& problem,
                      const std::vector<std::vector<int64_t>>& visits) {
  for (size_t d = 0; d < problem.day_capacity.size(); ++d) {
    int64_t all = 0;
    std::vector<int64_t> of_branch(problem.branch_capacity.size(), 0);
    for (size_t g = 0; g < visits.size(); ++g) {
      if (visits[g][d] > 0 && d >= problem.groups[g].day_end) return false;
      all += visits[g][d];
      of_branch[problem.groups[g].branch] += visits[g][d];
    }
    if (all > problem.day_capacity[d]) return false;
    for (size_t b = 0; b < of_branch.size(); ++b) {
      if (of_branch[b] > problem.branch_capacity[b][d]) return false;
    }
  }
  return true;
}

int64_t DistanceOf(const std::vector<std::vector<int64_t>>& visits) {
  std::vector<int64_t> by_day(visits.front().size(), 0);
  for (const std::vector<int64_t>& group : visits) {
    for (size_t d = 0; d < group.size(); ++d) by_day[d] += group[d];
  }
  return DistanceFromEvenPace(by_day);
}

// Tries every way to place every visit: the least distance, or nothing when none is possible.
std::optional<int64_t> TryEverything(const DayChoiceProblem& problem) {
  const size_t days = problem.day_capacity.size();
  std::vector<size_t> group_of_visit;
  for (size_t g = 0; g < problem.groups.size(); ++g) {
    group_of_visit.insert(group_of_visit.end(), static_cast<size_t>(problem.groups[g].visit_count),
                          g);
  }
  std::vector<std::vector<int64_t>> visits(problem.groups.size(), std::vector<int64_t>(days, 0));
  std::optional<int64_t> best;
  const std::function<void(size_t, size_t)> place = [&](size_t visit, size_t first_day) {
    if (visit == group_of_visit.size()) {
      if (!IsWithinCapacity(problem, visits)) return;
      best = std::min(best.value_or(INT64_MAX), DistanceOf(visits));
      return;
    }
    const size_t group = group_of_visit[visit];
    for (size_t d = first_day; d < days; ++d) {
      ++visits[group][d];
      const bool same_group_next =
          visit + 1 < group_of_visit.size() && group_of_visit[visit + 1] == group;
      place(visit + 1, same_group_next ? d : 0);
      --visits[group][d];
    }
  };
  place(0, 0);
  return best;
}

TEST(EvenPace, PutsEachVisitInTheMiddleOfItsPart) {
  struct Row {
    int64_t visits;
    int64_t days;
    std::vector<int64_t> by_day;
  };
  for (const Row& row : {Row{1, 3, {0, 1, 1}}, Row{2, 4, {0, 1, 1, 2}}, Row{3, 3, {1, 2, 3}},
                         Row{5, 2, {2, 5}}, Row{0, 2, {0, 0}}}) {
    for (int64_t day = 0; day < row.days; ++day) {
      EXPECT_EQ(EvenPace(row.visits, row.days, day), row.by_day[static_cast<size_t>(day)])
          << row.visits << " over " << row.days << ", day " << day;
    }
  }
}

// Whatever the problem: a choice is found exactly when trying everything finds one, it keeps the
// capacities, and none keeps a more even pace.
TEST(ChooseDays, FindsTheBestChoiceExactlyWhenThereIsOne) {
  std::mt19937 random(20230127);
  int possible = 0;
  for (int i = 0; i < 3000; ++i) {
    const DayChoiceProblem problem = RandomProblem(random);
    const std::optional<int64_t> best = TryEverything(problem);
    const DayChoice choice = ChooseDays(problem);
    ASSERT_EQ(choice.found, best.has_value()) << "problem " << i;
    if (!best) continue;
    ++possible;
    ASSERT_TRUE(IsWithinCapacity(problem, choice.visits)) << "problem " << i;
    ASSERT_EQ(DistanceOf(choice.visits), *best) << "problem " << i;
    for (size_t g = 0; g < problem.groups.size(); ++g) {
      int64_t placed = 0;
      for (const int64_t n : choice.visits[g]) placed += n;
      ASSERT_EQ(placed, problem.groups[g].visit_count) << "problem " << i;
    }
  }
  EXPECT_GT(possible, 400);  // problems of both kinds were tried
}

// The crowded groups by themselves have more visits than there is room for.
TEST(ChooseDays, NamesGroupsThatCannotBePlacedEvenAlone) {
  std::mt19937 random(4);
  int checked = 0;
  for (int i = 0; i < 2000; ++i) {
    const DayChoiceProblem problem = RandomProblem(random);
    const DayChoice choice = ChooseDays(problem);
    if (choice.found) continue;
    DayChoiceProblem alone = problem;
    alone.groups.clear();
    int64_t visits = 0;
    for (const size_t g : choice.crowded_groups) {
      alone.groups.push_back(problem.groups[g]);
      visits += problem.groups[g].visit_count;
    }
    ASSERT_FALSE(ChooseDays(alone).found) << "problem " << i;
    ASSERT_LT(choice.crowded_capacity, visits) << "problem " << i;
    ++checked;
  }
  EXPECT_GT(checked, 300);
}

}  // namespace
}  // namespace dondoc::inspection
