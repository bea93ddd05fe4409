#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/notification/domain/timers.h"

namespace dondoc::notification {

// How far back a service that was away makes up for what it missed. A reminder older than this
// helps nobody, and a log that was replayed from its beginning must not flood the table.
inline constexpr absl::Duration kCatchUpWindow = absl::Hours(24 * 400);

// What becomes of one step that has fallen due.
struct Verdict {
  Step step = {};
  // Empty: it is told. Otherwise one of domain/types.h `skip`.
  absl::string_view skip_reason = {};

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// What else is known when steps fall due.
struct Circumstances {
  // The most advanced kind that the recipient acknowledged for this date of the deadline.
  std::optional<NoticeKind> acknowledged = {};
  // The first day on which the recipient no longer exists.
  std::optional<absl::CivilDay> dissolved_on = {};
};

// Decides about all steps of one deadline that have fallen due at once, given in order of time.
// Normally there is one. After an outage there may be many, and then:
//   - of the reminders and check-ins only the most advanced one is told, and none once the day of
//     the deadline has come;
//   - the day itself is always told, and of the overdue notices the most advanced one.
// The others are skipped as overtaken: recorded, not lost, and nobody gets ten at once.
std::vector<Verdict> Judge(const std::vector<Step>& steps, const Circumstances& circumstances);

}  // namespace dondoc::notification
