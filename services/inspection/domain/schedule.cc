#include "services/inspection/domain/schedule.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "libs/base/status_macros.h"
#include "services/inspection/domain/day_choice.h"
#include "services/inspection/domain/errors.h"
#include "services/inspection/domain/teams.h"

namespace dondoc::inspection {
namespace {

// The branch of everybody whose branch has no inspector: all teams may go there.
constexpr size_t kElsewhere = 0;

// Builds one schedule; lives for one call.
class Scheduler {
 public:
  Scheduler(const ScheduleProblem& problem, const Units& units)
      : problem_(problem), units_(units), inspectors_(problem.inspectors) {
    std::sort(inspectors_.begin(), inspectors_.end(),
              [](const Inspector& a, const Inspector& b) { return a.id < b.id; });
    for (const Inspector& inspector : inspectors_) {
      const auto [branch, is_new] =
          branch_index_.emplace(units_.BranchOf(inspector.unit), branch_index_.size() + 1);
      inspector_branch_.push_back(branch->second);
    }
    for (const std::string& unit : problem_.units_to_visit) {
      const auto branch = branch_index_.find(units_.BranchOf(unit));
      unit_branch_.push_back(branch == branch_index_.end() ? kElsewhere : branch->second);
    }
    load_.assign(inspectors_.size(), 0);
  }

  absl::StatusOr<std::vector<Visit>> Run() {
    RETURN_IF_ERROR(CheckThatTeamsExist());
    GroupUnits();
    ASSIGN_OR_RETURN(const auto units_by_day, PlaceUnits());
    std::vector<Visit> visits(problem_.units_to_visit.size());
    for (size_t day = 0; day < units_by_day.size(); ++day) {
      ManDay(day, units_by_day[day], visits);
    }
    return visits;
  }

 private:
  bool IsAvailable(size_t inspector, size_t day) const {
    return !inspectors_[inspector].unavailable.contains(problem_.days[day]);
  }

  absl::Status CheckThatTeamsExist() const {
    const auto team_size = static_cast<size_t>(problem_.team_size);
    if (team_size > inspectors_.size()) {
      return error::TeamTooLarge(problem_.team_size, inspectors_.size());
    }
    std::vector<size_t> people(branch_index_.size() + 1, 0);
    for (const size_t branch : inspector_branch_) ++people[branch];
    for (size_t u = 0; u < unit_branch_.size(); ++u) {
      const size_t own = unit_branch_[u] == kElsewhere ? 0 : people[unit_branch_[u]];
      if (inspectors_.size() - own < team_size) {
        const std::string& unit = problem_.units_to_visit[u];
        return error::NoInspectorForUnit({.unit = unit,
                                          .unit_name = units_.DisplayName(unit),
                                          .independent = inspectors_.size() - own,
                                          .team_size = team_size});
      }
    }
    return absl::OkStatus();
  }

  // Puts units that are alike for the calendar together, keeping their order of urgency.
  void GroupUnits() {
    std::map<std::pair<size_t, size_t>, std::vector<size_t>> groups;
    for (size_t u = 0; u < unit_branch_.size(); ++u) {
      const Unit* unit = units_.Find(problem_.units_to_visit[u]);
      size_t day_end = problem_.days.size();
      if (unit != nullptr && unit->valid_to) {
        day_end = static_cast<size_t>(
            std::lower_bound(problem_.days.begin(), problem_.days.end(), *unit->valid_to) -
            problem_.days.begin());
      }
      groups[{unit_branch_[u], day_end}].push_back(u);
    }
    for (auto& [key, members] : groups) {
      days_.groups.push_back({.visit_count = static_cast<int64_t>(members.size()),
                              .branch = key.first,
                              .day_end = key.second});
      members_.push_back(std::move(members));
    }
  }

  // Teams that can be formed on each day: of everybody, and of those who are not of a branch.
  void CountTeams() {
    const size_t branch_count = branch_index_.size() + 1;
    days_.branch_capacity.assign(branch_count, {});
    for (size_t day = 0; day < problem_.days.size(); ++day) {
      std::vector<int64_t> people(branch_count, 0);
      int64_t everybody = 0;
      for (size_t i = 0; i < inspectors_.size(); ++i) {
        if (!IsAvailable(i, day)) continue;
        ++people[inspector_branch_[i]];
        ++everybody;
      }
      days_.day_capacity.push_back(everybody / problem_.team_size);
      for (size_t branch = 0; branch < branch_count; ++branch) {
        days_.branch_capacity[branch].push_back((everybody - people[branch]) / problem_.team_size);
      }
    }
  }

  // Which units are visited on which day.
  absl::StatusOr<std::vector<std::vector<size_t>>> PlaceUnits() {
    CountTeams();
    const DayChoice choice = ChooseDays(days_);
    if (!choice.found) return NoFreeDay(choice);
    std::vector<std::vector<size_t>> units_by_day(problem_.days.size());
    for (size_t group = 0; group < members_.size(); ++group) {
      auto next = members_[group].begin();
      for (size_t day = 0; day < problem_.days.size(); ++day) {
        for (int64_t n = 0; n < choice.visits[group][day]; ++n) {
          units_by_day[day].push_back(*next++);
        }
      }
    }
    // Units are numbered by urgency; the order in which groups were read must not show.
    for (std::vector<size_t>& units : units_by_day) std::sort(units.begin(), units.end());
    return units_by_day;
  }

  absl::Status NoFreeDay(const DayChoice& choice) const {
    std::vector<size_t> crowded;
    for (const size_t group : choice.crowded_groups) {
      crowded.insert(crowded.end(), members_[group].begin(), members_[group].end());
    }
    std::sort(crowded.begin(), crowded.end());
    error::CrowdedUnits units{.count = crowded.size(),
                              .placed = static_cast<size_t>(choice.crowded_capacity),
                              .first_day = problem_.days.front(),
                              .last_day = problem_.days.back()};
    for (const size_t u : crowded) {
      if (units.names.size() == error::kNamesMax) break;
      units.names.push_back(problem_.units_to_visit[u]);
      units.display_names.push_back(units_.DisplayName(units.names.back()));
    }
    return error::NoFreeDay(units);
  }

  void ManDay(size_t day, const std::vector<size_t>& units, std::vector<Visit>& visits) {
    if (units.empty()) return;
    std::vector<size_t> available;
    for (size_t i = 0; i < inspectors_.size(); ++i) {
      if (IsAvailable(i, day)) available.push_back(i);
    }
    std::stable_sort(available.begin(), available.end(),
                     [this](size_t a, size_t b) { return load_[a] < load_[b]; });
    TeamProblem problem{
        .team_size = problem_.team_size, .visit_branches = {}, .inspector_branches = {}};
    for (const size_t unit : units) problem.visit_branches.push_back(unit_branch_[unit]);
    for (const size_t i : available) problem.inspector_branches.push_back(inspector_branch_[i]);
    const std::vector<std::vector<size_t>> teams = ChooseTeams(problem);
    for (size_t v = 0; v < units.size(); ++v) {
      Visit& visit = visits[units[v]];
      visit.unit = problem_.units_to_visit[units[v]];
      visit.day = problem_.days[day];
      for (const size_t member : teams[v]) {
        visit.team.push_back(inspectors_[available[member]].id);
        ++load_[available[member]];
      }
    }
  }

  const ScheduleProblem& problem_;
  const Units& units_;
  std::vector<Inspector> inspectors_;  // by id
  absl::flat_hash_map<std::string, size_t>
      branch_index_;  // branches that have an inspector, from 1
  std::vector<size_t> inspector_branch_;
  std::vector<size_t> unit_branch_;           // of units_to_visit
  std::vector<std::vector<size_t>> members_;  // of each group: units_to_visit
  DayChoiceProblem days_;
  std::vector<int64_t> load_;  // visits per inspector so far
};

}  // namespace

bool IsIndependent(const Units& units, const Inspector& inspector, const std::string& unit) {
  return units.BranchOf(inspector.unit) != units.BranchOf(unit);
}

absl::StatusOr<std::vector<Visit>> Schedule(const ScheduleProblem& problem, const Units& units) {
  if (problem.days.empty()) return error::WindowEmpty();
  return Scheduler(problem, units).Run();
}

}  // namespace dondoc::inspection
