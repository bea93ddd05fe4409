#include "services/cli/commands/unit_names.h"

#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "services/cli/client/client.h"
#include "services/cli/render/format.h"

namespace dondoc::cli {

UnitNames UnitNames::Load(Session& session) {
  namespace pb = registry::v1;
  const Client<pb::RegistryService> registry(session.registry());
  const auto units =
      registry.ListAll(&pb::RegistryService::Stub::ListUnits, pb::ListUnitsRequest());
  UnitNames names;
  if (!units.ok()) return names;
  for (const pb::Unit& unit : units->units()) names.names_[unit.name()] = unit.display_name();
  return names;
}

std::string UnitNames::Of(absl::string_view unit) const {
  const auto found = names_.find(unit);
  return found == names_.end() ? ShortName(unit) : found->second;
}

}  // namespace dondoc::cli
