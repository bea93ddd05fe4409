#pragma once

#include <cstddef>
#include <vector>

namespace dondoc::inspection {

// One day's visits and who is there to make them, as indices: a branch is a number, and an
// inspector may go wherever the branch is not his own.
struct TeamProblem {
  int team_size = 0;
  // Branch of the unit of each visit of the day.
  std::vector<size_t> visit_branches;
  // Branch of each inspector who is available, those to be preferred first.
  std::vector<size_t> inspector_branches;
};

// Mans the visits of one day. Returns the inspectors of each visit, the preferred ones first.
//
// Of all ways to man the day this one takes the most preferred inspectors: they are offered a seat
// one after the other, and one who gets a seat keeps one (the seats that can be filled together
// form a transversal matroid, for which taking the best first is exact). A visit may come back with
// fewer than `team_size` inspectors only when the day cannot be manned; see schedule.h for when it
// can.
std::vector<std::vector<size_t>> ChooseTeams(const TeamProblem& problem);

}  // namespace dondoc::inspection
