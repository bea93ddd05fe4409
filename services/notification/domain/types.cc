#include "services/notification/domain/types.h"

namespace dondoc::notification {

absl::string_view SkipReasonOf(Standing standing) {
  switch (standing) {
    case Standing::kOpen:
      return "";
    case Standing::kSubmitted:
      return skip::kSubmitted;
    case Standing::kDone:
      return skip::kDone;
    case Standing::kCancelled:
      return skip::kCancelled;
    case Standing::kSuspended:
      return skip::kSuspended;
    case Standing::kDissolved:
      return skip::kDissolved;
  }
  return "";
}

}  // namespace dondoc::notification
