#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/store/database.h"

namespace dondoc::store {

// Brings the schema behind `session` up to the last of `migrations`: each step once, in order, in a
// transaction of its own with its entry in schema_steps. Run again, it does nothing.
// FAILED_PRECONDITION, reason SCHEMA_NEWER, when the database has a step this program does not
// know; SCHEMA_ALTERED, when a step it has was changed since.
absl::Status Migrate(soci::session& session, const std::vector<Migration>& migrations);

// Makes the table of steps where there is none.
void MakeStepsTable(soci::session& session);

}  // namespace dondoc::store
