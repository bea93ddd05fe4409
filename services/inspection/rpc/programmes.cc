#include "services/inspection/rpc/programmes.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "libs/base/status_macros.h"
#include "services/inspection/domain/errors.h"
#include "services/inspection/domain/limits.h"
#include "services/inspection/domain/programme.h"
#include "services/inspection/store/coverages.h"
#include "services/inspection/store/programmes.h"
#include "services/inspection/store/registry_copy.h"
#include "services/inspection/wire/convert.h"
#include "services/inspection/wire/names.h"
#include "services/inspection/wire/requests.h"

namespace dondoc::inspection {
namespace {

constexpr char kSystemPrefix[] = "system:";

// What is known of each unit: its inspections and its late work.
absl::flat_hash_map<std::string, UnitFacts> FactsOfUnits(store::Snapshot& snapshot) {
  absl::flat_hash_map<std::string, UnitFacts> facts = InspectionFacts(snapshot);
  for (const auto& [unit, count] : LateCounts(snapshot, snapshot.today())) {
    facts[unit].late_count = count;
  }
  return facts;
}

pb::ProposeProgrammeResponse ToResponse(const ProgrammeDraft& draft) {
  pb::ProposeProgrammeResponse response;
  *response.mutable_programme() = ToProto(draft.programme);
  for (const Inspection& inspection : draft.inspections) {
    *response.add_inspections() = ToProto(inspection);
  }
  return response;
}

// Where access is open, a caller's name is no more than what somebody wrote.
bool IsProven(const rpc::Call& call) { return call.narrowed != nullptr; }

// Who lists inspections counts those that are being prepared, too; so does a system that answers
// for the whole register, which speaks for no unit. Whoever speaks for a unit is told like one.
Sight SightOfCoverage(const rpc::Call& call) {
  const bool whole_system =
      call.reach().IsEverything() && absl::StartsWith(call.actor, kSystemPrefix);
  return {.reach = call.reach(),
          .inside = whole_system ? identity::Reach::Everything() : call.inside()};
}

}  // namespace

absl::StatusOr<pb::ProposeProgrammeResponse> ProposeProgramme(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::ProposeProgrammeRequest& request) {
  const Share share = PlanShareOf(transaction, request.year()).value_or(regulation.default_share);
  ASSIGN_OR_RETURN(const ProgrammeWish wish, FromRequest(request, share, regulation));
  const std::optional<Programme> before = FindProgramme(transaction, wish.year);
  if (before && before->state == ProgrammeState::kApproved) {
    return error::ProgrammeAlreadyApproved(wish.year);
  }
  const Units units = LoadUnits(transaction);
  const auto facts = FactsOfUnits(transaction);
  ASSIGN_OR_RETURN(ProgrammeDraft draft, Propose(wish, {.now = transaction.now(),
                                                        .units = units,
                                                        .facts = facts,
                                                        .holidays = regulation.holidays,
                                                        .rule = regulation.counting}));
  draft.programme.proposer = call.actor;
  if (ToProto(draft.programme).ByteSizeLong() > kProgrammeBytesMax) {
    return error::ProgrammeTooLarge(draft.programme.unit_count);
  }
  if (request.validate_only()) return ToResponse(draft);

  draft.programme.version = before ? before->version : 0;
  draft.programme = SaveProgramme(transaction, std::move(draft.programme), "proposed");
  ReplaceProposedInspections(transaction, wish.year, draft.inspections);
  RefreshCoverages(transaction, regulation);
  return ToResponse(draft);
}

absl::StatusOr<pb::ApproveProgrammeResponse> ApproveProgramme(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::ApproveProgrammeRequest& request) {
  ASSIGN_OR_RETURN(const int year, ParseProgrammeName("name", request.name()));
  ASSIGN_OR_RETURN(std::string decision, RequiredLine("decision", request.decision()));
  std::optional<Programme> proposed = FindProgramme(transaction, year);
  if (!proposed) return error::ProgrammeNotFound(request.name());
  const std::string etag = EtagOf(proposed->version);
  if (!request.etag().empty() && request.etag() != etag) {
    return error::EtagStale(request.name(), request.etag(), etag);
  }
  ASSIGN_OR_RETURN(
      ProgrammeDraft approved,
      Approve({.programme = *std::move(proposed), .inspections = InspectionsOf(transaction, year)},
              {.decision = std::move(decision),
               .now = transaction.now(),
               .approver = IsProven(call) ? call.actor : std::string()}));

  pb::ApproveProgrammeResponse response;
  *response.mutable_programme() =
      ToProto(SaveProgramme(transaction, std::move(approved.programme), "approved"));
  for (Inspection& inspection : approved.inspections) {
    SaveInspection(transaction, std::move(inspection), "planned");
  }
  RefreshCoverages(transaction, regulation);
  return response;
}

absl::StatusOr<pb::GetProgrammeResponse> GetProgramme(const rpc::Call&, store::Snapshot& snapshot,
                                                      const pb::GetProgrammeRequest& request) {
  ASSIGN_OR_RETURN(const int year, ParseProgrammeName("name", request.name()));
  std::optional<pb::Programme> programme = FindProgrammeBody(snapshot, year);
  if (!programme) return error::ProgrammeNotFound(request.name());
  pb::GetProgrammeResponse response;
  *response.mutable_programme() = *std::move(programme);
  return response;
}

absl::StatusOr<pb::GetCoverageResponse> GetCoverage(const Regulation& regulation,
                                                    const rpc::Call& call,
                                                    store::Snapshot& snapshot,
                                                    const pb::GetCoverageRequest& request) {
  RETURN_IF_ERROR(CheckYear(request.year()));
  pb::GetCoverageResponse response;
  *response.mutable_coverage() =
      ToProto(CountCoverage(snapshot, request.year(), regulation, SightOfCoverage(call)));
  return response;
}

}  // namespace dondoc::inspection
