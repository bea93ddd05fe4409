#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/store/database.h"
#include "services/registry/domain/names.h"
#include "services/registry/domain/periodic_report.h"
#include "services/registry/store/stored.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

// ---- Plans ----------------------------------------------------------------------------------
//
// A plan is kept as its message alone: nearly all of it is what a signed document says, which no
// rule ever changes.

// PLAN_NOT_FOUND.
absl::StatusOr<Stored<pb::Plan>> FindPlan(store::Snapshot& snapshot, absl::string_view id);
bool PlanExists(store::Snapshot& snapshot, absl::string_view id);

// Keeps the document as it came, under its digest; once, however many plans were made of it.
void SaveDocument(store::Transaction& transaction, absl::string_view sha256,
                  absl::string_view bytes);

// Keeps the next version, gives it its etag, and says in the log what happened ("imported",
// "changed"). Raises `plan.version`.
void SavePlan(store::Transaction& transaction, Stored<pb::Plan>& plan, absl::string_view verb);

std::vector<pb::Plan> ListPlanBodies(store::Snapshot& snapshot, absl::string_view after_id,
                                     int64_t limit);

// ---- Group rules ----------------------------------------------------------------------------

// Remembers which kinds a plan's rule names.
void SaveGroupKinds(store::Transaction& transaction, absl::string_view plan,
                    const pb::GroupRule& rule);
struct GroupOfKind {
  std::string plan;
  std::string group_text;
};
// The rules that name a kind.
std::vector<GroupOfKind> GroupsOfKind(store::Snapshot& snapshot, UnitKind kind);

// ---- Periodic reports -----------------------------------------------------------------------

// REPORT_NOT_FOUND.
absl::StatusOr<Stored<PeriodicReport>> FindReport(store::Snapshot& snapshot, const ReportKey& key);
// Keeps the next version and says in the log what happened ("scheduled", "rescheduled",
// "delivered"). Raises `report.version`.
pb::PeriodicReport SaveReport(store::Transaction& transaction, Stored<PeriodicReport>& report,
                              absl::string_view verb);
// By deadline.
std::vector<pb::PeriodicReport> ListReportBodies(store::Snapshot& snapshot, absl::string_view plan);

}  // namespace dondoc::registry
