#include "libs/bus/relay.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "libs/bus/publish_answer.h"
#include "libs/bus/steady.h"
#include "libs/bus/wire.h"
#include "libs/log/log.h"
#include "libs/store/log.h"

namespace dondoc::bus {
namespace {

constexpr int64_t kBatch = 256;
constexpr absl::Duration kAnswersWithin = absl::Seconds(5);
// How long a quiet relay sleeps at most before it looks whether the connection still stands.
constexpr absl::Duration kIdle = absl::Seconds(1);
// How often it asks whether the stream is still the same.
constexpr absl::Duration kLookEvery = absl::Seconds(10);
// People come first: while so many callers wait for a commit, the machine has no time to spare, and
// a batch goes out only every kUnderLoadEvery. What that holds back follows when they are served.
constexpr int64_t kCallersUnderLoad = 64;
constexpr absl::Duration kUnderLoadEvery = absl::Milliseconds(250);

// The broker holds events of this service that its log has lost: an older copy of the database was
// restored. Listeners know versions that do not exist any more and would drop those that come under
// the same numbers, unseen. So nothing is published until somebody has emptied the broker, after
// restoring the listeners too (docs/runbook.md).
struct Ends {
  int64_t broker = 0;
  int64_t log = 0;
};
absl::Status BrokerAhead(const Ends& ends) {
  return absl::FailedPreconditionError(
      absl::StrCat("bus.broker_is_ahead: the broker has events up to ", ends.broker,
                   ", the log up to ", ends.log, "; was an old copy of the database restored?"));
}

}  // namespace

Relay::Relay(const BusOptions& options, store::Database& database, Metrics& metrics)
    : options_(options), database_(database), metrics_(metrics) {
  if (const absl::Status loaded = Load(); !loaded.ok()) {
    log::Error("bus.relay_state_unreadable", {{"error", loaded}});
  }
  loop_.emplace(
      options_, "relay",
      SessionLoop::Work{.session = [this](Connection& connection) { return Serve(connection); },
                        .offline =
                            [this] {
                              metrics_.SetRelayConnected(false);
                              metrics_.SetUnpublished(Unpublished());
                            },
                        .wake = [this] { database_.Wake(); }});
}

int64_t Relay::Unpublished() const {
  return std::max<int64_t>(0, database_.LastSequence() - published_);
}

void Relay::RepublishFrom(int64_t sequence) {
  const int64_t wanted = std::max<int64_t>(1, sequence);
  int64_t earlier = republish_from_;
  do {
    if (earlier != 0 && earlier <= wanted) return;
  } while (!republish_from_.compare_exchange_weak(earlier, wanted));
  database_.Wake();
}

absl::Status Relay::Serve(Connection& connection) {
  if (!loaded_) RETURN_IF_ERROR(Load());
  RETURN_IF_ERROR(Reconcile(connection));
  metrics_.SetRelayConnected(true);
  absl::Time looked = SteadyNow();
  while (!loop_->stopping()) {
    RETURN_IF_ERROR(TakeRepublishRequest());
    metrics_.SetUnpublished(Unpublished());
    if (Unpublished() > 0) {
      RETURN_IF_ERROR(PublishBatch(connection));
      if (database_.QueueLength() >= kCallersUnderLoad) loop_->Sleep(kUnderLoadEvery);
      continue;
    }
    WaitForEvents();
    if (!connection.Alive()) return absl::UnavailableError("the connection is gone");
    if (SteadyNow() - looked < kLookEvery) continue;
    ASSIGN_OR_RETURN(const bool changed, StreamChanged(connection));
    if (changed) RETURN_IF_ERROR(Reconcile(connection));
    looked = SteadyNow();
  }
  return absl::OkStatus();
}

absl::Status Relay::Load() {
  RETURN_IF_ERROR(database_.Read([this](store::Snapshot& snapshot) {
    state_ = ReadRelayState(snapshot);
    return absl::OkStatus();
  }));
  published_ = state_.published;
  loaded_ = true;
  return absl::OkStatus();
}

absl::Status Relay::Save() {
  return database_.WriteAndWait([state = state_](store::Transaction& transaction) {
    WriteRelayState(transaction, state);
    return absl::OkStatus();
  });
}

absl::Status Relay::Reconcile(Connection& connection) {
  ASSIGN_OR_RETURN(const StreamState stream, EnsureStream(connection, options_));
  ASSIGN_OR_RETURN(const std::optional<int64_t> last,
                   LastPublished(connection, stream, options_.service));
  const bool same_stream = stream.created == state_.stream.created &&
                           stream.last_sequence >= state_.stream.last_sequence;
  int64_t back_to = state_.published;
  if (last) {
    back_to = std::min(back_to, *last);
  } else if (!same_stream) {
    back_to = 0;
  }
  // In the same stream, having no event of ours only means that all have reached their age limit.
  // The log is read after the broker was asked, so that it has whatever another replica of this
  // service may have written and published a moment ago.
  store::LogEnd end;
  RETURN_IF_ERROR(database_.Read([&](store::Snapshot& snapshot) {
    store::FindLogEnd(snapshot.sql(), end);
    return absl::OkStatus();
  }));
  const int64_t log_end = end.next_sequence - 1;
  const int64_t ahead = std::max<int64_t>(0, last.value_or(0) - log_end);
  metrics_.SetBrokerAhead(ahead);
  if (ahead > 0) return BrokerAhead({.broker = *last, .log = log_end});
  if (back_to < state_.published) {
    log::Warning("bus.broker_lost_events",
                 {{"publish_from", back_to + 1}, {"publish_to", state_.published}});
  }
  state_.stream = stream;
  MoveTo(back_to);
  return Save();
}

absl::StatusOr<bool> Relay::StreamChanged(Connection& connection) {
  const absl::StatusOr<StreamState> stream = GetStream(connection);
  if (absl::IsNotFound(stream.status())) return true;
  RETURN_IF_ERROR(stream.status());
  return stream->created != state_.stream.created ||
         stream->last_sequence < state_.stream.last_sequence;
}

// The lower cursor is saved before anything is sent, so that a restart in the middle goes on.
absl::Status Relay::TakeRepublishRequest() {
  const int64_t from = republish_from_.exchange(0);
  if (from == 0 || from > state_.published) return absl::OkStatus();
  log::Info("bus.republish", {{"from", from}, {"to", state_.published}});
  state_.republish_until = std::max(state_.republish_until, state_.published);
  state_.republish_id = NewUuid();
  MoveTo(from - 1);
  return Save();
}

// A database that is stopping returns at once; the short sleep keeps that from becoming a busy
// loop.
void Relay::WaitForEvents() {
  const absl::Time began = SteadyNow();
  const int64_t last = database_.WaitForSequenceAfter(state_.published, kIdle);
  if (last <= state_.published && SteadyNow() - began < kIdle / 2) {
    loop_->Sleep(absl::Milliseconds(20));
  }
}

absl::Status Relay::PublishBatch(Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<store::Event> events, ReadBatch());
  if (events.empty()) return absl::DataLossError("the log ends before its last sequence");
  ASSIGN_OR_RETURN(const int64_t awaited, Send(connection, events));
  RETURN_IF_ERROR(AwaitAnswers(connection, events, awaited));
  metrics_.CountPublished(static_cast<int64_t>(events.size()));
  MoveTo(events.back().sequence);
  return Save();
}

absl::StatusOr<std::vector<store::Event>> Relay::ReadBatch() {
  std::vector<store::Event> events;
  RETURN_IF_ERROR(database_.Read([&](store::Snapshot& snapshot) {
    events = store::ReadEvents(snapshot, state_.published + 1, kBatch);
    return absl::OkStatus();
  }));
  return events;
}

absl::StatusOr<int64_t> Relay::Send(Connection& connection,
                                    const std::vector<store::Event>& events) {
  int64_t sent = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    ASSIGN_OR_RETURN(const Message message,
                     ToMessage(events[i], options_.service, MessageId(events[i]),
                               connection.ReplyTo(absl::StrCat(i))));
    const absl::Status status = connection.Send(message.get());
    if (absl::IsInvalidArgument(status)) {
      ReportTooLarge(events[i]);
      continue;
    }
    RETURN_IF_ERROR(status);
    ++sent;
  }
  return sent;
}

absl::Status Relay::AwaitAnswers(Connection& connection, const std::vector<store::Event>& events,
                                 int64_t awaited) {
  const absl::Time deadline = SteadyNow() + kAnswersWithin;
  while (awaited > 0) {
    ASSIGN_OR_RETURN(const Message message, connection.Receive(deadline - SteadyNow()));
    if (!message) return absl::UnavailableError("the broker does not answer in time");
    size_t index = 0;
    if (!absl::SimpleAtoi(connection.TagOf(natsMsg_GetSubject(message.get())), &index) ||
        index >= events.size()) {
      continue;
    }
    const absl::StatusOr<int64_t> stored =
        ReadPublishAnswer({natsMsg_GetData(message.get()),
                           static_cast<size_t>(natsMsg_GetDataLength(message.get()))});
    if (absl::IsInvalidArgument(stored.status())) {
      ReportTooLarge(events[index]);
    } else {
      RETURN_IF_ERROR(stored.status());
      state_.stream.last_sequence = std::max(state_.stream.last_sequence, *stored);
    }
    --awaited;
  }
  return absl::OkStatus();
}

// It can never be sent, so all others go on without it. Later versions of its resource wait at
// every consumer until the limit is raised and the event is published again (RepublishFrom).
void Relay::ReportTooLarge(const store::Event& event) {
  metrics_.CountTooLarge();
  log::Error("bus.event_too_large", {{"sequence", event.sequence},
                                     {"name", event.name},
                                     {"version", event.version},
                                     {"bytes", event.payload.size()}});
}

std::string Relay::MessageId(const store::Event& event) const {
  if (event.sequence > state_.republish_until) return event.id;
  return absl::StrCat(event.id, "/", state_.republish_id);
}

void Relay::MoveTo(int64_t published) {
  state_.published = published;
  published_ = published;
  if (published >= state_.republish_until) state_.republish_until = 0;
}

}  // namespace dondoc::bus
