#include "libs/store/lease.h"

#include <chrono>
#include <utility>

#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "libs/store/errors.h"
#include "libs/store/postgres_database.h"

namespace dondoc::store {
namespace {

// Where this process is alone nobody waits for the lease to expire.
constexpr absl::Duration kAloneTerm = absl::Hours(24);

int64_t SteadyMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Lease::Options OptionsFor(const Database& database) {
  if (IsShared(database)) return {};
  return {.term = kAloneTerm, .alone = true};
}

}  // namespace

bool IsShared(const Database& database) {
  return dynamic_cast<const PostgresDatabase*>(&database) != nullptr;
}

std::optional<LeaseRow> ReadLease(Snapshot& snapshot, const std::string& name) {
  const auto row = snapshot.sql().One<std::string, int64_t, int64_t>(
      "select holder, token, expires_at - now_us from store_leases, store_clock "
      "where name = :name",
      name);
  if (!row) return std::nullopt;
  const auto& [holder, token, left] = *row;
  return LeaseRow{.holder = holder, .token = token, .left = absl::Microseconds(left)};
}

std::optional<int64_t> TakeLease(Transaction& transaction, const std::string& name,
                                 const std::string& holder, absl::Duration term, bool by_force) {
  const std::optional<LeaseRow> before = ReadLease(transaction, name);
  if (before && before->left > absl::ZeroDuration() && !by_force) return std::nullopt;
  const int64_t token = before ? before->token + 1 : 1;
  transaction.sql().Run(
      "insert into store_leases (name, holder, token, expires_at) "
      "select :name, :holder, cast(:token as bigint), now_us + :term from store_clock where true "
      "on conflict (name) do update set holder = excluded.holder, token = excluded.token, "
      "expires_at = excluded.expires_at",
      name, holder, token, absl::ToInt64Microseconds(term));
  return token;
}

absl::Status RenewLease(Transaction& transaction, const std::string& name, int64_t token,
                        absl::Duration term) {
  const int64_t changed = transaction.sql().Run(
      "update store_leases set expires_at = (select now_us from store_clock) + :term "
      "where name = :name and token = :token",
      absl::ToInt64Microseconds(term), name, token);
  return changed == 1 ? absl::OkStatus() : error::LeaseLost(name);
}

absl::Status CheckLease(Snapshot& snapshot, const std::string& name, int64_t token) {
  const auto last =
      snapshot.sql().Value<int64_t>("select token from store_leases where name = :name", name);
  return last == token ? absl::OkStatus() : error::LeaseLost(name);
}

void GiveBackLease(Transaction& transaction, const std::string& name, int64_t token) {
  transaction.sql().Run(
      "update store_leases set expires_at = 0 where name = :name and token = :token", name, token);
}

// Reads and waits go straight through; writes prove the lease first.
class Lease::Fenced final : public Database {
 public:
  explicit Fenced(Lease& lease) : lease_(lease), real_(lease.database_) {}

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override {
    return real_.Read(work);
  }
  void Write(WriteWork work, WriteDone done) override {
    const int64_t token = lease_.token_;
    if (token == 0) return done(error::LeaseLost(lease_.options_.name));
    real_.Write(
        [this, token, work = std::move(work)](Transaction& transaction) {
          absl::Status status = CheckLease(transaction, lease_.options_.name, token);
          if (!status.ok()) {
            if (lease_.token_ == token) lease_.lost_ = true;
            return status;
          }
          return work(transaction);
        },
        std::move(done));
  }
  int64_t LastSequence() const override { return real_.LastSequence(); }
  int64_t WaitForSequenceAfter(int64_t sequence, absl::Duration timeout) override {
    return real_.WaitForSequenceAfter(sequence, timeout);
  }
  void Wake() override { real_.Wake(); }
  void Stop() override { real_.Stop(); }
  int64_t QueueLength() const override { return real_.QueueLength(); }

 private:
  Lease& lease_;
  Database& real_;
};

Lease::Lease(Database& database) : Lease(database, OptionsFor(database)) {}

Lease::Lease(Database& database, Options options)
    : database_(database), options_(std::move(options)), fenced_(std::make_unique<Fenced>(*this)) {}

Lease::~Lease() = default;

Database& Lease::database() { return *fenced_; }

absl::StatusOr<bool> Lease::Take() {
  if (!options_.alone) {
    // Whoever stands by only reads: several times a second, and mostly in vain.
    bool is_free = false;
    RETURN_IF_ERROR(database_.Read([&](Snapshot& snapshot) {
      const std::optional<LeaseRow> row = ReadLease(snapshot, options_.name);
      is_free = !row || row->left <= absl::ZeroDuration();
      return absl::OkStatus();
    }));
    if (!is_free) return false;
  }
  const int64_t began = SteadyMicros();
  std::optional<int64_t> token;
  RETURN_IF_ERROR(database_.WriteAndWait([&](Transaction& transaction) {
    token = TakeLease(transaction, options_.name, NewUuid(), options_.term, options_.alone);
    return absl::OkStatus();
  }));
  if (!token) return false;
  // From before the write: the database began to count later.
  held_until_ = began + absl::ToInt64Microseconds(options_.term);
  lost_ = false;
  token_ = *token;
  return true;
}

absl::Status Lease::Renew() {
  const int64_t began = SteadyMicros();
  const absl::Status status = database_.WriteAndWait([&](Transaction& transaction) {
    return RenewLease(transaction, options_.name, token_, options_.term);
  });
  if (status.ok()) held_until_ = began + absl::ToInt64Microseconds(options_.term);
  if (absl::IsAborted(status)) token_ = 0;
  return status;
}

void Lease::GiveBack() {
  const int64_t token = token_.exchange(0);
  if (token == 0) return;
  // What fails is made up for when the term is over.
  database_
      .WriteAndWait([&](Transaction& transaction) {
        GiveBackLease(transaction, options_.name, token);
        return absl::OkStatus();
      })
      .IgnoreError();
}

bool Lease::held() const { return token_ != 0 && !lost_ && SteadyMicros() < held_until_; }

}  // namespace dondoc::store
