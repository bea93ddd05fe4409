#pragma once

#include <string>

#include "services/registry/domain/progress.h"
#include "services/registry/domain/timeliness.h"

namespace dondoc::registry {

// Counts obligations by where they stand. The first four are the buckets of the national reports on
// assigned tasks: done in time or late, open in time or overdue. Sums of units, never means of
// percentages: (1/2) and (1/2) are 2/4.
struct Tally {
  int done_in_time = 0;
  int done_late = 0;
  int open_in_time = 0;
  int open_overdue = 0;
  int done_early = 0;   // of done_in_time, before the day itself
  int waiting = 0;      // of those open, handed in
  int not_arising = 0;  // of those done
  int silent = 0;       // of those open, nobody ever reported
  int suspended = 0;    // of those open, put off

  void Add(Progress progress, Timeliness timeliness, int count = 1);

  int Total() const { return done_in_time + done_late + open_in_time + open_overdue; }
  // What had to be done by now: the denominator of the national reports.
  int FellDue() const { return done_in_time + done_late + open_overdue; }

  // Per cent with two decimals, "98.63"; empty when nothing fell due, which is neither 0 nor 100.
  std::string DoneOfDue() const;
  std::string InTimeOfDue() const;

  bool operator==(const Tally&) const = default;
};

}  // namespace dondoc::registry
