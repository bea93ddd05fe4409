#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/names.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {
namespace {

pb::Submission ToProto(const Submission& submission) {
  pb::Submission message;
  message.set_submitted_date(DateText(submission.submitted_date));
  message.set_outcome(ToProto(submission.outcome));
  message.set_reason(submission.reason);
  for (const Evidence& evidence : submission.evidence) {
    pb::Evidence& added = *message.add_evidence();
    added.set_document_number(evidence.document_number);
    added.set_document_date(DateText(evidence.document_date));
    added.set_link(evidence.link);
    added.set_sha256(evidence.sha256);
    added.set_note(evidence.note);
  }
  message.set_actor(submission.actor);
  *message.mutable_submit_time() = ToTimestamp(submission.submit_time);
  return message;
}

Evidence EvidenceOf(const pb::Evidence& message, absl::CivilDay date) {
  return {.document_number = message.document_number(),
          .document_date = date,
          .link = message.link(),
          .sha256 = message.sha256(),
          .note = message.note()};
}

Submission RestoreSubmission(const pb::Submission& message) {
  Submission submission;
  submission.submitted_date = RestoreDate(message.submitted_date());
  submission.outcome = ReadOutcome("body", message.outcome()).value();
  submission.reason = message.reason();
  for (const pb::Evidence& evidence : message.evidence()) {
    submission.evidence.push_back(EvidenceOf(evidence, RestoreDate(evidence.document_date())));
  }
  submission.actor = message.actor();
  submission.submit_time = RestoreTime(message.submit_time());
  return submission;
}

pb::Review ToProto(const Review& review) {
  pb::Review message;
  message.set_accepted(review.accepted);
  message.set_reason(review.reason);
  message.set_actor(review.actor);
  *message.mutable_review_time() = ToTimestamp(review.review_time);
  return message;
}

Review RestoreReview(const pb::Review& message) {
  return {.accepted = message.accepted(),
          .reason = message.reason(),
          .actor = message.actor(),
          .review_time = RestoreTime(message.review_time())};
}

pb::Suspension ToProto(const Suspension& suspension) {
  pb::Suspension message;
  message.set_reason(suspension.reason);
  message.set_actor(suspension.actor);
  *message.mutable_suspend_time() = ToTimestamp(suspension.suspend_time);
  if (!suspension.resume_time) return message;
  message.set_resume_reason(suspension.resume_reason);
  message.set_resume_actor(suspension.resume_actor);
  *message.mutable_resume_time() = ToTimestamp(*suspension.resume_time);
  return message;
}

Suspension RestoreSuspension(const pb::Suspension& message) {
  Suspension suspension = {.reason = message.reason(),
                           .actor = message.actor(),
                           .suspend_time = RestoreTime(message.suspend_time()),
                           .resume_reason = message.resume_reason(),
                           .resume_actor = message.resume_actor()};
  if (message.has_resume_time()) suspension.resume_time = RestoreTime(message.resume_time());
  return suspension;
}

}  // namespace

pb::Assignment ToProto(const Assignment& assignment, int64_t version, absl::CivilDay today) {
  const AssignmentState& state = assignment.state();
  pb::Assignment message;
  message.set_name(NameOf(state.key));
  message.set_etag(EtagOf(version));
  message.set_unit(UnitName(state.key.unit));
  message.set_progress(ToProto(state.progress));
  if (!state.cancelled) message.set_timeliness(ToProto(assignment.TimelinessOn(today)));
  message.set_percent(state.percent);
  message.set_note(state.note);
  if (state.report_time) *message.mutable_report_time() = ToTimestamp(*state.report_time);
  message.set_window_start(DateText(state.window_start));
  message.set_due_date(DateText(state.due));
  if (state.submission) *message.mutable_submission() = ToProto(*state.submission);
  if (state.review) *message.mutable_review() = ToProto(*state.review);
  if (state.suspension) *message.mutable_suspension() = ToProto(*state.suspension);
  message.set_completed_date(DateText(state.completed));
  message.set_taken_over_from(UnitName(state.taken_over_from));
  message.set_cancelled(state.cancelled);
  message.set_task_text(state.task_text);
  message.set_phase_label(state.phase_label);
  message.set_conditional_product(state.conditional_product);
  return message;
}

Assignment RestoreAssignment(const pb::Assignment& message) {
  AssignmentState state;
  state.key = ParseAssignmentName("body", message.name()).value();
  state.progress = ReadProgress("body", message.progress()).value();
  state.percent = message.percent();
  state.note = message.note();
  if (message.has_report_time()) state.report_time = RestoreTime(message.report_time());
  state.window_start = RestoreDate(message.window_start());
  state.due = RestoreDate(message.due_date());
  if (message.has_submission()) state.submission = RestoreSubmission(message.submission());
  if (message.has_review()) state.review = RestoreReview(message.review());
  if (message.has_suspension()) state.suspension = RestoreSuspension(message.suspension());
  state.completed = RestoreOptionalDate(message.completed_date());
  if (state.completed) state.frozen = ReadTimeliness("body", message.timeliness()).value();
  if (!message.taken_over_from().empty()) {
    state.taken_over_from = ParseUnitName("body", message.taken_over_from()).value();
  }
  state.cancelled = message.cancelled();
  state.task_text = message.task_text();
  state.phase_label = message.phase_label();
  state.conditional_product = message.conditional_product();
  return Assignment::Restore(std::move(state));
}

void Derive(pb::Assignment& message, absl::CivilDay today) {
  if (message.cancelled() || !message.completed_date().empty()) return;
  Dates dates = {.window_start = RestoreDate(message.window_start()),
                 .due = RestoreDate(message.due_date()),
                 .submitted = {},
                 .completed = {}};
  if (message.progress() == pb::PROGRESS_SUBMITTED) {
    dates.submitted = RestoreDate(message.submission().submitted_date());
  }
  message.set_timeliness(ToProto(TimelinessOf(dates, today)));
}

absl::StatusOr<NewSubmission> ReadSubmission(const pb::SubmitResultRequest& request) {
  NewSubmission fields;
  ASSIGN_OR_RETURN(fields.outcome, ReadOutcome("outcome", request.outcome()));
  fields.reason = request.reason();
  for (int i = 0; i < request.evidence_size(); ++i) {
    const pb::Evidence& evidence = request.evidence(i);
    ASSIGN_OR_RETURN(const absl::CivilDay date,
                     calendar::ParseDate(absl::StrCat("evidence[", i, "].document_date"),
                                         evidence.document_date()));
    fields.evidence.push_back(EvidenceOf(evidence, date));
  }
  return fields;
}

}  // namespace dondoc::registry
