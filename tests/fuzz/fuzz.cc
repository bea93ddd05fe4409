#include "tests/fuzz/fuzz.h"

#include <utf8proc.h>

#include <cstdio>
#include <cstdlib>

#include "libs/base/refusal.h"

namespace dondoc::fuzz {

void Expect(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

void ExpectGoodRefusal(const absl::Status& status) {
  if (status.ok()) return;
  const std::string sentence(status.message());
  Expect(!ReasonOf(status).empty(), "a refusal has a reason");
  Expect(IsUtf8(sentence), "a refusal can be read");
  const size_t english = sentence.find(" (");
  Expect(english != std::string::npos && english > 0, "a refusal has a sentence in English");
  Expect(sentence.back() == ')', "a refusal ends with its English sentence");
  for (const auto& [key, value] : DetailsOf(status)) {
    Expect(!key.empty() && IsUtf8(value), "details can be read");
  }
}

bool IsUtf8(absl::string_view bytes) {
  const auto* data = reinterpret_cast<const utf8proc_uint8_t*>(bytes.data());
  for (size_t at = 0; at < bytes.size();) {
    utf8proc_int32_t code = 0;
    const auto length =
        utf8proc_iterate(data + at, static_cast<utf8proc_ssize_t>(bytes.size() - at), &code);
    if (length <= 0) return false;
    at += static_cast<size_t>(length);
  }
  return true;
}

std::vector<std::string> Pieces(absl::string_view bytes, size_t count) {
  constexpr char kSeparator = '\x1E';
  std::vector<std::string> pieces;
  while (pieces.size() + 1 < count) {
    const size_t end = bytes.find(kSeparator);
    pieces.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end == absl::string_view::npos ? bytes.size() : end + 1);
  }
  pieces.emplace_back(bytes);
  return pieces;
}

}  // namespace dondoc::fuzz
