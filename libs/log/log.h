#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/log/line.h"

// The log of a process: one line per event, named like "relay.published", with fields.
//
//   log::Init({.service = "registry", .clock = &clock});
//   log::Info("relay.published", {{"count", n}, {"seq", seq}});
//
// A line written within a TraceScope (libs/base/trace.h) carries its trace_id.
//
// Lines are queued and written by a thread of their own, so a caller never waits for a slow or
// stuck reader; then the oldest lines are lost, and counted. What must not be lost (who did what)
// belongs into the events table, not here. All functions are thread-safe.
namespace dondoc::log {

struct Options {
  std::string service;
  Level level = Level::kInfo;
  Format format = Format::kText;
  // When this clock is simulated, every line shows so, and its time. Borrowed until Shutdown().
  const Clock* clock = nullptr;
  int fd = STDOUT_FILENO;
  size_t queue_lines = 8192;
};

// Starts the log; until then, lines go nowhere. Also ignores SIGPIPE for the process, because a
// closed stdout must not end a service.
void Init(Options options);

// Writes what is queued, for at most `within`, and stops. Lines after it go nowhere.
void Shutdown(absl::Duration within = absl::Seconds(2));

// Lines lost since Init(): overrun in the queue, or refused by the descriptor.
uint64_t Dropped();

// Fields are borrowed for the length of the call.
void Write(Level level, absl::string_view event, std::initializer_list<Field> fields);

inline void Debug(absl::string_view event, std::initializer_list<Field> fields = {}) {
  Write(Level::kDebug, event, fields);
}
inline void Info(absl::string_view event, std::initializer_list<Field> fields = {}) {
  Write(Level::kInfo, event, fields);
}
inline void Warning(absl::string_view event, std::initializer_list<Field> fields = {}) {
  Write(Level::kWarning, event, fields);
}
inline void Error(absl::string_view event, std::initializer_list<Field> fields = {}) {
  Write(Level::kError, event, fields);
}

// For settings: {"debug", "info", "warning", "error"} and {"text", "json"}, and what they mean.
std::vector<std::string> LevelNames();
std::vector<std::string> FormatNames();
std::optional<Level> LevelNamed(absl::string_view name);
std::optional<Format> FormatNamed(absl::string_view name);

}  // namespace dondoc::log
