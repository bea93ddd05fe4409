#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/store/database.h"

// The right to do some work alone, for a while: a row of store_leases. Everything about it happens
// inside a Transaction. Transactions of all replicas come one after the other (a turn, held until
// the commit is visible: PostgresDatabase), so a token that was looked at is locked until the end
// of the transaction in which it was looked at.
// docs/adr/2026-11-28-one-replica-on-duty.md
namespace dondoc::store {

// Whether other processes may have this database open too (PostgreSQL), or this one has it alone
// (SQLite).
bool IsShared(const Database& database);

struct LeaseRow {
  std::string holder;
  int64_t token = 0;
  // How long it is still held, by the database's clock; nothing or less: it may be taken.
  absl::Duration left;
};
// Nothing when nobody has ever taken it.
std::optional<LeaseRow> ReadLease(Snapshot& snapshot, const std::string& name);

// Takes a lease that is free, for `term` from now on, and returns its new token; nothing when
// somebody holds it. `by_force` takes it in any case.
std::optional<int64_t> TakeLease(Transaction& transaction, const std::string& name,
                                 const std::string& holder, absl::Duration term,
                                 bool by_force = false);

// Holds it for `term` from now on. Also when it has expired, as long as nobody else has taken it.
// ABORTED, reason LEASE_LOST, when somebody has.
absl::Status RenewLease(Transaction& transaction, const std::string& name, int64_t token,
                        absl::Duration term);

// OK while `token` is the last one that was given out; ABORTED, reason LEASE_LOST, else.
absl::Status CheckLease(Snapshot& snapshot, const std::string& name, int64_t token);

// So that the next one need not wait for it to expire. Nothing when somebody has taken it already.
void GiveBackLease(Transaction& transaction, const std::string& name, int64_t token);

// The lease of this process under one name. Whoever works under it writes through database(), which
// lets nothing happen once somebody else has taken it: also not when this process was stopped for
// minutes and knows nothing of them. Thread-safe.
class Lease {
 public:
  struct Options {
    std::string name = "duty";
    // How long it is held without being renewed. A process that dies is followed after this time.
    absl::Duration term = absl::Seconds(5);
    // Whether no other process can be there, so that the lease is this one's for the asking.
    bool alone = false;
  };

  // Borrows the database. The options fit it: on SQLite this process is alone, and renews hardly
  // ever.
  explicit Lease(Database& database);
  Lease(Database& database, Options options);
  ~Lease();

  // False when somebody else holds it. An error when the database did not answer.
  absl::StatusOr<bool> Take();
  // ABORTED, reason LEASE_LOST, when somebody else has it now; after that it is not held any more.
  // Another error when the database did not answer: it is held until its term is over.
  absl::Status Renew();
  // Not held any more.
  void GiveBack();

  // Whether it is held, as far as this process knows. False once its term is over by this process's
  // own steady clock, which also counts while it is stopped.
  bool held() const;
  // Held, and then lost: a write through database() has found out.
  bool lost() const { return lost_; }

  // The same database for work under the lease: each write first proves, inside its own
  // transaction, that the lease is held. ABORTED, reason LEASE_LOST, when it is not.
  Database& database();

  const Options& options() const { return options_; }

 private:
  class Fenced;

  Database& database_;
  const Options options_;
  const std::unique_ptr<Fenced> fenced_;
  // 0: not held.
  std::atomic<int64_t> token_ = 0;
  // Microseconds of a steady clock.
  std::atomic<int64_t> held_until_ = 0;
  std::atomic<bool> lost_ = false;
};

}  // namespace dondoc::store
