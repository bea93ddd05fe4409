#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/civil_time.h"
#include "services/cli/year/script.h"

namespace dondoc::cli::year {

// One obligation as the registry lists it, as far as the agenda needs it.
struct Obligation {
  std::string name;
  std::string unit_id;
  absl::CivilDay window_start;
  absl::CivilDay due;
  bool conditional = false;
};

// What somebody does on one day. All of them are calls of the APIs.
struct ReportAct {
  std::string assignment;
  std::string unit_id;
  int percent = 0;
};
struct SubmitAct {
  std::string assignment;
  std::string unit_id;
  bool not_arising = false;
  // The Office sends it back first, and the unit hands it in again.
  bool returned_first = false;
};
struct ReviewAct {
  std::string assignment;
  std::string unit_id;
  bool accept = true;
};
struct MeasureAct {
  MeasureLine line;
  int64_t numerator = 0;
  int month = 0;
};
using Act = std::variant<ReportAct, SubmitAct, ReviewAct, MeasureAct, EventLine>;

struct DatedAct {
  absl::CivilDay date;
  Act act;
};

// What the units do about `obligations` from `from` on (inclusive), by their habits. The same
// script gives the same acts, whatever the order of the obligations: each follows from the hash of
// its own name and the seed. In order of dates.
std::vector<DatedAct> ActsFor(const Script& script, const std::vector<Obligation>& obligations,
                              absl::CivilDay from);

// Every figure that is recorded in `year`.
std::vector<DatedAct> MeasuresOf(const Script& script, int year);

// The day for what the script puts on `wanted`: that day while it is a week ahead of `now` or more,
// else the same day of the earliest week that is. A turn may come late, because services were
// starting or the machine is busy, and a service refuses to plan what is past by the time it is
// asked.
absl::CivilDay StillAhead(absl::CivilDay wanted, absl::CivilDay now);

// A number from 0 to `bound` - 1 that depends on the words alone. FNV-1a: short, the same
// everywhere, and good enough to spread acts over days.
int64_t Dice(const Script& script, const std::string& words, int64_t bound);

}  // namespace dondoc::cli::year
