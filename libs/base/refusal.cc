#include "libs/base/refusal.h"

#include <utf8proc.h>

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace dondoc {
namespace {

// A status carries its reason as a payload: the reason, then key and value by turns, each ended by
// a zero byte. Plain enough to need no library on either side.
constexpr char kPayloadUrl[] = "dondoc/refusal";
constexpr char kEnd = '\0';

std::string PayloadOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  return payload ? std::string(*payload) : std::string();
}

std::string Readable(absl::string_view text) {
  constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  std::string readable;
  for (size_t at = 0; at < text.size();) {
    utf8proc_int32_t code = 0;
    const utf8proc_ssize_t length =
        utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    if (length <= 0) {
      absl::StrAppend(&readable, kReplacement);
      ++at;
      continue;
    }
    absl::StrAppend(&readable, text.substr(at, static_cast<size_t>(length)));
    at += static_cast<size_t>(length);
  }
  return readable;
}

// A zero byte inside would end the field early. It can only come from a caller's own bytes, and
// there it means nothing.
void AppendField(std::string& payload, absl::string_view field) {
  for (const char c : field) payload.push_back(c == kEnd ? ' ' : c);
  payload.push_back(kEnd);
}

std::string TakeField(absl::string_view& rest) {
  const size_t end = rest.find(kEnd);
  std::string field(rest.substr(0, end));
  rest.remove_prefix(end == absl::string_view::npos ? rest.size() : end + 1);
  return field;
}

}  // namespace

absl::Status Refuse(absl::StatusCode code, absl::string_view reason, const Sentence& sentence,
                    const Details& details) {
  return RefuseWithMessage(code, reason, absl::StrCat(sentence.vi, " (", sentence.en, ")"),
                           details);
}

absl::Status RefuseWithMessage(absl::StatusCode code, absl::string_view reason,
                               absl::string_view message, const Details& details) {
  absl::Status status(code, Readable(message));
  std::string payload;
  AppendField(payload, reason);
  for (const auto& [key, value] : details) {
    AppendField(payload, key);
    AppendField(payload, Readable(value));
  }
  status.SetPayload(kPayloadUrl, absl::Cord(std::move(payload)));
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  const std::string payload = PayloadOf(status);
  absl::string_view rest = payload;
  return TakeField(rest);
}

Details DetailsOf(const absl::Status& status) {
  const std::string payload = PayloadOf(status);
  absl::string_view rest = payload;
  TakeField(rest);
  Details details;
  while (!rest.empty()) {
    std::string key = TakeField(rest);
    details[std::move(key)] = TakeField(rest);
  }
  return details;
}

}  // namespace dondoc
