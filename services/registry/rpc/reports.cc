#include "services/registry/rpc/reports.h"

#include <algorithm>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/rpc/checks.h"
#include "services/registry/store/plans.h"
#include "services/registry/store/units.h"

namespace dondoc::registry {
namespace {

// Refuses a unit that owes no report today. Unlike new work, a report may be sent by a unit whose
// end is on record, as long as it is there.
absl::Status CheckOwesReports(const Unit& unit, absl::CivilDay today) {
  if (unit.IsExternal()) return error::UnitExternal(unit.id());
  if (!unit.ExistsOn(today)) return error::UnitNotThere(unit.id(), today);
  return absl::OkStatus();
}

// Leaves out what units beyond reach have sent. A report is kept in one piece, so this cannot be a
// condition of its query.
void Narrow(const identity::Reach& reach, pb::PeriodicReport& report) {
  if (reach.IsEverything()) return;
  auto& deliveries = *report.mutable_deliveries();
  deliveries.erase(std::remove_if(deliveries.begin(), deliveries.end(),
                                  [&](const pb::ReportDelivery& delivery) {
                                    return !reach.Contains(delivery.unit());
                                  }),
                   deliveries.end());
}

}  // namespace

absl::StatusOr<pb::ListPeriodicReportsResponse> ListPeriodicReports(
    const rpc::Call& call, store::Snapshot& snapshot,
    const pb::ListPeriodicReportsRequest& request) {
  ASSIGN_OR_RETURN(const std::string plan, ParsePlanName("parent", request.parent()));
  if (!PlanExists(snapshot, plan)) return error::PlanNotFound(plan);
  pb::ListPeriodicReportsResponse response;
  for (pb::PeriodicReport& report : ListReportBodies(snapshot, plan)) {
    Narrow(call.reach(), report);
    *response.add_reports() = std::move(report);
  }
  return response;
}

absl::StatusOr<pb::DeliverPeriodicReportResponse> DeliverPeriodicReport(
    const rpc::Call& call, store::Transaction& transaction,
    const pb::DeliverPeriodicReportRequest& request) {
  ASSIGN_OR_RETURN(const ReportKey key, ParseReportName("name", request.name()));
  ASSIGN_OR_RETURN(const std::string unit_id, ParseUnitName("unit", request.unit()));
  RETURN_IF_ERROR(identity::CheckUnit(call.reach(), request.unit()));
  ASSIGN_OR_RETURN(Stored<PeriodicReport> report, FindReport(transaction, key));
  ASSIGN_OR_RETURN(const Stored<Unit> unit, FindUnit(transaction, unit_id));
  RETURN_IF_ERROR(CheckOwesReports(unit.value, transaction.today()));
  RETURN_IF_ERROR(report.value.Deliver(unit_id, request.document_number(), transaction.today()));
  pb::DeliverPeriodicReportResponse response;
  *response.mutable_report() = SaveReport(transaction, report, "delivered");
  Narrow(call.reach(), *response.mutable_report());
  return response;
}

absl::StatusOr<pb::ReschedulePeriodicReportResponse> ReschedulePeriodicReport(
    const rpc::Call&, store::Transaction& transaction,
    const pb::ReschedulePeriodicReportRequest& request) {
  ASSIGN_OR_RETURN(const ReportKey key, ParseReportName("name", request.name()));
  ASSIGN_OR_RETURN(const absl::CivilDay due, calendar::ParseDate("due_date", request.due_date()));
  ASSIGN_OR_RETURN(Stored<PeriodicReport> report, FindReport(transaction, key));
  RETURN_IF_ERROR(CheckEtag(request.name(), request.etag(), report.version));
  RETURN_IF_ERROR(report.value.Reschedule(due, transaction.today()));
  pb::ReschedulePeriodicReportResponse response;
  *response.mutable_report() = SaveReport(transaction, report, "rescheduled");
  return response;
}

}  // namespace dondoc::registry
