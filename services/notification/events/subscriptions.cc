#include "services/notification/events/subscriptions.h"

#include <string>

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
  return {Listen("dondoc.registry.unit.*", channels, &ApplyUnitChanged),
          Listen("dondoc.registry.assignment.*", channels, &ApplyAssignmentChanged),
          Listen("dondoc.registry.report.*", channels, &ApplyReportChanged),
          Listen("dondoc.inspection.inspection.*", channels, &ApplyInspectionChanged)};
}

std::vector<std::string> EventSources() { return {"registry", "inspection"}; }

}  // namespace dondoc::notification
