#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "services/registry/domain/names.h"

// Every way the registry can say no, one function per refusal; the reason stands behind it. What
// the reader of documents refuses is in domain/plan/errors.h.
namespace dondoc::registry::error {

// ---- Requests -------------------------------------------------------------------------------

absl::Status NameInvalid(absl::string_view field, absl::string_view value,
                         absl::string_view pattern);           // RESOURCE_NAME_INVALID
absl::Status FieldMissing(absl::string_view field);            // FIELD_MISSING
absl::Status EnumInvalid(absl::string_view field, int value);  // ENUM_INVALID
absl::Status TextTooLong(absl::string_view field, size_t code_points,
                         size_t code_points_max);  // TEXT_TOO_LONG
absl::Status TooManyItems(absl::string_view field, size_t count,
                          size_t count_max);                              // TOO_MANY_ITEMS
absl::Status Repeated(absl::string_view field, absl::string_view value);  // VALUE_REPEATED
absl::Status DateTooFar(absl::string_view field, absl::CivilDay date,
                        absl::CivilDay last);                                    // DATE_TOO_FAR
absl::Status EtagStale(absl::string_view name, absl::string_view current_etag);  // ETAG_STALE

// The same refusal, naming the field it is about.
absl::Status InField(absl::string_view field, const absl::Status& refusal);

// ---- Units ----------------------------------------------------------------------------------

absl::Status UnitNotFound(absl::string_view unit);                              // UNIT_NOT_FOUND
absl::Status UnitExists(absl::string_view unit);                                // UNIT_EXISTS
absl::Status UnitNameTaken(absl::string_view text, absl::string_view by_unit);  // UNIT_NAME_TAKEN
absl::Status UnitIsItsOwnParent(absl::string_view unit);  // UNIT_CYCLE, of a new unit
absl::Status UnitCycle(absl::string_view unit, absl::string_view parent);       // UNIT_CYCLE
absl::Status UnitTooDeep(absl::string_view unit);                               // UNIT_TOO_DEEP
absl::Status ParentNotThere(absl::string_view unit, absl::string_view parent);  // PARENT_NOT_VALID
absl::Status UnitNotThere(absl::string_view unit, absl::CivilDay day);          // UNIT_NOT_VALID
absl::Status UnitExternal(absl::string_view unit);                              // UNIT_EXTERNAL
absl::Status UnitDissolved(absl::string_view unit, absl::CivilDay valid_to);    // UNIT_DISSOLVED
absl::Status DissolvedBeforeFounded(absl::CivilDay valid_from,
                                    absl::CivilDay valid_to);                   // VALIDITY_INVALID
absl::Status UnitHasChildren(absl::string_view unit, absl::string_view child);  // UNIT_HAS_CHILDREN
absl::Status UnitHasOpenAssignments(absl::string_view unit,
                                    int64_t count);      // UNIT_HAS_OPEN_ASSIGNMENTS
absl::Status SuccessorIsItself(absl::string_view unit);  // SUCCESSOR_INVALID
absl::Status EmailInvalid(absl::string_view value);      // EMAIL_INVALID

// ---- Plans ----------------------------------------------------------------------------------

absl::Status PlanNotFound(absl::string_view plan);  // PLAN_NOT_FOUND
absl::Status PlanExists(absl::string_view plan);    // PLAN_EXISTS
absl::Status DocumentNumberPresent(absl::string_view plan,
                                   absl::string_view number);  // DOCUMENT_NUMBER_PRESENT
absl::Status DocumentNumberInvalid(absl::string_view value);   // DOCUMENT_NUMBER_INVALID
absl::Status GroupUnknown(absl::string_view group_text,
                          const std::vector<std::string>& known);  // GROUP_UNKNOWN
absl::Status GroupEmpty(absl::string_view group_text);             // GROUP_EMPTY
absl::Status ReportNotFound(const ReportKey& report);              // REPORT_NOT_FOUND
absl::Status ReportDelivered(const ReportKey& report, absl::string_view unit,
                             absl::CivilDay day);  // REPORT_DELIVERED

// ---- Tasks ----------------------------------------------------------------------------------

absl::Status TaskNotFound(const TaskKey& task);          // TASK_NOT_FOUND
absl::Status PhaseNotFound(const PhaseKey& phase);       // PHASE_NOT_FOUND
absl::Status NotLedByGroup(const TaskKey& task);         // TASK_NOT_LED_BY_GROUP
absl::Status ChosenAndExcluded(absl::string_view unit);  // UNIT_CHOSEN_AND_EXCLUDED
absl::Status AssignmentAlreadySubmitted(
    const AssignmentKey& assignment);           // ASSIGNMENT_ALREADY_SUBMITTED
absl::Status PhaseDone(const PhaseKey& phase);  // PHASE_DONE
absl::Status DueBeforeWindow(absl::CivilDay due, absl::CivilDay window_start);  // DUE_BEFORE_WINDOW
absl::Status DeadlineUnchanged(absl::CivilDay due);  // DEADLINE_UNCHANGED

// ---- Assignments ----------------------------------------------------------------------------

absl::Status AssignmentNotFound(const AssignmentKey& assignment);      // ASSIGNMENT_NOT_FOUND
absl::Status AssignmentClosed(const AssignmentKey& assignment);        // ASSIGNMENT_CLOSED
absl::Status AssignmentSuspended(const AssignmentKey& assignment);     // ASSIGNMENT_SUSPENDED
absl::Status AssignmentNotSuspended(const AssignmentKey& assignment);  // ASSIGNMENT_NOT_SUSPENDED
absl::Status PercentOutOfRange(int percent);                           // PERCENT_OUT_OF_RANGE
absl::Status EvidenceMissing();                                        // EVIDENCE_MISSING
absl::Status EvidenceInFuture(absl::string_view field, absl::CivilDay date,
                              absl::CivilDay today);                  // EVIDENCE_DATE_IN_FUTURE
absl::Status LinkInvalid(absl::string_view field);                    // LINK_INVALID
absl::Status Sha256Invalid(absl::string_view field);                  // SHA256_INVALID
absl::Status OutcomeNotConditional(const AssignmentKey& assignment);  // OUTCOME_NOT_CONDITIONAL
absl::Status NothingSubmitted(const AssignmentKey& assignment);       // NOTHING_SUBMITTED
absl::Status OwnResult(const AssignmentKey& assignment, absl::string_view actor);  // OWN_RESULT

// ---- Grants ---------------------------------------------------------------------------------

absl::Status GrantNotFound(int64_t number);                             // GRANT_NOT_FOUND
absl::Status GrantExists(int64_t number, absl::string_view principal);  // GRANT_EXISTS
absl::Status GrantRoleInvalid(absl::string_view principal,
                              absl::string_view role);                      // GRANT_ROLE_INVALID
absl::Status GrantStartsInPast(absl::CivilDay day);                         // GRANT_STARTS_IN_PAST
absl::Status GrantEndsInPast(absl::CivilDay day);                           // GRANT_ENDS_IN_PAST
absl::Status GrantEnded(int64_t number, absl::CivilDay valid_to);           // GRANT_ENDED
absl::Status LastOfficeGrant(int64_t number);                               // LAST_OFFICE_GRANT
absl::Status LastOfficeAccount(absl::string_view account, int64_t number);  // LAST_OFFICE_ACCOUNT
absl::Status OfficePresent(int64_t number, absl::string_view principal);    // OFFICE_PRESENT

}  // namespace dondoc::registry::error
