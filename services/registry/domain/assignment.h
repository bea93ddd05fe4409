#pragma once

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/registry/domain/names.h"
#include "services/registry/domain/progress.h"
#include "services/registry/domain/submission.h"
#include "services/registry/domain/timeliness.h"

namespace dondoc::registry {

struct AssignmentState {
  AssignmentKey key;
  Progress progress = Progress::kNotStarted;
  int percent = 0;
  std::string note;
  std::optional<absl::Time> report_time;
  absl::CivilDay window_start;
  absl::CivilDay due;
  std::optional<Submission> submission;
  std::optional<Review> review;
  // The last one; in force exactly while the progress is kSuspended.
  std::optional<Suspension> suspension;
  // The day the accepted result was handed in, and the verdict at acceptance. Both or neither.
  std::optional<absl::CivilDay> completed;
  std::optional<Timeliness> frozen;
  // Id of the dissolved unit that owed it before; empty for none.
  std::string taken_over_from;
  bool cancelled = false;
  // Copied from the task, for lists and notices.
  std::string task_text;
  std::string phase_label;
  bool conditional_product = false;
};

struct ProgressReport {
  int percent = 0;
  std::string note;
};

// What one unit owes for one phase of a task.
//
//   NOT_STARTED ──report──▶ IN_PROGRESS ──submit──▶ SUBMITTED ──accept──▶ DONE or NOT_ARISING
//        └──────────submit──────────────────────────▲  │
//                          IN_PROGRESS ◀──return───────┘
//
// NOT_STARTED and IN_PROGRESS ──suspend──▶ SUSPENDED ──resume──▶ where it was. The deadline stands:
// putting work off moves nothing, only a document does.
//
// Every verb refuses what its state does not allow and then changes nothing. An assignment that is
// cancelled obliges nobody; it comes back by Reopen() only. Acceptance freezes the verdict on time:
// a deadline that moves later changes nothing about it.
class Assignment {
 public:
  // A new obligation, nothing done yet.
  static Assignment Open(AssignmentState fields) { return Assignment(std::move(fields)); }
  // What a store kept; not checked again.
  static Assignment Restore(AssignmentState state) { return Assignment(std::move(state)); }

  // ASSIGNMENT_CLOSED, ASSIGNMENT_SUSPENDED, PERCENT_OUT_OF_RANGE, or what the note's text is
  // refused for.
  absl::Status Report(const ProgressReport& report, absl::Time now);

  // ASSIGNMENT_CLOSED, ASSIGNMENT_SUSPENDED, OUTCOME_NOT_CONDITIONAL, or what MakeSubmission()
  // refuses.
  absl::Status Submit(NewSubmission fields, const Act& act);

  // NOTHING_SUBMITTED; OWN_RESULT when the actor is the one who submitted. "anonymous" is nobody's
  // name: two callers without one may be the same person, so neither accepts the other's result.
  absl::Status Accept(const Act& act);

  // NOTHING_SUBMITTED; a reason is required.
  absl::Status Return(absl::string_view reason, const Act& act);

  // Puts the work off. ASSIGNMENT_CLOSED, ASSIGNMENT_SUSPENDED; a reason is required.
  absl::Status Suspend(absl::string_view reason, const Act& act);

  // Lets it go on. ASSIGNMENT_NOT_SUSPENDED; a reason is required.
  absl::Status Resume(absl::string_view reason, const Act& act);

  // Takes the phase's new deadline over. Returns false, changing nothing, when the verdict is
  // frozen or nobody is obliged.
  bool Reschedule(absl::CivilDay due);

  // Ends the obligation without a result. Only for what IsOpen().
  void Cancel() { state_.cancelled = true; }

  // Obliges the unit again, under the dates in force; what it reported before stays.
  void Reopen(absl::CivilDay window_start, absl::CivilDay due);

  // The same obligation for another unit, with everything reported and handed in so far.
  Assignment TakenOverBy(absl::string_view unit) const;

  const AssignmentState& state() const { return state_; }
  const AssignmentKey& key() const { return state_.key; }

  // Somebody still owes something: neither done nor cancelled.
  bool IsOpen() const { return !state_.cancelled && !IsDone(state_.progress); }
  bool IsWaiting() const { return !state_.cancelled && state_.progress == Progress::kSubmitted; }
  bool IsSuspended() const { return !state_.cancelled && state_.progress == Progress::kSuspended; }

  Timeliness TimelinessOn(absl::CivilDay today) const;
  // What no later day changes; nothing while the day decides.
  std::optional<Timeliness> Settled() const;

 private:
  explicit Assignment(AssignmentState state) : state_(std::move(state)) {}
  // That the unit can work on it: neither closed nor waiting nor put off.
  absl::Status CheckWorkable() const;
  Dates DatesInForce() const;

  AssignmentState state_;
};

}  // namespace dondoc::registry
