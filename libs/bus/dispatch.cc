#include "libs/bus/dispatch.h"

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "libs/base/status_macros.h"

namespace dondoc::bus {

bool Matches(absl::string_view pattern, absl::string_view type) {
  if (absl::ConsumeSuffix(&pattern, ".>")) {
    return absl::ConsumePrefix(&type, pattern) && type.size() > 1 && type[0] == '.';
  }
  if (absl::ConsumeSuffix(&pattern, ".*")) {
    return absl::ConsumePrefix(&type, pattern) && type.size() > 1 && type[0] == '.' &&
           !absl::StrContains(type.substr(1), '.');
  }
  return pattern == type;
}

absl::Status Dispatcher::operator()(store::Transaction& transaction, const Event& event) const {
  for (const Subscription& subscription : subscriptions_) {
    if (!Matches(subscription.pattern, event.type)) continue;
    RETURN_IF_ERROR(subscription.handler(transaction, event));
  }
  return absl::OkStatus();
}

}  // namespace dondoc::bus
