#include "libs/bus/consumer.h"

#include <algorithm>
#include <exception>
#include <latch>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/status_macros.h"
#include "libs/base/trace.h"
#include "libs/bus/inbox.h"
#include "libs/bus/steady.h"
#include "libs/bus/wire.h"
#include "libs/log/log.h"

namespace dondoc::bus {
namespace {

// How long the thread waits for messages before it looks for parked events that are due. One that
// was redriven starts after this long at the latest.
constexpr absl::Duration kLookEvery = absl::Seconds(1);
// A position that is a little old only makes the broker send again what is known.
constexpr absl::Duration kSaveEvery = absl::Seconds(1);
constexpr absl::Duration kMeasureEvery = absl::Seconds(10);
// Between two attempts to write to a database that refuses.
constexpr absl::Duration kDatabasePause = absl::Seconds(1);

absl::Duration LongestOf(const std::vector<absl::Duration>& delays) {
  const auto longest = std::max_element(delays.begin(), delays.end());
  return longest == delays.end() ? absl::ZeroDuration() : *longest;
}

}  // namespace

Consumer::Consumer(const BusOptions& options, store::Database& database,
                   std::vector<std::string> sources, std::vector<Subscription> subscriptions,
                   Metrics& metrics)
    : options_(options),
      database_(database),
      sources_(std::move(sources)),
      longest_delay_(LongestOf(options.retry_delays)),
      dispatch_(std::move(subscriptions)),
      metrics_(metrics) {
  loop_.emplace(
      options_, "consumer",
      SessionLoop::Work{.session = [this](Connection& connection) { return Serve(connection); },
                        .offline =
                            [this] {
                              metrics_.SetConsumerConnected(false);
                              ApplyDue();
                              CountWaiting();
                            },
                        .wake = [] {}});
}

// The durables are made anew only by who may: a replica that was stopped, and wakes up when another
// one has taken over, would take them from under its hands.
absl::Status Consumer::Serve(Connection& connection) {
  RETURN_IF_ERROR(database_.WriteAndWait([](store::Transaction&) { return absl::OkStatus(); }));
  ASSIGN_OR_RETURN(const StreamState stream, EnsureStream(connection, options_));
  for (const std::string& source : sources_) {
    RETURN_IF_ERROR(Prepare(connection, stream, source));
  }
  metrics_.SetConsumerConnected(true);
  metrics_.Heard();
  Puller puller(connection, sources_, options_.service);
  absl::Status status;
  while (status.ok() && !loop_->stopping()) status = ServeOnce(connection, puller);
  SavePositions();
  return status;
}

absl::Status Consumer::Prepare(Connection& connection, const StreamState& stream,
                               const std::string& source) {
  if (positions_.count(source) == 0) {
    RETURN_IF_ERROR(database_.Read([&](store::Snapshot& snapshot) {
      if (auto position = ReadPosition(snapshot, source)) positions_[source] = *position;
      return absl::OkStatus();
    }));
  }
  int64_t first = 1;
  if (const auto position = positions_.find(source); position != positions_.end()) {
    ASSIGN_OR_RETURN(const bool still_there, StillThere(connection, stream, position->second));
    if (still_there) {
      first = position->second.stream_sequence + 1;
    } else {
      positions_.erase(position);
    }
  }
  return MakeConsumer(connection, options_.service, source, first);
}

absl::Status Consumer::ServeOnce(Connection& connection, Puller& puller) {
  const absl::Duration wait = ApplyDue();
  ASSIGN_OR_RETURN(const std::vector<Message> messages, puller.Next(wait));
  if (!messages.empty()) {
    RETURN_IF_ERROR(Settle(messages));
    Remember(messages);
    RETURN_IF_ERROR(puller.Acknowledge(messages));
  }
  const absl::Time now = SteadyNow();
  if (now - saved_at_ >= kSaveEvery) SavePositions();
  if (now - measured_at_ >= kMeasureEvery) RETURN_IF_ERROR(MeasureLag(connection));
  return absl::OkStatus();
}

absl::Status Consumer::Settle(const std::vector<Message>& messages) {
  std::vector<Delivery> deliveries;
  for (const Message& message : messages) {
    Delivery& delivery = deliveries.emplace_back();
    absl::StatusOr<Event> event = FromMessage(message.get());
    delivery.unreadable = event.status();
    delivery.event = event.ok() ? *std::move(event) : FromUnreadable(message.get());
  }
  while (!loop_->stopping()) {
    const absl::Status status = RunAll(deliveries, &Consumer::ReceiveStep);
    if (status.ok()) return status;
    log::Error("bus.cannot_take_in_events", {{"error", status}});
    loop_->Sleep(kDatabasePause);
  }
  return absl::CancelledError("stopping");
}

absl::Duration Consumer::ApplyDue() {
  while (!loop_->stopping()) {
    std::vector<Delivery> deliveries;
    absl::Duration idle = kLookEvery;
    absl::Status status = database_.Read([&](store::Snapshot& snapshot) {
      const absl::Time now = absl::Now();
      for (Event& event :
           ReadDue(snapshot, {.now = now, .longest_delay = longest_delay_}, Puller::kBatch)) {
        deliveries.emplace_back().event = std::move(event);
      }
      if (const auto next = NextDue(snapshot)) idle = std::min(idle, *next - now);
      return absl::OkStatus();
    });
    if (status.ok() && deliveries.empty()) return std::max(idle, absl::Milliseconds(1));
    if (status.ok()) status = RunAll(deliveries, &Consumer::ParkedStep);
    if (!status.ok()) {
      log::Error("bus.cannot_apply_parked", {{"error", status}});
      return kLookEvery;
    }
    CountWaiting();
  }
  return absl::ZeroDuration();
}

absl::Status Consumer::RunAll(std::vector<Delivery>& deliveries, Step step) {
  // Shared, because the last answer may still be leaving count_down() when wait() returns.
  const auto unanswered = std::make_shared<std::latch>(static_cast<int64_t>(deliveries.size()));
  for (Delivery& delivery : deliveries) {
    database_.Write(
        [this, step, &delivery](store::Transaction& transaction) {
          delivery.applied = false;
          delivery.failure = absl::OkStatus();
          return (this->*step)(transaction, delivery);
        },
        [unanswered, &delivery](absl::Status written) {
          delivery.written = std::move(written);
          unanswered->count_down();
        });
  }
  unanswered->wait();

  absl::Status refused;
  std::vector<Delivery*> failed;
  for (Delivery& delivery : deliveries) {
    if (!delivery.failure.ok()) {
      failed.push_back(&delivery);
    } else if (!delivery.written.ok()) {
      refused = delivery.written;
    } else if (delivery.applied) {
      metrics_.CountApplied(delivery.event.source);
      const TraceScope trace(delivery.event.traceparent);
      log::Debug("bus.event_applied", {{"event", delivery.event.id},
                                       {"type", delivery.event.type},
                                       {"name", delivery.event.name},
                                       {"version", delivery.event.version}});
    }
  }
  if (!failed.empty()) RETURN_IF_ERROR(RecordFailures(failed));
  return refused;
}

absl::Status Consumer::ReceiveStep(store::Transaction& transaction, Delivery& delivery) {
  if (!delivery.unreadable.ok()) {
    BuryUnreadable(transaction, delivery.event, delivery.unreadable);
    log::Error("bus.unreadable_message", {{"subject", delivery.event.type},
                                          {"dead_letter", delivery.event.id},
                                          {"error", delivery.unreadable}});
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Arrival arrival, Receive(transaction, delivery.event,
                                                  [&](store::Transaction& inner, const Event&) {
                                                    return Handle(inner, delivery);
                                                  }));
  delivery.applied = arrival == Arrival::kApplied;
  return absl::OkStatus();
}

absl::Status Consumer::ParkedStep(store::Transaction& transaction, Delivery& delivery) {
  ASSIGN_OR_RETURN(delivery.applied, bus::ApplyParked(transaction, delivery.event,
                                                      [&](store::Transaction& inner, const Event&) {
                                                        return Handle(inner, delivery);
                                                      }));
  return absl::OkStatus();
}

// What a handler throws (a constraint of its own tables, say) is a failure of the event and not of
// the database, which needs to see it too.
absl::Status Consumer::Handle(store::Transaction& transaction, Delivery& delivery) {
  const TraceScope trace(transaction.origin().traceparent);
  try {
    delivery.failure = dispatch_(transaction, delivery.event);
  } catch (const std::exception& thrown) {
    delivery.failure = absl::InternalError(thrown.what());
    throw;
  }
  return delivery.failure;
}

absl::Status Consumer::RecordFailures(const std::vector<Delivery*>& failed) {
  std::vector<Failed> results;
  RETURN_IF_ERROR(database_.WriteAndWait([&](store::Transaction& transaction) {
    for (const Delivery* delivery : failed) {
      results.push_back(RecordFailure(transaction, delivery->event, delivery->failure,
                                      options_.retry_delays, absl::Now()));
    }
    return absl::OkStatus();
  }));
  for (size_t i = 0; i < failed.size(); ++i) {
    const Event& event = failed[i]->event;
    const TraceScope trace(event.traceparent);
    metrics_.CountFailed(event.source);
    log::Write(results[i].dead ? log::Level::kError : log::Level::kWarning,
               results[i].dead ? "bus.dead_letter" : "bus.event_failed",
               {{"event", event.id},
                {"type", event.type},
                {"name", event.name},
                {"version", event.version},
                {"attempts", results[i].attempts},
                {"error", failed[i]->failure}});
  }
  CountWaiting();
  return absl::OkStatus();
}

void Consumer::Remember(const std::vector<Message>& messages) {
  for (const Message& message : messages) {
    const int64_t sequence = StreamSequenceOf(natsMsg_GetReply(message.get()));
    Position& position = positions_[std::string(SourceOf(natsMsg_GetSubject(message.get())))];
    if (sequence <= position.stream_sequence) continue;
    position = {.stream_sequence = sequence, .event_id = Header(message.get(), kIdHeader)};
    positions_saved_ = false;
  }
}

void Consumer::SavePositions() {
  saved_at_ = SteadyNow();
  if (positions_saved_) return;
  const absl::Status status = database_.WriteAndWait([this](store::Transaction& transaction) {
    for (const auto& [source, position] : positions_) WritePosition(transaction, source, position);
    return absl::OkStatus();
  });
  positions_saved_ = status.ok();
}

absl::Status Consumer::MeasureLag(Connection& connection) {
  measured_at_ = SteadyNow();
  for (const std::string& source : sources_) {
    ASSIGN_OR_RETURN(const int64_t lag,
                     ConsumerLag(connection, DurableName(options_.service, source)));
    metrics_.SetLag(source, lag);
  }
  metrics_.Heard();
  CountWaiting();
  return absl::OkStatus();
}

void Consumer::CountWaiting() {
  Waiting waiting;
  const absl::Status status = database_.Read([&](store::Snapshot& snapshot) {
    waiting = bus::CountWaiting(snapshot);
    return absl::OkStatus();
  });
  if (status.ok()) metrics_.SetWaiting(waiting.parked, waiting.dead_letters);
}

}  // namespace dondoc::bus
