#pragma once

#include <string>

#include "absl/time/time.h"
#include "libs/store/database.h"
#include "services/notification/domain/timers.h"
#include "services/notification/domain/types.h"
#include "services/notification/timers/channels.h"

namespace dondoc::notification {

// What an event says about one recipient's deadline: the whole new state.
struct Obligation {
  std::string subject = {};
  std::string recipient = {};
  std::string plan = {};
  Deadline deadline = {};
  std::string title = {};
  std::string label = {};
  Standing standing = Standing::kOpen;
  // When it became so, by the clock of the service that says it.
  absl::Time since = {};
};

// Sets the timer of an obligation to what the event says.
//
// Only steps after `since` count: what was due before the deadline was known is not told, so an
// import of old work floods nobody, and after an outage of this service what fell due meanwhile is
// made up for. When a deadline is moved or its work ends, steps that should have been told before
// that and were not (this service was away) are recorded as skipped.
void Track(store::Transaction& transaction, const Channels& channels, const Obligation& obligation);

}  // namespace dondoc::notification
