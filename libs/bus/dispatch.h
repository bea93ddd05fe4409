#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/bus/bus.h"

namespace dondoc::bus {

// Whether `pattern` means `type`: the whole type, "<prefix>.*" for one more word, "<prefix>.>" for
// one or more.
bool Matches(absl::string_view pattern, absl::string_view type);

// Calls every handler whose pattern means the event, in the order in which they were given.
class Dispatcher {
 public:
  explicit Dispatcher(std::vector<Subscription> subscriptions)
      : subscriptions_(std::move(subscriptions)) {}

  absl::Status operator()(store::Transaction& transaction, const Event& event) const;

 private:
  std::vector<Subscription> subscriptions_;
};

}  // namespace dondoc::bus
