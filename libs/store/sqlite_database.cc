#include "libs/store/sqlite_database.h"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/store/errors.h"
#include "libs/store/migrate.h"

namespace dondoc::store {
namespace {

// sysexits.h EX_SOFTWARE: the supervisor restarts us and we read the disk again.
constexpr int kExitDiskNotTrusted = 70;

// So long does the write-ahead log grow before it is copied into the database: 16 MiB of pages,
// room for many groups of writes, and little for a small disk.
constexpr int kCheckpointPages = 4'000;

[[noreturn]] void EndForDistrust(const std::string& file, const char* what) {
  fprintf(stderr, "%s: %s: the disk is not trusted any more\n", file.c_str(), what);
  _exit(kExitDiskNotTrusted);
}

sqlite_api::sqlite3* HandleOf(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

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
  // See Checkpoint().
  session << "pragma wal_autocheckpoint = 0";
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
  sqlite_api::sqlite3_db_config(HandleOf(session), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
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
    : QueuedDatabase(std::move(options), clock),
      file_(std::move(file)),
      lock_(std::move(lock)),
      writer_(std::move(writer)) {
  sqlite_api::sqlite3_wal_hook(
      HandleOf(writer_->session),
      [](void* pages, sqlite_api::sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
      },
      &pages_in_log_);
  FindLogEnd(writer_->sql, end_);
  SawSequence(end_.next_sequence - 1);
  StartWriter();
}

SqliteDatabase::~SqliteDatabase() { EndWriter(); }

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
    return ToStatus(failure);
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

// One transaction, one savepoint per job, one fsync.
void SqliteDatabase::CommitBatch(std::vector<Job>& batch) {
  const LogEnd before = end_;
  try {
    const auto began = std::chrono::steady_clock::now();
    writer_->sql.Run("begin immediate");
    for (Job& job : batch) job.status = RunJob(writer_->sql, job);
    const auto worked = std::chrono::steady_clock::now();
    writer_->sql.Run("commit");
    SetBatchLimit(batch.size(), worked - began, std::chrono::steady_clock::now() - worked);
    if (pages_in_log_ >= kCheckpointPages) Checkpoint();
  } catch (const soci::soci_error& failure) {
    if (SqliteCode(failure) == SQLITE_IOERR) EndForDistrust(file_, failure.what());
    try {
      writer_->session << "rollback";
    } catch (const soci::soci_error&) {
      // SQLite has rolled back by itself (a full disk does that); there is nothing left to undo.
    }
    end_ = before;
    Fail(batch, ToStatus(failure));
  }
}

// SQLite would do this by itself after a commit, and tell nobody when a flush in it fails: the next
// try would find nothing left to flush, and the log would be written over. A reader or a full disk
// in the way is no harm: the log grows until a later commit finds the way free.
void SqliteDatabase::Checkpoint() {
  const int code = sqlite_api::sqlite3_wal_checkpoint_v2(
      HandleOf(writer_->session), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if ((code & 0xFF) == SQLITE_IOERR) EndForDistrust(file_, "checkpoint: disk I/O error");
}

absl::Status SqliteDatabase::ToStatus(const soci::soci_error& failure) const {
  return store::ToStatus(failure, file_);
}

bool SqliteDatabase::EndsBatch(const soci::soci_error& failure) const {
  const int code = SqliteCode(failure);
  return code == SQLITE_IOERR || code == SQLITE_FULL;
}

// There is one writer, and nobody in its way.
bool SqliteDatabase::MayRunAgain(const soci::soci_error&) const { return false; }

}  // namespace dondoc::store
