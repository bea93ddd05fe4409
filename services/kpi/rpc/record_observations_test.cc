#include "services/kpi/rpc/record_observations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "services/kpi/testing/kpi_fixture.h"

namespace dondoc::kpi {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using ::testing::HasSubstr;

constexpr absl::CivilDay kToday(2023, 7, 15);

class RecordObservationsTest : public ::testing::Test {
 protected:
  RecordObservationsTest() {
    kpi_.AddUnit("so");
    kpi_.AddUnit("van-phong", "so");
    kpi_.AddUnit("chi-cuc", "so", "2020-01-01", "2023-07-01");
    EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
    v1::Indicator minutes = Percentage("minutes");
    minutes.set_aggregation(v1::AGGREGATION_MAXIMUM);
    minutes.set_factor(1);
    EXPECT_THAT(kpi_.Define(minutes), IsOk());
    v1::Indicator documents = Percentage("documents");
    documents.set_aggregation(v1::AGGREGATION_SUM);
    documents.set_factor(1);
    EXPECT_THAT(kpi_.Define(documents), IsOk());
  }

  v1::Observation Share(const std::string& key, const std::string& numerator = "9",
                        const std::string& denominator = "10") {
    return Observed({.indicator = "share",
                     .unit = "van-phong",
                     .date = "2023-07-01",
                     .numerator = numerator,
                     .denominator = denominator,
                     .key = key});
  }

  // "numerator/denominator n" of the whole register over the year.
  std::string ValueOf(const std::string& indicator) {
    const auto response = kpi_.GetValue(indicator, "", "2023");
    EXPECT_THAT(response, IsOk());
    const v1::Value& value = response->value();
    return absl::StrCat(value.numerator(), "/", value.denominator(), " n",
                        value.observation_count());
  }

  KpiFixture kpi_{kToday};
};

TEST_F(RecordObservationsTest, KeepsAStreamAndAddsItUp) {
  const auto response = kpi_.Record({{Share("a"), Share("b", "0", "90")}, {Share("c", "1", "1")}});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->recorded_count(), 3);
  EXPECT_EQ(response->repeated_count(), 0);
  EXPECT_EQ(ValueOf("share"), "10/101 n3");
}

TEST_F(RecordObservationsTest, AnEmptyStreamIsNoError) {
  const auto response = kpi_.Record({});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->recorded_count(), 0);
}

TEST_F(RecordObservationsTest, CountsWhatWasRecordedBeforeAsRepeated) {
  ASSERT_THAT(kpi_.Record({{Share("a"), Share("b")}}), IsOk());
  const auto again = kpi_.Record({{Share("a"), Share("b"), Share("c"), Share("c")}});
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->recorded_count(), 1);
  EXPECT_EQ(again->repeated_count(), 3);
  EXPECT_EQ(ValueOf("share"), "27/30 n3");
}

TEST_F(RecordObservationsTest, RefusesAKeyThatHoldsOtherFigures) {
  ASSERT_THAT(kpi_.Record({{Share("a")}}), IsOk());
  const std::vector<std::function<void(v1::Observation&)>> changes = {
      [](v1::Observation& o) { o.set_numerator("8"); },
      [](v1::Observation& o) { o.set_denominator("11"); },
      [](v1::Observation& o) { o.set_date("2023-07-02"); },
      [](v1::Observation& o) { o.set_unit("units/so"); },
      [](v1::Observation& o) { o.set_replaces_key("z"); },
  };
  for (const auto& change : changes) {
    v1::Observation other = Share("a");
    change(other);
    const auto refused = kpi_.Record({{Share("new"), other}});
    EXPECT_THAT(refused, Refuses("OBSERVATION_KEY_REUSED"));
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAlreadyExists));
    EXPECT_EQ(DetailsOf(refused.status())["index"], "1");
    EXPECT_EQ(DetailsOf(refused.status())["batch"], "0");
  }
  EXPECT_EQ(ValueOf("share"), "9/10 n1");
}

TEST_F(RecordObservationsTest, TheSameKeyMayServeTwoIndicators) {
  v1::Observation minutes = Share("a", "20", "3");
  minutes.set_indicator("indicators/minutes");
  ASSERT_THAT(kpi_.Record({{Share("a"), minutes}}), IsOk());
  EXPECT_EQ(ValueOf("share"), "9/10 n1");
  EXPECT_EQ(ValueOf("minutes"), "20/3 n1");
}

TEST_F(RecordObservationsTest, AReplacementTakesTheOldFiguresOutOfForce) {
  ASSERT_THAT(kpi_.Record({{Share("a"), Share("b", "1", "10")}}), IsOk());
  v1::Observation better = Share("a2", "10", "10");
  better.set_date("2023-06-30");
  better.set_replaces_key("a");
  ASSERT_THAT(kpi_.Record({{better}}), IsOk());
  EXPECT_EQ(ValueOf("share"), "11/20 n2");
  const auto june = kpi_.GetValue("share", "", "2023-M06");
  EXPECT_EQ(june->value().numerator(), "10");

  EXPECT_EQ(kpi_.Record({{better}})->repeated_count(), 1);
  v1::Observation again = Share("a3");
  again.set_replaces_key("a");
  EXPECT_THAT(kpi_.Record({{again}}), Refuses("ALREADY_REPLACED"));
  again.set_replaces_key("nobody");
  EXPECT_THAT(kpi_.Record({{again}}), Refuses("REPLACED_NOT_FOUND"));
  again.set_replaces_key("a3");
  EXPECT_THAT(kpi_.Record({{again}}), Refuses("REPLACES_ITSELF"));
  EXPECT_EQ(ValueOf("share"), "11/20 n2");

  grpc::ClientContext context;
  v1::ListObservationsRequest request;
  request.set_parent("indicators/share");
  v1::ListObservationsResponse response;
  ASSERT_TRUE(kpi_.stub().ListObservations(&context, request, &response).ok());
  EXPECT_EQ(response.observations_size(), 3) << "both the old and the new stay on record";
}

TEST_F(RecordObservationsTest, ReplacingTheLargestValueFindsTheNextOne) {
  const auto minutes = [](const std::string& key, const std::string& largest) {
    return Observed({.indicator = "minutes",
                     .unit = "van-phong",
                     .date = "2023-07-01",
                     .numerator = largest,
                     .denominator = "5",
                     .key = key});
  };
  ASSERT_THAT(kpi_.Record({{minutes("a", "24"), minutes("b", "60"), minutes("c", "21")}}), IsOk());
  EXPECT_EQ(ValueOf("minutes"), "60/15 n3");
  v1::Observation corrected = minutes("b2", "6");
  corrected.set_replaces_key("b");
  ASSERT_THAT(kpi_.Record({{corrected}}), IsOk());
  EXPECT_EQ(ValueOf("minutes"), "24/15 n3");
}

TEST_F(RecordObservationsTest, ASumNeedsNoDenominator) {
  v1::Observation documents = Share("a", "4", "");
  documents.set_indicator("indicators/documents");
  ASSERT_THAT(kpi_.Record({{documents}}), IsOk());
  const auto value = kpi_.GetValue("documents", "", "2023");
  EXPECT_EQ(value->value().rounded(), "4");
}

TEST_F(RecordObservationsTest, RefusesBadInputAndLeavesTheDatabaseAsItWas) {
  struct Row {
    const char* what;
    const char* reason;
    absl::StatusCode code;
    std::function<void(v1::Observation&)> spoil;
  };
  const auto bad = absl::StatusCode::kInvalidArgument;
  const std::vector<Row> rows = {
      {"unknown indicator", "INDICATOR_NOT_FOUND", absl::StatusCode::kNotFound,
       [](auto& o) { o.set_indicator("indicators/nobody"); }},
      {"indicator without its prefix", "INDICATOR_NOT_FOUND", absl::StatusCode::kNotFound,
       [](auto& o) { o.set_indicator("share"); }},
      {"computed indicator", "INDICATOR_COMPUTED", absl::StatusCode::kFailedPrecondition,
       [](auto& o) { o.set_indicator("indicators/inspection-coverage"); }},
      {"unknown unit", "UNIT_UNKNOWN", bad, [](auto& o) { o.set_unit("units/nobody"); }},
      {"no unit", "UNIT_UNKNOWN", bad, [](auto& o) { o.clear_unit(); }},
      {"unit dissolved on that day", "UNIT_NOT_ON_DATE", bad,
       [](auto& o) { o.set_unit("units/chi-cuc"); }},
      {"future date", "DATE_IN_FUTURE", bad, [](auto& o) { o.set_date("2023-07-16"); }},
      {"31 February", "DATE_INVALID", bad, [](auto& o) { o.set_date("2023-02-31"); }},
      {"zero denominator", "DENOMINATOR_ZERO", bad, [](auto& o) { o.set_denominator("0"); }},
      {"NaN", "DECIMAL_INVALID", bad, [](auto& o) { o.set_numerator("NaN"); }},
      {"Inf", "DECIMAL_INVALID", bad, [](auto& o) { o.set_numerator("Inf"); }},
      {"1,5", "DECIMAL_INVALID", bad, [](auto& o) { o.set_numerator("1,5"); }},
      {"negative", "FIGURE_NEGATIVE", bad, [](auto& o) { o.set_numerator("-1"); }},
      {"too large", "DECIMAL_INVALID", bad, [](auto& o) { o.set_numerator("1000000000001"); }},
      {"seven decimals", "DECIMAL_INVALID", bad, [](auto& o) { o.set_numerator("0.1234567"); }},
      {"no key", "TEXT_BLANK", bad, [](auto& o) { o.clear_key(); }},
      {"long key", "TEXT_TOO_LONG", bad, [](auto& o) { o.set_key(std::string(129, 'k')); }},
      {"no source", "TEXT_BLANK", bad, [](auto& o) { o.clear_source(); }},
      {"bidi override in the source", "CONTROL_CHARACTER", bad,
       [](auto& o) { o.set_source("a\xE2\x80\xAE b"); }},
  };
  inspection::v1::CoverageChanged coverage;
  coverage.mutable_coverage()->set_year(2023);
  ASSERT_THAT(kpi_.Deliver("dondoc.inspection.coverage.changed", coverage), IsOk());
  // The value of the computed indicator is told behind the write; what is counted below comes
  // after.
  while (kpi_.Events("dondoc.kpi.value.changed").empty()) {
    kpi_.database().WaitForSequenceAfter(kpi_.database().LastSequence(), absl::Milliseconds(20));
  }
  const int64_t sequence = kpi_.database().LastSequence();
  for (const Row& row : rows) {
    v1::Observation spoiled = Share("spoiled");
    row.spoil(spoiled);
    const auto refused = kpi_.Record({{Share("good"), spoiled}});
    EXPECT_THAT(refused, Refuses(row.reason)) << row.what;
    EXPECT_THAT(refused, StatusIs(row.code)) << row.what;
    EXPECT_EQ(DetailsOf(refused.status())["index"], "1") << row.what;
    EXPECT_NE(DetailsOf(refused.status())["field"], "") << row.what;
  }
  EXPECT_EQ(ValueOf("share"), "/ n0");
  EXPECT_EQ(kpi_.database().LastSequence(), sequence);
}

TEST_F(RecordObservationsTest, SaysThatAnUnknownUnitMayJustNotHaveArrivedYet) {
  v1::Observation observation = Share("a");
  observation.set_unit("units/phong-moi");
  const auto refused = kpi_.Record({{observation}});
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("has not arrived yet"));
  kpi_.AddUnit("phong-moi", "so");
  EXPECT_THAT(kpi_.Record({{observation}}), IsOk());
}

TEST_F(RecordObservationsTest, TakesBatchesOfOneToAThousand) {
  std::vector<v1::Observation> batch;
  for (int i = 0; i < 1000; ++i) batch.push_back(Share(absl::StrCat("k", i), "1", "1"));
  EXPECT_THAT(kpi_.Record({batch}), IsOk());
  batch.push_back(Share("one too many"));
  EXPECT_THAT(kpi_.Record({batch}), Refuses("BATCH_TOO_LARGE"));
  EXPECT_THAT(kpi_.Record({{}}), Refuses("BATCH_EMPTY"));
  EXPECT_EQ(ValueOf("share"), "1000/1000 n1000");
}

TEST_F(RecordObservationsTest, ARefusalEndsTheStreamAndKeepsWhatCameBefore) {
  std::vector<std::vector<v1::Observation>> batches;
  for (int i = 0; i < 20; ++i) batches.push_back({Share(absl::StrCat("k", i), "1", "1")});
  batches[10] = {Share("k0", "2", "2")};
  const auto refused = kpi_.Record(batches);
  EXPECT_THAT(refused, Refuses("OBSERVATION_KEY_REUSED"));
  EXPECT_EQ(DetailsOf(refused.status())["batch"], "10");
  EXPECT_EQ(ValueOf("share"), "10/10 n10");
  batches[10] = {Share("k10", "1", "1")};
  const auto again = kpi_.Record(batches);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->recorded_count(), 10);
  EXPECT_EQ(again->repeated_count(), 10);
}

TEST_F(RecordObservationsTest, RefusesWhatNoLongerFits) {
  std::vector<v1::Observation> batch;
  for (int i = 0; i < 9; ++i) {
    batch.push_back(Share(absl::StrCat("k", i), "1000000000000", "1000000000000"));
  }
  ASSERT_THAT(kpi_.Record({batch}), IsOk());
  const auto refused = kpi_.Record({{Share("k9", "1000000000000", "1000000000000")}});
  EXPECT_THAT(refused, Refuses("SUM_OVERFLOW"));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_EQ(ValueOf("share"), "9000000000000/9000000000000 n9");
}

TEST_F(RecordObservationsTest, ManyStreamsAtOnceEachCountOnce) {
  constexpr int kStreams = 6;
  std::vector<std::thread> threads;
  for (int t = 0; t < kStreams; ++t) {
    threads.emplace_back([this, t] {
      std::vector<std::vector<v1::Observation>> batches;
      // Every key is sent by two streams.
      for (int b = 0; b < 20; ++b) {
        batches.emplace_back();
        for (int i = 0; i < 50; ++i) {
          batches.back().push_back(Share(absl::StrCat(t / 2, "-", b, "-", i), "1", "2"));
        }
      }
      EXPECT_THAT(kpi_.Record(batches), IsOk());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ValueOf("share"), "3000/6000 n3000");
}

TEST_F(RecordObservationsTest, ARestartFindsEverything) {
  ASSERT_THAT(kpi_.Record({{Share("a")}}), IsOk());
  kpi_.Restart();
  EXPECT_EQ(ValueOf("share"), "9/10 n1");
  EXPECT_EQ(kpi_.Record({{Share("a"), Share("b")}})->repeated_count(), 1);
}

TEST_F(RecordObservationsTest, ListsByKeyWithPagesAndByUnit) {
  std::vector<v1::Observation> batch;
  for (int i = 0; i < 25; ++i) {
    batch.push_back(Share(absl::StrCat("k", i + 100), "1", "2"));
    if (i % 5 == 0) batch.back().set_unit("units/so");
  }
  ASSERT_THAT(kpi_.Record({batch}), IsOk());
  const auto list = [&](const std::string& unit) {
    std::vector<std::string> keys;
    v1::ListObservationsRequest request;
    request.set_parent("indicators/share");
    request.set_unit(unit);
    request.set_page_size(4);
    do {
      grpc::ClientContext context;
      v1::ListObservationsResponse response;
      EXPECT_TRUE(kpi_.stub().ListObservations(&context, request, &response).ok());
      for (const v1::Observation& o : response.observations()) keys.push_back(o.key());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return keys;
  };
  EXPECT_EQ(list("").size(), 25u);
  EXPECT_THAT(list("units/so"), ::testing::ElementsAre("k100", "k105", "k110", "k115", "k120"));

  grpc::ClientContext context;
  v1::ListObservationsRequest request;
  request.set_parent("indicators/share");
  request.set_unit("units/nobody");
  v1::ListObservationsResponse response;
  EXPECT_THAT(rpc::FromGrpc(kpi_.stub().ListObservations(&context, request, &response)),
              Refuses("UNIT_UNKNOWN"));
}

}  // namespace
}  // namespace dondoc::kpi
