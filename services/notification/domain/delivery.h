#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/notification/domain/types.h"

namespace dondoc::notification {

// One digest on one channel.
//
// It is pending or retrying exactly when `next_at` is set, and ends as sent or dead.
struct Delivery {
  // UUID; the other side sees it as webhook-id or in the Message-ID.
  std::string id = {};
  int64_t digest = 0;
  // units/{id}.
  std::string recipient = {};
  Channel channel = Channel::kInbox;
  std::string address = {};
  DeliveryState state = DeliveryState::kPending;
  // In all, and before the last RetryDelivery.
  int attempts = 0;
  int round = 0;
  absl::Time created_at = {};
  std::optional<absl::Time> next_at = {};
  std::optional<absl::Time> sent_at = {};
  std::string last_answer = {};
  // The run of the service that is sending it now; empty for none.
  std::string lease = {};
  int64_t version = 1;
  // Ids of notices in it, the first hundred of `notice_count`. Filled in when it is read.
  std::vector<int64_t> notices = {};
  int64_t notice_count = 0;
};

// How many ids of notices a delivery shows.
inline constexpr int64_t kNoticesShownMax = 100;

}  // namespace dondoc::notification
