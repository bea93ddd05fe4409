#include "libs/store/postgres_database.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_macros.h"
#include "libs/store/errors.h"
#include "libs/store/migrate.h"

namespace dondoc::store {
namespace {

// PostgreSQL remembers 64 savepoints of a transaction cheaply; with one more, every reader has to
// look each of them up on disk.
constexpr int kBatchMax = 60;

// How long another replica's commit may stay unseen here.
constexpr std::chrono::milliseconds kLookEvery{100};

// Connections kept for the next reads; more are closed, so that a rush of readers does not hold the
// server's connections for ever.
constexpr size_t kIdleReadersMax = 8;

constexpr absl::Duration kBetweenOpenings = absl::Milliseconds(250);

// Two services that share a database, each in a schema of its own, do not wait for each other. The
// first number sets our locks apart from those of others: "ddoc".
constexpr char kTakeTurn[] = "select pg_advisory_xact_lock(1684303715, hashtext(current_schema()))";
constexpr char kLockSchema[] = "select pg_advisory_lock(1684303715, hashtext(current_schema()))";
constexpr char kUnlockSchema[] =
    "select pg_advisory_unlock(1684303715, hashtext(current_schema()))";

bool IsConflict(absl::string_view state) {
  return state == "40001" || state == "40P01";  // serialisation failure, deadlock
}

absl::Status StatusOf(const soci::soci_error& failure, const std::string& name) {
  const std::string state = SqlState(failure);
  // 53100: disk full. 53: any other resource. 55P03, 57014: waited too long.
  if (state == "53100") return error::StorageFull();
  if (absl::StartsWith(state, "53") || state == "55P03" || state == "57014" || IsConflict(state)) {
    return error::DatabaseBusy();
  }
  if (absl::StartsWith(state, "XX00")) return error::StorageDamaged(name);
  return absl::InternalError(absl::StrCat("database: ", failure.what()));
}

// Refuses a server that would break what the store promises.
absl::Status Check(PostgresConnection& connection, const std::string& name) {
  for (const auto& [setting, wanted] :
       {std::pair("server_encoding", "UTF8"), std::pair("fsync", "on"),
        std::pair("full_page_writes", "on")}) {
    const auto value =
        connection.sql.Value<std::string>("select current_setting(:setting)", setting);
    if (value != wanted) return error::DatabaseSetting(name, setting, wanted);
  }
  return absl::OkStatus();
}

// Two replicas that start at once take turns. What a step does to a large table may take its time.
absl::Status MigrateAlone(PostgresConnection& connection, const DatabaseOptions& options) {
  connection.session << "set statement_timeout = 0; set lock_timeout = 0";
  connection.session << kLockSchema;
  absl::Status status = Migrate(connection.session, options.migrations);
  connection.session << kUnlockSchema;
  connection.session << "set statement_timeout = '15s'; set lock_timeout = '5s'";
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> PostgresDatabase::Open(DatabaseOptions options,
                                                                 const Clock& clock) {
  ASSIGN_OR_RETURN(auto connector, PostgresConnector::For(options.url));
  ASSIGN_OR_RETURN(auto writer, AwaitWriter(*connector, options.open_patience));
  try {
    RETURN_IF_ERROR(Check(*writer, connector->name()));
    RETURN_IF_ERROR(MigrateAlone(*writer, options));
    options.batch_max = std::min(options.batch_max, kBatchMax);
    return std::unique_ptr<Database>(
        new PostgresDatabase(std::move(connector), std::move(options), clock, std::move(writer)));
  } catch (const soci::soci_error& failure) {
    return error::CannotOpen(connector->name(), failure.what());
  }
}

PostgresDatabase::PostgresDatabase(std::unique_ptr<PostgresConnector> connector,
                                   DatabaseOptions options, const Clock& clock,
                                   std::unique_ptr<PostgresConnection> writer)
    : QueuedDatabase(std::move(options), clock),
      connector_(std::move(connector)),
      writer_(std::move(writer)) {
  FindLogEnd(writer_->sql, end_);
  SawSequence(end_.next_sequence - 1);
  StartWriter();
  watcher_ = std::thread([this] { RunWatcher(); });
}

PostgresDatabase::~PostgresDatabase() {
  EndWriter();
  {
    std::lock_guard lock(watch_mutex_);
    ending_ = true;
  }
  watch_ends_.notify_all();
  watcher_.join();
}

absl::Status PostgresDatabase::Read(const std::function<absl::Status(Snapshot&)>& work) {
  ASSIGN_OR_RETURN(Reader reader, BeginRead());
  try {
    Snapshot snapshot(reader->sql, clock_.Now());
    absl::Status status = work(snapshot);
    reader->session << "commit";
    // A connection whose query threw is not returned: closing it ends its transaction.
    ReturnReader(std::move(reader));
    return status;
  } catch (const soci::soci_error& failure) {
    if (reader->LostBy(failure)) return error::DatabaseUnreachable(connector_->name());
    return ToStatus(failure);
  } catch (const std::exception& failure) {
    return absl::InternalError(absl::StrCat("read: ", failure.what()));
  }
}

// An idle connection may have died with a server that is back by now: nothing was asked on it yet,
// so another one is tried.
absl::StatusOr<PostgresDatabase::Reader> PostgresDatabase::BeginRead() {
  while (true) {
    Reader reader = TakeIdleReader();
    const bool fresh = reader == nullptr;
    if (fresh) {
      ASSIGN_OR_RETURN(reader, connector_->Connect());
    }
    try {
      reader->session << "begin isolation level repeatable read read only";
      return reader;
    } catch (const soci::soci_error&) {
      if (fresh) return error::DatabaseUnreachable(connector_->name());
    }
  }
}

PostgresDatabase::Reader PostgresDatabase::TakeIdleReader() {
  std::lock_guard lock(readers_mutex_);
  if (readers_.empty()) return nullptr;
  Reader reader = std::move(readers_.back());
  readers_.pop_back();
  return reader;
}

void PostgresDatabase::ReturnReader(Reader reader) {
  std::lock_guard lock(readers_mutex_);
  if (readers_.size() < kIdleReadersMax) readers_.push_back(std::move(reader));
}

absl::StatusOr<std::unique_ptr<PostgresConnection>> PostgresDatabase::AwaitWriter(
    PostgresConnector& connector, absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  while (true) {
    auto writer = connector.Connect();
    if (writer.ok()) return writer;
    if (absl::Now() >= deadline) {
      return error::CannotOpen(connector.name(), connector.LastFailure());
    }
    absl::SleepFor(kBetweenOpenings);
  }
}

absl::Status PostgresDatabase::BeginBatch() {
  while (true) {
    const bool fresh = writer_ == nullptr;
    if (fresh) {
      ASSIGN_OR_RETURN(writer_, connector_->Connect());
    }
    try {
      writer_->session << "begin isolation level read committed";
      writer_->session << kTakeTurn;
      return absl::OkStatus();
    } catch (const soci::soci_error& failure) {
      absl::Status status = GiveUp(failure);
      // Nothing was asked yet on a connection that died while it was idle.
      if (fresh || writer_ != nullptr) return status;
    }
  }
}

// One transaction, one savepoint per job, one fsync, and one replica at a time: whoever has the
// turn sees every commit before its own, so nothing that it reads can change under it, and the
// sequences of the log become visible in their order.
void PostgresDatabase::CommitBatch(std::vector<Job>& batch) {
  if (const absl::Status begun = BeginBatch(); !begun.ok()) return Fail(batch, begun);
  const LogEnd before = end_;
  bool committing = false;
  try {
    const auto began = std::chrono::steady_clock::now();
    FindLogEnd(writer_->sql, end_);
    for (Job& job : batch) job.status = RunJob(writer_->sql, job);
    const auto worked = std::chrono::steady_clock::now();
    committing = true;
    writer_->session << "commit";
    SetBatchLimit(batch.size(), worked - began, std::chrono::steady_clock::now() - worked);
  } catch (const soci::soci_error& failure) {
    absl::Status status = GiveUp(failure);
    if (committing && writer_ == nullptr) status = error::OutcomeUnknown();
    end_ = before;
    Fail(batch, status);
  }
}

absl::Status PostgresDatabase::GiveUp(const soci::soci_error& failure) {
  if (writer_->LostBy(failure)) {
    writer_.reset();
    return error::DatabaseUnreachable(connector_->name());
  }
  try {
    writer_->session << "rollback";
  } catch (const soci::soci_error&) {
    writer_.reset();
  }
  return ToStatus(failure);
}

absl::Status PostgresDatabase::ToStatus(const soci::soci_error& failure) const {
  return StatusOf(failure, connector_->name());
}

bool PostgresDatabase::EndsBatch(const soci::soci_error& failure) const {
  return writer_->LostBy(failure) || SqlState(failure) == "53100";
}

bool PostgresDatabase::MayRunAgain(const soci::soci_error& failure) const {
  return IsConflict(SqlState(failure));
}

void PostgresDatabase::RunWatcher() {
  std::unique_lock lock(watch_mutex_);
  while (!watch_ends_.wait_for(lock, kLookEvery, [this] { return ending_; })) {
    lock.unlock();
    Look();
    lock.lock();
  }
}

void PostgresDatabase::Look() {
  Reader reader = TakeIdleReader();
  if (reader == nullptr) {
    auto connected = connector_->Connect();
    if (!connected.ok()) return;  // the next look tries again
    reader = *std::move(connected);
  }
  try {
    SawSequence(
        reader->sql.Value<int64_t>("select seq from events order by seq desc limit 1").value_or(0));
    ReturnReader(std::move(reader));
  } catch (const soci::soci_error&) {
    // The connection goes; the next look takes another.
  }
}

}  // namespace dondoc::store
