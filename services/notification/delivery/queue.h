#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libs/store/database.h"
#include "services/notification/delivery/outside.h"
#include "services/notification/delivery/transfer.h"

namespace dondoc::notification {

// To one webhook at once: one that hangs holds up only itself.
inline constexpr int64_t kPerWebhookMax = 2;

// How many more messages may be taken now.
struct Capacity {
  int64_t mails = 0;
  int64_t webhooks = 0;
  // Conversations under way with each webhook.
  std::map<std::string, int64_t> busy = {};
};

struct Taken {
  std::vector<Parcel> parcels;
  // Deliveries that were given up instead.
  int64_t given_up = 0;
};

// Takes deliveries whose time has come and packs them. Each is leased to `lease`, the run of the
// service that sends it: so nobody sends it a second time meanwhile, and the next run sees what a
// crash left behind. Such an attempt counts, as one with unknown end, and is made again under the
// same id. A delivery whose recipient has no address on its channel any more is given up.
Taken TakeDue(store::Transaction& transaction, const Outside& outside, const std::string& lease,
              Capacity capacity);

// Records how the attempt to send `parcel` ended: logs it, and sends the delivery to its end or to
// its next attempt. The first delivery of a digest that gets through makes its notices sent; when
// all have been given up, the inbox has them still. True when this one was given up.
bool RecordResult(store::Transaction& transaction, const Parcel& parcel, const SendResult& result);

}  // namespace dondoc::notification
