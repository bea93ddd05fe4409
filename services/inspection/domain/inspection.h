#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/calendar/holidays.h"
#include "services/inspection/domain/schedule.h"
#include "services/inspection/domain/units.h"

namespace dondoc::inspection {

enum class InspectionKind { kPlanned, kAdHoc };

// Nothing goes back.
enum class InspectionState { kPlanned, kNotified, kDone, kConcluded, kRemedied, kCancelled };

// Something that an inspection found, and what became of it.
struct Finding {
  int number = 0;
  std::string field;
  std::string text;
  bool serious = false;
  // Inclusive; known once the inspection is concluded.
  std::optional<absl::CivilDay> remedy_due = {};
  std::optional<absl::CivilDay> remedied = {};
  std::string remedy_document = {};
  std::string verified_by = {};

  bool operator==(const Finding&) const = default;
};

// Whether the finding is open and its term is over: the due day itself is still in time.
bool IsOverdue(const Finding& finding, absl::CivilDay today);

// A planned date that was changed. Nothing is rewritten.
struct DateMove {
  absl::CivilDay old_date;
  absl::CivilDay new_date;
  std::string reason;
  std::string actor;
  absl::Time at;

  bool operator==(const DateMove&) const = default;
};

// The visit to one unit, from its plan to the last remedied finding. Changed only by the verbs
// below.
struct Inspection {
  int year = 0;
  int number = 0;
  // 0 while it is part of a proposal, which nobody has been told of; 1, 2, 3, … from its approval
  // on.
  int64_t version = 0;
  std::string unit;
  InspectionKind kind = InspectionKind::kPlanned;
  InspectionState state = InspectionState::kPlanned;
  absl::CivilDay planned;
  // Ids; the first one leads.
  std::vector<std::string> team;
  std::string reason_vi;
  std::string reason_en;
  std::optional<absl::CivilDay> notified = {};
  std::optional<absl::CivilDay> done = {};
  std::optional<absl::CivilDay> concluded = {};
  std::string conclusion_document = {};
  std::vector<Finding> findings = {};
  std::optional<absl::CivilDay> remedied = {};
  std::string cancel_reason = {};
  std::vector<DateMove> date_moves = {};

  bool operator==(const Inspection&) const = default;
};

// programmes/{year}/inspections/{number}.
std::string NameOf(const Inspection& inspection);

// Planned, told or carried out, but not concluded yet.
bool IsStillToCome(const Inspection& inspection);
// Whether the inspected unit may know of it: from the day on which it was told, or on which the
// team was there. Not while it is planned, and never when it was cancelled before that, so that
// nobody learns who is thought of. Whoever plans and examines sees it from its proposal on.
bool IsKnownToUnit(const Inspection& inspection);
// Counts for the quota.
bool IsConcluded(const Inspection& inspection);

// What an inspection's date is held against.
struct Agenda {
  absl::CivilDay today;
  const Units& units;
  const calendar::Holidays& holidays;
  // Those of the programme.
  const std::vector<Inspector>& inspectors;
  // The other inspections planned for the date in question; cancelled ones left out.
  const std::vector<Inspection>& same_day;
};

// Whether `inspection` can take place on its planned date with its team: a working day of the
// programme's year, not before today, on which the unit exists and has no other inspection, and
// every member of the team is independent, available and free. Refuses
// INSPECTION_DATE_OUTSIDE_YEAR, INSPECTION_DATE_PAST, NOT_A_WORKING_DAY, CALENDAR_MISSING,
// UNIT_NOT_INSPECTED, UNIT_VISITED_TWICE, INSPECTOR_UNKNOWN, INSPECTOR_TWICE,
// INSPECTOR_NOT_INDEPENDENT, INSPECTOR_UNAVAILABLE and INSPECTOR_BUSY.
absl::Status CheckPlan(const Inspection& inspection, const Agenda& agenda);

// The verbs. Each refuses a wrong state with INSPECTION_STATE_WRONG, naming where it is and where
// it should have gone.

// planned -> notified. An ad hoc inspection is not announced: AD_HOC_NOT_ANNOUNCED.
absl::StatusOr<Inspection> Notify(Inspection inspection, absl::CivilDay today);

// notified -> done; planned -> done for an ad hoc one. Numbers the findings.
absl::StatusOr<Inspection> Complete(Inspection inspection, std::vector<Finding> findings,
                                    absl::CivilDay today);

struct Conclusion {
  std::string document;
  absl::CivilDay today;
  // How many calendar days the unit has for each finding.
  int remedy_days = 0;
};
// done -> concluded; without findings straight on to remedied. From here on the unit counts.
absl::StatusOr<Inspection> Conclude(Inspection inspection, const Conclusion& conclusion,
                                    const calendar::Holidays& holidays);

struct Remedy {
  int finding_number = 0;
  std::string document;
  // units/{id} of who saw that it is right; for a serious finding of another branch.
  std::string verified_by;
  absl::CivilDay today;
  // Whether a grant of the caller reaches verified_by; true where nobody has to prove who they are.
  bool within_grants = true;
};
// Puts one finding right; the last one makes the inspection remedied. Refuses FINDING_NOT_FOUND,
// FINDING_ALREADY_REMEDIED, VERIFIER_UNKNOWN, VERIFIER_BEYOND_GRANTS and VERIFIER_NOT_INDEPENDENT.
absl::StatusOr<Inspection> PutRight(Inspection inspection, const Remedy& remedy,
                                    const Units& units);

// Moves the date of a planned or notified inspection; the old one stays on record.
absl::StatusOr<Inspection> Reschedule(Inspection inspection, DateMove move, const Agenda& agenda);

// planned or notified -> cancelled.
absl::StatusOr<Inspection> Cancel(Inspection inspection, std::string reason);

// The last day for putting findings right: `days` calendar days after the conclusion, moved to the
// next working day (Civil Code, article 148). In a year without a calendar it stays where it falls,
// because an early term harms nobody and a refused conclusion would.
absl::CivilDay RemedyDueDate(absl::CivilDay concluded, int days,
                             const calendar::Holidays& holidays);

}  // namespace dondoc::inspection
