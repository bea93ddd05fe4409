#include "libs/log/log.h"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>

#include <array>
#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/trace.h"
#include "libs/log/audit.h"
#include "libs/log/fd_sink.h"

namespace dondoc::log {
namespace {

constexpr std::array<Level, 4> kLevels = {Level::kDebug, Level::kInfo, Level::kWarning,
                                          Level::kError};

// Above every level: nothing is written.
constexpr int kOff = static_cast<int>(Level::kError) + 1;

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// A running log. Members end in the reverse order: the pools join their threads before the sink
// goes.
class Log {
 public:
  explicit Log(Options options)
      : options_(std::move(options)),
        clock_label_(options_.clock == nullptr ? "" : options_.clock->Label()),
        sink_(std::make_shared<FdSink>(options_.fd)),
        pool_(std::make_shared<spdlog::details::thread_pool>(options_.queue_lines, 1)),
        audit_pool_(std::make_shared<spdlog::details::thread_pool>(kAuditQueueLines, 1)),
        logger_(std::make_shared<spdlog::async_logger>(
            options_.service, sink_, pool_, spdlog::async_overflow_policy::overrun_oldest)),
        audit_logger_(std::make_shared<spdlog::async_logger>(
            options_.service, sink_, audit_pool_, spdlog::async_overflow_policy::block)) {
    logger_->set_level(spdlog::level::trace);
    audit_logger_->set_level(spdlog::level::trace);
    sink_->ReportLoss({.overruns = [pool = pool_.get()] { return pool->overrun_counter(); },
                       .lost_line =
                           [this](uint64_t lost) {
                             return Line(Level::kWarning, "log.lines_lost", {{"count", lost}});
                           }});
  }

  void Write(Level level, absl::string_view event, std::initializer_list<Field> fields) {
    const std::string line = Line(level, event, fields);
    logger_->log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
  }

  void Audit(absl::string_view event, std::initializer_list<Field> fields) {
    const std::string line = Line(Level::kInfo, event, fields);
    audit_logger_->log(ToSpdlog(Level::kInfo), spdlog::string_view_t(line.data(), line.size()));
  }

  void Finish(absl::Duration within) {
    const absl::Time deadline = absl::Now() + within;
    while (pool_->queue_size() + audit_pool_->queue_size() > 0 && absl::Now() < deadline) {
      absl::SleepFor(kFinishPoll);
    }
    // Whoever waits for room among the records goes on, because the sink drops them now.
    sink_->GiveUp();
  }

  uint64_t dropped() const { return pool_->overrun_counter() + sink_->dropped(); }

 private:
  static constexpr absl::Duration kFinishPoll = absl::Milliseconds(1);

  std::string Line(Level level, absl::string_view event,
                   std::initializer_list<Field> fields) const {
    LineHead head{.now = absl::Now(), .level = level, .service = options_.service, .event = event};
    head.trace_id = TraceIdOf(CurrentTrace());
    if (!clock_label_.empty()) {
      head.clock_label = clock_label_;
      head.simulated_now = options_.clock->Now();
    }
    std::string line = FormatLine(options_.format, head, fields);
    line.push_back('\n');
    return line;
  }

  const Options options_;
  const std::string clock_label_;
  const std::shared_ptr<FdSink> sink_;
  const std::shared_ptr<spdlog::details::thread_pool> pool_;
  const std::shared_ptr<spdlog::details::thread_pool> audit_pool_;
  const std::shared_ptr<spdlog::async_logger> logger_;
  const std::shared_ptr<spdlog::async_logger> audit_logger_;
};

// The log of this process, if it is running.
class Current {
 public:
  void Set(std::shared_ptr<Log> log, int level) {
    std::lock_guard lock(mutex_);
    log_ = std::move(log);
    level_ = level;
  }
  std::shared_ptr<Log> Get() const {
    std::lock_guard lock(mutex_);
    return log_;
  }
  std::shared_ptr<Log> Take() {
    std::lock_guard lock(mutex_);
    level_ = kOff;
    return std::exchange(log_, nullptr);
  }
  // Read without the lock, so that a line below the level costs nothing.
  bool Wants(Level level) const {
    return static_cast<int>(level) >= level_.load(std::memory_order_relaxed);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<Log> log_;
  std::atomic<int> level_ = kOff;
};

Current& TheCurrent() {
  // Never destroyed: threads may log while the process ends.
  static Current& current = *new Current;
  return current;
}

}  // namespace

void Init(Options options) {
  std::signal(SIGPIPE, SIG_IGN);
  Shutdown();
  const int level = static_cast<int>(options.level);
  TheCurrent().Set(std::make_shared<Log>(std::move(options)), level);
}

void Shutdown(absl::Duration within) {
  if (const std::shared_ptr<Log> log = TheCurrent().Take()) log->Finish(within);
}

uint64_t Dropped() {
  const std::shared_ptr<Log> log = TheCurrent().Get();
  return log == nullptr ? 0 : log->dropped();
}

void Write(Level level, absl::string_view event, std::initializer_list<Field> fields) {
  if (!TheCurrent().Wants(level)) return;
  if (const std::shared_ptr<Log> log = TheCurrent().Get()) log->Write(level, event, fields);
}

void Audit(absl::string_view event, std::initializer_list<Field> fields) {
  if (const std::shared_ptr<Log> log = TheCurrent().Get()) log->Audit(event, fields);
}

std::vector<std::string> LevelNames() {
  std::vector<std::string> names;
  names.reserve(kLevels.size());
  for (const Level level : kLevels) names.emplace_back(LevelName(level));
  return names;
}

std::vector<std::string> FormatNames() { return {"text", "json"}; }

std::optional<Level> LevelNamed(absl::string_view name) {
  for (const Level level : kLevels) {
    if (LevelName(level) == name) return level;
  }
  return std::nullopt;
}

std::optional<Format> FormatNamed(absl::string_view name) {
  if (name == "text") return Format::kText;
  if (name == "json") return Format::kJson;
  return std::nullopt;
}

}  // namespace dondoc::log
