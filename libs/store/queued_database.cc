#include "libs/store/queued_database.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/store/errors.h"

namespace dondoc::store {
namespace {

// How many times longer than its commit the work of a batch should take.
constexpr int64_t kWorkPerCommit = 4;
// A batch may be as large as this whatever the last one took.
constexpr int64_t kBatchMin = 16;
// How often a work is run that others got in the way of, before its caller is told to try again.
constexpr int kRunsMax = 3;

}  // namespace

QueuedDatabase::QueuedDatabase(DatabaseOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock), batch_limit_(options_.batch_max) {}

void QueuedDatabase::StartWriter() {
  thread_ = std::thread([this] { RunWriter(); });
}

void QueuedDatabase::EndWriter() {
  Stop();
  if (thread_.joinable()) thread_.join();
}

void QueuedDatabase::Write(WriteWork work, WriteDone done) {
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

void QueuedDatabase::RunWriter() {
  while (true) {
    std::vector<Job> batch = TakeBatch();
    if (batch.empty()) return;
    CommitBatch(batch);
    {
      std::lock_guard lock(mutex_);
      last_sequence_ = std::max(last_sequence_, end_.next_sequence - 1);
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

std::vector<QueuedDatabase::Job> QueuedDatabase::TakeBatch() {
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
void QueuedDatabase::SetBatchLimit(size_t jobs, std::chrono::nanoseconds work,
                                   std::chrono::nanoseconds commit) {
  const auto one = std::max<int64_t>(1, work.count() / static_cast<int64_t>(jobs));
  const int64_t enough = kWorkPerCommit * commit.count() / one;
  batch_limit_ = static_cast<int>(std::clamp<int64_t>(
      enough, std::min<int64_t>(kBatchMin, options_.batch_max), options_.batch_max));
}

absl::Status QueuedDatabase::RunJob(Sql& sql, Job& job) {
  const LogEnd before = end_;
  sql.Run("savepoint job");
  bool again = true;
  absl::Status status;
  for (int run = 1; again && run <= kRunsMax; ++run) {
    again = false;
    status = RunWork(sql, job, again);
    if (status.ok()) break;
    end_ = before;
    sql.Run("rollback to job");
  }
  sql.Run("release job");
  return status;
}

absl::Status QueuedDatabase::RunWork(Sql& sql, Job& job, bool& may_run_again) {
  try {
    Transaction transaction(sql, clock_.Now());
    absl::Status status = job.work(transaction);
    if (!status.ok()) return status;
    AppendEvents(sql, transaction, end_);
    job.after_commit = transaction.TakeAfterCommit();
    return status;
  } catch (const soci::soci_error& failure) {
    if (EndsBatch(failure)) throw;
    may_run_again = MayRunAgain(failure);
    return ToStatus(failure);
  } catch (const std::exception& failure) {
    return absl::InternalError(absl::StrCat("write: ", failure.what()));
  }
}

void QueuedDatabase::Fail(std::vector<Job>& batch, const absl::Status& status) {
  for (Job& job : batch) {
    job.status = status;
    job.after_commit.clear();
  }
}

int64_t QueuedDatabase::LastSequence() const {
  std::lock_guard lock(mutex_);
  return last_sequence_;
}

void QueuedDatabase::SawSequence(int64_t sequence) {
  {
    std::lock_guard lock(mutex_);
    if (sequence <= last_sequence_) return;
    last_sequence_ = sequence;
  }
  committed_.notify_all();
}

int64_t QueuedDatabase::WaitForSequenceAfter(int64_t sequence, absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  const int64_t wakes = wakes_;
  committed_.wait_for(lock, absl::ToChronoMilliseconds(timeout),
                      [&] { return stopping_ || wakes_ != wakes || last_sequence_ > sequence; });
  return last_sequence_;
}

void QueuedDatabase::Wake() {
  {
    std::lock_guard lock(mutex_);
    ++wakes_;
  }
  committed_.notify_all();
}

void QueuedDatabase::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_waits_.notify_all();
  committed_.notify_all();
}

int64_t QueuedDatabase::QueueLength() const {
  std::lock_guard lock(mutex_);
  return static_cast<int64_t>(queue_.size()) + in_work_;
}

}  // namespace dondoc::store
