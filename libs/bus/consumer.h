#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/bus/bus.h"
#include "libs/bus/connection.h"
#include "libs/bus/dispatch.h"
#include "libs/bus/metrics.h"
#include "libs/bus/puller.h"
#include "libs/bus/session_loop.h"
#include "libs/bus/stream.h"
#include "libs/store/database.h"

namespace dondoc::bus {

// Applies the events of other services: each once, in the order of its resource's versions.
//
// Every message gets a write of its own, so that one that fails leaves its neighbours alone; the
// writes of a batch are queued together and share a commit. A message is acknowledged once its fate
// is durable here: applied, dropped as known, parked, or a dead letter. Retries are then a matter
// of our own database and not of the broker, which may be gone by then; and a resource that fails
// does not use up what the broker lets one consumer have unacknowledged.
//
// Whenever it connects it makes its durable consumers anew, behind the last message that this
// database knows. So a database that is new, or was restored from a copy, gets what it misses, and
// nothing depends on what a broker remembers. Thread-safe.
class Consumer {
 public:
  Consumer(const BusOptions& options, store::Database& database, std::vector<std::string> sources,
           std::vector<Subscription> subscriptions, Metrics& metrics);

  bool Connected() const { return loop_->Connected(); }

 private:
  // One event on its way through the database.
  struct Delivery {
    Event event;
    // Why its message is no event.
    absl::Status unreadable;
    // Whether it has had its effect.
    bool applied = false;
    // What its handler said, and then the database.
    absl::Status failure;
    absl::Status written;
  };
  using Step = absl::Status (Consumer::*)(store::Transaction&, Delivery&);

  // The body of the thread, while there is a broker.
  absl::Status Serve(Connection& connection);
  absl::Status Prepare(Connection& connection, const StreamState& stream,
                       const std::string& source);
  absl::Status ServeOnce(Connection& connection, Puller& puller);

  // Records the fate of every message, trying again until the database takes it. An error only when
  // the loop is to stop.
  absl::Status Settle(const std::vector<Message>& messages);
  // Applies what is due in the database. Returns for how long nothing will be, at most a second.
  absl::Duration ApplyDue();

  // Queues one write for each delivery, waits for all of them and records those that failed. An
  // error when the database did not take something; it is safe to do all of it again.
  absl::Status RunAll(std::vector<Delivery>& deliveries, Step step);
  absl::Status ReceiveStep(store::Transaction& transaction, Delivery& delivery);
  absl::Status ParkedStep(store::Transaction& transaction, Delivery& delivery);
  // Calls the handlers and notes what they said.
  absl::Status Handle(store::Transaction& transaction, Delivery& delivery);
  absl::Status RecordFailures(const std::vector<Delivery*>& failed);

  void Remember(const std::vector<Message>& messages);
  void SavePositions();
  absl::Status MeasureLag(Connection& connection);
  void CountWaiting();

  const BusOptions options_;
  store::Database& database_;
  const std::vector<std::string> sources_;
  const absl::Duration longest_delay_;
  const Dispatcher dispatch_;
  Metrics& metrics_;

  // Belong to the thread. Where this database stands, by source, and whether it says so itself.
  std::map<std::string, Position> positions_;
  bool positions_saved_ = true;
  absl::Time saved_at_ = absl::InfinitePast();
  absl::Time measured_at_ = absl::InfinitePast();

  // Last, and begun last: its thread uses all the others.
  std::optional<SessionLoop> loop_;
};

}  // namespace dondoc::bus
