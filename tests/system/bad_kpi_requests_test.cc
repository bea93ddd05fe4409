#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
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

class BadKpiRequests : public BadRequests {
 protected:
  static constexpr char kIndicator[] = "cchc-2023-i-2-d";

  template <typename Spoil>
  absl::Status Recording(Spoil spoil) {
    kpi_pb::Observation observation = Observe(kIndicator, "2023-02-01", "1", "2");
    observation.set_key("moi");
    return Record(city_, {With(observation, spoil)}).status();
  }

  template <typename Spoil>
  absl::Status Defining(Spoil spoil) {
    return Refused(&Kpi::DefineIndicator, With(DefineIndicator("moi"), spoil));
  }
  template <typename Spoil>
  absl::Status Asking(Spoil spoil) {
    kpi_pb::GetValueRequest request;
    request.set_indicator(absl::StrCat("indicators/", kIndicator));
    request.set_period("2023");
    return Refused(&Kpi::GetValue, With(request, spoil));
  }

  std::vector<Refusal> AboutObservations() {
    return {
        {"a zero denominator", Recording([](auto& o) { o.set_denominator("0"); }), kBad,
         "DENOMINATOR_ZERO"},
        {"NaN", Recording([](auto& o) { o.set_numerator("NaN"); }), kBad, "DECIMAL_INVALID"},
        {"infinity", Recording([](auto& o) { o.set_denominator("inf"); }), kBad, "DECIMAL_INVALID"},
        {"a decimal comma", Recording([](auto& o) { o.set_numerator("1,5"); }), kBad,
         "DECIMAL_INVALID"},
        {"an exponent", Recording([](auto& o) { o.set_numerator("1e3"); }), kBad,
         "DECIMAL_INVALID"},
        {"seven decimals", Recording([](auto& o) { o.set_numerator("0.1234567"); }), kBad,
         "DECIMAL_INVALID"},
        {"a negative count", Recording([](auto& o) { o.set_numerator("-1"); }), kBad,
         "FIGURE_NEGATIVE"},
        {"tomorrow", Recording([](auto& o) { o.set_date("2023-02-02"); }), kBad, "DATE_IN_FUTURE"},
        {"31 February", Recording([](auto& o) { o.set_date("2023-02-31"); }), kBad, "DATE_INVALID"},
        {"an indicator nobody knows",
         Recording([](auto& o) { o.set_indicator("indicators/khong-co"); }), StatusCode::kNotFound,
         "INDICATOR_NOT_FOUND"},
        {"a unit nobody knows", Recording([](auto& o) { o.set_unit("units/khong-co"); }), kBad,
         "UNIT_UNKNOWN"},
        {"what is computed",
         Recording([](auto& o) { o.set_indicator("indicators/cchc-2023-tasks-on-time"); }), kNotNow,
         "INDICATOR_COMPUTED"},
        {"a key for other figures", Recording([](auto& o) { o.set_key("truoc"); }),
         StatusCode::kAlreadyExists, "OBSERVATION_KEY_REUSED"},
        {"an empty batch", Record(city_, {}).status(), kBad, "BATCH_EMPTY"},
    };
  }

  std::vector<Refusal> AboutTheRest() {
    kpi_pb::SetTargetRequest stale;
    stale.set_request_id(NewUuid());
    stale.mutable_target()->set_name(absl::StrCat("indicators/", kIndicator, "/targets/t14"));
    stale.mutable_target()->set_etag("\"99\"");
    stale.mutable_target()->set_comparator(kpi_pb::COMPARATOR_AT_LEAST);
    stale.mutable_target()->set_value("85");
    stale.mutable_target()->set_effective_from("2023-01-01");
    stale.mutable_target()->set_due_date("2023-12-31");
    return {
        {"nested in itself",
         Defining([](auto& r) { r.mutable_indicator()->set_nested_in("indicators/moi"); }), kBad,
         "INDICATOR_CYCLE"},
        {"a factor of 0", Defining([](auto& r) { r.mutable_indicator()->set_factor(0); }), kBad,
         "FACTOR_INVALID"},
        {"an id with a capital",
         Defining([](auto& r) { r.mutable_indicator()->set_name("indicators/Moi"); }), kBad,
         "NAME_INVALID"},
        {"a request id that is none", Defining([](auto& r) { r.set_request_id("1"); }), kBad,
         "REQUEST_ID_INVALID"},
        {"a stale etag", Refused(&Kpi::SetTarget, stale), StatusCode::kAborted, "ETAG_STALE"},
        {"a fifth quarter", Asking([](auto& r) { r.set_period("2023-Q5"); }), kBad,
         "PERIOD_INVALID"},
        {"a value for a unit nobody knows", Asking([](auto& r) { r.set_unit("units/khong-co"); }),
         kBad, "UNIT_UNKNOWN"},
        {"a page of -1", RefusedList(&Kpi::ListIndicators, [](auto& r) { r.set_page_size(-1); }),
         kBad, "PAGE_SIZE_NEGATIVE"},
        {"a forged token",
         RefusedList(&Kpi::ListIndicators, [](auto& r) { r.set_page_token("x"); }), kBad,
         "PAGE_TOKEN_INVALID"},
    };
  }
};

TEST_F(BadKpiRequests, GetTheirReasonAndLeaveNothing) {
  kpi_pb::Observation good = Observe(kIndicator, "2023-02-01", "855", "1000");
  good.set_key("truoc");
  ASSERT_TRUE(Eventually([&] { return Record(city_, {good}).ok(); }));
  // Its event is the last thing that the service does by itself.
  city_.ReadLog(&Kpi::WatchChanges, 1,
                [](const Change& change) { return change.type() == "dondoc.kpi.value.changed"; });
  const kpi_pb::DefineIndicatorRequest before = DefineIndicator("truoc");
  ASSERT_THAT(city_.Call(&Kpi::DefineIndicator, before), IsOk());
  ExpectRefused(AboutObservations());
  ExpectRefused(AboutTheRest());
  ExpectRefused({{"a request id for another request",
                  Defining([&](auto& r) { r.set_request_id(before.request_id()); }), kBad,
                  "REQUEST_ID_REUSED"}});
  ASSERT_THAT(city_.Call(&Kpi::DefineIndicator, DefineIndicator("sau")), IsOk());
  const auto log = city_.ReadLog(&Kpi::WatchChanges, 1, [](const Change& change) {
    return change.name() == "indicators/sau";
  });
  ExpectNothingBetween(log, "indicators/truoc", "indicators/sau");
  EXPECT_EQ(ValueOf(city_, kIndicator), "855/1000");
}

// A batch that cannot be read looks to gRPC like the end of the stream; nobody is told that all is
// well when something was left out.
TEST_F(BadKpiRequests, AnUnreadableBatchIsNotTakenForTheEnd) {
  ASSERT_TRUE(Eventually(
      [&] { return Record(city_, {Observe(kIndicator, "2023-02-01", "855", "1000")}).ok(); }));
  ExpectRefused({{"TCVN3", Recording([](auto& o) { o.set_source(kTcvn3); }), kBad, "NOT_UTF8"}});
  EXPECT_EQ(ValueOf(city_, kIndicator), "855/1000");
}

}  // namespace
}  // namespace dondoc::testing
