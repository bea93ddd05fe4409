#include "libs/cache/cache.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dondoc::cache {
namespace {

// Keys or values that go to Redis in one round trip.
constexpr size_t kBatchMax = 256;

// `ttl`, up to `spread` shorter or longer.
absl::Duration Spread(absl::Duration ttl, double spread) {
  thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> factor(1 - spread, 1 + spread);
  return std::max(ttl * factor(random), absl::Milliseconds(1));
}

absl::string_view TextOf(const redisReply& reply) { return {reply.str, reply.len}; }

bool IsStatus(const redisReply& reply, absl::string_view status) {
  return reply.type == REDIS_REPLY_STATUS && TextOf(reply) == status;
}

}  // namespace

// dondoc_cache_operations_total, each child looked up once.
class Cache::Counters {
 public:
  explicit Counters(metrics::Registry* registry) {
    if (registry == nullptr) return;
    auto& family = registry->AddCounters({.name = "dondoc_cache_operations_total",
                                          .help = "Operations on the cache, by how they ended.",
                                          .labels = {"operation", "outcome"}});
    for (size_t operation = 0; operation < kOperations.size(); ++operation) {
      for (size_t outcome = 0; outcome < kOutcomes.size(); ++outcome) {
        counters_[operation][outcome] = &family.With({kOperations[operation], kOutcomes[outcome]});
      }
    }
  }

  void Count(Operation operation, Outcome outcome) {
    auto* counter = counters_[static_cast<size_t>(operation)][static_cast<size_t>(outcome)];
    if (counter != nullptr) counter->Increment();
  }

 private:
  // In the order of the enums.
  static constexpr std::array<const char*, 4> kOperations = {"get", "set", "delete", "ping"};
  static constexpr std::array<const char*, 5> kOutcomes = {"ok", "miss", "corrupt", "error",
                                                           "skipped"};
  std::array<std::array<metrics::Counter*, kOutcomes.size()>, kOperations.size()> counters_{};
};

Cache::Cache(Options options)
    : options_(std::move(options)),
      counters_(std::make_unique<Counters>(options_.metrics)),
      breaker_(options_.breaker) {
  std::signal(SIGPIPE, SIG_IGN);
}

Cache::~Cache() = default;

absl::StatusOr<std::unique_ptr<Connection>> Cache::TakeConnection() {
  {
    std::unique_lock lock(mutex_);
    const auto is_free = [this] { return in_use_ < options_.connections_max; };
    if (!connection_free_.wait_for(
            lock, absl::ToChronoMilliseconds(options_.server.command_timeout), is_free)) {
      return absl::ResourceExhaustedError("all connections to Redis are busy");
    }
    ++in_use_;
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return Connection::Open(options_.server);
}

void Cache::GiveBack(std::unique_ptr<Connection> connection) {
  {
    std::lock_guard lock(mutex_);
    --in_use_;
    idle_.push_back(std::move(connection));
  }
  connection_free_.notify_one();
}

void Cache::Drop(std::unique_ptr<Connection> connection) {
  std::vector<std::unique_ptr<Connection>> dropped;
  {
    std::lock_guard lock(mutex_);
    --in_use_;
    dropped.swap(idle_);
  }
  dropped.push_back(std::move(connection));
  connection_free_.notify_one();
}

Cache::Answer Cache::Run(const std::vector<Command>& commands, int reply_type) {
  if (!breaker_.Allows(options_.steady_now())) return {.outcome = Outcome::kSkipped};
  absl::StatusOr<std::unique_ptr<Connection>> connection = TakeConnection();
  if (absl::IsResourceExhausted(connection.status())) return {.outcome = Outcome::kSkipped};
  if (!connection.ok()) {
    Drop(nullptr);
    breaker_.Failure(options_.steady_now());
    return {.outcome = Outcome::kError};
  }
  absl::StatusOr<std::vector<Reply>> replies = (*connection)->Run(commands);
  const auto fits = [reply_type](const Reply& reply) {
    return reply->type == reply_type || reply->type == REDIS_REPLY_ERROR;
  };
  if (!replies.ok() || !std::all_of(replies->begin(), replies->end(), fits)) {
    Drop(*std::move(connection));
    breaker_.Failure(options_.steady_now());
    return {.outcome = Outcome::kError};
  }
  GiveBack(*std::move(connection));
  breaker_.Success();
  return {.outcome = Outcome::kOk, .replies = *std::move(replies)};
}

Lookup Cache::Decode(absl::string_view key, const redisReply& reply) const {
  if (reply.type == REDIS_REPLY_NIL) return {.outcome = Outcome::kMiss};
  if (reply.type == REDIS_REPLY_ERROR) return {.outcome = Outcome::kError};
  if (reply.type != REDIS_REPLY_STRING) return {.outcome = Outcome::kCorrupt};
  std::optional<Frame> frame = DecodeFrame(key, TextOf(reply));
  if (!frame || frame->payload.size() > options_.payload_bytes_max) {
    return {.outcome = Outcome::kCorrupt};
  }
  if (frame->expires_at <= options_.now()) return {.outcome = Outcome::kMiss};
  return {.outcome = Outcome::kOk,
          .source_version = frame->source_version,
          .payload = std::move(frame->payload)};
}

std::vector<Lookup> Cache::GetSome(const std::vector<absl::string_view>& keys) {
  // MGET answers nil for a key that holds no string, so a planted list is a miss as well.
  Command command = {"MGET"};
  command.insert(command.end(), keys.begin(), keys.end());
  Answer answer = Run({command}, REDIS_REPLY_ARRAY);
  const redisReply* reply = answer.replies.empty() ? nullptr : answer.replies.front().get();
  if (reply != nullptr && (reply->type != REDIS_REPLY_ARRAY || reply->elements != keys.size())) {
    answer.outcome = Outcome::kError;
  }
  std::vector<Lookup> lookups(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (answer.outcome == Outcome::kOk) {
      lookups[i] = Decode(keys[i], *reply->element[i]);
    } else {
      lookups[i].outcome = answer.outcome;
    }
    counters_->Count(Operation::kGet, lookups[i].outcome);
  }
  return lookups;
}

Lookup Cache::Get(absl::string_view key) { return std::move(GetSome({key}).front()); }

std::vector<Lookup> Cache::MultiGet(const std::vector<std::string>& keys) {
  std::vector<Lookup> lookups;
  lookups.reserve(keys.size());
  for (size_t start = 0; start < keys.size(); start += kBatchMax) {
    const size_t end = std::min(start + kBatchMax, keys.size());
    std::vector<absl::string_view> batch;
    for (size_t i = start; i < end; ++i) batch.emplace_back(keys[i]);
    for (Lookup& lookup : GetSome(batch)) lookups.push_back(std::move(lookup));
  }
  return lookups;
}

Outcome Cache::SetSome(const std::vector<const Item*>& items, absl::Duration ttl) {
  std::vector<std::string> values(items.size());
  std::vector<std::string> lives(items.size());
  std::vector<Command> commands;
  for (size_t i = 0; i < items.size(); ++i) {
    const absl::Duration life = Spread(ttl, options_.ttl_spread);
    values[i] = EncodeFrame(items[i]->key, {.source_version = items[i]->source_version,
                                            .expires_at = options_.now() + life,
                                            .payload = items[i]->payload});
    lives[i] = absl::StrCat(absl::ToInt64Milliseconds(life));
    commands.push_back({"SET", items[i]->key, values[i], "PX", lives[i]});
  }
  const Answer answer = Run(commands, REDIS_REPLY_STATUS);
  Outcome all = answer.outcome;
  for (size_t i = 0; i < items.size(); ++i) {
    Outcome one = answer.outcome;
    if (one == Outcome::kOk && !IsStatus(*answer.replies[i], "OK")) one = Outcome::kError;
    if (one != Outcome::kOk) all = one;
    counters_->Count(Operation::kSet, one);
  }
  return all;
}

Outcome Cache::Set(const Item& item, absl::Duration ttl) { return MultiSet({item}, ttl); }

Outcome Cache::MultiSet(const std::vector<Item>& items, absl::Duration ttl) {
  Outcome all = Outcome::kOk;
  std::vector<const Item*> batch;
  const auto store_batch = [&] {
    const Outcome some = SetSome(batch, ttl);
    if (some != Outcome::kOk) all = some;
    batch.clear();
  };
  for (const Item& item : items) {
    if (item.payload.size() > options_.payload_bytes_max) {
      counters_->Count(Operation::kSet, Outcome::kError);
      all = Outcome::kError;
      continue;
    }
    batch.push_back(&item);
    if (batch.size() == kBatchMax) store_batch();
  }
  if (!batch.empty()) store_batch();
  return all;
}

Outcome Cache::Delete(const std::vector<std::string>& keys) {
  Outcome all = Outcome::kOk;
  for (size_t start = 0; start < keys.size(); start += kBatchMax) {
    const size_t end = std::min(start + kBatchMax, keys.size());
    Command command = {"DEL"};
    for (size_t i = start; i < end; ++i) command.emplace_back(keys[i]);
    const Answer answer = Run({command}, REDIS_REPLY_INTEGER);
    Outcome some = answer.outcome;
    if (some == Outcome::kOk && answer.replies.front()->type != REDIS_REPLY_INTEGER) {
      some = Outcome::kError;
    }
    if (some != Outcome::kOk) all = some;
    counters_->Count(Operation::kDelete, some);
  }
  return all;
}

Outcome Cache::Ping() {
  const Answer answer = Run({{"PING"}}, REDIS_REPLY_STATUS);
  Outcome outcome = answer.outcome;
  if (outcome == Outcome::kOk && !IsStatus(*answer.replies.front(), "PONG")) {
    outcome = Outcome::kError;
  }
  counters_->Count(Operation::kPing, outcome);
  return outcome;
}

}  // namespace dondoc::cache
