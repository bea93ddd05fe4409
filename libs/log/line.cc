#include "libs/log/line.h"

#include <utf8proc.h>

#include <cmath>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/base/clock.h"

namespace dondoc::log {
namespace {

// A log is read by people and kept by machines: no single value may flood it.
constexpr size_t kValueBytesMax = 1024;

std::string Timestamp(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3S%Ez", time, VietnamTime());
}

// Characters that a terminal or an editor obeys instead of showing.
bool IsUnsafe(utf8proc_int32_t code) {
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

void AppendEscaped(utf8proc_int32_t code, std::string& line) {
  switch (code) {
    case '"':
      line.append("\\\"");
      return;
    case '\\':
      line.append("\\\\");
      return;
    case '\n':
      line.append("\\n");
      return;
    case '\r':
      line.append("\\r");
      return;
    case '\t':
      line.append("\\t");
      return;
    default:
      break;
  }
  if (code <= 0xFFFF) {
    absl::StrAppendFormat(&line, "\\u%04x", code);
  } else {  // as JSON writes it: a surrogate pair
    const int32_t rest = code - 0x10000;
    absl::StrAppendFormat(&line, "\\u%04x\\u%04x", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
  }
}

// Appends the inside of a quoted text; the same escapes serve JSON and our text form.
void AppendQuoted(absl::string_view text, std::string& line) {
  line.push_back('"');
  const size_t start = line.size();
  for (size_t i = 0; i < text.size();) {
    if (line.size() - start >= kValueBytesMax) {
      absl::StrAppend(&line, "… (", text.size(), " bytes)");
      break;
    }
    utf8proc_int32_t code = 0;
    const utf8proc_ssize_t length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + i,
                         static_cast<utf8proc_ssize_t>(text.size() - i), &code);
    if (length <= 0) {
      line.append("\uFFFD");
      ++i;
      continue;
    }
    if (code == '"' || code == '\\' || IsUnsafe(code)) {
      AppendEscaped(code, line);
    } else {
      line.append(text.data() + i, static_cast<size_t>(length));
    }
    i += static_cast<size_t>(length);
  }
  line.push_back('"');
}

// Text that needs no quotes in the text form.
bool IsBare(absl::string_view text) {
  constexpr absl::string_view kPunctuation = "._-:/@+%,*";
  if (text.empty() || text.size() > kValueBytesMax) return false;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && kPunctuation.find(c) == absl::string_view::npos) return false;
  }
  return true;
}

}  // namespace

Value::Value(absl::Time time) : value_(Timestamp(time)) {}

absl::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "";
}

// Puts a line together, field by field.
class LineBuilder {
 public:
  explicit LineBuilder(Format format) : format_(format) {
    if (format_ == Format::kJson) line_.push_back('{');
  }

  // A word that stands without its key in the text form.
  void AddWord(absl::string_view key, absl::string_view word) {
    if (format_ == Format::kJson) return Add(key, word);
    Separate();
    AppendText(word);
  }

  void Add(absl::string_view key, const Value& value) {
    Separate();
    if (format_ == Format::kJson) {
      AppendQuoted(key, line_);
      line_.push_back(':');
    } else {
      AppendText(key);
      line_.push_back('=');
    }
    std::visit([this](const auto& content) { AppendValue(content); }, value.value_);
  }

  std::string Finish() && {
    if (format_ == Format::kJson) line_.push_back('}');
    return std::move(line_);
  }

 private:
  void Separate() {
    if (line_.size() <= 1) return;
    line_.push_back(format_ == Format::kJson ? ',' : ' ');
  }

  void AppendText(absl::string_view text) {
    if (format_ == Format::kText && IsBare(text)) {
      absl::StrAppend(&line_, text);
    } else {
      AppendQuoted(text, line_);
    }
  }

  template <typename T>
  void AppendValue(const T& content) {
    if constexpr (std::is_same_v<T, bool>) {
      line_.append(content ? "true" : "false");
    } else if constexpr (std::is_same_v<T, double>) {
      // JSON has no NaN and no infinity.
      if (!std::isfinite(content)) return AppendText(absl::StrCat(content));
      absl::StrAppend(&line_, content);
    } else if constexpr (std::is_integral_v<T>) {
      absl::StrAppend(&line_, content);
    } else {
      AppendText(content);
    }
  }

  Format format_;
  std::string line_;
};

std::string FormatLine(Format format, const LineHead& head, std::initializer_list<Field> fields) {
  LineBuilder line(format);
  line.AddWord("time", Timestamp(head.now));
  line.AddWord("level", LevelName(head.level));
  line.AddWord("service", head.service);
  line.AddWord("event", head.event);
  if (!head.clock_label.empty()) {
    line.Add("clock", head.clock_label);
    line.Add("simulated_time", head.simulated_now);
  }
  if (!head.trace_id.empty()) line.Add("trace_id", head.trace_id);
  for (const Field& field : fields) line.Add(field.key, field.value);
  return std::move(line).Finish();
}

}  // namespace dondoc::log
