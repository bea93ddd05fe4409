#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/registry/domain/progress.h"
#include "services/registry/domain/timeliness.h"

namespace dondoc::registry {

// A deadline that was changed, on the strength of a document. The old one stays on record.
struct DeadlineMove {
  absl::CivilDay old_due;
  absl::CivilDay new_due;
  std::string document;
  std::string reason;
  std::string actor;
  absl::Time move_time;
};

// What the assignments of one phase add up to; those cancelled are not among them.
struct PhaseCount {
  int not_started = 0;
  int in_progress = 0;
  int suspended = 0;
  int submitted = 0;
  int done = 0;
  int not_arising = 0;
  // The latest day on which an accepted result was handed in.
  std::optional<absl::CivilDay> last_completed = {};

  int Obliged() const {
    return not_started + in_progress + suspended + submitted + done + not_arising;
  }
  int Done() const { return done + not_arising; }
};

// The least advanced unit does not speak for the phase: it has begun once anybody has, waits once
// nobody has anything left to do, is put off once nobody else has, and is done once all are. With
// nobody obliged it has not begun.
Progress RollUp(const PhaseCount& count);

// One step of a task with a window and a deadline of its own.
struct Phase {
  int ordinal = 1;
  std::string label;
  std::string time_text;
  absl::CivilDay window_start;
  absl::CivilDay due;
  absl::CivilDay printed_due;
  std::vector<DeadlineMove> moves;
  // Kept up to date by Recount(), so that a task is read in one piece.
  int assignment_count = 0;
  int done_count = 0;
  std::optional<absl::CivilDay> completed;
  Progress progress = Progress::kNotStarted;

  bool IsDone() const { return assignment_count > 0 && done_count == assignment_count; }

  // Takes over what the assignments add up to. Returns whether anything changed.
  bool Recount(const PhaseCount& count);

  // Judged by the day of the last unit and the deadline in force; the verdict on each unit is in
  // its assignment.
  Timeliness TimelinessOn(absl::CivilDay today) const;
};

}  // namespace dondoc::registry
