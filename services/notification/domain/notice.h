#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notification/domain/timers.h"
#include "services/notification/domain/types.h"
#include "services/notification/domain/wording.h"

namespace dondoc::notification {

// A deadline of one recipient, and how far it has been told.
struct TrackedDeadline {
  // 0 until it is stored.
  int64_t id = 0;
  std::string subject = {};
  // units/{id}.
  std::string recipient = {};
  // Whose rules hold: plans/{id}, or kEveryPlan for what belongs to no plan.
  std::string plan = {};
  Deadline deadline = {};
  std::string title = {};
  std::string label = {};
  // Grows each time the day is moved; the same step of another revision is another notice.
  int64_t revision = 1;
  Standing standing = Standing::kOpen;
  // For this revision.
  std::optional<NoticeKind> acknowledged = {};
  // Every step up to here has become a notice, or does not count.
  absl::Time told_to = {};
  // The next step; nothing when there is none.
  std::optional<absl::Time> next_at = {};
  // W3C traceparent of the event that made it what it is: what is told about it came of that.
  std::string traceparent = {};

  Matter matter() const {
    return {.kind = deadline.kind, .subject = subject, .title = title, .label = label};
  }
};

// One thing told to one recipient about one deadline, once: unique by (deadline, revision, kind,
// days_left).
struct Notice {
  // 1, 2, 3, … in the order of commit.
  int64_t id = 0;
  int64_t deadline = 0;
  int64_t revision = 1;
  NoticeKind kind = NoticeKind::kBeforeDue;
  int days_left = 0;
  std::string recipient = {};
  Matter matter = {};
  // As it was then; the deadline may have moved since.
  absl::CivilDay due = {};
  absl::Time planned_at = {};
  absl::Time told_at = {};
  NoticeState state = NoticeState::kDue;
  std::string skip_reason = {};
  // 0 for a skipped one.
  int64_t digest = 0;
  std::optional<absl::Time> acknowledged_at = {};
  std::string acknowledged_by = {};
  int64_t version = 1;

  DeadlineKind deadline_kind() const {
    return kind == NoticeKind::kCheckIn ? DeadlineKind::kCheckIn : matter.kind;
  }
  // What its words depend on.
  Telling telling() const;
};

}  // namespace dondoc::notification
