#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace dondoc::inspection {
enum class InspectionState;
}

// Every way the inspection service says no, one function for each. The sentences are Vietnamese
// first and say what to do; a program goes by the reason and the details.
namespace dondoc::inspection::error {

// What a request has wrong in itself: INVALID_ARGUMENT.
absl::Status ShareInvalid(absl::string_view text);
absl::Status YearInvalid(int64_t year);
absl::Status NameInvalid(absl::string_view field, absl::string_view name);
absl::Status InspectorIdInvalid(absl::string_view id);
absl::Status InspectorTwice(absl::string_view id);
absl::Status InspectorsMissing();
absl::Status TeamSizeInvalid(int64_t team_size);
absl::Status TeamMissing();
absl::Status CountNegative(absl::string_view field, int64_t value);
absl::Status ListTooLong(absl::string_view field, size_t length, size_t length_max);
absl::Status StateFilterInvalid(int64_t state);
absl::Status MandatoryUnitTwice(absl::string_view unit);
absl::Status WindowReversed(absl::CivilDay start, absl::CivilDay end);
absl::Status WindowOutsideYear(absl::CivilDay day, int64_t year);
absl::Status WindowPast(absl::CivilDay start, absl::CivilDay today);
absl::Status InspectionDateOutsideYear(absl::CivilDay day, int64_t year);
absl::Status InspectionDatePast(absl::CivilDay day, absl::CivilDay today);

// What does not exist: NOT_FOUND.
absl::Status ProgrammeNotFound(absl::string_view name);
absl::Status InspectionNotFound(absl::string_view name);
absl::Status FindingNotFound(absl::string_view inspection, int64_t number);
absl::Status InspectorUnknown(absl::string_view id);
absl::Status InspectorUnitUnknown(absl::string_view id, absl::string_view unit);
absl::Status VerifierUnknown(absl::string_view unit);

// Four eyes, which no role opens: PERMISSION_DENIED.
absl::Status OwnProposal(int64_t year);
absl::Status VerifierBeyondGrants(absl::string_view unit, absl::string_view unit_name);

// Somebody was faster: ABORTED.
absl::Status EtagStale(absl::string_view name, absl::string_view given, absl::string_view current);

// What cannot be now: FAILED_PRECONDITION.
absl::Status ExtraUnitsTooMany(int64_t extra, int64_t extra_max);
absl::Status ProgrammeTooLarge(int64_t unit_count);
absl::Status ProgrammeAlreadyApproved(int64_t year);
absl::Status ProgrammeNotApproved(int64_t year);
absl::Status ProgrammeOutOfDate(absl::string_view inspection, absl::CivilDay planned);
absl::Status InspectionStateWrong(absl::string_view name, InspectionState from, InspectionState to);
absl::Status AdHocNotAnnounced(absl::string_view name);
absl::Status NotAWorkingDay(absl::CivilDay day);
absl::Status UnitNotInspected(absl::string_view unit, absl::CivilDay day);
absl::Status UnitVisitedTwice(absl::string_view unit, absl::CivilDay day);
absl::Status InspectorNotIndependent(absl::string_view id, absl::string_view unit_name);
absl::Status InspectorUnavailable(absl::string_view id, absl::CivilDay day);
absl::Status InspectorBusy(absl::string_view id, absl::string_view inspection, absl::CivilDay day);
absl::Status FindingAlreadyRemedied(absl::string_view inspection, int64_t number,
                                    absl::CivilDay remedied);
absl::Status VerifierNotIndependent(absl::string_view unit_name, int64_t finding);

// Why there is no programme: FAILED_PRECONDITION, reason NO_PROGRAMME; the details name the rule.
absl::Status NoUnits();                                                // NO_UNITS
absl::Status MandatoryUnitUnknown(absl::string_view unit);             // MANDATORY_UNIT_UNKNOWN
absl::Status NoCalendar(int64_t year);                                 // CALENDAR_MISSING
absl::Status WindowEmpty();                                            // WINDOW_EMPTY
absl::Status TeamTooLarge(int64_t team_size, size_t inspector_count);  // TEAM_TOO_LARGE

struct UnitWithoutInspectors {
  std::string unit;
  std::string unit_name;
  // How many inspectors are of another branch, and how many a team needs.
  size_t independent = 0;
  size_t team_size = 0;
};
absl::Status NoInspectorForUnit(const UnitWithoutInspectors& blocked);  // NO_INSPECTOR_FOR_UNIT

// How many units a refusal names at most; it always says how many there are.
inline constexpr size_t kNamesMax = 5;

struct CrowdedUnits {
  size_t count = 0;
  // How many of them there is room for.
  size_t placed = 0;
  // The most urgent of them, at most kNamesMax.
  std::vector<std::string> names = {};
  std::vector<std::string> display_names = {};
  absl::CivilDay first_day;
  absl::CivilDay last_day;
};
absl::Status NoFreeDay(const CrowdedUnits& units);  // NO_FREE_DAY

}  // namespace dondoc::inspection::error
