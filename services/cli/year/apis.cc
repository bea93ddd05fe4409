#include "services/cli/year/apis.h"

namespace dondoc::cli::year {
namespace {

// A service that the script has killed is back within a second or two; nobody waits longer for it.
constexpr absl::Duration kTimeout = absl::Seconds(5);

CallerOptions To(const std::string& service, const std::string& address, const std::string& actor) {
  return {.service = service,
          .address = address,
          .actor = actor,
          .timeout = kTimeout,
          .request_id = {}};
}

}  // namespace

Apis::Apis(const Addresses& addresses, const std::string& actor)
    : registry_caller_(To("registry", addresses.registry, actor)),
      kpi_caller_(To("kpi", addresses.kpi, actor)),
      inspection_caller_(To("inspection", addresses.inspection, actor)),
      notification_caller_(To("notification", addresses.notification, actor)),
      registry(registry_caller_),
      kpi(kpi_caller_),
      inspection(inspection_caller_),
      notification(notification_caller_) {}

const Apis& Actors::As(const std::string& actor) {
  std::unique_ptr<Apis>& apis = apis_[actor];
  if (apis == nullptr) apis = std::make_unique<Apis>(addresses_, actor);
  return *apis;
}

}  // namespace dondoc::cli::year
