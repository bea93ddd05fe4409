#include "services/notification/events/subscriptions.h"

#include <string>
#include <utility>

#include "libs/identity/directory_events.h"
#include "services/notification/events/inspection_events.h"
#include "services/notification/events/registry_events.h"

namespace dondoc::notification {
namespace {

using Apply = absl::Status (*)(store::Transaction&, const Channels&, const bus::Event&);

bus::Subscription Listen(std::string pattern, const Channels& channels, Apply apply) {
  return {.pattern = std::move(pattern),
          .handler = [channels, apply](store::Transaction& transaction, const bus::Event& event) {
            return apply(transaction, channels, event);
          }};
}

}  // namespace

std::vector<bus::Subscription> Subscriptions(const Channels& channels) {
  std::vector<bus::Subscription> all = {
      Listen("dondoc.registry.unit.*", channels, &ApplyUnitChanged),
      Listen("dondoc.registry.assignment.*", channels, &ApplyAssignmentChanged),
      Listen("dondoc.registry.report.*", channels, &ApplyReportChanged),
      Listen("dondoc.inspection.inspection.*", channels, &ApplyInspectionChanged)};
  for (bus::Subscription& more : identity::DirectorySubscriptions()) {
    all.push_back(std::move(more));
  }
  return all;
}

std::vector<std::string> EventSources() { return {"registry", "inspection"}; }

}  // namespace dondoc::notification
