#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "dondoc/inspection/v1/programme.pb.h"
#include "dondoc/registry/v1/plan.pb.h"
#include "dondoc/registry/v1/task.pb.h"
#include "dondoc/registry/v1/unit.pb.h"
#include "services/kpi/domain/obligation.h"
#include "services/kpi/domain/plan_indicators.h"

// What this service understands of the messages of the services it listens to. INVALID_ARGUMENT for
// what cannot be read: such an event will never become readable.
namespace dondoc::kpi {

struct UnitFacts {
  // units/{id}.
  std::string name;
  // units/{id} of the unit above; empty for a root.
  std::string parent;
  absl::CivilDay valid_from;
  // The first day on which it no longer exists, when that is known.
  std::optional<absl::CivilDay> valid_to;
};
absl::StatusOr<UnitFacts> FromEvent(const registry::v1::Unit& unit);

absl::StatusOr<PlanFacts> FromEvent(const registry::v1::Plan& plan);

struct AssignmentFacts {
  // plans/{plan}/tasks/{number}/phases/{ordinal}/assignments/{unit id}.
  std::string name;
  // Plan's id.
  std::string plan;
  // units/{id}.
  std::string unit;
  Obligation obligation;
};
absl::StatusOr<AssignmentFacts> FromEvent(const registry::v1::Assignment& assignment);

struct CoverageFacts {
  int year = 0;
  // Nothing when the programme has no share yet.
  std::optional<Decimal> share;
  int concluded = 0;
  int units = 0;
};
absl::StatusOr<CoverageFacts> FromEvent(const inspection::v1::Coverage& coverage);

}  // namespace dondoc::kpi
