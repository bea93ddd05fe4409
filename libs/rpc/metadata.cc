#include "libs/rpc/metadata.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "libs/base/text.h"

namespace dondoc::rpc {
namespace {

// As many code points as bytes can come in; the caller limits those.
constexpr size_t kCodePointsMax = 4096;

bool IsPlain(char c) { return absl::ascii_isprint(static_cast<unsigned char>(c)) && c != '%'; }

}  // namespace

std::string ToMetadata(absl::string_view utf8) {
  std::string value;
  for (const char c : utf8) {
    if (IsPlain(c)) {
      value += c;
    } else {
      absl::StrAppendFormat(&value, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return value;
}

std::string FromMetadata(absl::string_view value) {
  std::string text;
  for (size_t i = 0; i < value.size(); ++i) {
    const bool escaped = value[i] == '%' && i + 2 < value.size() &&
                         absl::ascii_isxdigit(static_cast<unsigned char>(value[i + 1])) &&
                         absl::ascii_isxdigit(static_cast<unsigned char>(value[i + 2]));
    if (escaped) {
      int byte = 0;
      static_cast<void>(absl::SimpleHexAtoi(value.substr(i + 1, 2), &byte));
      text += static_cast<char>(byte);
      i += 2;
    } else {
      text += value[i];
    }
  }
  return CleanLine("metadata", text, kCodePointsMax).value_or(std::string(value));
}

}  // namespace dondoc::rpc
