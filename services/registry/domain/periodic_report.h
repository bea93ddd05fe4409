#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "services/registry/domain/names.h"
#include "services/registry/domain/plan/plan_document.h"

namespace dondoc::registry {

// One unit's periodic report, received.
struct ReportDelivery {
  std::string unit;
  absl::CivilDay delivered;
  std::string document_number;
};

// A report that every unit owes the Office for one period of a plan.
struct PeriodicReport {
  ReportKey key;
  std::string label;
  // The days whose work it tells, both inclusive. Not the period's own days: domain.md 4.1.
  absl::CivilDay window_start;
  absl::CivilDay window_end;
  absl::CivilDay due;
  std::vector<ReportDelivery> deliveries;

  // Once per unit: REPORT_DELIVERED. Whether the unit may owe it, the caller judges.
  absl::Status Deliver(absl::string_view unit, absl::string_view document_number,
                       absl::CivilDay today);

  // DEADLINE_UNCHANGED, DUE_BEFORE_WINDOW, DATE_TOO_FAR (from today).
  absl::Status Reschedule(absl::CivilDay next_due, absl::CivilDay today);
};

// The day of the period's last month by which units send their report to the Office, unless the
// Office sets another. The plan says none; the national regime closes on the 20th, and the Office
// needs the week before.
inline constexpr int kReportDueDay = 12;

// What a plan for `year` makes units owe: one report per period it prints, in the order of their
// deadlines. Ad hoc reports yield none: nobody knows yet when they will be asked for.
std::vector<PeriodicReport> ReportsOwed(absl::string_view plan, int year,
                                        const std::vector<PlanReport>& printed);

}  // namespace dondoc::registry
