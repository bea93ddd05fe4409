#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "libs/identity/directory.h"
#include "libs/store/database.h"
#include "services/registry/domain/role_grant.h"
#include "services/registry/store/stored.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

// GRANT_NOT_FOUND.
absl::StatusOr<Stored<RoleGrant>> FindGrant(store::Snapshot& snapshot, int64_t number);

// Keeps the next version, tells it in the log and puts it into the directory. One without a number
// gets the next.
pb::Grant SaveGrant(store::Transaction& transaction, Stored<RoleGrant>& grant);

// Another one by which the same principal is the same in the same unit on a common day.
std::optional<RoleGrant> FindOverlapping(store::Snapshot& snapshot, const RoleGrant& grant);

// Somebody who is Office for the whole register on `day`; without an end, when that is asked for,
// and by another grant than `except`. Who is Office by an account that is closed counts only when
// that is asked for too, because they let nobody else in.
struct OfficeQuery {
  absl::CivilDay day;
  bool standing = false;
  int64_t except = 0;
  // A principal, or empty.
  std::string of = {};
  std::string not_of = {};
  bool closed_too = false;
};
std::optional<RoleGrant> FindOffice(store::Snapshot& snapshot, const OfficeQuery& query);

struct GrantQuery {
  int64_t after = 0;  // number
  int64_t limit = 0;
  // Empty for all.
  std::string principal;
  std::string unit;  // id
  // Only those that hold on that day.
  std::optional<absl::CivilDay> as_of;
};
std::vector<pb::Grant> ListGrantBodies(store::Snapshot& snapshot, const GrantQuery& query);

// A key of our own tokens, in the log and in the directory.
void SaveSigningKey(store::Transaction& transaction, const identity::KeyState& key);

}  // namespace dondoc::registry
