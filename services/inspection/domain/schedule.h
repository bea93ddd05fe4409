#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/inspection/domain/units.h"

namespace dondoc::inspection {

// A person who may be on a team.
struct Inspector {
  // 1 to 63 characters of a-z, 0-9 and "-".
  std::string id;
  std::string display_name;
  // units/{id}.
  std::string unit;
  std::set<absl::CivilDay> unavailable = {};

  bool operator==(const Inspector&) const = default;
};

// Whether `inspector` may inspect (or verify) `unit`: they are of different branches.
bool IsIndependent(const Units& units, const Inspector& inspector, const std::string& unit);

// A planned visit to one unit.
struct Visit {
  std::string unit;
  absl::CivilDay day;
  // Ids; the first one leads.
  std::vector<std::string> team;

  bool operator==(const Visit&) const = default;
};

struct ScheduleProblem {
  // Units to visit once each, the most urgent first.
  std::vector<std::string> units_to_visit;
  // Working days on which visits may take place, ascending.
  std::vector<absl::CivilDay> days;
  std::vector<Inspector> inspectors;
  int team_size = 0;
};

// Plans the visits: one day and one team each. No inspector is on two teams on one day, visits a
// unit of his own branch or is planned on a day on which he is unavailable; no unit is visited
// after it ceases to exist. Within these rules the visits keep as even a pace over the days as
// there is (day_choice.h, exactly), and each day is given to those who have had the fewest visits
// so far.
//
// A schedule is found whenever there is one, in polynomial time. The reason is the rule about
// branches: the visits S of one day can be manned if and only if
//   team_size * |S| <= inspectors available that day, and for each branch B
//   team_size * |S in B| <= inspectors available that day who are not of B
// (Hall's condition: for units of two branches together nobody is excluded), so choosing days is a
// flow through (branch, day) and day, and manning a day is a matching that cannot fail.
//
// Visits come in the order of `units_to_visit`. Inspectors may come in any order. Refuses, naming
// the rule and whom it concerns: WINDOW_EMPTY, TEAM_TOO_LARGE, NO_INSPECTOR_FOR_UNIT, NO_FREE_DAY.
absl::StatusOr<std::vector<Visit>> Schedule(const ScheduleProblem& problem, const Units& units);

}  // namespace dondoc::inspection
