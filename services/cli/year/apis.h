#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "dondoc/inspection/v1/inspection_service.grpc.pb.h"
#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "dondoc/notification/v1/notification_service.grpc.pb.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "services/cli/client/client.h"

namespace dondoc::cli::year {

// Where the four services are.
struct Addresses {
  std::string registry;
  std::string kpi;
  std::string inspection;
  std::string notification;
};

// The four APIs as one actor sees them.
class Apis {
 public:
  Apis(const Addresses& addresses, const std::string& actor);

 private:
  // Borrowed by the clients below, so they come first.
  Caller registry_caller_;
  Caller kpi_caller_;
  Caller inspection_caller_;
  Caller notification_caller_;

 public:
  const Client<registry::v1::RegistryService> registry;
  const Client<kpi::v1::KpiService> kpi;
  const Client<inspection::v1::InspectionService> inspection;
  const Client<notification::v1::NotificationService> notification;
};

// The APIs for whoever acts: units hand in, the Office accepts, and nobody accepts their own.
class Actors {
 public:
  explicit Actors(Addresses addresses) : addresses_(std::move(addresses)) {}
  const Apis& As(const std::string& actor);

 private:
  const Addresses addresses_;
  std::map<std::string, std::unique_ptr<Apis>> apis_;
};

}  // namespace dondoc::cli::year
