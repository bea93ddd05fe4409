#include "services/inspection/rpc/inspections.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "libs/rpc/page.h"
#include "services/inspection/domain/errors.h"
#include "services/inspection/domain/inspection.h"
#include "services/inspection/store/coverages.h"
#include "services/inspection/store/programmes.h"
#include "services/inspection/store/registry_copy.h"
#include "services/inspection/wire/convert.h"
#include "services/inspection/wire/names.h"
#include "services/inspection/wire/requests.h"

namespace dondoc::inspection {
namespace {

// The programme that a change is about; only an approved one has inspections in motion.
absl::StatusOr<Programme> ProgrammeInMotion(store::Snapshot& snapshot, int year) {
  std::optional<Programme> programme = FindProgramme(snapshot, year);
  if (!programme) return error::ProgrammeNotFound(ProgrammeName(year));
  if (programme->state != ProgrammeState::kApproved) return error::ProgrammeNotApproved(year);
  return *std::move(programme);
}

Sight SightOf(const rpc::Call& call) { return {.reach = call.reach(), .inside = call.inside()}; }

// The inspection that a request is about, when the caller may change it and nobody was faster.
template <typename Request>
absl::StatusOr<Inspection> InspectionToChange(const rpc::Call& call, store::Snapshot& snapshot,
                                              const Request& request) {
  ASSIGN_OR_RETURN(const InspectionKey key, ParseInspectionName("name", request.name()));
  std::optional<Inspection> inspection = FindInspection(snapshot, key.year, key.number);
  // Names are counted up, so a refusal that told what is beyond reach from what is not there would
  // tell anybody who is inspected.
  if (!inspection || !call.reach().Contains(inspection->unit)) {
    return error::InspectionNotFound(request.name());
  }
  if (inspection->version == 0) return error::ProgrammeNotApproved(key.year);
  const std::string etag = EtagOf(inspection->version);
  if (!request.etag().empty() && request.etag() != etag) {
    return error::EtagStale(request.name(), request.etag(), etag);
  }
  return *std::move(inspection);
}

template <typename Response>
Response ToResponse(const store::Snapshot& snapshot, const Inspection& inspection) {
  Response response;
  *response.mutable_inspection() = ToProto(inspection);
  AddDerived(*response.mutable_inspection(), snapshot.today());
  return response;
}

}  // namespace

absl::StatusOr<pb::GetInspectionResponse> GetInspection(const rpc::Call& call,
                                                        store::Snapshot& snapshot,
                                                        const pb::GetInspectionRequest& request) {
  ASSIGN_OR_RETURN(const InspectionKey key, ParseInspectionName("name", request.name()));
  const std::optional<Inspection> inspection = FindInspection(snapshot, key.year, key.number);
  if (!inspection || !Sees(SightOf(call), *inspection)) {
    return error::InspectionNotFound(request.name());
  }
  return ToResponse<pb::GetInspectionResponse>(snapshot, *inspection);
}

absl::StatusOr<pb::ListInspectionsResponse> ListInspections(
    const rpc::Call& call, store::Snapshot& snapshot, const pb::ListInspectionsRequest& request) {
  InspectionFilter filter{.state = request.state()};
  ASSIGN_OR_RETURN(filter.year, ParseProgrammeName("parent", request.parent()));
  if (!request.unit().empty()) {
    ASSIGN_OR_RETURN(filter.unit, ParseUnitName("unit", request.unit()));
  }
  if (!pb::InspectionState_IsValid(request.state())) {
    return error::StateFilterInvalid(request.state());
  }
  const std::string list =
      absl::StrJoin({request.parent(), request.unit(), absl::StrCat(request.state())}, "\n");
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), list));
  if (!FindProgrammeBody(snapshot, filter.year)) return error::ProgrammeNotFound(request.parent());

  int64_t after = 0;
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &after)) after = 0;
  // One more than the page holds tells whether there is a next one.
  std::vector<pb::Inspection> found =
      ListInspectionBodies(snapshot, filter, SightOf(call), after, page.size + 1);
  const bool more = found.size() > static_cast<size_t>(page.size);
  if (more) found.pop_back();
  pb::ListInspectionsResponse response;
  for (pb::Inspection& inspection : found) {
    AddDerived(inspection, snapshot.today());
    *response.add_inspections() = std::move(inspection);
  }
  if (more) {
    const InspectionKey last =
        ParseInspectionName("name", response.inspections().rbegin()->name()).value();
    response.set_next_page_token(rpc::NextPageToken(absl::StrCat(last.number), list));
  }
  return response;
}

absl::StatusOr<pb::AddInspectionResponse> AddInspection(const Regulation& regulation,
                                                        const rpc::Call&,
                                                        store::Transaction& transaction,
                                                        const pb::AddInspectionRequest& request) {
  ASSIGN_OR_RETURN(Inspection inspection, FromRequest(request));
  ASSIGN_OR_RETURN(const Programme programme, ProgrammeInMotion(transaction, inspection.year));
  inspection.number = NextInspectionNumber(transaction, inspection.year);
  const Units units = LoadUnits(transaction);
  const std::vector<Inspection> same_day =
      InspectionsOn(transaction, inspection.planned, inspection.number);
  RETURN_IF_ERROR(CheckPlan(inspection, {.today = transaction.today(),
                                         .units = units,
                                         .holidays = regulation.holidays,
                                         .inspectors = programme.inspectors,
                                         .same_day = same_day}));
  inspection = SaveInspection(transaction, std::move(inspection), "planned");
  RefreshCoverages(transaction, regulation);
  return ToResponse<pb::AddInspectionResponse>(transaction, inspection);
}

absl::StatusOr<pb::RescheduleInspectionResponse> RescheduleInspection(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::RescheduleInspectionRequest& request) {
  DateMove move{
      .old_date = {}, .new_date = {}, .reason = {}, .actor = call.actor, .at = transaction.now()};
  ASSIGN_OR_RETURN(move.new_date, calendar::ParseDate("planned_date", request.planned_date()));
  ASSIGN_OR_RETURN(move.reason, RequiredReason("reason", request.reason()));
  ASSIGN_OR_RETURN(Inspection inspection, InspectionToChange(call, transaction, request));
  ASSIGN_OR_RETURN(const Programme programme, ProgrammeInMotion(transaction, inspection.year));
  const Units units = LoadUnits(transaction);
  const std::vector<Inspection> same_day =
      InspectionsOn(transaction, move.new_date, inspection.number);
  ASSIGN_OR_RETURN(inspection, Reschedule(std::move(inspection), std::move(move),
                                          {.today = transaction.today(),
                                           .units = units,
                                           .holidays = regulation.holidays,
                                           .inspectors = programme.inspectors,
                                           .same_day = same_day}));
  inspection = SaveInspection(transaction, std::move(inspection), "rescheduled");
  return ToResponse<pb::RescheduleInspectionResponse>(transaction, inspection);
}

absl::StatusOr<pb::NotifyInspectionResponse> NotifyInspection(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::NotifyInspectionRequest& request) {
  ASSIGN_OR_RETURN(Inspection inspection, InspectionToChange(call, transaction, request));
  ASSIGN_OR_RETURN(inspection, Notify(std::move(inspection), transaction.today()));
  inspection = SaveInspection(transaction, std::move(inspection), "notified");
  return ToResponse<pb::NotifyInspectionResponse>(transaction, inspection);
}

absl::StatusOr<pb::CompleteInspectionResponse> CompleteInspection(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::CompleteInspectionRequest& request) {
  ASSIGN_OR_RETURN(std::vector<Finding> findings, FromRequest(request));
  ASSIGN_OR_RETURN(Inspection inspection, InspectionToChange(call, transaction, request));
  ASSIGN_OR_RETURN(inspection,
                   Complete(std::move(inspection), std::move(findings), transaction.today()));
  inspection = SaveInspection(transaction, std::move(inspection), "done");
  return ToResponse<pb::CompleteInspectionResponse>(transaction, inspection);
}

absl::StatusOr<pb::ConcludeInspectionResponse> ConcludeInspection(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::ConcludeInspectionRequest& request) {
  Conclusion conclusion{
      .document = {}, .today = transaction.today(), .remedy_days = regulation.remedy_days};
  ASSIGN_OR_RETURN(conclusion.document, RequiredLine("document_number", request.document_number()));
  ASSIGN_OR_RETURN(Inspection inspection, InspectionToChange(call, transaction, request));
  ASSIGN_OR_RETURN(inspection, Conclude(std::move(inspection), conclusion, regulation.holidays));
  inspection = SaveInspection(transaction, std::move(inspection), "concluded");
  RefreshCoverages(transaction, regulation);
  return ToResponse<pb::ConcludeInspectionResponse>(transaction, inspection);
}

absl::StatusOr<pb::RemedyFindingResponse> RemedyFinding(const Regulation& regulation,
                                                        const rpc::Call& call,
                                                        store::Transaction& transaction,
                                                        const pb::RemedyFindingRequest& request) {
  ASSIGN_OR_RETURN(Remedy remedy, FromRequest(request));
  remedy.today = transaction.today();
  remedy.within_grants = call.reach().Contains(remedy.verified_by);
  ASSIGN_OR_RETURN(Inspection inspection, InspectionToChange(call, transaction, request));
  ASSIGN_OR_RETURN(inspection, PutRight(std::move(inspection), remedy, LoadUnits(transaction)));
  inspection = SaveInspection(transaction, std::move(inspection), "remedied");
  RefreshCoverages(transaction, regulation);
  return ToResponse<pb::RemedyFindingResponse>(transaction, inspection);
}

absl::StatusOr<pb::CancelInspectionResponse> CancelInspection(
    const Regulation& regulation, const rpc::Call& call, store::Transaction& transaction,
    const pb::CancelInspectionRequest& request) {
  ASSIGN_OR_RETURN(std::string reason, RequiredReason("reason", request.reason()));
  ASSIGN_OR_RETURN(Inspection inspection, InspectionToChange(call, transaction, request));
  ASSIGN_OR_RETURN(inspection, Cancel(std::move(inspection), std::move(reason)));
  inspection = SaveInspection(transaction, std::move(inspection), "cancelled");
  RefreshCoverages(transaction, regulation);
  return ToResponse<pb::CancelInspectionResponse>(transaction, inspection);
}

}  // namespace dondoc::inspection
