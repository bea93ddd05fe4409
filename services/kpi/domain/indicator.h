#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::kpi {

// How observations become one value.
enum class Aggregation {
  // Sum of numerators over sum of denominators. Never an average of ratios.
  kRatio,
  // The largest single value: "tối đa 25 phút/lượt" is meant for every case.
  kMaximum,
  // Sum of numerators; denominators are not used.
  kSum,
};

// Something measured.
//
// `aggregation` and `computed` never change once the indicator exists: what was recorded under them
// would mean something else.
struct Indicator {
  // "cchc-2023-i-2-d"; the resource is indicators/{id}.
  std::string id;
  // 1, 2, 3, … with each change.
  int64_t version = 0;
  std::string display_name;
  std::string unit_of_measure;
  Aggregation aggregation = Aggregation::kRatio;
  // What the ratio is multiplied by: 100 for a percentage.
  int32_t factor = 1;
  std::string numerator_text;
  std::string denominator_text;
  // Id of the indicator whose numerator is this one's denominator ("trong đó"); or empty. It only
  // says so: numerator and denominator are recorded for each, and percentages are never chained.
  std::string nested_in;
  std::string exclusion;
  // Resource from which it was made; empty when it was defined by hand.
  std::string source;
  // True when observations come from events alone.
  bool computed = false;

  friend bool operator==(const Indicator&, const Indicator&) = default;
};

inline constexpr size_t kDisplayNameMax = 500;
inline constexpr size_t kShortTextMax = 255;
inline constexpr size_t kLongTextMax = 5'000;
inline constexpr int32_t kFactorMax = 1'000'000;
// A deeper chain of "trong đó" is a mistake.
inline constexpr int kNestingMax = 20;

// The one indicator that inspections feed, and the ends of the ids of those that assignments feed.
inline constexpr char kInspectionCoverage[] = "inspection-coverage";
inline constexpr char kTasksOnTime[] = "tasks-on-time";

// Checks and cleans what a caller wants to define. Fields that are the service's own (version,
// source, computed) are reset.
absl::StatusOr<Indicator> CheckIndicator(Indicator wanted);

// Finds in which indicator one is nested: its nested_in, "" for none, or nothing when the indicator
// does not exist.
using NestingOf = std::function<std::optional<std::string>(const std::string& id)>;

// Refuses a nesting that leads back to `id`, goes too deep, or names what does not exist.
absl::Status CheckNesting(const std::string& id, const std::string& nested_in,
                          const NestingOf& nesting_of);

}  // namespace dondoc::kpi
