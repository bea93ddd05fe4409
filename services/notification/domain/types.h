#pragma once

#include "absl/strings/string_view.h"

namespace dondoc::notification {

// What a deadline is about. The numbers of these enums are kept in the database.
enum class DeadlineKind { kPhase = 1, kReport = 2, kInspection = 3, kRemedy = 4, kCheckIn = 5 };

// Why a notice is given now.
enum class NoticeKind { kBeforeDue = 1, kDue = 2, kOverdue = 3, kCheckIn = 4 };

enum class NoticeState { kDue = 1, kSent = 2, kSkipped = 3 };

enum class Channel { kInbox = 1, kEmail = 2, kWebhook = 3 };

enum class DeliveryState { kPending = 1, kRetrying = 2, kSent = 3, kDead = 4 };

// Whether the work behind a deadline still waits for somebody, and if not, why not.
enum class Standing {
  kOpen = 0,
  kSubmitted = 1,
  kDone = 2,
  kCancelled = 3,
  kSuspended = 4,
  kDissolved = 5,
};

// Why a notice was not sent; kept in the database and read by people who ask "why was I not told?".
namespace skip {
// A later notice about the same deadline says more.
inline constexpr absl::string_view kOvertaken = "overtaken";
// The recipient had acknowledged an earlier one of the same kind.
inline constexpr absl::string_view kAcknowledged = "acknowledged";
// The recipient no longer existed on that day.
inline constexpr absl::string_view kDissolved = "dissolved";
// The deadline was moved in the meantime.
inline constexpr absl::string_view kMoved = "moved";
// The work was handed in, done, called off or put off in the meantime.
inline constexpr absl::string_view kSubmitted = "submitted";
inline constexpr absl::string_view kDone = "done";
inline constexpr absl::string_view kCancelled = "cancelled";
inline constexpr absl::string_view kSuspended = "suspended";
}  // namespace skip

// The reason with which notices of work that is not open any more are skipped. "" for open work.
absl::string_view SkipReasonOf(Standing standing);

}  // namespace dondoc::notification
