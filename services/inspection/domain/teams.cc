#include "services/inspection/domain/teams.h"

#include <algorithm>
#include <cstdint>

namespace dondoc::inspection {
namespace {

constexpr size_t kNobody = SIZE_MAX;

// Seats 0..team_size-1 belong to visit 0, and so on. Offering a seat is one step of Kuhn's
// algorithm: who sits there moves on when there is another seat for him.
class Seating {
 public:
  explicit Seating(const TeamProblem& problem)
      : problem_(problem),
        occupant_(problem.visit_branches.size() * static_cast<size_t>(problem.team_size), kNobody) {
  }

  bool Offer(size_t inspector) {
    asked_.assign(occupant_.size(), false);
    return FindSeat(inspector);
  }

  size_t seat_count() const { return occupant_.size(); }

  std::vector<std::vector<size_t>> Teams() const {
    std::vector<std::vector<size_t>> teams(problem_.visit_branches.size());
    for (size_t seat = 0; seat < occupant_.size(); ++seat) {
      if (occupant_[seat] != kNobody) teams[VisitOf(seat)].push_back(occupant_[seat]);
    }
    for (std::vector<size_t>& team : teams) std::sort(team.begin(), team.end());
    return teams;
  }

 private:
  size_t VisitOf(size_t seat) const { return seat / static_cast<size_t>(problem_.team_size); }

  bool FindSeat(size_t inspector) {
    const size_t own_branch = problem_.inspector_branches[inspector];
    for (size_t seat = 0; seat < occupant_.size(); ++seat) {
      if (occupant_[seat] == kNobody && problem_.visit_branches[VisitOf(seat)] != own_branch) {
        occupant_[seat] = inspector;
        return true;
      }
    }
    for (size_t seat = 0; seat < occupant_.size(); ++seat) {
      if (asked_[seat] || problem_.visit_branches[VisitOf(seat)] == own_branch) continue;
      asked_[seat] = true;
      if (!FindSeat(occupant_[seat])) continue;
      occupant_[seat] = inspector;
      return true;
    }
    return false;
  }

  const TeamProblem& problem_;
  std::vector<size_t> occupant_;
  std::vector<bool> asked_;
};

}  // namespace

std::vector<std::vector<size_t>> ChooseTeams(const TeamProblem& problem) {
  Seating seating(problem);
  size_t filled = 0;
  for (size_t inspector = 0; inspector < problem.inspector_branches.size(); ++inspector) {
    if (filled == seating.seat_count()) break;
    if (seating.Offer(inspector)) ++filled;
  }
  return seating.Teams();
}

}  // namespace dondoc::inspection
