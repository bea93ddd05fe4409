#include "services/inspection/domain/day_choice.h"

#include <cstdlib>
#include <numeric>
#include <utility>

#include "services/inspection/domain/flow.h"

namespace dondoc::inspection {
namespace {

// The network. Visits flow from the source through their group, the day in their branch, the day,
// and then along the chain of days to the sink; what passes link d of the chain is the number of
// visits on days 0..d, so the links carry the cost.
//
// A link should cost -1 for each visit up to the even pace and +1 for each one beyond. Adding 1 to
// every link and `d` to the entry at day d changes the cost of every way to the sink by the same
// amount and leaves no negative cost.
class Network {
 public:
  explicit Network(const DayChoiceProblem& problem)
      : problem_(problem),
        days_(static_cast<int>(problem.day_capacity.size())),
        groups_(static_cast<int>(problem.groups.size())),
        branches_(static_cast<int>(problem.branch_capacity.size())),
        flow_(2 + groups_ + days_ * (branches_ + 2)) {
    for (const VisitGroup& group : problem.groups) demand_ += group.visit_count;
    AddGroups();
    AddDays();
  }

  DayChoice Solve() {
    const int64_t placed = flow_.Solve(kSource, kSink);
    return placed == demand_ ? Visits() : NarrowPlace(placed);
  }

 private:
  static constexpr int kSource = 0;
  static constexpr int kSink = 1;
  int GroupNode(int group) const { return 2 + group; }
  int DayNode(int day) const { return 2 + groups_ + day; }
  int LinkNode(int day) const { return 2 + groups_ + days_ + day; }
  int BranchNode(int branch, int day) const { return 2 + groups_ + days_ * (2 + branch) + day; }

  void AddGroups() {
    for (int g = 0; g < groups_; ++g) {
      const VisitGroup& group = problem_.groups[static_cast<size_t>(g)];
      flow_.AddArc(kSource, GroupNode(g), group.visit_count, 0);
      std::vector<size_t>& arcs = day_arcs_.emplace_back();
      for (int d = 0; d < static_cast<int>(group.day_end); ++d) {
        arcs.push_back(flow_.AddArc(GroupNode(g), BranchNode(static_cast<int>(group.branch), d),
                                    group.visit_count, 0));
      }
    }
  }

  void AddDays() {
    for (int d = 0; d < days_; ++d) {
      const auto day = static_cast<size_t>(d);
      for (int b = 0; b < branches_; ++b) {
        flow_.AddArc(BranchNode(b, d), DayNode(d),
                     problem_.branch_capacity[static_cast<size_t>(b)][day], 0);
      }
      flow_.AddArc(DayNode(d), LinkNode(d), problem_.day_capacity[day], d);
      const int next = d + 1 < days_ ? LinkNode(d + 1) : kSink;
      flow_.AddArc(LinkNode(d), next, EvenPace(demand_, days_, d), 0);
      flow_.AddArc(LinkNode(d), next, demand_, 2);
    }
  }

  DayChoice Visits() const {
    DayChoice choice;
    choice.found = true;
    for (const std::vector<size_t>& arcs : day_arcs_) {
      std::vector<int64_t>& visits = choice.visits.emplace_back();
      for (const size_t arc : arcs) visits.push_back(flow_.FlowOf(arc));
      visits.resize(static_cast<size_t>(days_), 0);
    }
    return choice;
  }

  // By the theorem of max-flow and min-cut the groups before the narrow place can send just what
  // passes it, and the other groups have sent everything they had.
  DayChoice NarrowPlace(int64_t placed) const {
    DayChoice choice;
    choice.crowded_capacity = placed;
    for (int g = 0; g < groups_; ++g) {
      if (flow_.IsBeforeTheNarrowPlace(GroupNode(g))) {
        choice.crowded_groups.push_back(static_cast<size_t>(g));
      } else {
        choice.crowded_capacity -= problem_.groups[static_cast<size_t>(g)].visit_count;
      }
    }
    return choice;
  }

  const DayChoiceProblem& problem_;
  const int days_;
  const int groups_;
  const int branches_;
  int64_t demand_ = 0;
  MinCostFlow flow_;
  std::vector<std::vector<size_t>> day_arcs_;  // [group][day]
};

}  // namespace

DayChoice ChooseDays(const DayChoiceProblem& problem) { return Network(problem).Solve(); }

int64_t EvenPace(int64_t visit_count, int64_t day_count, int64_t day) {
  // Visit i lies on day (2i + 1) * day_count div 2 * visit_count; count the i for which that is at
  // most `day`, which is (2i + 1) * day_count < 2 * visit_count * (day + 1).
  const int64_t bound = 2 * visit_count * (day + 1);
  const int64_t odd_numbers_below = (bound + day_count - 1) / day_count;
  return odd_numbers_below / 2;
}

int64_t DistanceFromEvenPace(const std::vector<int64_t>& visits_by_day) {
  const int64_t visit_count =
      std::accumulate(visits_by_day.begin(), visits_by_day.end(), int64_t{0});
  const auto day_count = static_cast<int64_t>(visits_by_day.size());
  int64_t distance = 0;
  int64_t so_far = 0;
  for (int64_t day = 0; day < day_count; ++day) {
    so_far += visits_by_day[static_cast<size_t>(day)];
    distance += std::abs(so_far - EvenPace(visit_count, day_count, day));
  }
  return distance;
}

}  // namespace dondoc::inspection
