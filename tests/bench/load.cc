#include "tests/bench/load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "absl/strings/str_format.h"

namespace dondoc::bench {
namespace {

using Clock = std::chrono::steady_clock;

int64_t MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

int64_t Percentile(std::vector<int64_t>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

// The loop of one run. Every slot is a chain: its call ends, it starts the next one.
class Loop {
 public:
  Loop(const LoadOptions& options, const StartCall& start) : options_(options), start_(start) {
    latencies_.resize(static_cast<size_t>(options.calls));
  }

  Result Run() {
    const auto begin = Clock::now();
    const int slots = static_cast<int>(std::min<int64_t>(options_.in_flight, options_.calls));
    running_ = slots;
    for (int slot = 0; slot < slots; ++slot) Next();
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return running_ == 0; });
    result_.seconds = static_cast<double>(MicrosecondsSince(begin)) / 1e6;
    result_.done = options_.calls - result_.failed;
    result_.p50_us = Percentile(latencies_, 0.50);
    result_.p99_us = Percentile(latencies_, 0.99);
    return result_;
  }

 private:
  void Next() {
    const int64_t index = next_.fetch_add(1);
    if (index >= options_.calls) {
      std::lock_guard lock(mutex_);
      if (--running_ == 0) idle_.notify_all();
      return;
    }
    const auto begin = Clock::now();
    start_(index, [this, index, begin](const std::string& failure) {
      latencies_[static_cast<size_t>(index)] = MicrosecondsSince(begin);
      if (!failure.empty()) {
        std::lock_guard lock(mutex_);
        if (result_.failed++ == 0) result_.first_failure = failure;
      }
      Next();
    });
  }

  const LoadOptions options_;
  const StartCall& start_;
  std::vector<int64_t> latencies_;
  std::atomic<int64_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable idle_;
  int running_ = 0;
  Result result_;
};

}  // namespace

Result Run(const LoadOptions& options, const StartCall& start) {
  return Loop(options, start).Run();
}

std::string ToJson(const std::string& name, const Result& result) {
  return absl::StrFormat(
      R"({"name": "%s", "done": %d, "failed": %d, "seconds": %.3f, "per_second": %.0f, )"
      R"("p50_us": %d, "p99_us": %d, "first_failure": "%s"})",
      name, result.done, result.failed, result.seconds, result.PerSecond(), result.p50_us,
      result.p99_us, result.first_failure);
}

}  // namespace dondoc::bench
