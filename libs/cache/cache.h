#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/cache/breaker.h"
#include "libs/cache/connection.h"
#include "libs/cache/frame.h"
#include "libs/metrics/metrics.h"

namespace dondoc::cache {

// How an operation ended. Only kOk is of any use to a caller; the others all mean "not in the
// cache" and differ for metrics.
enum class Outcome {
  kOk,
  kMiss,     // not there, or expired
  kCorrupt,  // there, but not what was stored under this key
  kError,    // Redis is away, slow, full or refuses
  kSkipped,  // not tried: the breaker is open or all connections are busy
};

struct Lookup {
  Outcome outcome = Outcome::kMiss;
  // The rest is set only when `outcome` is kOk.
  uint64_t source_version = 0;
  std::string payload = {};

  bool hit() const { return outcome == Outcome::kOk; }
};

// What is to be stored: `source_version` is the version of the data that `payload` was made from.
struct Item {
  std::string key;
  std::string payload;
  uint64_t source_version = 0;
};

struct Options {
  Server server = {};
  size_t connections_max = 8;
  BreakerLimits breaker = {};
  // The life of a value is spread by this share in both directions, so that values stored together
  // do not expire together.
  double ttl_spread = 0.2;
  // Values past this are neither stored nor believed.
  size_t payload_bytes_max = 1 << 20;
  // Where operations are counted: dondoc_cache_operations_total{operation, outcome}. May be null;
  // else it must outlive the cache.
  metrics::Registry* metrics = nullptr;
  // For tests. Values expire by the real clock, never by a simulated one.
  std::function<absl::Time()> now = absl::Now;
  std::function<SteadyTime()> steady_now = std::chrono::steady_clock::now;
};

// A cache in Redis that may be lost, emptied, garbled or stuck at any moment. Nothing here throws,
// blocks for longer than the timeouts, or answers with anything but what was stored under the key;
// whatever goes wrong is a miss. Thread-safe. Making one ignores SIGPIPE for the process and
// connects to nothing yet.
class Cache {
 public:
  explicit Cache(Options options);
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  Lookup Get(absl::string_view key);
  // One lookup for each key, in order.
  std::vector<Lookup> MultiGet(const std::vector<std::string>& keys);

  Outcome Set(const Item& item, absl::Duration ttl);
  // kOk when all were stored; a payload past the limit is an error, and the others are stored.
  Outcome MultiSet(const std::vector<Item>& items, absl::Duration ttl);

  // kOk when none of the keys is there any more.
  Outcome Delete(const std::vector<std::string>& keys);
  Outcome Ping();

 private:
  enum class Operation { kGet, kSet, kDelete, kPing };
  class Counters;

  // What Redis answered, or why it did not.
  struct Answer {
    Outcome outcome = Outcome::kOk;
    std::vector<Reply> replies = {};
  };

  // Every reply is of `reply_type` or an error of its command. A reply of another type means that
  // the connection is out of step, and counts as broken.
  Answer Run(const std::vector<Command>& commands, int reply_type);
  absl::StatusOr<std::unique_ptr<Connection>> TakeConnection();
  void GiveBack(std::unique_ptr<Connection> connection);
  // Forgets a broken connection, and the idle ones that are probably broken too.
  void Drop(std::unique_ptr<Connection> connection);

  std::vector<Lookup> GetSome(const std::vector<absl::string_view>& keys);
  Outcome SetSome(const std::vector<const Item*>& items, absl::Duration ttl);
  Lookup Decode(absl::string_view key, const redisReply& reply) const;

  const Options options_;
  const std::unique_ptr<Counters> counters_;
  Breaker breaker_;

  std::mutex mutex_;
  std::condition_variable connection_free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  size_t in_use_ = 0;
};

}  // namespace dondoc::cache
