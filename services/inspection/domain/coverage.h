#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "services/inspection/domain/inspection.h"
#include "services/inspection/domain/programme.h"
#include "services/inspection/domain/share.h"
#include "services/inspection/domain/units.h"

namespace dondoc::inspection {

// How far the quota of a year is filled, in whole units.
struct Coverage {
  int year = 0;
  Share share;
  int64_t unit_count = 0;
  int64_t required_count = 0;
  // Distinct existing units with an inspection concluded in the year.
  int64_t concluded_count = 0;
  // Those of them that may be named; sorted.
  std::vector<std::string> inspected_units;
  // Those, and the ones whose inspection is still to come.
  int64_t planned_count = 0;
  bool met = false;
  int64_t expected_by_today = 0;
  // Empty when met or on pace.
  std::string pace_vi = {};
  std::string pace_en = {};
  // Why the number of units is no longer what it was when the programme was made.
  std::vector<std::string> unit_changes_vi = {};
  std::vector<std::string> unit_changes_en = {};
  int64_t finding_count = 0;
  int64_t remedied_finding_count = 0;
  int64_t overdue_finding_count = 0;

  bool operator==(const Coverage&) const = default;
};

// What of an inspection matters here.
struct InspectedUnit {
  std::string unit;
  // Set when it was concluded in the year; else it is still to come.
  std::optional<absl::CivilDay> concluded;
  // Whether it may be named to whoever asks; it is counted all the same.
  bool named = true;
};

struct FindingCounts {
  int64_t all = 0;
  int64_t remedied = 0;
  int64_t overdue = 0;
};

// What the coverage of a year is counted from.
struct CoverageBasis {
  int year = 0;
  absl::CivilDay today;
  Share share;
  const Units& units;
  CountingRule rule;
  // One entry for each inspection that was concluded in the year or is still to come in an approved
  // programme of the year; cancelled ones left out, and those that whoever asks is not told of.
  const std::vector<InspectedUnit>& inspections;
  FindingCounts findings;
  // Of the year; null when there is none.
  const Programme* programme = nullptr;
};

// Counts. Units are those of today, or of the year's last day once the year is over, so that what a
// year has reached does not change when the next one reorganises.
Coverage CountCoverage(const CoverageBasis& basis);

// How many of `required` should be concluded by `today` if they were spread evenly over the days of
// the year: a unit is expected once its whole share of the year has passed.
int64_t ExpectedBy(int64_t required, int year, absl::CivilDay today);

}  // namespace dondoc::inspection
