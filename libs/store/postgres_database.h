#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/store/postgres_connection.h"
#include "libs/store/queued_database.h"

namespace dondoc::store {

// See Database and docs/adr/2026-11-22-postgresql-one-writer-at-a-time.md. The writer thread alone
// touches writer_.
class PostgresDatabase final : public QueuedDatabase {
 public:
  static absl::StatusOr<std::unique_ptr<Database>> Open(DatabaseOptions options,
                                                        const Clock& clock);
  ~PostgresDatabase() override;

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override;

 private:
  using Reader = std::unique_ptr<PostgresConnection>;

  PostgresDatabase(std::unique_ptr<PostgresConnector> connector, DatabaseOptions options,
                   const Clock& clock, std::unique_ptr<PostgresConnection> writer);

  void CommitBatch(std::vector<Job>& batch) override;
  absl::Status ToStatus(const soci::soci_error& failure) const override;
  bool EndsBatch(const soci::soci_error& failure) const override;
  bool MayRunAgain(const soci::soci_error& failure) const override;

  // A connection to write on, waiting for a server that is not there yet.
  static absl::StatusOr<std::unique_ptr<PostgresConnection>> AwaitWriter(
      PostgresConnector& connector, absl::Duration patience);

  // Opens a transaction in which nobody else writes.
  absl::Status BeginBatch();
  // Leaves no transaction open; lets the connection go when it is lost. Returns what the failure
  // means for those whose work it was.
  absl::Status GiveUp(const soci::soci_error& failure);

  // A connection inside a new snapshot.
  absl::StatusOr<Reader> BeginRead();
  Reader TakeIdleReader();
  void ReturnReader(Reader reader);

  // Looks for what other replicas have written, until the end.
  void RunWatcher();
  void Look();

  const std::unique_ptr<PostgresConnector> connector_;
  std::unique_ptr<PostgresConnection> writer_;

  std::mutex readers_mutex_;
  std::vector<Reader> readers_;

  std::mutex watch_mutex_;
  std::condition_variable watch_ends_;
  bool ending_ = false;
  std::thread watcher_;
};

}  // namespace dondoc::store
