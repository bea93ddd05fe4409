#include "services/notification/events/arrivals.h"

#include <utility>

namespace dondoc::notification {

std::vector<bus::Subscription> Arrivals::Watch(std::vector<bus::Subscription> subscriptions) {
  for (bus::Subscription& subscription : subscriptions) {
    subscription.handler = [this, apply = std::move(subscription.handler)](
                               store::Transaction& transaction, const bus::Event& event) {
      last_ = Clock::now();
      return apply(transaction, event);
    };
  }
  return subscriptions;
}

void Arrivals::Restart(Clock::time_point now) {
  start_ = now;
  last_ = now;
  connected_before_ = false;
}

bool Arrivals::Settled(bool connected, Clock::time_point now) {
  // The first moment of a connection is news too: what waits there has not come yet.
  if (connected && !connected_before_.exchange(true)) last_ = now;
  const bool quiet = now - last_.load() >= kQuiet;
  return quiet && (connected || now - start_.load() >= kPatience);
}

}  // namespace dondoc::notification
