#include "services/notification/domain/attempt.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "libs/base/text.h"
#include "services/notification/domain/wording.h"

namespace dondoc::notification {
namespace {

// 530 to 538: the server does not accept our login, or wants one.
bool IsAboutLogin(int code) { return code >= 530 && code <= 538; }

}  // namespace

Outcome JudgeSmtp(bool completed, int code) {
  if (completed) return Outcome::kSent;
  const bool final = code >= 500 && code <= 599 && code != 552 && !IsAboutLogin(code);
  return final ? Outcome::kDead : Outcome::kRetry;
}

Outcome JudgeHttp(int status) {
  if (status >= 200 && status <= 299) return Outcome::kSent;
  return status == 410 ? Outcome::kDead : Outcome::kRetry;
}

absl::Duration RetryDelay(int failures, int permille, std::optional<absl::Duration> asked) {
  absl::Duration delay = kFirstDelay;
  for (int i = 1; i < failures && delay < kDelayMax; ++i) delay *= 4;
  delay = std::min(delay, kDelayMax);
  delay += delay / 10 * permille / 1000;
  if (asked) delay = std::max(delay, std::min(*asked, kRetryAfterMax));
  return delay;
}

std::string CleanAnswer(absl::string_view answer) {
  std::string line(answer);
  for (char& c : line) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  if (!CleanText(line).ok()) {
    for (char& c : line) {
      if (!absl::ascii_isascii(static_cast<unsigned char>(c))) c = '?';
    }
  }
  return Clip(absl::StripAsciiWhitespace(line), kAnswerLettersMax - 1);
}

}  // namespace dondoc::notification
