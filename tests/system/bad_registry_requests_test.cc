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

class BadRegistryRequests : public BadRequests {
 protected:
  template <typename Spoil>
  absl::Status Unit(Spoil spoil) {
    return Refused(&Registry::AddUnit, With(AddUnit("moi"), spoil));
  }
  template <typename Spoil>
  absl::Status Reporting(Spoil spoil) {
    return Refused(&Registry::ReportProgress, With(Report({.task = 1}, 50), spoil));
  }
  template <typename Spoil>
  absl::Status Submitting(Spoil spoil) {
    return Refused(&Registry::SubmitResult, With(Submit({.task = 1}), spoil));
  }
  template <typename Spoil>
  absl::Status Moving(Spoil spoil) {
    registry_pb::MoveDeadlineRequest move;
    move.set_request_id(NewUuid());
    move.set_phase("plans/cchc-2023/tasks/7/phases/1");
    move.set_new_due_date("2023-11-30");
    move.set_document("Quyết định số 12/QĐ-SKHCN");
    move.set_reason("Chờ kế hoạch của thành phố");
    return Refused(&Registry::MoveDeadline, With(move, spoil));
  }

  std::vector<Refusal> AboutUnits() {
    registry_pb::UpdateUnitRequest below;
    below.set_request_id(NewUuid());
    below.mutable_unit()->set_name("units/chi-cuc-tdc");
    below.mutable_unit()->set_display_name("Chi cục");
    below.mutable_unit()->set_parent("units/tt-ky-thuat");
    return {
        {"its own parent", Unit([](auto& r) { r.mutable_unit()->set_parent("units/moi"); }), kBad,
         "UNIT_CYCLE"},
        {"a parent from below", Refused(&Registry::UpdateUnit, below), kNotNow, "UNIT_CYCLE"},
        {"a parent nobody knows",
         Unit([](auto& r) { r.mutable_unit()->set_parent("units/khong-co"); }),
         StatusCode::kNotFound, "UNIT_NOT_FOUND"},
        {"an id twice", Unit([](auto& r) { r.mutable_unit()->set_name("units/van-phong"); }),
         StatusCode::kAlreadyExists, "UNIT_EXISTS"},
        {"a name twice, in capitals and decomposed",
         Unit([](auto& r) { r.mutable_unit()->set_display_name("VA\xcc\x86N PHO\xcc\x80NG"); }),
         StatusCode::kAlreadyExists, "UNIT_NAME_TAKEN"},
        {"an id that climbs", Unit([](auto& r) { r.mutable_unit()->set_name("units/../a"); }), kBad,
         "RESOURCE_NAME_INVALID"},
        {"no name", Unit([](auto& r) { r.mutable_unit()->set_display_name("  "); }), kBad,
         "TEXT_BLANK"},
        {"a name of 256 letters",
         Unit([](auto& r) { r.mutable_unit()->set_display_name(std::string(256, 'a')); }), kBad,
         "TEXT_TOO_LONG"},
        {"a name that runs backwards",
         Unit([](auto& r) { r.mutable_unit()->set_display_name("a\xe2\x80\xae b"); }), kBad,
         "CONTROL_CHARACTER"},
        {"TCVN3", Unit([](auto& r) { r.mutable_unit()->set_display_name(kTcvn3); }), kBad,
         "NOT_UTF8"},
        {"31 February", Unit([](auto& r) { r.mutable_unit()->set_valid_from("2023-02-31"); }), kBad,
         "DATE_INVALID"},
        {"day before month", Unit([](auto& r) { r.mutable_unit()->set_valid_from("01/02/2023"); }),
         kBad, "DATE_INVALID"},
        {"no kind", Unit([](auto& r) { r.mutable_unit()->clear_kind(); }), kBad, "ENUM_INVALID"},
        {"two addresses",
         Unit([](auto& r) { r.mutable_unit()->set_email("a@b.vn\r\nBcc: c@d.vn"); }), kBad,
         "EMAIL_INVALID"},
        {"a request id that is none", Unit([](auto& r) { r.set_request_id("1"); }), kBad,
         "REQUEST_ID_INVALID"},
    };
  }

  std::vector<Refusal> AboutWork() {
    registry_pb::SetGroupRuleRequest rule;
    rule.set_request_id(NewUuid());
    rule.set_plan("plans/cchc-2023");
    rule.set_group_text("Các ban");
    rule.add_kinds(registry_pb::UNIT_KIND_DIVISION);
    registry_pb::ImportPlanRequest again;
    again.set_request_id(NewUuid());
    again.set_plan_id("cchc-2023");
    again.set_document("x");
    return {
        {"101 per cent", Reporting([](auto& r) { r.set_percent(101); }), kBad,
         "PERCENT_OUT_OF_RANGE"},
        {"-1 per cent", Reporting([](auto& r) { r.set_percent(-1); }), kBad,
         "PERCENT_OUT_OF_RANGE"},
        {"a stale etag", Reporting([](auto& r) { r.set_etag("\"7\""); }), StatusCode::kAborted,
         "ETAG_STALE"},
        {"8 MiB", Reporting([](auto& r) { r.set_note(std::string(8 << 20, 'x')); }),
         StatusCode::kResourceExhausted, ""},
        {"a task that is not there", Reporting([](auto& r) { r.set_name(NameOf({.task = 47})); }),
         StatusCode::kNotFound, "ASSIGNMENT_NOT_FOUND"},
        {"no evidence", Submitting([](auto& r) { r.clear_evidence(); }), kBad, "EVIDENCE_MISSING"},
        {"evidence of tomorrow",
         Submitting([](auto& r) { r.mutable_evidence(0)->set_document_date("2023-02-02"); }), kBad,
         "EVIDENCE_DATE_IN_FUTURE"},
        {"a link without a lock",
         Submitting([](auto& r) { r.mutable_evidence(0)->set_link("http://so.example/a"); }), kBad,
         "LINK_INVALID"},
        {"an outcome that is none",
         Submitting([](auto& r) { r.set_outcome(static_cast<registry_pb::Outcome>(99)); }), kBad,
         "ENUM_INVALID"},
        {"nothing arose where it must", Submitting([](auto& r) {
           r.set_outcome(registry_pb::OUTCOME_NOT_ARISING);
           r.set_reason("Không phát sinh");
         }),
         kNotNow, "OUTCOME_NOT_CONDITIONAL"},
        {"nothing to accept", Refused(&Registry::AcceptResult, Accept({.task = 1})), kNotNow,
         "NOTHING_SUBMITTED"},
        {"a deadline before its window", Moving([](auto& r) { r.set_new_due_date("2023-06-30"); }),
         kBad, "DUE_BEFORE_WINDOW"},
        {"a deadline in ten years", Moving([](auto& r) { r.set_new_due_date("2033-06-30"); }), kBad,
         "DATE_TOO_FAR"},
        {"a deadline moved without a reason", Moving([](auto& r) { r.clear_reason(); }), kBad,
         "FIELD_MISSING"},
        {"a group that leads nothing", Refused(&Registry::SetGroupRule, rule),
         StatusCode::kNotFound, "GROUP_UNKNOWN"},
        {"a plan id twice", Refused(&Registry::ImportPlan, again), StatusCode::kAlreadyExists,
         "PLAN_EXISTS"},
    };
  }

  std::vector<Refusal> AboutLists() {
    registry_pb::ListUnitsRequest first;
    first.set_page_size(2);
    const std::string token = city_.Call(&Registry::ListUnits, first)->next_page_token();
    EXPECT_NE(token, "");
    const auto list = [this](auto spoil) { return RefusedList(&Registry::ListUnits, spoil); };
    return {
        {"a page of -1", list([](auto& r) { r.set_page_size(-1); }), kBad, "PAGE_SIZE_NEGATIVE"},
        {"a forged token", list([](auto& r) { r.set_page_token("dW5pdHMvYQ=="); }), kBad,
         "PAGE_TOKEN_INVALID"},
        {"the token of another list", list([&](auto& r) {
           r.set_page_token(token);
           r.set_as_of("2023-02-01");
         }),
         kBad, "PAGE_TOKEN_INVALID"},
        {"a plan that is not there",
         RefusedList(&Registry::GetPlan, [](auto& r) { r.set_name("plans/khong-co"); }),
         StatusCode::kNotFound, "PLAN_NOT_FOUND"},
    };
  }
};

TEST_F(BadRegistryRequests, GetTheirReasonAndLeaveNothing) {
  const registry_pb::AddUnitRequest before = AddUnit("truoc");
  ASSERT_THAT(city_.Call(&Registry::AddUnit, before), IsOk());
  ExpectRefused(AboutUnits());
  ExpectRefused(AboutWork());
  ExpectRefused(AboutLists());
  ExpectRefused(
      {{"a request id for another request",
        Unit([&](auto& r) { r.set_request_id(before.request_id()); }), kBad, "REQUEST_ID_REUSED"}});
  ASSERT_THAT(city_.Call(&Registry::AddUnit, AddUnit("sau")), IsOk());
  const auto log = city_.ReadLog(&Registry::WatchChanges, 1,
                                 [](const Change& change) { return change.name() == "units/sau"; });
  ExpectNothingBetween(log, "units/truoc", "units/sau");
}

}  // namespace
}  // namespace dondoc::testing
