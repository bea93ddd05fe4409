#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include "libs/store/database.h"

namespace dondoc::notification {

// What an operator watches. All zero is a quiet service; the last two staying above zero is an
// alarm.
struct Backlog {
  int64_t deliveries_waiting = 0;
  int64_t deliveries_dead = 0;
  // How long the earliest timer that is due has been waiting, by the service's clock.
  absl::Duration timers_behind = absl::ZeroDuration();
};

Backlog ReadBacklog(store::Snapshot& snapshot);

}  // namespace dondoc::notification
