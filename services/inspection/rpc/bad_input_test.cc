// What is refused, by which code and reason; and that a refusal leaves no trace.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "services/inspection/domain/test_department.h"
#include "services/inspection/store/registry_copy.h"
#include "services/inspection/testing/inspection_world.h"

namespace dondoc::inspection {
namespace {

using absl::StatusCode;
using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;

class BadInput : public testing::InspectionWorld {
 protected:
  BadInput() { HearDepartment(); }

  template <typename Request>
  struct Row {
    StatusCode code;
    const char* reason;
    std::function<void(Request&)> spoil;
  };

  // Sends `request` as each row spoils it.
  template <typename Request, typename Response>
  void ExpectRefusals(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, const std::vector<Row<Request>>& rows) {
    for (const Row<Request>& row : rows) {
      Request spoiled = request;
      row.spoil(spoiled);
      const int64_t before = LastSequence();
      const auto response = Call(method, spoiled);
      EXPECT_THAT(response, StatusIs(row.code)) << spoiled.ShortDebugString();
      EXPECT_THAT(response, Refuses(row.reason)) << spoiled.ShortDebugString();
      EXPECT_EQ(LastSequence(), before) << "a refusal changed something";
    }
  }
};

TEST_F(BadInput, OfAProposalIsRefused) {
  using Request = pb::ProposeProgrammeRequest;
  const auto mandatory = [](Request& r, const std::string& unit) {
    r.add_mandatory_units()->set_unit(unit);
    r.mutable_mandatory_units()->rbegin()->set_reason("đơn thư");
  };
  ExpectRefusals(
      &Stub::ProposeProgramme, Proposal(),
      {
          {StatusCode::kInvalidArgument, "YEAR_INVALID", [](Request& r) { r.set_year(1999); }},
          {StatusCode::kInvalidArgument, "YEAR_INVALID", [](Request& r) { r.set_year(2101); }},
          {StatusCode::kInvalidArgument, "YEAR_INVALID", [](Request& r) { r.set_year(0); }},
          {StatusCode::kInvalidArgument, "SHARE_INVALID", [](Request& r) { r.set_share("0"); }},
          {StatusCode::kInvalidArgument, "SHARE_INVALID", [](Request& r) { r.set_share("101"); }},
          {StatusCode::kInvalidArgument, "SHARE_INVALID", [](Request& r) { r.set_share("NaN"); }},
          {StatusCode::kInvalidArgument, "SHARE_INVALID", [](Request& r) { r.set_share("-30"); }},
          {StatusCode::kInvalidArgument, "SHARE_INVALID", [](Request& r) { r.set_share("30,5"); }},
          {StatusCode::kInvalidArgument, "TEAM_SIZE_INVALID",
           [](Request& r) { r.set_team_size(-1); }},
          {StatusCode::kInvalidArgument, "TEAM_SIZE_INVALID",
           [](Request& r) { r.set_team_size(11); }},
          {StatusCode::kInvalidArgument, "COUNT_NEGATIVE",
           [](Request& r) { r.set_extra_units(-1); }},
          {StatusCode::kFailedPrecondition, "EXTRA_UNITS_TOO_MANY",
           [](Request& r) { r.set_extra_units(std::numeric_limits<int32_t>::max()); }},
          {StatusCode::kInvalidArgument, "INSPECTORS_MISSING",
           [](Request& r) { r.clear_inspectors(); }},
          {StatusCode::kInvalidArgument, "INSPECTOR_TWICE",
           [](Request& r) { *r.add_inspectors() = r.inspectors(0); }},
          {StatusCode::kInvalidArgument, "INSPECTOR_ID_INVALID",
           [](Request& r) { r.mutable_inspectors(0)->set_id("Bà An"); }},
          {StatusCode::kInvalidArgument, "INSPECTOR_ID_INVALID",
           [](Request& r) { r.mutable_inspectors(0)->set_id(std::string(64, 'a')); }},
          {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
           [](Request& r) { r.mutable_inspectors(0)->set_unit("van-phong"); }},
          {StatusCode::kNotFound, "INSPECTOR_UNIT_UNKNOWN",
           [](Request& r) { r.mutable_inspectors(0)->set_unit("units/x"); }},
          {StatusCode::kInvalidArgument, "TEXT_BLANK",
           [](Request& r) { r.mutable_inspectors(0)->set_display_name("  "); }},
          {StatusCode::kInvalidArgument, "CONTROL_CHARACTER",
           [](Request& r) { r.mutable_inspectors(0)->set_display_name("An\x07"); }},
          {StatusCode::kInvalidArgument, "DATE_INVALID",
           [](Request& r) { r.mutable_inspectors(0)->add_unavailable_dates("31/02/2023"); }},
          {StatusCode::kInvalidArgument, "DATE_INVALID",
           [](Request& r) { r.set_start_date("2023-02-29"); }},
          {StatusCode::kInvalidArgument, "WINDOW_REVERSED",
           [](Request& r) {
             r.set_start_date("2023-06-02");
             r.set_end_date("2023-06-01");
           }},
          {StatusCode::kInvalidArgument, "WINDOW_PAST",
           [](Request& r) { r.set_start_date("2023-01-31"); }},
          {StatusCode::kInvalidArgument, "WINDOW_OUTSIDE_YEAR",
           [](Request& r) { r.set_end_date("2024-01-01"); }},
          {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
           [&](Request& r) { mandatory(r, "../units/x"); }},
          {StatusCode::kInvalidArgument, "MANDATORY_UNIT_TWICE",
           [&](Request& r) {
             mandatory(r, "units/chi-cuc");
             mandatory(r, "units/chi-cuc");
           }},
          {StatusCode::kInvalidArgument, "TEXT_BLANK",
           [](Request& r) { r.add_mandatory_units()->set_unit("units/chi-cuc"); }},
          {StatusCode::kFailedPrecondition, "NO_PROGRAMME",
           [&](Request& r) { mandatory(r, "units/x"); }},
          {StatusCode::kFailedPrecondition, "NO_PROGRAMME", [](Request& r) { r.set_year(2024); }},
          {StatusCode::kFailedPrecondition, "NO_PROGRAMME", [](Request& r) { r.set_year(2022); }},
          {StatusCode::kInvalidArgument, "LIST_TOO_LONG",
           [](Request& r) {
             for (int i = 0; i < 1001; ++i) *r.add_inspectors() = r.inspectors(0);
           }},
          {StatusCode::kInvalidArgument, "REQUEST_ID_INVALID",
           [](Request& r) { r.set_request_id("1"); }},
      });
}

TEST_F(BadInput, OfAnApprovalIsRefused) {
  using Request = pb::ApproveProgrammeRequest;
  ASSERT_THAT(Call(&Stub::ProposeProgramme, Proposal()), IsOk());
  Request request;
  request.set_name("programmes/2023");
  request.set_decision("05/QĐ");
  ExpectRefusals(
      &Stub::ApproveProgramme, request,
      {
          {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
           [](Request& r) { r.set_name("programmes/02023"); }},
          {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
           [](Request& r) { r.set_name("programmes/1999"); }},
          {StatusCode::kNotFound, "PROGRAMME_NOT_FOUND",
           [](Request& r) { r.set_name("programmes/2024"); }},
          {StatusCode::kInvalidArgument, "TEXT_BLANK", [](Request& r) { r.clear_decision(); }},
          {StatusCode::kInvalidArgument, "TEXT_TOO_LONG",
           [](Request& r) { r.set_decision(std::string(256, 'x')); }},
          {StatusCode::kAborted, "ETAG_STALE", [](Request& r) { r.set_etag("\"7\""); }},
      });
}

TEST_F(BadInput, OfAnAdHocInspectionIsRefused) {
  using Request = pb::AddInspectionRequest;
  ApprovedProgramme();
  Request request;
  request.set_parent("programmes/2023");
  request.set_unit("units/khoa-hoc");
  request.set_planned_date("2023-02-02");
  request.add_team("an");
  request.set_reason("đơn thư");
  ExpectRefusals(
      &Stub::AddInspection, request,
      {
          {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
           [](Request& r) { r.set_parent("2023"); }},
          {StatusCode::kNotFound, "PROGRAMME_NOT_FOUND",
           [](Request& r) { r.set_parent("programmes/2024"); }},
          {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
           [](Request& r) { r.clear_unit(); }},
          {StatusCode::kFailedPrecondition, "UNIT_NOT_INSPECTED",
           [](Request& r) { r.set_unit("units/x"); }},
          {StatusCode::kFailedPrecondition, "UNIT_NOT_INSPECTED",
           [](Request& r) { r.set_unit("units/so-noi-vu"); }},
          {StatusCode::kInvalidArgument, "DATE_INVALID",
           [](Request& r) { r.set_planned_date("02/02/2023"); }},
          {StatusCode::kInvalidArgument, "INSPECTION_DATE_PAST",
           [](Request& r) { r.set_planned_date("2023-01-31"); }},
          {StatusCode::kInvalidArgument, "INSPECTION_DATE_OUTSIDE_YEAR",
           [](Request& r) { r.set_planned_date("2024-02-02"); }},
          {StatusCode::kFailedPrecondition, "NOT_A_WORKING_DAY",
           [](Request& r) { r.set_planned_date("2023-02-04"); }},
          {StatusCode::kInvalidArgument, "TEAM_MISSING", [](Request& r) { r.clear_team(); }},
          {StatusCode::kNotFound, "INSPECTOR_UNKNOWN", [](Request& r) { r.add_team("x"); }},
          {StatusCode::kInvalidArgument, "INSPECTOR_TWICE", [](Request& r) { r.add_team("an"); }},
          {StatusCode::kFailedPrecondition, "INSPECTOR_NOT_INDEPENDENT",
           [](Request& r) { r.set_unit("units/van-phong"); }},
          {StatusCode::kInvalidArgument, "TEXT_BLANK", [](Request& r) { r.clear_reason(); }},
          {StatusCode::kInvalidArgument, "TEXT_TOO_LONG",
           [](Request& r) { r.set_reason(std::string(1001, 'x')); }},
      });

  ASSERT_THAT(Call(&Stub::AddInspection, request), IsOk());
  ExpectRefusals(&Stub::AddInspection, request,
                 {
                     {StatusCode::kFailedPrecondition, "UNIT_VISITED_TWICE", [](Request&) {}},
                     {StatusCode::kFailedPrecondition, "INSPECTOR_BUSY",
                      [](Request& r) { r.set_unit("units/ke-hoach"); }},
                 });
}

TEST_F(BadInput, ForAnInspectionIsRefused) {
  using Notify = pb::NotifyInspectionRequest;
  ASSERT_THAT(Call(&Stub::ProposeProgramme, Proposal()), IsOk());
  Notify notify;
  notify.set_name("programmes/2023/inspections/1");
  ExpectRefusals(&Stub::NotifyInspection, notify,
                 {{StatusCode::kFailedPrecondition, "PROGRAMME_NOT_APPROVED", [](Notify&) {}}});
  ApprovedProgramme();
  ExpectRefusals(&Stub::NotifyInspection, notify,
                 {
                     {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
                      [](Notify& r) { r.set_name("programmes/2023/inspections/+1"); }},
                     {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
                      [](Notify& r) { r.set_name("programmes/2023/inspections/0"); }},
                     {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
                      [](Notify& r) { r.set_name(std::string(10'000, 'x')); }},
                     {StatusCode::kNotFound, "INSPECTION_NOT_FOUND",
                      [](Notify& r) { r.set_name("programmes/2023/inspections/99"); }},
                     {StatusCode::kAborted, "ETAG_STALE", [](Notify& r) { r.set_etag("\"9\""); }},
                 });

  using Complete = pb::CompleteInspectionRequest;
  Complete complete;
  complete.set_name(notify.name());
  ExpectRefusals(&Stub::CompleteInspection, complete,
                 {
                     {StatusCode::kFailedPrecondition, "INSPECTION_STATE_WRONG", [](Complete&) {}},
                     {StatusCode::kInvalidArgument, "TEXT_BLANK",
                      [](Complete& r) { r.add_findings()->set_field("III"); }},
                     {StatusCode::kInvalidArgument, "LIST_TOO_LONG",
                      [](Complete& r) {
                        for (int i = 0; i < 101; ++i) r.add_findings();
                      }},
                 });

  using Conclude = pb::ConcludeInspectionRequest;
  Conclude conclude;
  conclude.set_name(notify.name());
  conclude.set_document_number("12/TB");
  ExpectRefusals(&Stub::ConcludeInspection, conclude,
                 {
                     {StatusCode::kFailedPrecondition, "INSPECTION_STATE_WRONG", [](Conclude&) {}},
                     {StatusCode::kInvalidArgument, "TEXT_BLANK",
                      [](Conclude& r) { r.clear_document_number(); }},
                 });

  using Remedy = pb::RemedyFindingRequest;
  Remedy remedy;
  remedy.set_name(notify.name());
  remedy.set_finding_number(1);
  remedy.set_document("30/BC");
  remedy.set_verified_by("units/van-phong");
  ExpectRefusals(
      &Stub::RemedyFinding, remedy,
      {
          {StatusCode::kFailedPrecondition, "INSPECTION_STATE_WRONG", [](Remedy&) {}},
          {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
           [](Remedy& r) { r.clear_verified_by(); }},
          {StatusCode::kInvalidArgument, "TEXT_BLANK", [](Remedy& r) { r.clear_document(); }},
      });

  using Move = pb::RescheduleInspectionRequest;
  Move move;
  move.set_name(notify.name());
  move.set_planned_date("2023-06-07");
  move.set_reason("trùng họp");
  ExpectRefusals(
      &Stub::RescheduleInspection, move,
      {
          {StatusCode::kInvalidArgument, "TEXT_BLANK", [](Move& r) { r.clear_reason(); }},
          {StatusCode::kInvalidArgument, "DATE_INVALID", [](Move& r) { r.clear_planned_date(); }},
          {StatusCode::kFailedPrecondition, "NOT_A_WORKING_DAY",
           [](Move& r) { r.set_planned_date("2023-09-04"); }},
          {StatusCode::kInvalidArgument, "INSPECTION_DATE_PAST",
           [](Move& r) { r.set_planned_date("2023-01-30"); }},
      });

  using Cancel = pb::CancelInspectionRequest;
  Cancel cancel;
  cancel.set_name(notify.name());
  ExpectRefusals(&Stub::CancelInspection, cancel,
                 {{StatusCode::kInvalidArgument, "TEXT_BLANK", [](Cancel&) {}}});
}

TEST_F(BadInput, OfAReadIsRefused) {
  using List = pb::ListInspectionsRequest;
  ApprovedProgramme();
  List list;
  list.set_parent("programmes/2023");
  ExpectRefusals(&Stub::ListInspections, list,
                 {
                     {StatusCode::kInvalidArgument, "PAGE_SIZE_NEGATIVE",
                      [](List& r) { r.set_page_size(-1); }},
                     {StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                      [](List& r) { r.set_page_token("x"); }},
                     {StatusCode::kInvalidArgument, "STATE_INVALID",
                      [](List& r) { r.set_state(static_cast<pb::InspectionState>(99)); }},
                     {StatusCode::kInvalidArgument, "RESOURCE_NAME_INVALID",
                      [](List& r) { r.set_unit("units/"); }},
                     {StatusCode::kNotFound, "PROGRAMME_NOT_FOUND",
                      [](List& r) { r.set_parent("programmes/2024"); }},
                 });
  using Get = pb::GetCoverageRequest;
  ExpectRefusals(
      &Stub::GetCoverage, Get(),
      {
          {StatusCode::kInvalidArgument, "YEAR_INVALID", [](Get&) {}},
          {StatusCode::kInvalidArgument, "YEAR_INVALID", [](Get& r) { r.set_year(1999); }},
      });
}

TEST_F(BadInput, OfARequestIdThatWasUsedForAnotherRequestIsRefused) {
  const pb::ProposeProgrammeRequest first = Proposal();
  ASSERT_THAT(Call(&Stub::ProposeProgramme, first), IsOk());
  using Request = pb::ProposeProgrammeRequest;
  ExpectRefusals(
      &Stub::ProposeProgramme, first,
      {{StatusCode::kInvalidArgument, "REQUEST_ID_REUSED", [](Request& r) { r.set_seed(1); }}});
}

TEST_F(BadInput, OfARegisterTooLargeForOneMessageIsRefused) {
  ASSERT_THAT(database_->WriteAndWait([](store::Transaction& transaction) {
    for (const Unit& unit : testing::FlatUnits(8000)) SaveUnit(transaction, unit);
    return absl::OkStatus();
  }),
              IsOk());
  using Request = pb::ProposeProgrammeRequest;
  ExpectRefusals(&Stub::ProposeProgramme, Proposal(),
                 {{StatusCode::kFailedPrecondition, "PROGRAMME_TOO_LARGE",
                   [](Request& r) { r.set_share("1"); }}});
}

}  // namespace
}  // namespace dondoc::inspection
