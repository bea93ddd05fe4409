#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace dondoc::cli::year {

// How a unit goes about its work.
enum class Habit {
  kEarly,     // hands in one to three months before the deadline
  kPunctual,  // hands in some days before it
  kLate,      // hands in after it
  kSilent,    // neither reports nor hands in
};

// Out of a hundred obligations of a unit, how many go which way.
using Habits = std::map<Habit, int>;

// "group": which kinds of units the words of a lead column stand for.
struct GroupLine {
  std::string text;
  std::vector<std::string> kinds;
};

// "measure": a unit records a figure every so many months, on the 25th. The denominator is what it
// counts in one go; the numerator is `hits` of it, give or take `spread`.
struct MeasureLine {
  std::string clause;
  std::string unit;
  int every_months = 1;
  int64_t hits = 0;
  int64_t out_of = 0;
  int64_t spread = 0;
};

// "at DATE VERB …": something that happens on one day.
struct EventLine {
  absl::CivilDay date;
  std::string verb;
  std::vector<std::string> words;
  int line = 0;
};

// A year, as a script tells it: the plan's own document says what has to be done, this says how the
// units behave and what comes in between. The same script and seed give the same year.
struct Script {
  std::string plan;
  int64_t seed = 1;
  // Who acts for the Office, who accepts what the Office itself hands in.
  std::string office_actor;
  std::string director_actor;
  std::string office_unit;
  std::vector<GroupLine> groups;
  // By unit id; "*" for every other unit.
  std::map<std::string, Habits> habits;
  std::vector<MeasureLine> measures;
  std::vector<EventLine> events;
};

// Reads a script. Lines are words, quoted where they hold spaces; "#" begins a comment.
//
//   plan cchc-2023
//   seed 2023
//   office van-phong "Văn phòng Sở" director "Ban Giám đốc"
//   group "Các đơn vị" division sub-department
//   habit thanh-tra punctual 70 early 20 late 10
//   measure I.2.d van-phong every 1 hits 855 of 1000 spread 5
//   at 2023-04-10 move-deadline 19/1 2023-05-15 "45/QĐ-SKHCN" "Chờ hướng dẫn của UBND thành phố"
//
// INVALID_ARGUMENT, reason SCRIPT_LINE_INVALID, with the number of the line and what was expected.
absl::StatusOr<Script> ReadScript(absl::string_view text);

}  // namespace dondoc::cli::year
