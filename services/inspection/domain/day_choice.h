#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace dondoc::inspection {

// Visits that are alike for the calendar: units of one branch that exist equally long.
struct VisitGroup {
  int64_t visit_count = 0;
  // Index of the branch in DayChoiceProblem::branch_capacity.
  size_t branch = 0;
  // The visits may take place on days [0, day_end).
  size_t day_end = 0;
};

// How many visits on which day, as numbers only.
struct DayChoiceProblem {
  // How many teams there are on each day.
  std::vector<int64_t> day_capacity;
  // How many teams there are on each day for units of each branch: [branch][day].
  std::vector<std::vector<int64_t>> branch_capacity;
  std::vector<VisitGroup> groups;
};

struct DayChoice {
  // Whether there is one.
  bool found = false;
  // Visits of each group on each day: [group][day].
  std::vector<std::vector<int64_t>> visits;
  // When no choice exists: the groups that cannot all be placed, and how many of their visits can.
  std::vector<size_t> crowded_groups;
  int64_t crowded_capacity = 0;
};

// Spreads the visits evenly over the days, exactly: of all choices that keep within the capacities
// it returns one that minimises
//
//   sum over days d of | visits on days 0..d  -  EvenPace(d) |
//
// which is how many days, in all, visits lie off an even pace. A choice is found whenever one
// exists.
DayChoice ChooseDays(const DayChoiceProblem& problem);

// How many of `visit_count` visits lie on days 0..day at an even pace over `day_count` days: the
// i-th of k visits belongs to the middle of the i-th of k equal parts.
int64_t EvenPace(int64_t visit_count, int64_t day_count, int64_t day);

// What ChooseDays() minimises, for a number of visits on each day.
int64_t DistanceFromEvenPace(const std::vector<int64_t>& visits_by_day);

}  // namespace dondoc::inspection
