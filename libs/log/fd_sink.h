#pragma once

#include <spdlog/sinks/sink.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include "absl/strings/string_view.h"

namespace dondoc::log {

// Writes lines to a file descriptor, and never waits for one that nobody reads once it was told to
// give up. While it waits, the queue before it overruns its oldest lines; when the reader is back,
// one line says how many were lost. Called by the one thread of each queue, one line at a time;
// GiveUp() by any.
class FdSink final : public spdlog::sinks::sink {
 public:
  // `overruns` tells how many lines the queue has lost so far; `lost_line` makes the line that says
  // so.
  struct Loss {
    std::function<uint64_t()> overruns;
    std::function<std::string(uint64_t lost)> lost_line;
  };

  // Borrows `fd`.
  explicit FdSink(int fd) : fd_(fd) {}
  void ReportLoss(Loss loss) { loss_ = std::move(loss); }

  // From now on a line that cannot be written at once is dropped.
  void GiveUp() { giving_up_ = true; }

  // Lines that were dropped here because writing failed.
  uint64_t dropped() const { return dropped_; }

  void log(const spdlog::details::log_msg& message) override;
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  // False when the line could not be written whole.
  bool Write(absl::string_view line);

  const int fd_;
  // Held for a whole line, so that those of two queues do not mix.
  std::mutex mutex_;
  Loss loss_;
  uint64_t reported_overruns_ = 0;
  std::atomic<bool> giving_up_ = false;
  std::atomic<uint64_t> dropped_ = 0;
};

}  // namespace dondoc::log
