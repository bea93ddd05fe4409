#include "tests/system/acts.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "libs/calendar/dates.h"

namespace dondoc::testing {

std::string NameOf(const Work& work) {
  return absl::StrCat("plans/cchc-2023/tasks/", work.task, "/phases/", work.phase, "/assignments/",
                      work.unit);
}

registry_pb::AddUnitRequest AddUnit(const std::string& id) {
  registry_pb::AddUnitRequest request;
  request.set_request_id(NewUuid());
  registry_pb::Unit& unit = *request.mutable_unit();
  unit.set_name("units/" + id);
  unit.set_display_name("Phòng " + id);
  unit.set_kind(registry_pb::UNIT_KIND_DIVISION);
  unit.set_parent("units/so-khcn");
  unit.set_valid_from("2023-01-01");
  unit.set_illustrative(true);
  return request;
}

registry_pb::ReportProgressRequest Report(const Work& work, int percent) {
  registry_pb::ReportProgressRequest request;
  request.set_request_id(NewUuid());
  request.set_name(NameOf(work));
  request.set_percent(percent);
  request.set_note("Đang lấy ý kiến các phòng");
  return request;
}

registry_pb::SubmitResultRequest Submit(const Work& work) {
  registry_pb::SubmitResultRequest request;
  request.set_request_id(NewUuid());
  request.set_name(NameOf(work));
  request.set_outcome(registry_pb::OUTCOME_PRODUCED);
  registry_pb::Evidence& evidence = *request.add_evidence();
  evidence.set_document_number("15/KH-SKHCN");
  evidence.set_document_date("2023-02-01");
  return request;
}

registry_pb::AcceptResultRequest Accept(const Work& work) {
  registry_pb::AcceptResultRequest request;
  request.set_request_id(NewUuid());
  request.set_name(NameOf(work));
  return request;
}

kpi_pb::DefineIndicatorRequest DefineIndicator(const std::string& id) {
  kpi_pb::DefineIndicatorRequest request;
  request.set_request_id(NewUuid());
  kpi_pb::Indicator& indicator = *request.mutable_indicator();
  indicator.set_name("indicators/" + id);
  indicator.set_display_name("Số lượt tập huấn");
  indicator.set_unit_of_measure("lượt");
  indicator.set_aggregation(kpi_pb::AGGREGATION_SUM);
  indicator.set_factor(1);
  return request;
}

notification_pb::SetContactRequest SetContact(const std::string& unit) {
  notification_pb::SetContactRequest request;
  request.set_request_id(NewUuid());
  request.mutable_contact()->set_recipient("units/" + unit);
  request.mutable_contact()->set_email(unit + "@so.example");
  return request;
}

void SettleResult(City& city, const Work& work) {
  ASSERT_THAT(city.Call(&Registry::SubmitResult, Submit(work), "units/" + work.unit), IsOk());
  ASSERT_THAT(city.Call(&Registry::AcceptResult, Accept(work), "giam-doc"), IsOk());
}

registry_pb::Assignment AssignmentOf(City& city, const Work& work) {
  registry_pb::GetAssignmentRequest request;
  request.set_name(NameOf(work));
  const auto response = city.Call(&Registry::GetAssignment, request);
  EXPECT_THAT(response, IsOk());
  return response.ok() ? response->assignment() : registry_pb::Assignment();
}

std::vector<registry_pb::Assignment> AllAssignments(City& city) {
  registry_pb::ListAssignmentsRequest request;
  request.set_parent("plans/cchc-2023");
  const auto all = city.ListAll(&Registry::ListAssignments, request);
  return {all.assignments().begin(), all.assignments().end()};
}

kpi_pb::Observation Observe(const std::string& indicator, const std::string& date,
                            const std::string& numerator, const std::string& denominator) {
  kpi_pb::Observation observation;
  observation.set_indicator("indicators/" + indicator);
  observation.set_unit("units/van-phong");
  observation.set_date(date);
  observation.set_numerator(numerator);
  observation.set_denominator(denominator);
  observation.set_source("Phiếu khảo sát");
  observation.set_key(date);
  return observation;
}

absl::StatusOr<kpi_pb::RecordObservationsResponse> Record(
    City& city, const std::vector<kpi_pb::Observation>& observations) {
  kpi_pb::RecordObservationsRequest batch;
  *batch.mutable_observations() = {observations.begin(), observations.end()};
  kpi_pb::RecordObservationsResponse response;
  const absl::Status status = city.Retry("units/van-phong", [&](grpc::ClientContext& context) {
    response.Clear();
    const auto stream = city.stub<Kpi>().RecordObservations(&context, &response);
    stream->Write(batch);
    stream->WritesDone();
    return stream->Finish();
  });
  if (!status.ok()) return status;
  return response;
}

std::string ValueOf(City& city, const std::string& indicator, const std::string& period) {
  kpi_pb::GetValueRequest request;
  request.set_indicator("indicators/" + indicator);
  request.set_period(period);
  const auto response = city.Call(&Kpi::GetValue, request);
  if (!response.ok() || response->value().denominator().empty()) return "";
  return absl::StrCat(response->value().numerator(), "/", response->value().denominator());
}

std::vector<inspection_pb::Inspection> ApproveProgramme(City& city) {
  inspection_pb::ProposeProgrammeRequest propose;
  propose.set_request_id(NewUuid());
  propose.set_year(2023);
  propose.set_seed(7);
  propose.set_start_date(calendar::FormatDate(city.today()));
  for (const char* id : {"an", "binh"}) {
    inspection_pb::Inspector& inspector = *propose.add_inspectors();
    inspector.set_id(id);
    inspector.set_display_name(id);
    inspector.set_unit("units/thanh-tra");
  }
  for (const char* id : {"chi", "dung"}) {
    inspection_pb::Inspector& inspector = *propose.add_inspectors();
    inspector.set_id(id);
    inspector.set_display_name(id);
    inspector.set_unit("units/van-phong");
  }
  const auto proposed = city.Call(&Inspections::ProposeProgramme, propose);
  EXPECT_THAT(proposed, IsOk());
  if (!proposed.ok()) return {};

  inspection_pb::ApproveProgrammeRequest approve;
  approve.set_request_id(NewUuid());
  approve.set_name(proposed->programme().name());
  approve.set_etag(proposed->programme().etag());
  approve.set_decision("Quyết định số 20/QĐ-SKHCN");
  EXPECT_THAT(city.Call(&Inspections::ApproveProgramme, approve), IsOk());

  inspection_pb::ListInspectionsRequest list;
  list.set_parent("programmes/2023");
  const auto all = city.ListAll(&Inspections::ListInspections, list);
  return {all.inspections().begin(), all.inspections().end()};
}

void Inspect(City& city, const std::string& inspection) {
  inspection_pb::NotifyInspectionRequest notify;
  notify.set_request_id(NewUuid());
  notify.set_name(inspection);
  ASSERT_THAT(city.Call(&Inspections::NotifyInspection, notify), IsOk());
  inspection_pb::CompleteInspectionRequest complete;
  complete.set_request_id(NewUuid());
  complete.set_name(inspection);
  ASSERT_THAT(city.Call(&Inspections::CompleteInspection, complete), IsOk());
  inspection_pb::ConcludeInspectionRequest conclude;
  conclude.set_request_id(NewUuid());
  conclude.set_name(inspection);
  conclude.set_document_number("12/TB-SKHCN");
  ASSERT_THAT(city.Call(&Inspections::ConcludeInspection, conclude), IsOk());
}

inspection_pb::Coverage CoverageOf(City& city, int year) {
  inspection_pb::GetCoverageRequest request;
  request.set_year(year);
  const auto response = city.Call(&Inspections::GetCoverage, request);
  EXPECT_THAT(response, IsOk());
  return response.ok() ? response->coverage() : inspection_pb::Coverage();
}

std::vector<notification_pb::Notice> AllNotices(City& city, const std::string& recipient) {
  notification_pb::ListNoticesRequest request;
  request.set_recipient(recipient);
  request.set_page_size(1'000);
  const auto all = city.ListAll(&Notification::ListNotices, request);
  return {all.notices().begin(), all.notices().end()};
}

std::vector<notification_pb::Notice> NoticesAbout(City& city, const Work& work,
                                                  notification_pb::NoticeKind kind) {
  notification_pb::ListNoticesRequest request;
  request.set_subject(NameOf(work));
  request.set_kind(kind);
  const auto all = city.ListAll(&Notification::ListNotices, request);
  return {all.notices().begin(), all.notices().end()};
}

std::vector<notification_pb::Notice> Upcoming(City& city, const std::string& recipient) {
  notification_pb::ListUpcomingRequest request;
  request.set_recipient(recipient);
  request.set_page_size(1'000);
  const auto all = city.ListAll(&Notification::ListUpcoming, request);
  return {all.notices().begin(), all.notices().end()};
}

}  // namespace dondoc::testing
