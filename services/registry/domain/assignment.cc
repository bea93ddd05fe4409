#include "services/registry/domain/assignment.h"

#include "libs/base/status_macros.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/text_fields.h"

namespace dondoc::registry {

absl::Status Assignment::Report(const ProgressReport& report, absl::Time now) {
  RETURN_IF_ERROR(CheckWorkable());
  if (report.percent < 0 || report.percent > 100) return error::PercentOutOfRange(report.percent);
  ASSIGN_OR_RETURN(std::string note, CleanOptionalText({"note", kNoteMax}, report.note));
  state_.percent = report.percent;
  state_.note = std::move(note);
  state_.report_time = now;
  state_.progress = Progress::kInProgress;
  return absl::OkStatus();
}

absl::Status Assignment::Submit(NewSubmission fields, const Act& act) {
  RETURN_IF_ERROR(CheckWorkable());
  if (fields.outcome == Outcome::kNotArising && !state_.conditional_product) {
    return error::OutcomeNotConditional(key());
  }
  ASSIGN_OR_RETURN(state_.submission, MakeSubmission(std::move(fields), act));
  state_.review.reset();
  state_.progress = Progress::kSubmitted;
  return absl::OkStatus();
}

absl::Status Assignment::Accept(const Act& act) {
  if (!IsWaiting()) return error::NothingSubmitted(key());
  if (state_.submission->actor == act.actor) return error::OwnResult(key(), act.actor);
  state_.review = {.accepted = true, .reason = {}, .actor = act.actor, .review_time = act.now};
  state_.completed = state_.submission->submitted_date;
  state_.progress =
      state_.submission->outcome == Outcome::kNotArising ? Progress::kNotArising : Progress::kDone;
  state_.frozen = SettledTimeliness(DatesInForce());
  return absl::OkStatus();
}

absl::Status Assignment::Return(absl::string_view reason, const Act& act) {
  if (!IsWaiting()) return error::NothingSubmitted(key());
  ASSIGN_OR_RETURN(std::string clean, CleanRequiredText({"reason", kParagraphMax}, reason));
  state_.review = {
      .accepted = false, .reason = std::move(clean), .actor = act.actor, .review_time = act.now};
  state_.progress = Progress::kInProgress;
  return absl::OkStatus();
}

absl::Status Assignment::Suspend(absl::string_view reason, const Act& act) {
  RETURN_IF_ERROR(CheckWorkable());
  ASSIGN_OR_RETURN(std::string clean, CleanRequiredText({"reason", kParagraphMax}, reason));
  state_.suspension = {.reason = std::move(clean), .actor = act.actor, .suspend_time = act.now};
  state_.progress = Progress::kSuspended;
  return absl::OkStatus();
}

absl::Status Assignment::Resume(absl::string_view reason, const Act& act) {
  if (!IsSuspended()) return error::AssignmentNotSuspended(key());
  ASSIGN_OR_RETURN(std::string clean, CleanRequiredText({"reason", kParagraphMax}, reason));
  state_.suspension->resume_reason = std::move(clean);
  state_.suspension->resume_actor = act.actor;
  state_.suspension->resume_time = act.now;
  // Only a report or a result begins work, and both stay on record.
  const bool begun = state_.report_time || state_.submission;
  state_.progress = begun ? Progress::kInProgress : Progress::kNotStarted;
  return absl::OkStatus();
}

bool Assignment::Reschedule(absl::CivilDay due) {
  if (!IsOpen() || state_.due == due) return false;
  state_.due = due;
  return true;
}

void Assignment::Reopen(absl::CivilDay window_start, absl::CivilDay due) {
  state_.cancelled = false;
  state_.window_start = window_start;
  state_.due = due;
}

Assignment Assignment::TakenOverBy(absl::string_view unit) const {
  AssignmentState state = state_;
  state.taken_over_from = state.key.unit;
  state.key.unit = std::string(unit);
  return Assignment(std::move(state));
}

Timeliness Assignment::TimelinessOn(absl::CivilDay today) const {
  return state_.frozen ? *state_.frozen : TimelinessOf(DatesInForce(), today);
}

std::optional<Timeliness> Assignment::Settled() const {
  return state_.frozen ? state_.frozen : SettledTimeliness(DatesInForce());
}

absl::Status Assignment::CheckWorkable() const {
  if (!IsOpen() || IsWaiting()) return error::AssignmentClosed(key());
  if (IsSuspended()) return error::AssignmentSuspended(key());
  return absl::OkStatus();
}

Dates Assignment::DatesInForce() const {
  return {
      .window_start = state_.window_start,
      .due = state_.due,
      .submitted = IsWaiting() ? std::optional(state_.submission->submitted_date) : std::nullopt,
      .completed = state_.completed};
}

}  // namespace dondoc::registry
