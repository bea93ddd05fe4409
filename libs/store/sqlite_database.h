#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "libs/store/queued_database.h"

namespace dondoc::store {

// Holds "<file>.lock" for this process until destroyed.
class FileLock {
 public:
  static absl::StatusOr<FileLock> Take(const std::string& file);
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// One connection and its prepared statements.
struct Connection {
  explicit Connection(const std::string& parameters);
  soci::session session;
  Sql sql;
};

// Makes a connection one that only reads and, when it closes, leaves the checkpoint to the writer.
void TightenReader(soci::session& session);
// What SQLite says of `file`, as a refusal.
absl::Status ToStatus(const soci::soci_error& error, const std::string& file);

// See Database. The writer thread alone touches writer_.
class SqliteDatabase final : public QueuedDatabase {
 public:
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& file,
                                                        DatabaseOptions options,
                                                        const Clock& clock);
  ~SqliteDatabase() override;

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override;

 private:
  SqliteDatabase(std::string file, DatabaseOptions options, const Clock& clock, FileLock lock,
                 std::unique_ptr<Connection> writer);

  void CommitBatch(std::vector<Job>& batch) override;
  void Checkpoint();
  absl::Status ToStatus(const soci::soci_error& failure) const override;
  bool EndsBatch(const soci::soci_error& failure) const override;
  bool MayRunAgain(const soci::soci_error& failure) const override;

  std::unique_ptr<Connection> TakeReader();
  void ReturnReader(std::unique_ptr<Connection> reader);

  const std::string file_;
  const FileLock lock_;
  // What SQLite tells after each commit; the writer thread's own. Outlives the connection.
  int pages_in_log_ = 0;
  std::unique_ptr<Connection> writer_;

  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<Connection>> readers_;
};

}  // namespace dondoc::store
