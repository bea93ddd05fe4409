#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/metrics/metrics.h"
#include "libs/store/database.h"

// Events between services, over NATS JetStream (design.md section 5).
//
// The log of events in each service's database is the record; the broker is transport and may lose
// everything. A relay publishes what the log holds, in order; a consumer applies each event once,
// in the order of its resource's versions, in one transaction with the effect.
namespace dondoc::bus {

// An event as it arrives: the state of one resource of another service.
struct Event {
  // ce-id; equal to the id in the publisher's log.
  std::string id;
  // ce-type; equal to the subject: "dondoc.registry.assignment.accepted".
  std::string type;
  // ce-source: "registry".
  std::string source;
  // ce-subject: resource name, and its version (1, 2, 3, … with no gap).
  std::string name;
  int64_t version = 0;
  // When it happened, by the publisher's clock, and who did it.
  absl::Time at;
  std::string actor;
  std::string traceparent;
  // Full name of the protobuf message in `payload`.
  std::string schema;
  std::string payload;
};

// Paths of PEM files: who we are to the broker, and who may have signed for it. All three, or none
// for a broker without TLS.
struct BusTls {
  std::string ca = {};
  std::string certificate = {};
  std::string key = {};

  bool Used() const { return !ca.empty() || !certificate.empty() || !key.empty(); }
};

struct BusOptions {
  // "nats://127.0.0.1:4222"; for the nodes of a cluster several, separated by commas. Any that
  // answers will do.
  std::string url = {};
  // This service: "kpi". Names the publisher, the durable consumers and the connection.
  std::string service = {};
  // User and password; empty for none.
  std::string user = {};
  std::string password = {};
  // Read anew for every connection, so that a certificate that was replaced is taken up. The
  // broker's must name the host of `url` (a DNS name: the library does not compare addresses).
  BusTls tls = {};
  // How long JetStream recognises a repeated Nats-Msg-Id.
  absl::Duration duplicate_window = absl::Minutes(30);
  // Bytes the stream may hold; beyond it publishing waits (discard new), nothing is lost.
  int64_t stream_bytes_max = int64_t{1} << 30;
  // On how many nodes of a cluster the stream is kept: 1, 3 or 5. A stream that is kept on fewer is
  // brought there, one that is kept on more stays. A broker of fewer nodes makes no stream, and
  // nothing is published until it has more.
  int64_t replicas = 1;
  // How long the stream keeps an event, which makes room for new ones. A consumer that was away for
  // longer is filled by RepublishFrom().
  absl::Duration stream_age_max = absl::Hours(14 * 24);
  // How long an event waits after each failed attempt, in real time. When all are used up (eight
  // attempts, three quarters of an hour) it becomes a dead letter.
  std::vector<absl::Duration> retry_delays = {absl::Seconds(1), absl::Seconds(5), absl::Seconds(30),
                                              absl::Minutes(2), absl::Minutes(5), absl::Minutes(10),
                                              absl::Minutes(20)};
  // Where the bus counts; borrowed. Null: nowhere.
  metrics::Registry* metrics = nullptr;
};

// Applies one event. It must be quick and must not wait. An error rolls its effect back and the
// event is tried again, later and later (BusOptions::retry_delays); then it goes to the table of
// dead letters. An InvalidArgument error is permanent and goes there at once. Later events of the
// same resource wait until it is applied; all others go on.
using Handler = std::function<absl::Status(store::Transaction&, const Event&)>;

// Handlers by type. A pattern is a whole type, or ends in ".*" for one more word or ".>" for the
// rest. Several that match are called in the order given. An event that no pattern matches is
// applied as "nothing to do" (its version is still recorded).
struct Subscription {
  std::string pattern;
  Handler handler;
};

// What a service has to do with NATS: its relay, and its consumer when it listens to anybody, each
// with a thread and a connection of its own. Works in the background and goes on for ever: a
// broker that is away, comes back, or comes back empty is normal. Of the replicas of a service one
// has its bus at work, the one that is on duty (store::Duty). Thread-safe.
class Bus {
 public:
  // At rest until Begin(). Borrows the database; with replicas that of their lease
  // (store::Lease::database()). `sources` are the services listened to ("registry", "inspection");
  // every event of each of them is delivered, `subscriptions` decide which mean something here.
  static std::unique_ptr<Bus> Prepare(const BusOptions& options, store::Database& database,
                                      std::vector<std::string> sources,
                                      std::vector<Subscription> subscriptions);
  // The same, at work at once.
  static std::unique_ptr<Bus> Start(const BusOptions& options, store::Database& database,
                                    std::vector<std::string> sources,
                                    std::vector<Subscription> subscriptions);
  // As End(). Destroy it before the database.
  virtual ~Bus() = default;

  // Begins where the database says that the last one, here or elsewhere, has come to.
  virtual void Begin() = 0;
  // Stops both threads, within about two seconds even when the broker hangs; what was not published
  // or applied goes on after the next Begin(). Does nothing at rest.
  virtual void End() = 0;
  virtual bool AtWork() const = 0;

  // Whether the broker answers now; false at rest.
  virtual bool Connected() const = 0;
  // Events in the log that the broker has not acknowledged yet.
  virtual int64_t Unpublished() const = 0;
  // Sends every event from `sequence` on once more, to fill a consumer that starts from nothing.
  // FAILED_PRECONDITION, reason NOT_ON_DUTY, at rest: another replica has to be asked.
  virtual absl::Status RepublishFrom(int64_t sequence) = 0;
};

// The tables the bus keeps in the service's database: where the relay and the consumer stand,
// applied versions, parked events, dead letters.
std::vector<store::Migration> Migrations();

// A letter that could not be applied.
struct DeadLetter {
  Event event;
  std::string reason;
  int64_t attempts = 0;
  absl::Time at;
};
// The oldest first, at most 1,000.
std::vector<DeadLetter> ReadDeadLetters(store::Snapshot& snapshot);
// NOT_FOUND, reason DEAD_LETTER_NOT_FOUND.
absl::Status DeadLetterNotFound(absl::string_view event_id);
// Gives the letter with this event id another round of attempts, within about a second; what waits
// behind it follows. NOT_FOUND, or FAILED_PRECONDITION when the message was no event at all.
absl::Status RedriveDeadLetter(store::Transaction& transaction, absl::string_view event_id);

}  // namespace dondoc::bus
