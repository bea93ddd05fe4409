#include "libs/base/trace.h"

#include <openssl/rand.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"

namespace dondoc {
namespace {

// "00-" trace id "-" span id "-" flags.
constexpr size_t kTraceIdAt = 3;
constexpr size_t kTraceIdDigits = 32;
constexpr size_t kSpanIdAt = kTraceIdAt + kTraceIdDigits + 1;
constexpr size_t kSpanIdDigits = 16;
constexpr size_t kFlagsAt = kSpanIdAt + kSpanIdDigits + 1;
constexpr size_t kLength = kFlagsAt + 2;

// The standard takes lowercase alone.
bool AreDigits(absl::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
}

bool IsZero(absl::string_view digits) {
  return digits.find_first_not_of('0') == absl::string_view::npos;
}

bool IsTraceparent(absl::string_view text) {
  if (text.size() < kLength) return false;
  const absl::string_view version = text.substr(0, 2);
  const absl::string_view trace_id = text.substr(kTraceIdAt, kTraceIdDigits);
  const absl::string_view span_id = text.substr(kSpanIdAt, kSpanIdDigits);
  const bool dashes =
      text[kTraceIdAt - 1] == '-' && text[kSpanIdAt - 1] == '-' && text[kFlagsAt - 1] == '-';
  if (!dashes || !AreDigits(version) || !AreDigits(trace_id) || !AreDigits(span_id) ||
      !AreDigits(text.substr(kFlagsAt, 2))) {
    return false;
  }
  if (version == "ff" || IsZero(trace_id) || IsZero(span_id)) return false;
  // A later version may say more, behind another dash.
  return text.size() == kLength || (version != "00" && text[kLength] == '-');
}

// `digits` random hexadecimal digits, not all of them zero.
std::string RandomId(size_t digits) {
  std::array<unsigned char, kTraceIdDigits / 2> bytes{};
  while (true) {
    if (RAND_bytes(bytes.data(), static_cast<int>(digits / 2)) != 1) std::abort();
    std::string id =
        Hex(absl::string_view(reinterpret_cast<const char*>(bytes.data()), digits / 2));
    if (!IsZero(id)) return id;
  }
}

// Of all flags the standard has given only the lowest a meaning, and wants the others zero.
bool IsRecorded(absl::string_view traceparent) {
  const char digit = traceparent[kFlagsAt + 1];
  const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
  return value % 2 == 1;
}

std::string& Current() {
  static thread_local std::string current;
  return current;
}

}  // namespace

std::string NewTrace() {
  return absl::StrCat("00-", RandomId(kTraceIdDigits), "-", RandomId(kSpanIdDigits), "-01");
}

std::string ContinueTrace(absl::string_view received) {
  if (!IsTraceparent(received)) return NewTrace();
  return absl::StrCat("00-", TraceIdOf(received), "-", RandomId(kSpanIdDigits),
                      IsRecorded(received) ? "-01" : "-00");
}

absl::string_view TraceIdOf(absl::string_view traceparent) {
  if (!IsTraceparent(traceparent)) return "";
  return traceparent.substr(kTraceIdAt, kTraceIdDigits);
}

TraceScope::TraceScope(absl::string_view traceparent)
    : outer_(std::exchange(Current(), std::string(traceparent))) {}

TraceScope::~TraceScope() { Current() = std::move(outer_); }

const std::string& CurrentTrace() { return Current(); }

}  // namespace dondoc
