#pragma once

#include <optional>
#include <vector>

#include "dondoc/registry/v1/grant.pb.h"
#include "dondoc/registry/v1/unit.pb.h"
#include "libs/bus/bus.h"
#include "libs/identity/directory.h"

// How the registry's events say what a directory keeps.
namespace dondoc::identity {

// To be listened to by every service that listens to the registry, besides what else it makes of
// units: grants, units and keys go to the directory of its database.
std::vector<bus::Subscription> DirectorySubscriptions();

// The contract's role, and nothing for one that a later version of it knows.
registry::v1::Role ToProto(Role role);
std::optional<Role> RoleOf(registry::v1::Role role);

// INVALID_ARGUMENT for what cannot be read: such an event will never become readable.
absl::StatusOr<GrantState> FromEvent(const registry::v1::Grant& grant, int64_t version);
absl::StatusOr<UnitState> FromEvent(const registry::v1::Unit& unit, int64_t version);
absl::StatusOr<KeyState> FromEvent(const registry::v1::SigningKey& key, int64_t version);

}  // namespace dondoc::identity
