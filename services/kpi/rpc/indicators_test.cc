#include "services/kpi/rpc/indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "services/kpi/testing/kpi_fixture.h"

namespace dondoc::kpi {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::dondoc::testing::StatusIs;
using ::testing::SizeIs;

class IndicatorsTest : public ::testing::Test {
 protected:
  KpiFixture kpi_{absl::CivilDay(2023, 7, 15)};
};

TEST_F(IndicatorsTest, DefinesGetsAndLists) {
  for (int i = 0; i < 5; ++i) {
    const auto defined = kpi_.Define(Percentage(absl::StrCat("share-", i)));
    ASSERT_THAT(defined, IsOk());
    EXPECT_EQ(defined->etag(), "\"1\"");
  }
  grpc::ClientContext get;
  v1::GetIndicatorRequest which;
  which.set_name("indicators/share-3");
  v1::GetIndicatorResponse got;
  ASSERT_TRUE(kpi_.stub().GetIndicator(&get, which, &got).ok());
  EXPECT_EQ(got.indicator().display_name(), "Tỷ lệ share-3");

  std::vector<std::string> names;
  v1::ListIndicatorsRequest request;
  request.set_page_size(2);
  do {
    grpc::ClientContext context;
    v1::ListIndicatorsResponse response;
    ASSERT_TRUE(kpi_.stub().ListIndicators(&context, request, &response).ok());
    EXPECT_LE(response.indicators_size(), 2);
    for (const v1::Indicator& indicator : response.indicators()) names.push_back(indicator.name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, SizeIs(5));
  EXPECT_THAT(kpi_.Events("dondoc.kpi.indicator.defined"), SizeIs(5));
}

TEST_F(IndicatorsTest, RefusesBadIndicatorsAndLeavesTheDatabaseAsItWas) {
  ASSERT_THAT(kpi_.Define(Percentage("share")), IsOk());
  struct Row {
    const char* reason;
    absl::StatusCode code;
    std::function<void(v1::Indicator&)> spoil;
  };
  const auto bad = absl::StatusCode::kInvalidArgument;
  const std::vector<Row> rows = {
      {"INDICATOR_EXISTS", absl::StatusCode::kAlreadyExists,
       [](auto& i) { i.set_name("indicators/share"); }},
      {"NAME_INVALID", bad, [](auto& i) { i.set_name("share"); }},
      {"NAME_INVALID", bad, [](auto& i) { i.set_name("indicators/Đ"); }},
      {"NAME_INVALID", bad, [](auto& i) { i.set_name("indicators/../share"); }},
      {"INDICATOR_ID_RESERVED", bad, [](auto& i) { i.set_name("indicators/inspection-coverage"); }},
      {"TEXT_BLANK", bad, [](auto& i) { i.clear_display_name(); }},
      {"ENUM_INVALID", bad, [](auto& i) { i.clear_aggregation(); }},
      {"ENUM_INVALID", bad, [](auto& i) { i.set_aggregation(static_cast<v1::Aggregation>(99)); }},
      {"FACTOR_INVALID", bad, [](auto& i) { i.set_factor(-1); }},
      {"INDICATOR_CYCLE", bad, [](auto& i) { i.set_nested_in("indicators/new"); }},
      {"INDICATOR_NOT_FOUND", absl::StatusCode::kNotFound,
       [](auto& i) { i.set_nested_in("indicators/nobody"); }},
  };
  const int64_t sequence = kpi_.database().LastSequence();
  for (const Row& row : rows) {
    v1::Indicator indicator = Percentage("new");
    row.spoil(indicator);
    const auto refused = kpi_.Define(indicator);
    EXPECT_THAT(refused, Refuses(row.reason));
    EXPECT_THAT(refused, StatusIs(row.code)) << row.reason;
  }
  EXPECT_EQ(kpi_.database().LastSequence(), sequence);
}

TEST_F(IndicatorsTest, ARepeatedRequestGetsItsFirstAnswer) {
  v1::DefineIndicatorRequest request;
  request.set_request_id(NewUuid());
  *request.mutable_indicator() = Percentage("share");
  for (int i = 0; i < 2; ++i) {
    grpc::ClientContext context;
    v1::DefineIndicatorResponse response;
    ASSERT_TRUE(kpi_.stub().DefineIndicator(&context, request, &response).ok());
    EXPECT_EQ(response.indicator().etag(), "\"1\"");
  }
  EXPECT_THAT(kpi_.Events("dondoc.kpi.indicator.defined"), SizeIs(1));
}

TEST_F(IndicatorsTest, SetsTargetsAndFlagsContradictions) {
  ASSERT_THAT(kpi_.Define(Percentage("share")), IsOk());
  const auto first = kpi_.SetTarget(AtLeast("share", "i-2-d", "86"));
  ASSERT_THAT(first, IsOk());
  EXPECT_FALSE(first->conflicting());
  const auto second = kpi_.SetTarget(AtLeast("share", "t14", "85"));
  ASSERT_THAT(second, IsOk());
  EXPECT_TRUE(second->conflicting());
  // The first one was flagged with it: its own change, its own event.
  const auto changed = kpi_.Events("dondoc.kpi.target.changed");
  ASSERT_THAT(changed, SizeIs(1));
  EXPECT_EQ(changed[0].name, "indicators/share/targets/i-2-d");
  EXPECT_EQ(changed[0].version, 2);

  v1::Target agreed = AtLeast("share", "t14", "86");
  agreed.set_etag("\"7\"");
  EXPECT_THAT(kpi_.SetTarget(agreed), Refuses("ETAG_STALE"));
  agreed.set_etag(second->etag());
  const auto third = kpi_.SetTarget(agreed);
  ASSERT_THAT(third, IsOk());
  EXPECT_FALSE(third->conflicting());
  EXPECT_EQ(third->etag(), "\"2\"");

  grpc::ClientContext context;
  v1::ListTargetsRequest request;
  request.set_parent("indicators/share");
  v1::ListTargetsResponse response;
  ASSERT_TRUE(kpi_.stub().ListTargets(&context, request, &response).ok());
  ASSERT_EQ(response.targets_size(), 2);
  EXPECT_FALSE(response.targets(0).conflicting());
}

TEST_F(IndicatorsTest, RefusesBadTargetsAndLeavesTheDatabaseAsItWas) {
  ASSERT_THAT(kpi_.Define(Percentage("share")), IsOk());
  struct Row {
    const char* reason;
    std::function<void(v1::Target&)> spoil;
  };
  const std::vector<Row> rows = {
      {"NAME_INVALID", [](auto& t) { t.set_name("indicators/share"); }},
      {"INDICATOR_NOT_FOUND", [](auto& t) { t.set_name("indicators/nobody/targets/a"); }},
      {"DECIMAL_INVALID", [](auto& t) { t.set_value("86%"); }},
      {"FIGURE_NEGATIVE", [](auto& t) { t.set_value("-86"); }},
      {"COMPARATOR_MISSING", [](auto& t) { t.clear_comparator(); }},
      {"ENUM_INVALID", [](auto& t) { t.set_comparator(static_cast<v1::Comparator>(9)); }},
      {"DATE_INVALID", [](auto& t) { t.set_due_date("2023-02-30"); }},
      {"DATE_INVALID", [](auto& t) { t.clear_effective_from(); }},
      {"TARGET_DATES_REVERSED", [](auto& t) { t.set_due_date("2022-12-31"); }},
      {"QUALITATIVE_WITH_VALUE", [](auto& t) { t.set_qualitative(true); }},
      {"NAME_INVALID", [](auto& t) { t.set_plan("cchc-2023"); }},
      {"ETAG_STALE", [](auto& t) { t.set_etag("\"1\""); }},
  };
  const int64_t sequence = kpi_.database().LastSequence();
  for (const Row& row : rows) {
    v1::Target target = AtLeast("share", "new", "86");
    row.spoil(target);
    EXPECT_THAT(kpi_.SetTarget(target), Refuses(row.reason));
  }
  EXPECT_EQ(kpi_.database().LastSequence(), sequence);
}

TEST_F(IndicatorsTest, RefusesPagesThatAreNotOfTheList) {
  ASSERT_THAT(kpi_.Define(Percentage("share")), IsOk());
  grpc::ClientContext first;
  v1::ListTargetsRequest request;
  request.set_page_size(-1);
  v1::ListTargetsResponse response;
  EXPECT_THAT(rpc::FromGrpc(kpi_.stub().ListTargets(&first, request, &response)),
              Refuses("PAGE_SIZE_NEGATIVE"));
  request.set_page_size(1);
  request.set_page_token("forged");
  grpc::ClientContext second;
  EXPECT_THAT(rpc::FromGrpc(kpi_.stub().ListTargets(&second, request, &response)),
              Refuses("PAGE_TOKEN_INVALID"));
}

TEST_F(IndicatorsTest, WatchChangesTellsThemInOrder) {
  ASSERT_THAT(kpi_.Define(Percentage("a")), IsOk());
  ASSERT_THAT(kpi_.SetTarget(AtLeast("a", "t", "1")), IsOk());
  grpc::ClientContext context;
  const auto reader = kpi_.stub().WatchChanges(&context, {});
  v1::WatchChangesResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.change().type(), "dondoc.kpi.indicator.defined");
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.change().name(), "indicators/a/targets/t");
  v1::TargetChanged event;
  EXPECT_TRUE(response.change().payload().UnpackTo(&event));
  EXPECT_EQ(event.target().value(), "1");
  context.TryCancel();
}

}  // namespace
}  // namespace dondoc::kpi
