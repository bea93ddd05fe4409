#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/refusal.h"
#include "services/notification/domain/types.h"
#include "services/notification/domain/wording.h"

namespace dondoc::notification {

// How many pieces of work a digest spells out. Nobody reads more; the rest is counted and waits in
// the inbox.
inline constexpr size_t kDigestGroupsMax = 100;

// One notice in a digest.
struct DigestItem {
  Matter matter = {};
  Telling telling = {};
};

// What one recipient is told in one run: one message, however many notices.
struct DigestText {
  // "[Đôn đốc] 3 việc cần chú ý: 1 quá hạn, 2 sắp đến hạn".
  std::string subject;
  // Vietnamese first, then English; lines end in "\n".
  std::string body;
};

// Writes the digest for `recipient_name`: grouped by task, the most urgent first (overdue longest,
// due today, due soonest, then requests for news). `items` must not be empty. `unlisted` is how
// many more notices the digest has than `items`.
DigestText WriteDigest(const std::string& recipient_name, const std::vector<DigestItem>& items,
                       int64_t unlisted);

}  // namespace dondoc::notification
