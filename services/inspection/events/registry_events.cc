#include "services/inspection/events/registry_events.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/status_macros.h"
#include "libs/identity/directory_events.h"
#include "services/inspection/store/coverages.h"
#include "services/inspection/store/registry_copy.h"
#include "services/inspection/wire/registry.h"

namespace dondoc::inspection {
namespace {

namespace rpb = ::dondoc::registry::v1;

template <typename Message>
absl::StatusOr<Message> PayloadOf(const bus::Event& event) {
  Message message;
  if (!message.ParseFromString(event.payload)) {
    return absl::InvalidArgumentError(
        absl::StrCat("event ", event.id, " is no ", Message::descriptor()->full_name()));
  }
  return message;
}

absl::Status OnUnit(const Regulation& regulation, store::Transaction& transaction,
                    const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::UnitChanged>(event));
  ASSIGN_OR_RETURN(const Unit unit, FromEvent(changed.unit()));
  SaveUnit(transaction, unit);
  RefreshCoverages(transaction, regulation);
  return absl::OkStatus();
}

absl::Status OnPlan(const Regulation& regulation, store::Transaction& transaction,
                    const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::PlanChanged>(event));
  ASSIGN_OR_RETURN(const PlanShare plan, FromEvent(changed.plan()));
  SavePlanShare(transaction, plan);
  RefreshCoverages(transaction, regulation);
  return absl::OkStatus();
}

absl::Status OnAssignment(store::Transaction& transaction, const bus::Event& event) {
  ASSIGN_OR_RETURN(const auto changed, PayloadOf<rpb::AssignmentChanged>(event));
  ASSIGN_OR_RETURN(const Obligation obligation, FromEvent(changed.assignment()));
  SaveObligation(transaction, obligation);
  return absl::OkStatus();
}

}  // namespace

std::vector<bus::Subscription> RegistrySubscriptions(const Regulation& regulation) {
  std::vector<bus::Subscription> all = identity::DirectorySubscriptions();
  all.push_back({"dondoc.registry.unit.*",
                 [&regulation](store::Transaction& transaction, const bus::Event& event) {
                   return OnUnit(regulation, transaction, event);
                 }});
  all.push_back({"dondoc.registry.plan.*",
                 [&regulation](store::Transaction& transaction, const bus::Event& event) {
                   return OnPlan(regulation, transaction, event);
                 }});
  all.push_back({"dondoc.registry.assignment.*", OnAssignment});
  return all;
}

}  // namespace dondoc::inspection
