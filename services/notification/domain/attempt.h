#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dondoc::notification {

// After so many attempts in a row a delivery is given up. With the delays below that is a day and a
// half after the first one, or later when the other side asks for more time.
inline constexpr int kAttemptsMax = 9;
inline constexpr absl::Duration kFirstDelay = absl::Seconds(30);
inline constexpr absl::Duration kDelayMax = absl::Hours(12);
// The longest that another system's Retry-After is followed.
inline constexpr absl::Duration kRetryAfterMax = absl::Hours(24);
// How much of an answer is kept.
inline constexpr size_t kAnswerLettersMax = 500;

// How one attempt ended.
enum class Outcome { kSent, kRetry, kDead };

// What an SMTP server's last reply means. `code` is 0 when there was none. 5xx is final, except for
// a full mailbox (552), which is emptied one day, and replies about our own login, which say
// nothing about this mail.
Outcome JudgeSmtp(bool completed, int code);

// What an HTTP status means; 0 when there was none. 2xx is success, 410 is final, everything else
// may be better next time: also a redirect, which is never followed.
Outcome JudgeHttp(int status);

// How long to wait after the given number of failed attempts (from 1): 30 s, then four times as
// long each time up to 12 hours, plus up to a tenth by `permille` (0 to 999), so that what failed
// together does not come back together. Never sooner than the other side asked for.
absl::Duration RetryDelay(int failures, int permille, std::optional<absl::Duration> asked);

// An answer of the other side as it may be kept and shown: one line, no control characters, valid
// UTF-8, at most 500 letters.
std::string CleanAnswer(absl::string_view answer);

}  // namespace dondoc::notification
