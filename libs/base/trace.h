#pragma once

#include <string>

#include "absl/strings/string_view.h"

// One piece of work followed through calls, events and log lines of several programs, by the
// traceparent of W3C Trace Context, level 1: "00-<trace id>-<span id>-<flags>", where the trace id
// stays the same all the way and each program puts a span id of its own.
namespace dondoc {

// A traceparent that begins a trace: random ids, flagged as recorded.
std::string NewTrace();

// The traceparent of our part in the trace of `received`: the same trace id and flag, a span id of
// our own. What is no traceparent is never an error: it begins a new trace. A version after 00 is
// read as far as 00 goes, as the standard asks.
std::string ContinueTrace(absl::string_view received);

// 32 lowercase hexadecimal digits; "" when `traceparent` is none. A part of `traceparent`.
absl::string_view TraceIdOf(absl::string_view traceparent);

// What this thread works for as long as the scope is open: every log line that it writes carries
// the trace id, and what it hands to another thread can take the traceparent along. "" works for
// nobody in particular. Scopes nest.
class TraceScope {
 public:
  explicit TraceScope(absl::string_view traceparent);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  std::string outer_;
};

// The traceparent of the innermost open scope of this thread; "" outside of all.
const std::string& CurrentTrace();

}  // namespace dondoc
