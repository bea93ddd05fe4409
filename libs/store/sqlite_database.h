#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/store/answerer.h"
#include "libs/store/database.h"

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

// See Database. Members own; the writer thread alone touches writer_, last_hash_,
// next_sequence_ and batch_limit_.
class SqliteDatabase final : public Database {
 public:
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& file,
                                                        DatabaseOptions options,
                                                        const Clock& clock);
  ~SqliteDatabase() override;

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override;
  void Write(WriteWork work, WriteDone done) override;
  int64_t LastSequence() const override;
  int64_t WaitForSequenceAfter(int64_t sequence, absl::Duration timeout) override;
  void Wake() override;
  void Stop() override;
  int64_t QueueLength() const override;

 private:
  struct Job {
    WriteWork work;
    WriteDone done;
    absl::Status status;
    // What the work wants called once it is durable.
    std::vector<std::function<void()>> after_commit;
  };

  SqliteDatabase(std::string file, DatabaseOptions options, const Clock& clock, FileLock lock,
                 std::unique_ptr<Connection> writer);

  // The writer thread.
  void RunWriter();
  std::vector<Job> TakeBatch();
  void CommitBatch(std::vector<Job>& batch);
  void SetBatchLimit(int jobs, std::chrono::nanoseconds work, std::chrono::nanoseconds commit);
  absl::Status RunJob(Job& job);
  void AppendEvents(const Transaction& transaction);
  void LoadEndOfLog();

  std::unique_ptr<Connection> TakeReader();
  void ReturnReader(std::unique_ptr<Connection> reader);

  const std::string file_;
  const DatabaseOptions options_;
  const Clock& clock_;
  const FileLock lock_;
  std::unique_ptr<Connection> writer_;
  std::string last_hash_;
  int64_t next_sequence_ = 1;
  int batch_limit_;

  mutable std::mutex mutex_;
  std::condition_variable work_waits_;
  std::condition_variable committed_;
  std::deque<Job> queue_;
  int64_t in_work_ = 0;
  int64_t last_sequence_ = 0;
  int64_t wakes_ = 0;
  bool stopping_ = false;

  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<Connection>> readers_;

  // Outlives the writer, whose last answers it gives.
  Answerer answerer_;
  std::thread thread_;
};

}  // namespace dondoc::store
