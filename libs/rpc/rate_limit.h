#pragma once

#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/identity/access_table.h"

namespace dondoc::rpc {

// How often each caller may use each method: a bucket that holds the calls of one minute and is
// filled evenly. Whoever was quiet may use them at once.
//
// Buckets are kept in two generations of bounded size, and one that nobody has asked for during a
// whole generation is forgotten, full as it would be by then. Thread-safe.
class RateLimits {
 public:
  // Callers times methods in one generation; two of them take about 20 MiB.
  static constexpr size_t kBucketsMax = 50'000;

  // Zero when the call may go on, and counts it; else after how long one may. `caller` is a
  // principal, or the address of somebody who need not be one.
  absl::Duration Take(absl::string_view caller, const identity::MethodRule& rule, absl::Time now);

 private:
  struct Bucket {
    double calls = 0;
    absl::Time filled;
  };
  using Buckets = absl::flat_hash_map<std::string, Bucket>;

  Bucket& BucketOf(std::string key, const identity::MethodRule& rule, absl::Time now);

  std::mutex mutex_;
  Buckets current_;
  Buckets before_;
};

}  // namespace dondoc::rpc
