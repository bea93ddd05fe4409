#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "libs/store/database.h"
#include "services/notification/domain/delivery.h"

namespace dondoc::notification {

// Each of these stores the delivery and emits delivery.<verb> with its version.
void InsertDelivery(store::Transaction& transaction, const Delivery& delivery,
                    absl::string_view verb);
void UpdateDelivery(store::Transaction& transaction, Delivery& delivery, absl::string_view verb);

// With the ids of its notices.
std::optional<Delivery> FindDelivery(store::Sql& sql, const std::string& id);

// Those with an id before `before` ("" for all), the newest first; state and channel 0 for any.
struct DeliveryFilter {
  int64_t state = 0;
  int64_t channel = 0;
};
std::vector<Delivery> DeliveriesBefore(store::Sql& sql, const DeliveryFilter& filter,
                                       const std::string& before, int64_t limit);

// Whether the digest has a delivery that has not ended.
bool IsOnTheWay(store::Sql& sql, int64_t digest);

// When the next attempt is due, leaving out what `lease` holds already.
std::optional<absl::Time> NextAttemptTime(store::Sql& sql, const std::string& lease);
// Deliveries whose attempt is due and that `lease` does not hold: at most `per_address` of one
// address, and of one channel, together `limit`, the earliest first.
std::vector<Delivery> DueDeliveries(store::Sql& sql, Channel channel, absl::Time now,
                                    const std::string& lease, int64_t per_address, int64_t limit);
// Says who is sending it; no version, because nobody outside sees it.
void SetLease(store::Sql& sql, const std::string& id, const std::string& lease);

// One row of the log of attempts.
struct AttemptRow {
  std::string delivery = {};
  int attempt = 0;
  absl::Time at = {};
  std::string outcome = {};
  std::string answer = {};
};
void InsertAttempt(store::Sql& sql, const AttemptRow& row);

}  // namespace dondoc::notification
