#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "dondoc/registry/v1/grant.pb.h"
#include "dondoc/registry/v1/plan.pb.h"
#include "dondoc/registry/v1/registry_service.pb.h"
#include "dondoc/registry/v1/task.pb.h"
#include "dondoc/registry/v1/unit.pb.h"
#include "services/registry/domain/assignment.h"
#include "services/registry/domain/periodic_report.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/role_grant.h"
#include "services/registry/domain/tally.h"
#include "services/registry/domain/task.h"
#include "services/registry/domain/unit.h"

// The only place where domain and protobuf meet. The message of a resource is at once the answer of
// an RPC, the payload of an event and the body of a row: one form, converted once per change.
//
// ToProto() takes the version that the resource has in this form. Restore…() reads back what
// ToProto() wrote and throws when it is anything else: a body that this service did not write means
// a broken database, which no caller can have caused (Database turns it into INTERNAL). What a
// caller sent is read by the functions that return StatusOr.
namespace dondoc::registry {

namespace pb = v1;

// ---- Units ----------------------------------------------------------------------------------

pb::Unit ToProto(const Unit& unit, int64_t version);
Unit RestoreUnit(const pb::Unit& message);
absl::StatusOr<NewUnit> ReadNewUnit(const pb::Unit& message);
absl::StatusOr<UnitChange> ReadUnitChange(const pb::Unit& message);

// ---- Grants ---------------------------------------------------------------------------------

pb::Grant ToProto(const RoleGrant& grant, int64_t version);
RoleGrant RestoreGrant(const pb::Grant& message);
absl::StatusOr<NewRoleGrant> ReadNewGrant(const pb::Grant& message);

// ---- Tasks ----------------------------------------------------------------------------------

// Derived fields are as of `today`.
pb::Task ToProto(const Task& task, int64_t version, absl::CivilDay today);
Task RestoreTask(const pb::Task& message);
// Brings the derived fields of a stored body up to `today`. All that a read has to do.
void Derive(pb::Task& message, absl::CivilDay today);
absl::StatusOr<std::vector<Exclusion>> ReadExclusions(
    const google::protobuf::RepeatedPtrField<pb::Exclusion>& exclusions);
absl::StatusOr<std::vector<std::string>> ReadUnitNames(
    absl::string_view field, const google::protobuf::RepeatedPtrField<std::string>& names);

// ---- Assignments ----------------------------------------------------------------------------

pb::Assignment ToProto(const Assignment& assignment, int64_t version, absl::CivilDay today);
Assignment RestoreAssignment(const pb::Assignment& message);
void Derive(pb::Assignment& message, absl::CivilDay today);
absl::StatusOr<NewSubmission> ReadSubmission(const pb::SubmitResultRequest& request);

// ---- Periodic reports -----------------------------------------------------------------------

pb::PeriodicReport ToProto(const PeriodicReport& report, int64_t version);
PeriodicReport RestoreReport(const pb::PeriodicReport& message);

// ---- Plans ----------------------------------------------------------------------------------

// What the document does not say of a plan.
struct PlanFacts {
  std::string id;
  std::string document_sha256;
  absl::Time import_time;
  // What setting it in motion noticed.
  std::vector<PlanWarning> more_warnings;
};
pb::Plan ToProto(const PlanDocument& document, const PlanFacts& facts, int64_t version);
pb::Tally ToProto(const Tally& tally);

// ---- Enumerations and scalars ---------------------------------------------------------------

pb::UnitKind ToProto(UnitKind kind);
pb::Progress ToProto(Progress progress);
pb::Timeliness ToProto(Timeliness timeliness);
pb::PartyKind ToProto(PartyKind kind);
pb::Outcome ToProto(Outcome outcome);

// ENUM_INVALID for UNSPECIFIED and for a number that has no name.
absl::StatusOr<UnitKind> ReadUnitKind(absl::string_view field, int value);
absl::StatusOr<Progress> ReadProgress(absl::string_view field, int value);
absl::StatusOr<Timeliness> ReadTimeliness(absl::string_view field, int value);
absl::StatusOr<PartyKind> ReadPartyKind(absl::string_view field, int value);
absl::StatusOr<Outcome> ReadOutcome(absl::string_view field, int value);

google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time RestoreTime(const google::protobuf::Timestamp& message);
// "" for no date.
std::string DateText(const std::optional<absl::CivilDay>& date);
absl::CivilDay RestoreDate(const std::string& text);
std::optional<absl::CivilDay> RestoreOptionalDate(const std::string& text);

// "\"3\"": the version in the quotes that AIP-154 asks for.
std::string EtagOf(int64_t version);

}  // namespace dondoc::registry
