#include "libs/bus/publish_answer.h"

#include <nats/nats.h>

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace dondoc::bus {
namespace {

// The whole number that follows `key`; 0 when there is none. The answer is one flat object, written
// by the broker we chose: a JSON library would read no more of it than this.
int64_t NumberAfter(absl::string_view json, absl::string_view key) {
  const size_t found = json.find(key);
  if (found == absl::string_view::npos) return 0;
  absl::string_view rest = absl::StripLeadingAsciiWhitespace(json.substr(found + key.size()));
  size_t digits = 0;
  while (digits < rest.size() && absl::ascii_isdigit(static_cast<unsigned char>(rest[digits]))) {
    ++digits;
  }
  int64_t number = 0;
  return absl::SimpleAtoi(rest.substr(0, digits), &number) ? number : 0;
}

}  // namespace

absl::StatusOr<int64_t> ReadPublishAnswer(absl::string_view json) {
  if (absl::StrContains(json, "\"error\"")) {
    const int64_t code = NumberAfter(json, "\"err_code\":");
    const std::string message = absl::StrCat("the broker did not store the event: ", json);
    if (code == JSStreamMessageExceedsMaximumErr) return absl::InvalidArgumentError(message);
    return absl::UnavailableError(message);
  }
  const int64_t sequence = NumberAfter(json, "\"seq\":");
  if (sequence < 1) {
    return absl::UnavailableError(absl::StrCat("the broker's answer is not understood: ", json));
  }
  return sequence;
}

}  // namespace dondoc::bus
