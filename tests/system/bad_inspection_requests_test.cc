#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/bad_requests.h"
#include "tests/system/city.h"
#include "tests/system/log_check.h"
#include "tests/system/refusal_check.h"

namespace dondoc::testing {
namespace {

using absl::StatusCode;

class BadInspectionRequests : public BadRequests {
 protected:
  template <typename Spoil>
  absl::Status Proposing(Spoil spoil) {
    inspection_pb::ProposeProgrammeRequest request;
    request.set_request_id(NewUuid());
    request.set_year(2025);
    inspection_pb::Inspector& inspector = *request.add_inspectors();
    inspector.set_id("an");
    inspector.set_display_name("An");
    inspector.set_unit("units/thanh-tra");
    request.set_team_size(1);
    return Refused(&Inspections::ProposeProgramme, With(request, spoil));
  }
  template <typename Spoil>
  absl::Status Adding(const std::string& unit, Spoil spoil) {
    inspection_pb::AddInspectionRequest request;
    request.set_request_id(NewUuid());
    request.set_parent("programmes/2023");
    request.set_unit(unit);
    request.set_planned_date("2023-02-06");
    request.add_team("an");
    request.set_reason("Theo phản ánh");
    return Refused(&Inspections::AddInspection, With(request, spoil));
  }
  inspection_pb::NotifyInspectionRequest Notify(const std::string& name) {
    inspection_pb::NotifyInspectionRequest request;
    request.set_request_id(NewUuid());
    request.set_name(name);
    return request;
  }

  std::vector<Refusal> AboutProgrammes() {
    return {
        {"the year 1999", Proposing([](auto& r) { r.set_year(1999); }), kBad, "YEAR_INVALID"},
        {"a share of 101", Proposing([](auto& r) { r.set_share("101"); }), kBad, "SHARE_INVALID"},
        {"a share of NaN", Proposing([](auto& r) { r.set_share("NaN"); }), kBad, "SHARE_INVALID"},
        {"nobody to inspect", Proposing([](auto& r) { r.clear_inspectors(); }), kBad,
         "INSPECTORS_MISSING"},
        {"an inspector twice", Proposing([](auto& r) { *r.add_inspectors() = r.inspectors(0); }),
         kBad, "INSPECTOR_TWICE"},
        {"an inspector from nowhere",
         Proposing([](auto& r) { r.mutable_inspectors(0)->set_unit("units/khong-co"); }),
         StatusCode::kNotFound, "INSPECTOR_UNIT_UNKNOWN"},
        {"a team of 11", Proposing([](auto& r) { r.set_team_size(11); }), kBad,
         "TEAM_SIZE_INVALID"},
        {"an end before the start", Proposing([](auto& r) {
           r.set_start_date("2025-06-30");
           r.set_end_date("2025-06-01");
         }),
         kBad, "WINDOW_REVERSED"},
        {"31 February", Proposing([](auto& r) { r.set_start_date("2025-02-31"); }), kBad,
         "DATE_INVALID"},
        {"a mandatory unit nobody knows", Proposing([](auto& r) {
           r.add_mandatory_units()->set_unit("units/khong-co");
           r.mutable_mandatory_units(0)->set_reason("Theo chỉ đạo");
         }),
         kNotNow, "NO_PROGRAMME"},
        {"a year without a calendar", Proposing([](auto& r) { r.set_year(2024); }), kNotNow,
         "NO_PROGRAMME"},
        {"a year that has its programme", Proposing([](auto& r) { r.set_year(2023); }), kNotNow,
         "PROGRAMME_ALREADY_APPROVED"},
        {"TCVN3", Proposing([](auto& r) { r.mutable_inspectors(0)->set_display_name(kTcvn3); }),
         kBad, "NOT_UTF8"},
    };
  }

  std::vector<Refusal> AboutInspections(const inspection_pb::Inspection& planned) {
    inspection_pb::NotifyInspectionRequest stale = Notify(planned.name());
    stale.set_etag("\"99\"");
    inspection_pb::ConcludeInspectionRequest conclude;
    conclude.set_request_id(NewUuid());
    conclude.set_name(planned.name());
    conclude.set_document_number("12/TB-SKHCN");
    const auto list = [this](auto spoil) {
      return RefusedList(&Inspections::ListInspections, [&](auto& r) {
        r.set_parent("programmes/2023");
        spoil(r);
      });
    };
    return {
        {"concluded before it was done", Refused(&Inspections::ConcludeInspection, conclude),
         kNotNow, "INSPECTION_STATE_WRONG"},
        {"a stale etag", Refused(&Inspections::NotifyInspection, stale), StatusCode::kAborted,
         "ETAG_STALE"},
        {"an inspection that is not there",
         Refused(&Inspections::NotifyInspection, Notify("programmes/2023/inspections/99")),
         StatusCode::kNotFound, "INSPECTION_NOT_FOUND"},
        {"on a Sunday",
         Adding("units/van-phong", [](auto& r) { r.set_planned_date("2023-02-05"); }), kNotNow,
         "NOT_A_WORKING_DAY"},
        {"by somebody of the house", Adding("units/thanh-tra", [](auto&) {}), kNotNow,
         "INSPECTOR_NOT_INDEPENDENT"},
        {"by nobody", Adding("units/van-phong", [](auto& r) { r.clear_team(); }), kBad,
         "TEAM_MISSING"},
        {"a page of -1", list([](auto& r) { r.set_page_size(-1); }), kBad, "PAGE_SIZE_NEGATIVE"},
        {"a forged token", list([](auto& r) { r.set_page_token("x"); }), kBad,
         "PAGE_TOKEN_INVALID"},
        {"coverage of the year 3000",
         RefusedList(&Inspections::GetCoverage, [](auto& r) { r.set_year(3000); }), kBad,
         "YEAR_INVALID"},
    };
  }
};

TEST_F(BadInspectionRequests, GetTheirReasonAndLeaveNothing) {
  ASSERT_TRUE(Eventually([&] { return CoverageOf(city_, 2023).unit_count() == 9; }));
  const auto planned = ApproveProgramme(city_);
  ASSERT_THAT(planned, ::testing::SizeIs(3));
  ASSERT_THAT(city_.Call(&Inspections::NotifyInspection, Notify(planned[0].name())), IsOk());
  ExpectRefused(AboutProgrammes());
  ExpectRefused(AboutInspections(planned[1]));
  ASSERT_THAT(city_.Call(&Inspections::NotifyInspection, Notify(planned[2].name())), IsOk());
  const auto log = city_.ReadLog(&Inspections::WatchChanges, 1, [&](const Change& change) {
    return change.name() == planned[2].name() && change.version() == 2;
  });
  ExpectNothingBetween(log, planned[0].name(), planned[2].name());
}

}  // namespace
}  // namespace dondoc::testing
