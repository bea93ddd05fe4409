#pragma once

#include <cstddef>
#include <initializer_list>

#include "absl/strings/string_view.h"
#include "libs/log/line.h"

// The records of the log: who tried what. Unlike all other lines (log.h) none is lost.
namespace dondoc::log {

// Records that wait; whoever has the next one waits too. Enough for some seconds of the most that
// one caller may do, and so few that a reader who stays away is noticed and not hidden in memory.
inline constexpr size_t kAuditQueueLines = 1024;

// Written whatever the level of the log is, marked as info. Records have a queue of their own, so
// that no other line takes their place; when it is full the caller waits until there is room, or
// until the log stops. Only a descriptor that is closed, or that nobody reads until the end of
// Shutdown(), loses a record, and that is counted. Thread-safe.
void Audit(absl::string_view event, std::initializer_list<Field> fields);

}  // namespace dondoc::log
