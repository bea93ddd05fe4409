#pragma once

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dondoc::notification {

// How far the wall clock may step at once. Synchronisation corrects by less; what is more than this
// moves days and deadlines.
inline constexpr absl::Duration kClockStepMax = absl::Seconds(60);

// How long a clock that was set back is reported. After that it counts as put right: from then on
// it can only make a notice late, and never early.
inline constexpr absl::Duration kSetBackFor = absl::Minutes(5);

// What the clocks of a machine say at one moment.
struct ClockReading {
  // Names the start of the machine since which `steady` counts.
  std::string boot = {};
  // The clock on the wall, which somebody can set.
  absl::Time wall = {};
  // The time since the start of the machine, also while it slept. Nobody can set it.
  absl::Duration steady = {};
};

enum class ClockVerdict {
  kRight,
  // It says a later time than can be: nothing may be told by it, because a notice that is told too
  // early cannot be taken back.
  kAhead,
  // It says an earlier time than before: what is told by it is late, and never told twice.
  kBehind,
};

// Judges each reading against the last one that was right. Both clocks must have moved on by the
// same, give or take kClockStepMax. A clock that is ahead stays so until it is put right, or until
// somebody has vouched for the day that it shows: on one machine nothing else could confirm it.
//
// Also judges over a restart of the program, so that a crash does not confirm a wrong clock; a long
// outage moves both clocks on. Over a restart of the machine `steady` begins anew: then the wall
// clock is taken as it is, because the machine has just been given the time, unless it says an
// earlier time than the last right reading.
class ClockGuard {
 public:
  // `last` is the last right reading that was kept, by this run or an earlier one; `vouched_for`
  // the day, in Vietnam, on which somebody says that the clock is right.
  ClockGuard(std::optional<ClockReading> last, std::optional<absl::CivilDay> vouched_for);

  ClockVerdict Judge(const ClockReading& now);

  // The last right reading; nothing before the first.
  const std::optional<ClockReading>& last_right() const { return last_right_; }

  // By how much the wall clock is ahead of `steady` (behind, when negative), for people to read.
  absl::Duration difference() const { return difference_; }

 private:
  ClockVerdict Right(const ClockReading& now);

  std::optional<ClockReading> last_right_;
  const std::optional<absl::CivilDay> vouched_for_;
  absl::Duration difference_;
  // When it was first seen to be behind, by `steady`.
  std::optional<absl::Duration> behind_since_;
};

}  // namespace dondoc::notification
