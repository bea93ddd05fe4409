#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

// What one line of the log looks like. Pure: no time is asked here and nothing is written.
namespace dondoc::log {

enum class Level { kDebug, kInfo, kWarning, kError };
enum class Format { kText, kJson };

absl::string_view LevelName(Level level);

// The value of a field. Implicit, so that a call reads {{"count", n}, {"error", status}}. Text is
// borrowed: a Value lives no longer than the call that it is written in.
class Value {
 public:
  Value(bool flag) : value_(flag) {}  // NOLINT(google-explicit-constructor), and so below.
  template <std::signed_integral T>
  Value(T number) : value_(static_cast<int64_t>(number)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Value(T number) : value_(static_cast<uint64_t>(number)) {}
  Value(double number) : value_(number) {}
  Value(const char* text) : value_(absl::string_view(text)) {}
  Value(absl::string_view text) : value_(text) {}
  Value(const std::string& text) : value_(absl::string_view(text)) {}
  Value(const absl::Status& status) : value_(status.ToString()) {}
  Value(absl::Duration duration) : value_(absl::FormatDuration(duration)) {}
  Value(absl::Time time);
  Value(absl::CivilDay date) : value_(absl::FormatCivilTime(date)) {}

 private:
  friend class LineBuilder;
  std::variant<bool, int64_t, uint64_t, double, absl::string_view, std::string> value_;
};

struct Field {
  absl::string_view key;
  Value value;
};

// Everything that stands on a line besides its fields.
struct LineHead {
  absl::Time now;
  Level level = Level::kInfo;
  absl::string_view service = {};
  absl::string_view event = {};
  // "" for the real clock; then `simulated_now` is not shown.
  absl::string_view clock_label = {};
  absl::Time simulated_now = {};
  // "" where the line belongs to nobody's work in particular.
  absl::string_view trace_id = {};
};

// One line without its newline. Text: "<time> <level> <service> <event> key=value ..."; JSON: one
// flat object. No content can end the line, forge a field, or reach the terminal as a control
// sequence: control, bidi and zero-width characters, broken UTF-8 and quotes are escaped, and a
// long value is cut.
std::string FormatLine(Format format, const LineHead& head, std::initializer_list<Field> fields);

}  // namespace dondoc::log
