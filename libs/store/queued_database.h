#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "libs/store/answerer.h"
#include "libs/store/database.h"
#include "libs/store/log.h"

namespace dondoc::store {

// What every database here does alike: works wait in a queue, one thread runs them in batches, a
// second one answers, and readers of the log wait for it to grow. How a batch becomes durable is
// the subclass's own.
class QueuedDatabase : public Database {
 public:
  void Write(WriteWork work, WriteDone done) override;
  int64_t LastSequence() const override;
  int64_t WaitForSequenceAfter(int64_t sequence, absl::Duration timeout) override;
  void Wake() override;
  void Stop() override;
  int64_t QueueLength() const override;

 protected:
  struct Job {
    WriteWork work;
    WriteDone done;
    absl::Status status;
    // What the work wants called once it is durable.
    std::vector<std::function<void()>> after_commit;
  };

  QueuedDatabase(DatabaseOptions options, const Clock& clock);

  // The writer thread calls the functions below of the subclass: it starts the thread last of all
  // and ends it first.
  void StartWriter();
  void EndWriter();

  // Runs the works, makes them durable together and gives each its status; moves end_ on.
  virtual void CommitBatch(std::vector<Job>& batch) = 0;
  virtual absl::Status ToStatus(const soci::soci_error& failure) const = 0;
  // Whether the whole transaction is lost when one work in it fails so.
  virtual bool EndsBatch(const soci::soci_error& failure) const = 0;
  // Whether the same work, run again, may well succeed.
  virtual bool MayRunAgain(const soci::soci_error& failure) const = 0;

  // Runs a work in a savepoint of its own inside the open transaction. Throws when EndsBatch().
  absl::Status RunJob(Sql& sql, Job& job);
  // No work of this batch has happened.
  static void Fail(std::vector<Job>& batch, const absl::Status& status);
  void SetBatchLimit(size_t jobs, std::chrono::nanoseconds work, std::chrono::nanoseconds commit);
  // Somebody has written the log up to here. Wakes who waits for that.
  void SawSequence(int64_t sequence);

  const DatabaseOptions options_;
  const Clock& clock_;
  // The writer thread's own.
  LogEnd end_;

 private:
  void RunWriter();
  std::vector<Job> TakeBatch();
  absl::Status RunWork(Sql& sql, Job& job, bool& may_run_again);

  int batch_limit_;

  mutable std::mutex mutex_;
  std::condition_variable work_waits_;
  std::condition_variable committed_;
  std::deque<Job> queue_;
  int64_t in_work_ = 0;
  int64_t last_sequence_ = 0;
  int64_t wakes_ = 0;
  bool stopping_ = false;

  // Outlives the writer, whose last answers it gives.
  Answerer answerer_;
  std::thread thread_;
};

}  // namespace dondoc::store
