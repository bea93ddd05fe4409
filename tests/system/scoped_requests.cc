#include "tests/system/scoped_requests.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"

namespace dondoc::testing {
namespace {

// Due at the end of April.
const Work kWork = {.task = 19, .phase = 1, .unit = "chi-cuc-tdc"};
constexpr char kIndicator[] = "luot-tap-huan";
constexpr char kReport[] = "plans/cchc-2023/reports/2023-Q1";

kpi_pb::Observation Figure(const std::string& key) {
  kpi_pb::Observation observation = Observe(kIndicator, "2023-02-01", "1", "1");
  observation.set_unit(kOwnUnit);
  observation.set_key(key);
  return observation;
}

registry_pb::DeliverPeriodicReportRequest Delivery() {
  registry_pb::DeliverPeriodicReportRequest request;
  request.set_request_id(NewUuid());
  request.set_name(kReport);
  request.set_unit(kOwnUnit);
  request.set_document_number("7/BC-TDC");
  return request;
}

// Returns its name.
std::string AddAdHoc(City& city, const std::string& programme, const std::string& unit) {
  inspection_pb::AddInspectionRequest add;
  add.set_request_id(NewUuid());
  add.set_parent(programme);
  add.set_unit(unit);
  add.set_planned_date("2023-10-31");
  add.add_team(unit == kOwnUnit ? "an" : "binh");
  add.set_reason("Có phản ánh của người dân");
  const auto added = city.Call(&Inspections::AddInspection, add);
  EXPECT_THAT(added, IsOk());
  return added.ok() ? added->inspection().name() : "";
}

// So that kOwnUnit is one of the units that the coverage of kYear names.
void ConcludeOneOfOwnUnit(City& city, const std::string& programme) {
  inspection_pb::CompleteInspectionRequest complete;
  complete.set_request_id(NewUuid());
  complete.set_name(AddAdHoc(city, programme, kOwnUnit));
  EXPECT_THAT(city.Call(&Inspections::CompleteInspection, complete), IsOk());
  inspection_pb::ConcludeInspectionRequest conclude;
  conclude.set_request_id(NewUuid());
  conclude.set_name(complete.name());
  conclude.set_document_number("12/TB-SKHCN");
  EXPECT_THAT(city.Call(&Inspections::ConcludeInspection, conclude), IsOk());
}

// The programme of kYear with both units in it, approved, and one of them told.
Inspected Programme(City& city) {
  inspection_pb::ProposeProgrammeRequest propose;
  propose.set_request_id(NewUuid());
  propose.set_year(kYear);
  propose.set_seed(7);
  for (const char* unit : {kOwnUnit, kUntoldUnit}) {
    inspection_pb::MandatoryUnit& mandatory = *propose.add_mandatory_units();
    mandatory.set_unit(unit);
    mandatory.set_reason("Kiểm tra theo kế hoạch");
  }
  for (const char* id : {"an", "binh"}) {
    inspection_pb::Inspector& inspector = *propose.add_inspectors();
    inspector.set_id(id);
    inspector.set_display_name(id);
    inspector.set_unit("units/thanh-tra");
  }
  propose.set_start_date("2023-11-01");
  const auto proposed = city.Call(&Inspections::ProposeProgramme, propose);
  EXPECT_THAT(proposed, IsOk());
  if (!proposed.ok()) return {};
  inspection_pb::ApproveProgrammeRequest approve;
  approve.set_request_id(NewUuid());
  approve.set_name(proposed->programme().name());
  approve.set_decision("Quyết định số 20/QĐ-SKHCN");
  EXPECT_THAT(city.Call(&Inspections::ApproveProgramme, approve), IsOk());

  inspection_pb::ListInspectionsRequest list;
  list.set_parent(proposed->programme().name());
  Inspected inspected;
  const auto all = city.ListAll(&Inspections::ListInspections, list);
  for (const auto& inspection : all.inspections()) {
    if (inspection.unit() == kOwnUnit) inspected.told = inspection.name();
    if (inspection.unit() == kUntoldUnit) inspected.untold = inspection.name();
  }
  EXPECT_FALSE(inspected.told.empty());
  EXPECT_FALSE(inspected.untold.empty());
  ConcludeOneOfOwnUnit(city, proposed->programme().name());
  inspected.ad_hoc = AddAdHoc(city, proposed->programme().name(), kUntoldUnit);
  inspection_pb::NotifyInspectionRequest notify;
  notify.set_request_id(NewUuid());
  notify.set_name(inspected.told);
  EXPECT_THAT(city.Call(&Inspections::NotifyInspection, notify), IsOk());
  return inspected;
}

std::string FirstNotice(City& city) {
  const auto notices = AllNotices(city, kOwnUnit);
  return notices.empty() ? "" : notices.front().name();
}

// Without a request id, so that one caller's request is not taken for another's repeated.
template <typename Request>
std::string Bare(Request request) {
  request.clear_request_id();
  return request.SerializeAsString();
}
// For requests that say no more than the name of what they are about.
template <typename Request>
std::string Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request.SerializeAsString();
}
template <typename Request>
std::string NamedWithReason(const std::string& name) {
  Request request;
  request.set_name(name);
  request.set_reason("Theo chỉ đạo");
  return request.SerializeAsString();
}
template <typename Request>
std::string Parent(const std::string& parent, const std::string& unit) {
  Request request;
  request.set_parent(parent);
  request.set_unit(unit);
  return request.SerializeAsString();
}
template <typename Request>
std::string ToOwnUnit() {
  Request request;
  request.set_recipient(kOwnUnit);
  return request.SerializeAsString();
}

// The words of a task are everybody's, and every unit of the task sees how far it is itself; that
// kOwnUnit has begun, as no other unit has, is seen within reach alone.
bool SaysThatOwnUnitHasBegun(const std::string& answer) {
  registry_pb::GetTaskResponse response;
  EXPECT_TRUE(response.ParseFromString(answer));
  return response.task().phases(kWork.phase - 1).progress() > registry_pb::PROGRESS_NOT_STARTED;
}

using Requests = std::map<std::string, ScopedRequest>;

constexpr char kForbidden[] = "OUT_OF_SCOPE";

Requests OfRegistry() {
  const std::string work = NameOf(kWork);
  registry_pb::ListPeriodicReportsRequest reports;
  reports.set_parent("plans/cchc-2023");
  return {
      {"AcceptResult", {Bare(Accept(kWork)), kForbidden}},
      {"DeliverPeriodicReport", {Bare(Delivery()), kForbidden}},
      {"GetAssignment", {Named<registry_pb::GetAssignmentRequest>(work), "ASSIGNMENT_NOT_FOUND"}},
      {"GetPlanSummary", {Named<registry_pb::GetPlanSummaryRequest>("plans/cchc-2023"), ""}},
      {"GetTask",
       {Named<registry_pb::GetTaskRequest>(absl::StrCat("plans/cchc-2023/tasks/", kWork.task)), "",
        SaysThatOwnUnitHasBegun}},
      {"ListTasks", {Parent<registry_pb::ListTasksRequest>("plans/cchc-2023", kOwnUnit), ""}},
      {"ListAssignments",
       {Parent<registry_pb::ListAssignmentsRequest>("plans/cchc-2023", kOwnUnit), ""}},
      {"ListPeriodicReports", {reports.SerializeAsString(), ""}},
      {"ReportProgress", {Bare(Report(kWork, 10)), kForbidden}},
      {"ResumeAssignment",
       {NamedWithReason<registry_pb::ResumeAssignmentRequest>(work), kForbidden}},
      {"ReturnResult", {NamedWithReason<registry_pb::ReturnResultRequest>(work), kForbidden}},
      {"SubmitResult", {Bare(Submit(kWork)), kForbidden}},
      {"SuspendAssignment",
       {NamedWithReason<registry_pb::SuspendAssignmentRequest>(work), kForbidden}},
  };
}

Requests OfInspection(const Inspected& inspected) {
  constexpr char kUnknown[] = "INSPECTION_NOT_FOUND";
  inspection_pb::GetCoverageRequest coverage;
  coverage.set_year(kYear);
  inspection_pb::RemedyFindingRequest remedy;
  remedy.set_name(inspected.told);
  remedy.set_finding_number(1);
  remedy.set_document("9/BC-TDC");
  remedy.set_verified_by("units/thanh-tra");
  return {
      {"CompleteInspection",
       {Named<inspection_pb::CompleteInspectionRequest>(inspected.told), kUnknown}},
      {"GetCoverage", {coverage.SerializeAsString(), ""}},
      {"GetInspection", {Named<inspection_pb::GetInspectionRequest>(inspected.told), kUnknown}},
      {"ListInspections",
       {Parent<inspection_pb::ListInspectionsRequest>(absl::StrCat("programmes/", kYear), kOwnUnit),
        ""}},
      {"NotifyInspection",
       {Named<inspection_pb::NotifyInspectionRequest>(inspected.told), kUnknown}},
      {"RemedyFinding", {remedy.SerializeAsString(), kUnknown}},
  };
}

Requests OfKpi() {
  const std::string indicator = absl::StrCat("indicators/", kIndicator);
  kpi_pb::GetBoardRequest board;
  board.set_unit(kOwnUnit);
  board.set_period("2023");
  kpi_pb::GetValueRequest value;
  value.set_indicator(indicator);
  value.set_unit(kOwnUnit);
  value.set_period("2023");
  kpi_pb::RecordObservationsRequest record;
  *record.add_observations() = Figure("more");
  return {
      {"GetBoard", {board.SerializeAsString(), "UNIT_UNKNOWN"}},
      {"GetValue", {value.SerializeAsString(), "UNIT_UNKNOWN"}},
      {"ListObservations",
       {Parent<kpi_pb::ListObservationsRequest>(indicator, kOwnUnit), "UNIT_UNKNOWN"}},
      {"RecordObservations", {record.SerializeAsString(), kForbidden}},
  };
}

Requests OfNotification(City& city) {
  return {
      {"AcknowledgeNotice",
       {Named<notification_pb::AcknowledgeNoticeRequest>(FirstNotice(city)), "NOTICE_UNKNOWN"}},
      {"CountNotices", {ToOwnUnit<notification_pb::CountNoticesRequest>(), ""}},
      {"ListNotices", {ToOwnUnit<notification_pb::ListNoticesRequest>(), ""}},
      {"ListUpcoming", {ToOwnUnit<notification_pb::ListUpcomingRequest>(), ""}},
      {"SetContact", {Bare(SetContact("chi-cuc-tdc")), kForbidden}},
      {"WatchInbox", {ToOwnUnit<notification_pb::WatchInboxRequest>(), kForbidden}},
  };
}

}  // namespace

Inspected FillForScopes(City& city) {
  city.AddUnits();
  city.ImportPlan();
  city.ResolveGroups();
  EXPECT_THAT(city.Call(&Kpi::DefineIndicator, DefineIndicator(kIndicator)), IsOk());
  EXPECT_TRUE(Eventually([&] { return Record(city, {Figure("first")}).ok(); }));
  EXPECT_THAT(city.Call(&Registry::DeliverPeriodicReport, Delivery()), IsOk());
  EXPECT_TRUE(Eventually([&] { return !Upcoming(city, kOwnUnit).empty(); }));
  EXPECT_TRUE(Eventually([&] { return CoverageOf(city, kYear).unit_count() > 0; }));
  const Inspected inspected = Programme(city);
  // What became of the others before was heard before.
  EXPECT_TRUE(Eventually([&] {
    const auto notices = Upcoming(city, kOwnUnit);
    return std::any_of(notices.begin(), notices.end(),
                       [&](const auto& notice) { return notice.subject() == inspected.told; });
  }));
  city.TravelTo({.from = Moment(2023, 5, 4, 9)});
  EXPECT_TRUE(Eventually([&] { return !FirstNotice(city).empty(); }));
  EXPECT_THAT(city.Call(&Registry::ReportProgress, Report(kWork, 10)), IsOk());
  return inspected;
}

Requests ScopedRequests(City& city, const Inspected& inspected) {
  Requests all;
  const auto add = [&all](const std::string& service, const Requests& requests) {
    for (const auto& [method, request] : requests) {
      all[absl::StrCat("dondoc.", service, "/", method)] = request;
    }
  };
  add("registry.v1.RegistryService", OfRegistry());
  add("inspection.v1.InspectionService", OfInspection(inspected));
  add("kpi.v1.KpiService", OfKpi());
  add("notification.v1.NotificationService", OfNotification(city));
  return all;
}

}  // namespace dondoc::testing
