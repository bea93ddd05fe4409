#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "dondoc/registry/v1/plan.pb.h"
#include "dondoc/registry/v1/task.pb.h"
#include "dondoc/registry/v1/unit.pb.h"
#include "services/inspection/domain/share.h"
#include "services/inspection/domain/units.h"

// What this service understands of the registry's messages. INVALID_ARGUMENT for what cannot be
// read: such an event will never become readable.
namespace dondoc::inspection {

absl::StatusOr<Unit> FromEvent(const registry::v1::Unit& message);

// What one unit owes for one phase, as far as lateness goes.
struct Obligation {
  // plans/{plan}/tasks/{number}/phases/{ordinal}/assignments/{unit id}.
  std::string name;
  // units/{id}.
  std::string unit;
  absl::CivilDay due;
  // When the result that counts was handed in: accepted, or waiting for an answer. Nothing while
  // the work is open. A slow reviewer makes nobody late.
  std::optional<absl::CivilDay> handed_in;
  // Nobody owes it any more.
  bool cancelled = false;
};
absl::StatusOr<Obligation> FromEvent(const registry::v1::Assignment& message);

struct PlanShare {
  // plans/{id}.
  std::string plan;
  int year = 0;
  // Nothing when the plan names none.
  std::optional<Share> share;
};
absl::StatusOr<PlanShare> FromEvent(const registry::v1::Plan& message);

}  // namespace dondoc::inspection
