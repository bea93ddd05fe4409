#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace dondoc::bench {

// What a run showed.
struct Result {
  int64_t done = 0;
  int64_t failed = 0;
  double seconds = 0;
  // Of single calls, in microseconds.
  int64_t p50_us = 0;
  int64_t p99_us = 0;
  std::string first_failure;

  double PerSecond() const { return static_cast<double>(done) / seconds; }
};

struct LoadOptions {
  int64_t calls = 100'000;
  int in_flight = 64;
};

// Called when a call has ended; `failure` is empty when it succeeded.
using CallEnded = std::function<void(const std::string& failure)>;
// Starts call number `index` (0 …) and returns at once; `ended` comes from any thread.
using StartCall = std::function<void(int64_t index, CallEnded ended)>;

// A closed loop: `in_flight` calls are under way at any time until `calls` have ended. Each that
// ends starts the next one.
Result Run(const LoadOptions& options, const StartCall& start);

// One line of JSON with the figures.
std::string ToJson(const std::string& name, const Result& result);

}  // namespace dondoc::bench
