#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "libs/base/status_matchers.h"
#include "tests/system/acts.h"
#include "tests/system/city.h"
#include "tests/system/redis_tap.h"

namespace dondoc::testing {
namespace {

constexpr char kIndicator[] = "cchc-2023-i-2-d";

// Redis holds nothing that cannot be lost: whatever becomes of it, GetValue answers the same.
class TheCache : public ::testing::Test {
 protected:
  TheCache() {
    city_.AddUnits();
    city_.ImportPlan();
    EXPECT_TRUE(Eventually(
        [&] { return Record(city_, {Observe(kIndicator, "2023-02-01", "855", "1000")}).ok(); }));
    SettleResult(city_, {.task = 1});
    EXPECT_TRUE(Eventually([&] { return ValueOf(city_, "cchc-2023-tasks-on-time") == "1/1"; }));
  }

  // Every value of the register and of two units in three periods, without where it came from.
  std::map<std::string, std::string> Answers() {
    std::map<std::string, std::string> answers;
    const auto indicators =
        city_.ListAll(&Kpi::ListIndicators, kpi_pb::ListIndicatorsRequest()).indicators();
    for (const kpi_pb::Indicator& indicator : indicators) {
      for (const char* unit : {"", "units/van-phong", "units/so-khcn"}) {
        for (const char* period : {"2023", "2023-Q1", "2023-M02"}) {
          kpi_pb::GetValueRequest request;
          request.set_indicator(indicator.name());
          request.set_unit(unit);
          request.set_period(period);
          auto response = city_.Call(&Kpi::GetValue, request);
          EXPECT_THAT(response, IsOk());
          answers[request.ShortDebugString()] = WithoutOrigin(*std::move(response));
        }
      }
    }
    return answers;
  }

  bool ComesFromCache() {
    kpi_pb::GetValueRequest request;
    request.set_indicator(std::string("indicators/") + kIndicator);
    request.set_period("2023");
    const auto response = city_.Call(&Kpi::GetValue, request);
    return response.ok() && response->value().from_cache();
  }

  City city_;

 private:
  static std::string WithoutOrigin(kpi_pb::GetValueResponse response) {
    const auto clear = [](kpi_pb::Value& value) {
      value.clear_from_cache();
      value.clear_compute_time();
    };
    clear(*response.mutable_value());
    for (auto& judgement : *response.mutable_judgements()) clear(*judgement.mutable_value());
    return response.DebugString();
  }
};

TEST_F(TheCache, MayBeEmptiedGarbledOrAwayAndNoAnswerChanges) {
  const std::map<std::string, std::string> right = Answers();
  ASSERT_TRUE(Eventually([&] { return ComesFromCache(); }));
  EXPECT_EQ(Answers(), right) << "out of Redis";

  RedisTap redis(city_);
  redis.Flush();
  EXPECT_EQ(Answers(), right) << "emptied";
  EXPECT_TRUE(Eventually([&] { return ComesFromCache(); })) << "it fills again";

  const std::vector<std::string> keys = redis.Keys();
  for (const std::string& key : keys) redis.Set(key, "rác");
  EXPECT_EQ(Answers(), right) << "garbage";
  EXPECT_TRUE(Eventually([&] { return ComesFromCache(); }));

  for (const std::string& key : redis.Keys()) {
    std::string value = redis.Get(key);
    value[value.size() / 2] ^= 1;
    redis.Set(key, value);
  }
  EXPECT_EQ(Answers(), right) << "one bit";
  EXPECT_TRUE(Eventually([&] { return ComesFromCache(); }));

  const std::string other = redis.Get(keys.front());
  for (const std::string& key : redis.Keys()) redis.Set(key, other);
  EXPECT_EQ(Answers(), right) << "the value of another key";

  city_.Kill("redis");
  EXPECT_EQ(Answers(), right) << "away";
  city_.Start("redis");
  EXPECT_TRUE(Eventually([&] { return ComesFromCache(); })) << "back";
  EXPECT_EQ(Answers(), right);
}

TEST_F(TheCache, IsProvedByARecomputation) {
  const auto recomputed = city_.Call(&Kpi::RecomputeValues, kpi_pb::RecomputeValuesRequest());
  ASSERT_THAT(recomputed, IsOk());
  EXPECT_GT(recomputed->value_count(), 0);
  EXPECT_EQ(recomputed->difference_count(), 0);
}

}  // namespace
}  // namespace dondoc::testing
