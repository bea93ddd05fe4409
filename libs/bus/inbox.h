#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/bus/bus.h"
#include "libs/bus/stream.h"
#include "libs/store/database.h"

// The consumer's tables: what has taken effect, what waits, what could not be applied. Everything
// here happens in a transaction of the caller; nothing knows the broker.
//
// An event waits in bus_parked for one of two things. While an earlier version is missing its
// retry_at is null. Once it is the next version of its resource, retry_at says when to apply it: at
// once when the gap was filled just now, later when an attempt has failed. So a crash between two
// steps loses nothing: what is due is found by its retry_at.
namespace dondoc::bus {

using Apply = std::function<absl::Status(store::Transaction&, const Event&)>;

// What became of an event that has arrived.
enum class Arrival {
  kApplied,
  // Its version, or this very event, is known already.
  kDropped,
  kParked,
};

// Takes in an event from the broker. An error is that of `apply`; nothing was changed then.
absl::StatusOr<Arrival> Receive(store::Transaction& transaction, const Event& event,
                                const Apply& apply);

// Applies a parked event if it is the next version of its resource. Returns whether it was; an
// earlier one is no longer parked then, and a later one waits for its turn.
absl::StatusOr<bool> ApplyParked(store::Transaction& transaction, const Event& event,
                                 const Apply& apply);

// Counts a failure of `event`: parks it until `now` (real time) plus the next of `delays`, or, when
// these are used up or `failure` is permanent, makes it a dead letter. Returns the attempts so far
// and whether it is dead.
struct Failed {
  int64_t attempts = 0;
  bool dead = false;
};
Failed RecordFailure(store::Transaction& transaction, const Event& event,
                     const absl::Status& failure, const std::vector<absl::Duration>& delays,
                     absl::Time now);

// Keeps a message that is no event, once.
void BuryUnreadable(store::Transaction& transaction, const Event& event,
                    const absl::Status& failure);

// Parked events that are due, each followed by those that wait for it, at most `limit`. One that is
// to wait for longer than any delay is due as well: the clock was set back meanwhile.
struct DueAt {
  absl::Time now;  // real time
  absl::Duration longest_delay;
};
std::vector<Event> ReadDue(store::Snapshot& snapshot, const DueAt& at, int64_t limit);
// When the next parked event will be due; nothing when none waits for a time.
std::optional<absl::Time> NextDue(store::Snapshot& snapshot);

struct Waiting {
  int64_t parked = 0;
  int64_t dead_letters = 0;
};
Waiting CountWaiting(store::Snapshot& snapshot);

// Where this database stands in the events of `source`.
std::optional<Position> ReadPosition(store::Snapshot& snapshot, const std::string& source);
void WritePosition(store::Transaction& transaction, const std::string& source,
                   const Position& position);

}  // namespace dondoc::bus
