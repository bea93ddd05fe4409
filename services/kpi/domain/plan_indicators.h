#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/base/decimal.h"
#include "services/kpi/domain/indicator.h"
#include "services/kpi/domain/target.h"

namespace dondoc::kpi {

// Where the figure of a plan's target stands.
enum class PlanTargetKind {
  kNumeric,      // in the text
  kByReference,  // in another document
  kQualitative,  // nowhere: the target is a statement
  kNotSet,       // nowhere: the text names a ratio and gives no figure
};

// One target as the registry read it from a plan.
struct PlanTarget {
  // "I.2.dd" for clause I.2.đ, "T14" for row 14 of the appendix.
  std::string id;
  std::string clause;
  std::string text;
  std::string indicator;
  PlanTargetKind kind = PlanTargetKind::kNotSet;
  std::optional<Comparator> comparator;
  std::optional<Decimal> value;
  std::string unit;
  // Nothing for the whole year of the plan.
  std::optional<absl::CivilDay> effective_from;
  std::optional<absl::CivilDay> due_date;
  // Id of the target whose numerator is this one's denominator; or empty.
  std::string nested_in;
  std::string exclusion;
  std::string reference;
  // Tasks that serve it.
  std::vector<std::string> tasks;
};

struct PlanFacts {
  std::string id;
  int year = 0;
  std::vector<PlanTarget> targets;
  // Share of units to inspect, or nothing when the plan says none.
  std::optional<Decimal> inspection_share;
};

// An indicator with the targets that a plan sets for it.
struct PlanMeasure {
  Indicator indicator;
  std::vector<Target> targets;
};

// Makes the indicators of a plan: one for each target, except that a target of the appendix joins
// the indicator of a target of section I when both speak of the same measured thing. That is so
// when they share a task and a unit of measure, neither is qualitative nor stands in another
// document, and either they name the indicator in the same words or each is the only such target of
// that task on its side. Two targets of one side never meet: I.2.d and I.3.b are two surveys, both
// with 86 %.
//
// The plan's share of obligations done on time is added, and inspection coverage when the plan sets
// a share; both are computed from events. The same plan always gives the same ids.
std::vector<PlanMeasure> MeasuresOf(const PlanFacts& plan);

// The computed indicators by themselves, for events that come before their plan.
Indicator TasksOnTimeOf(const std::string& plan);
Indicator InspectionCoverage();

// The target that an inspection programme of a year sets by its share, beside that of the plan.
Target CoverageTargetOf(int year, Decimal share);

}  // namespace dondoc::kpi
