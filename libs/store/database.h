#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/store/sql.h"

namespace dondoc::store {

// A consistent view of the database at one moment: every query in it sees the same commits.
class Snapshot {
 public:
  Snapshot(Sql& sql, absl::Time now) : sql_(sql), now_(now) {}
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  Sql& sql() { return sql_; }
  // The moment of this read or write, by the service's clock; the same for all of it.
  absl::Time now() const { return now_; }
  // The civil date of now() in Vietnam.
  absl::CivilDay today() const { return DateOf(now_); }

 private:
  Sql& sql_;
  absl::Time now_;
};

// What a write says about itself in the log of events.
struct NewEvent {
  // "dondoc.registry.assignment.accepted": also the subject on the bus.
  std::string type;
  // Resource name of what changed, and its version after the change: 1, 2, 3, … with no gap.
  std::string name;
  int64_t version = 0;
  // Full name of the protobuf message, and the message itself: the whole new state.
  std::string schema;
  std::string payload;
  // Where it came of something else than the transaction did; empty: the traceparent of the origin.
  std::string traceparent = {};
};

// One row of the log.
struct Event {
  int64_t sequence = 0;
  std::string id;
  std::string type;
  std::string name;
  int64_t version = 0;
  std::string schema;
  std::string payload;
  std::string actor;
  absl::Time at;
  std::string traceparent;
};

// Who asked for a write, and under which request id (AIP-155). Filled in by libs/rpc.
struct Origin {
  std::string actor = "system";
  std::string request_id;
  std::string request_hash;
  std::string traceparent;
};

// A snapshot that can change things. Everything in it happens or nothing does.
class Transaction final : public Snapshot {
 public:
  Transaction(Sql& sql, absl::Time now) : Snapshot(sql, now) {}

  // Adds a row to the log of events; written when the work succeeds, in the order of the calls.
  void Emit(NewEvent event) { emitted_.push_back(std::move(event)); }
  const std::vector<NewEvent>& emitted() const { return emitted_; }

  // Calls `then` once everything here is durable, in the writer thread and before anybody is
  // answered; never when it is not. For what is kept in memory beside the database; it must be
  // quick and must not write. It runs in the trace of the origin, as it was set when this was
  // called.
  void AfterCommit(std::function<void()> then);
  std::vector<std::function<void()>> TakeAfterCommit() { return std::move(after_commit_); }

  // What the log says about who did this.
  void SetOrigin(Origin origin) { origin_ = std::move(origin); }
  const Origin& origin() const { return origin_; }

  // The answer that a repetition of this request will get. Kept only when something was emitted: a
  // write that changed nothing changes nothing the next time either.
  void SetResponse(std::string response) { response_ = std::move(response); }
  const std::string& response() const { return response_; }

  // The answer given earlier to a request id, or nothing. INVALID_ARGUMENT with reason
  // REQUEST_ID_REUSED when that was another request.
  absl::StatusOr<std::optional<std::string>> EarlierResponse(absl::string_view request_id,
                                                             absl::string_view request_hash);

 private:
  std::vector<NewEvent> emitted_;
  std::vector<std::function<void()>> after_commit_;
  Origin origin_;
  std::string response_;
};

// One numbered step of a schema. Applied once, in order, in a transaction; a file that changed
// after it was applied is refused.
struct Migration {
  // Which part of the schema: "store", "bus", "registry".
  std::string component;
  int number = 0;
  std::string sql;
};

struct DatabaseOptions {
  // "sqlite:/var/lib/dondoc/registry.db", or "postgresql://user@host:5432/registry" with whatever
  // libpq takes behind a "?": passfile, sslmode, several hosts.
  std::string url;
  // Of the service and of the libs it uses; those of the store itself come first by themselves.
  std::vector<Migration> migrations;
  // How many writes may wait; one more is refused with UNAVAILABLE, reason WRITE_QUEUE_FULL.
  int write_queue_max = 20'000;
  // How many writes share one commit at most: a bound on how long the first one waits for the last.
  // On a fast disk fewer do, so that the next ones arrive while the writer works.
  int batch_max = 512;
  // How long a PostgreSQL server that is not there yet is waited for.
  absl::Duration open_patience = absl::Seconds(30);
};

// The URL as it may stand in a log: without user and password.
std::string SafeUrl(absl::string_view url);

using WriteWork = std::function<absl::Status(Transaction&)>;
using WriteDone = std::function<void(absl::Status)>;

// The database of one service. Thread-safe.
//
// Writes are grouped: the writer thread runs the works that are waiting, each in a savepoint of its
// own, commits them with one fsync and only then has each answered, by a second thread. A work that
// fails leaves no trace and does not disturb its neighbours.
//
// SQLite in WAL mode with synchronous=FULL. One writer connection, owned by one thread, which alone
// checkpoints (SQLite 3.40 has a bug that needs two: reliability.md 2.2); read-only readers. An
// exclusive lock on "<file>.lock" makes a second copy of a service refuse to start. When the commit
// itself fails because the disk cannot be trusted any more, the process ends (exit code 70): after
// a failed fsync nobody knows what is on disk, and reading it again after a restart is the only
// honest answer.
//
// PostgreSQL for several replicas of a service on one database: they take turns, batch by batch,
// and see each other's commits within a tenth of a second. A work may be run again when somebody
// else was in its way. While the server is away everything is answered UNAVAILABLE: with reason
// DATABASE_UNREACHABLE nothing was written, with OUTCOME_UNKNOWN the same request_id finds out.
class Database {
 public:
  // FAILED_PRECONDITION when another process has it open, when its schema is newer than this
  // program, or when a migration was altered; INVALID_ARGUMENT for a URL that is not understood.
  static absl::StatusOr<std::unique_ptr<Database>> Open(DatabaseOptions options,
                                                        const Clock& clock);
  virtual ~Database() = default;

  // Runs `work` on a consistent snapshot, in the calling thread.
  virtual absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) = 0;

  // Queues `work`; `done` is called from another thread once its effect is durable, or with the
  // error. Either may run long after this returns; `done` must be quick and must not block.
  virtual void Write(WriteWork work, WriteDone done) = 0;

  // The same, waiting for the answer.
  absl::Status WriteAndWait(WriteWork work);

  // The sequence of the last committed event; 0 when there is none.
  virtual int64_t LastSequence() const = 0;

  // Waits until LastSequence() > `sequence`, Wake(), Stop() or the timeout (real time). Returns
  // LastSequence().
  virtual int64_t WaitForSequenceAfter(int64_t sequence, absl::Duration timeout) = 0;

  // Wakes everybody in WaitForSequenceAfter() once, so that a thread can be told to end.
  virtual void Wake() = 0;

  // Answers the writes that are queued, then refuses new ones with UNAVAILABLE and wakes all
  // waiters.
  virtual void Stop() = 0;

  // Works that wait to be durable.
  virtual int64_t QueueLength() const = 0;
};

// Events with sequence >= `from`, at most `limit`, in order.
std::vector<Event> ReadEvents(Snapshot& snapshot, int64_t from, int64_t limit);

// Walks the whole log, recomputes its chain of hashes and counts the versions of each resource.
// DATA_LOSS, naming the first sequence that does not fit, when a row was changed, inserted or
// removed, or a version is missing or there twice.
absl::Status VerifyLog(Snapshot& snapshot);

}  // namespace dondoc::store
