#include "libs/rpc/rate_limit.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dondoc::rpc {

absl::Duration RateLimits::Take(absl::string_view caller, const identity::MethodRule& rule,
                                absl::Time now) {
  const double calls_max = rule.per_minute;
  const absl::Duration per_call = absl::Minutes(1) / calls_max;
  const std::lock_guard lock(mutex_);
  // No principal and no method holds a newline.
  Bucket& bucket = BucketOf(absl::StrCat(caller, "\n", rule.method), rule, now);
  // A clock that was set back fills nothing.
  const absl::Duration passed = std::max(now - bucket.filled, absl::ZeroDuration());
  bucket.calls = std::min(calls_max, bucket.calls + absl::FDivDuration(passed, per_call));
  bucket.filled = now;
  if (bucket.calls < 1) return per_call * (1 - bucket.calls);
  bucket.calls -= 1;
  return absl::ZeroDuration();
}

RateLimits::Bucket& RateLimits::BucketOf(std::string key, const identity::MethodRule& rule,
                                         absl::Time now) {
  const auto known = current_.find(key);
  if (known != current_.end()) return known->second;
  Bucket bucket{.calls = static_cast<double>(rule.per_minute), .filled = now};
  const auto earlier = before_.find(key);
  if (earlier != before_.end()) bucket = earlier->second;
  if (current_.size() >= kBucketsMax) before_ = std::exchange(current_, {});
  return current_.emplace(std::move(key), bucket).first->second;
}

}  // namespace dondoc::rpc
