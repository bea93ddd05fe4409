#include "libs/store/sqlite_database.h"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "libs/store/errors.h"
#include "libs/store/log.h"
#include "libs/store/migrate.h"

namespace dondoc::store {
namespace {

// sysexits.h EX_SOFTWARE: the supervisor restarts us and we read the disk again.
constexpr int kExitDiskNotTrusted = 70;

// How many times longer than its commit the work of a batch should take.
constexpr int64_t kWorkPerCommit = 4;
// A batch may be as large as this whatever the last one took.
constexpr int64_t kBatchMin = 16;

int SqliteCode(const soci::soci_error& error) {
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  return sqlite == nullptr ? 0 : sqlite->result() & 0xFF;
}

// SOCI tells the code of some failures and only the text of others.
bool IsDamage(const soci::soci_error& error) {
  const int code = SqliteCode(error);
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
         absl::StrContains(error.what(), "malformed") ||
         absl::StrContains(error.what(), "not a database");
}

// Waits up to 5 s for a lock; only a backup that reads the file can hold one.
std::string ConnectTo(const std::string& file) {
  return absl::StrCat("db=\"", file, "\" timeout=5");
}

void TightenWriter(soci::session& session) {
  session << "pragma journal_mode = wal";
  session << "pragma synchronous = full";
  session << "pragma foreign_keys = on";
  session << "pragma trusted_schema = off";
  session << "pragma cell_size_check = on";
  session << "pragma wal_autocheckpoint = 16000";
  session << "pragma temp_store = memory";
  // 64 MiB at most: the pages that a group of writes touches stay in memory between groups.
  session << "pragma cache_size = -65536";
}

}  // namespace

absl::Status ToStatus(const soci::soci_error& error, const std::string& file) {
  if (IsDamage(error)) return error::StorageDamaged(file);
  if (SqliteCode(error) == SQLITE_FULL || absl::StrContains(error.what(), "disk is full")) {
    return error::StorageFull();
  }
  return absl::InternalError(absl::StrCat("database: ", error.what()));
}

void TightenReader(soci::session& session) {
  auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
  sqlite_api::sqlite3_db_config(backend->conn_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  session << "pragma query_only = on";
  session << "pragma wal_autocheckpoint = 0";
  session << "pragma cache_size = -4096";
}

absl::StatusOr<FileLock> FileLock::Take(const std::string& file) {
  const std::string name = file + ".lock";
  const int descriptor = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return error::CannotOpen(name, strerror(errno));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor);
    return error::AlreadyOpen(file);
  }
  return FileLock(descriptor);
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

Connection::Connection(const std::string& parameters)
    : session(soci::sqlite3, parameters), sql(session) {}

absl::StatusOr<std::unique_ptr<Database>> SqliteDatabase::Open(const std::string& file,
                                                               DatabaseOptions options,
                                                               const Clock& clock) {
  ASSIGN_OR_RETURN(FileLock lock, FileLock::Take(file));
  try {
    auto writer = std::make_unique<Connection>(ConnectTo(file));
    TightenWriter(writer->session);
    RETURN_IF_ERROR(Migrate(writer->session, options.migrations));
    return std::unique_ptr<Database>(
        new SqliteDatabase(file, std::move(options), clock, std::move(lock), std::move(writer)));
  } catch (const soci::soci_error& failure) {
    if (IsDamage(failure)) return error::StorageDamaged(file);
    return error::CannotOpen(file, failure.what());
  }
}

SqliteDatabase::SqliteDatabase(std::string file, DatabaseOptions options, const Clock& clock,
                               FileLock lock, std::unique_ptr<Connection> writer)
    : file_(std::move(file)),
      options_(std::move(options)),
      clock_(clock),
      lock_(std::move(lock)),
      writer_(std::move(writer)),
      batch_limit_(options_.batch_max) {
  LoadEndOfLog();
  last_sequence_ = next_sequence_ - 1;
  thread_ = std::thread([this] { RunWriter(); });
}

SqliteDatabase::~SqliteDatabase() {
  Stop();
  thread_.join();
}

void SqliteDatabase::LoadEndOfLog() {
  const int64_t last =
      writer_->sql.Value<int64_t>("select seq from events order by seq desc limit 1").value_or(0);
  ForEachRow(writer_->sql, last, [&](const LogRow& row) { last_hash_ = HashOfRow(row); });
  next_sequence_ = last + 1;
}

absl::Status SqliteDatabase::Read(const std::function<absl::Status(Snapshot&)>& work) {
  try {
    std::unique_ptr<Connection> reader = TakeReader();
    reader->sql.Run("begin");
    Snapshot snapshot(reader->sql, clock_.Now());
    absl::Status status = work(snapshot);
    reader->sql.Run("commit");
    // A connection whose query threw is not returned: it is closed with its open cursors.
    ReturnReader(std::move(reader));
    return status;
  } catch (const soci::soci_error& failure) {
    return ToStatus(failure, file_);
  } catch (const std::exception& failure) {
    return absl::InternalError(absl::StrCat("read: ", failure.what()));
  }
}

std::unique_ptr<Connection> SqliteDatabase::TakeReader() {
  {
    std::lock_guard lock(readers_mutex_);
    if (!readers_.empty()) {
      std::unique_ptr<Connection> reader = std::move(readers_.back());
      readers_.pop_back();
      return reader;
    }
  }
  auto reader = std::make_unique<Connection>(ConnectTo(file_));
  TightenReader(reader->session);
  return reader;
}

// The pool is as large as the largest number of reads that ever ran at once, which the threads of
// the gRPC server bound.
void SqliteDatabase::ReturnReader(std::unique_ptr<Connection> reader) {
  std::lock_guard lock(readers_mutex_);
  readers_.push_back(std::move(reader));
}

void SqliteDatabase::Write(WriteWork work, WriteDone done) {
  absl::Status refusal;
  {
    std::lock_guard lock(mutex_);
    if (stopping_) {
      refusal = error::Stopping();
    } else if (static_cast<int>(queue_.size()) >= options_.write_queue_max) {
      refusal = error::QueueFull();
    } else {
      queue_.push_back({std::move(work), std::move(done), {}, {}});
      if (queue_.size() == 1) work_waits_.notify_one();
      return;
    }
  }
  done(refusal);
}

void SqliteDatabase::RunWriter() {
  while (true) {
    std::vector<Job> batch = TakeBatch();
    if (batch.empty()) return;
    CommitBatch(batch);
    {
      std::lock_guard lock(mutex_);
      last_sequence_ = next_sequence_ - 1;
      in_work_ = 0;
    }
    for (Job& job : batch) {
      for (const auto& then : job.after_commit) then();
    }
    committed_.notify_all();
    std::vector<Answerer::Answer> answers;
    answers.reserve(batch.size());
    for (Job& job : batch) answers.push_back({std::move(job.done), std::move(job.status)});
    answerer_.Add(std::move(answers));
  }
}

std::vector<SqliteDatabase::Job> SqliteDatabase::TakeBatch() {
  std::unique_lock lock(mutex_);
  work_waits_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  std::vector<Job> batch;
  while (!queue_.empty() && static_cast<int>(batch.size()) < batch_limit_) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  in_work_ = static_cast<int64_t>(batch.size());
  return batch;
}

// A batch that took everyone who waits would leave the writer idle until they have been answered
// and have come again. So it takes as many as keep the commit a small part of the time, no more:
// few on a fast disk, all that wait on a slow one.
void SqliteDatabase::SetBatchLimit(int jobs, std::chrono::nanoseconds work,
                                   std::chrono::nanoseconds commit) {
  const auto one = std::max<int64_t>(1, work.count() / jobs);
  const int64_t enough = kWorkPerCommit * commit.count() / one;
  batch_limit_ = static_cast<int>(std::clamp<int64_t>(enough, kBatchMin, options_.batch_max));
}

// One transaction, one savepoint per job, one fsync.
void SqliteDatabase::CommitBatch(std::vector<Job>& batch) {
  const std::string hash_before = last_hash_;
  const int64_t sequence_before = next_sequence_;
  try {
    const auto began = std::chrono::steady_clock::now();
    writer_->sql.Run("begin immediate");
    for (Job& job : batch) job.status = RunJob(job);
    const auto worked = std::chrono::steady_clock::now();
    writer_->sql.Run("commit");
    SetBatchLimit(static_cast<int>(batch.size()), worked - began,
                  std::chrono::steady_clock::now() - worked);
  } catch (const soci::soci_error& failure) {
    if (SqliteCode(failure) == SQLITE_IOERR) {
      fprintf(stderr, "%s: %s: the disk is not trusted any more\n", file_.c_str(), failure.what());
      _exit(kExitDiskNotTrusted);
    }
    try {
      writer_->session << "rollback";
    } catch (const soci::soci_error&) {
      // SQLite has rolled back by itself (a full disk does that); there is nothing left to undo.
    }
    last_hash_ = hash_before;
    next_sequence_ = sequence_before;
    for (Job& job : batch) {
      job.status = ToStatus(failure, file_);
      job.after_commit.clear();
    }
  }
}

absl::Status SqliteDatabase::RunJob(Job& job) {
  Sql& sql = writer_->sql;
  const std::string hash_before = last_hash_;
  const int64_t sequence_before = next_sequence_;
  absl::Status status;
  sql.Run("savepoint job");
  try {
    Transaction transaction(sql, clock_.Now());
    status = job.work(transaction);
    if (status.ok()) AppendEvents(transaction);
    if (status.ok()) job.after_commit = transaction.TakeAfterCommit();
  } catch (const soci::soci_error& failure) {
    const int code = SqliteCode(failure);
    if (code == SQLITE_IOERR || code == SQLITE_FULL) throw;
    status = ToStatus(failure, file_);
  } catch (const std::exception& failure) {
    status = absl::InternalError(absl::StrCat("write: ", failure.what()));
  }
  if (!status.ok()) {
    last_hash_ = hash_before;
    next_sequence_ = sequence_before;
    sql.Run("rollback to job");
  }
  sql.Run("release job");
  return status;
}

void SqliteDatabase::AppendEvents(const Transaction& transaction) {
  const Origin& origin = transaction.origin();
  bool first = true;
  for (const NewEvent& event : transaction.emitted()) {
    LogRow row{.sequence = next_sequence_,
               .id = NewUuid(),
               .type = event.type,
               .name = event.name,
               .version = event.version,
               .schema = event.schema,
               .payload = event.payload,
               .actor = origin.actor,
               .at_us = absl::ToUnixMicros(transaction.now()),
               .traceparent = origin.traceparent,
               .request_id = {},
               .request_hash = {},
               .response = {},
               .previous_hash = last_hash_};
    if (first && !origin.request_id.empty()) {
      row.request_id = origin.request_id;
      row.request_hash = Bytes{origin.request_hash};
      // Most answers are the new state, as the event is: those are not kept twice.
      if (transaction.response() != row.payload) row.response = Bytes{transaction.response()};
    }
    writer_->sql.Run(
        "insert into events (seq, id, type, name, version, schema, payload, actor, at, "
        "traceparent, "
        "request_id, request_hash, response, previous_hash) values (:seq, :id, :type, :name, "
        ":version, :schema, :payload, :actor, :at, :traceparent, :request_id, :request_hash, "
        ":response, :previous_hash)",
        row.sequence, row.id, row.type, row.name, row.version, row.schema, Bytes{row.payload},
        row.actor, row.at_us, row.traceparent, row.request_id, row.request_hash, row.response,
        Bytes{row.previous_hash});
    last_hash_ = HashOfRow(row);
    ++next_sequence_;
    first = false;
  }
}

int64_t SqliteDatabase::LastSequence() const {
  std::lock_guard lock(mutex_);
  return last_sequence_;
}

int64_t SqliteDatabase::WaitForSequenceAfter(int64_t sequence, absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  const int64_t wakes = wakes_;
  committed_.wait_for(lock, absl::ToChronoMilliseconds(timeout),
                      [&] { return stopping_ || wakes_ != wakes || last_sequence_ > sequence; });
  return last_sequence_;
}

void SqliteDatabase::Wake() {
  {
    std::lock_guard lock(mutex_);
    ++wakes_;
  }
  committed_.notify_all();
}

void SqliteDatabase::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_waits_.notify_all();
  committed_.notify_all();
}

int64_t SqliteDatabase::QueueLength() const {
  std::lock_guard lock(mutex_);
  return static_cast<int64_t>(queue_.size()) + in_work_;
}

}  // namespace dondoc::store
