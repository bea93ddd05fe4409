#include "services/cli/year/apis.h"

namespace dondoc::cli::year {
namespace {

// A service that answers at all answers within this.
constexpr absl::Duration kTimeout = absl::Seconds(5);

// Each second of waiting for a service that the script has killed is days of the year it plays;
// what was not heard is said again the next day.
constexpr int kTriesMax = 1;

CallerOptions To(const std::string& service, const std::string& address, const std::string& actor) {
  return {.service = service,
          .address = address,
          .actor = actor,
          .timeout = kTimeout,
          .request_id = {},
          .tries_max = kTriesMax};
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
