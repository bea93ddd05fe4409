#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/bus/bus.h"
#include "libs/bus/connection.h"
#include "libs/bus/metrics.h"
#include "libs/bus/relay_state.h"
#include "libs/bus/session_loop.h"
#include "libs/store/database.h"

namespace dondoc::bus {

// Publishes what the log of events holds, in order, and remembers how far the broker has said yes.
//
// It sends a batch, waits for the broker's word on each event of it, and only then goes on. No
// answer does not mean "not stored": the same events go out again under the same ids and JetStream
// drops those it has. Whenever it connects it asks the broker for the last event it holds of this
// service and goes back to there, so that a broker which lost its store gets everything again.
//
// It never holds up a write: it only reads the log, and moves its cursor after the broker's answer.
// Thread-safe.
class Relay {
 public:
  Relay(const BusOptions& options, store::Database& database, Metrics& metrics);

  bool Connected() const { return loop_->Connected(); }
  int64_t Unpublished() const;
  // See Bus::RepublishFrom.
  void RepublishFrom(int64_t sequence);

 private:
  // The body of the thread, while there is a broker.
  absl::Status Serve(Connection& connection);
  absl::Status Load();
  absl::Status Save();
  // Compares the broker with the cursor and moves the cursor back to what the broker really has.
  absl::Status Reconcile(Connection& connection);
  // True when the stream is not the one that was seen last, or is shorter than it was.
  absl::StatusOr<bool> StreamChanged(Connection& connection);
  absl::Status TakeRepublishRequest();
  void WaitForEvents();

  absl::Status PublishBatch(Connection& connection);
  absl::StatusOr<std::vector<store::Event>> ReadBatch();
  // Returns how many answers to wait for: fewer than events when one is too large to be sent.
  absl::StatusOr<int64_t> Send(Connection& connection, const std::vector<store::Event>& events);
  absl::Status AwaitAnswers(Connection& connection, const std::vector<store::Event>& events,
                            int64_t awaited);
  void ReportTooLarge(const store::Event& event);
  std::string MessageId(const store::Event& event) const;
  void MoveTo(int64_t published);

  const BusOptions options_;
  store::Database& database_;
  Metrics& metrics_;

  // Belongs to the thread.
  RelayState state_;
  bool loaded_ = false;

  // state_.published, for everybody.
  std::atomic<int64_t> published_ = 0;
  // What RepublishFrom() was asked and the thread has not begun yet; 0: nothing.
  std::atomic<int64_t> republish_from_ = 0;

  // Last, and begun last: its thread uses all the others.
  std::optional<SessionLoop> loop_;
};

}  // namespace dondoc::bus
