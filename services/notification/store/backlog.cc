#include "services/notification/store/backlog.h"

#include <algorithm>

#include "services/notification/store/deadlines.h"

namespace dondoc::notification {

Backlog ReadBacklog(store::Snapshot& snapshot) {
  store::Sql& sql = snapshot.sql();
  Backlog backlog;
  backlog.deliveries_waiting =
      sql.Value<int64_t>("select count(*) from deliveries where next_at is not null").value();
  backlog.deliveries_dead =
      sql.Value<int64_t>("select count(*) from deliveries where state = 4").value();
  if (const auto next = NextDueTime(sql)) {
    backlog.timers_behind = std::max(absl::ZeroDuration(), snapshot.now() - *next);
  }
  return backlog;
}

}  // namespace dondoc::notification
