#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/store/sql.h"
#include "services/notification/domain/notice.h"
#include "services/notification/store/inbox.h"

namespace dondoc::notification {

std::optional<TrackedDeadline> FindDeadline(store::Sql& sql, const std::string& subject,
                                            const std::string& recipient);
std::optional<TrackedDeadline> FindDeadline(store::Sql& sql, int64_t id);

// Stores it and sets its id.
void InsertDeadline(store::Sql& sql, TrackedDeadline& deadline);
void UpdateDeadline(store::Sql& sql, const TrackedDeadline& deadline);
// Only what a run of the timers changes.
void MoveTimer(store::Sql& sql, const TrackedDeadline& deadline);

// Those whose next step is not later than `now`: at most `limit`, the earliest first.
std::vector<TrackedDeadline> DueDeadlines(store::Sql& sql, absl::Time now, int64_t limit);
// When the next one falls due.
std::optional<absl::Time> NextDueTime(store::Sql& sql);

// Recipients that still owe `subject`.
std::vector<std::string> OpenRecipients(store::Sql& sql, const std::string& subject);

// Position in the list of upcoming steps.
struct UpcomingKey {
  absl::Time next_at = {};
  std::string recipient = {};
  int64_t id = 0;
};
// Those of an inbox with a step after `after`, in order.
std::vector<TrackedDeadline> UpcomingDeadlines(store::Sql& sql, const UpcomingKey& after,
                                               const Inbox& inbox, int64_t limit);

// Makes the timers look again at every open deadline of `plan` (or, for kEveryPlan, of each plan
// without rules of its own), because its rules are others from `now` on. Steps that were due
// already stay due; what the new rules would have told earlier is not made up for.
void RulesChanged(store::Sql& sql, const std::string& plan, absl::Time now);

}  // namespace dondoc::notification
