// Values and verdicts as callers see them, without Redis.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "services/kpi/testing/kpi_fixture.h"

namespace dondoc::kpi {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::HasSubstr;

class ValuesTest : public ::testing::Test {
 protected:
  ValuesTest() {
    kpi_.AddUnit("so");
    kpi_.AddUnit("van-phong", "so");
    kpi_.AddUnit("chi-cuc", "so");
    kpi_.AddUnit("tram", "chi-cuc");
    EXPECT_THAT(kpi_.Define(Percentage("share")), IsOk());
  }

  void Record(const std::string& unit, const std::string& date, const std::string& numerator,
              const std::string& denominator) {
    EXPECT_THAT(kpi_.Record({{Observed({.indicator = "share",
                                        .unit = unit,
                                        .date = date,
                                        .numerator = numerator,
                                        .denominator = denominator,
                                        .key = unit + date})}}),
                IsOk());
  }

  v1::Value ValueOf(const std::string& unit, const std::string& period) {
    const auto response = kpi_.GetValue("share", unit, period);
    EXPECT_THAT(response, IsOk());
    return response->value();
  }

  v1::Verdict VerdictOf(const std::string& period = "2023") {
    return kpi_.GetValue("share", "", period)->judgements(0).verdict();
  }

  KpiFixture kpi_{absl::CivilDay(2023, 7, 15)};
};

TEST_F(ValuesTest, AUnitIncludesEverythingBelowItAndPeriodsTheirMonths) {
  Record("van-phong", "2023-01-31", "9", "10");
  Record("chi-cuc", "2023-04-01", "0", "90");
  Record("tram", "2023-07-15", "1", "1");
  EXPECT_EQ(ValueOf("", "2023").numerator(), "10");
  EXPECT_EQ(ValueOf("", "2023").denominator(), "101");
  EXPECT_EQ(ValueOf("", "2023").reporting_unit_count(), 3);
  EXPECT_EQ(ValueOf("so", "2023").denominator(), "101");
  EXPECT_EQ(ValueOf("chi-cuc", "2023").denominator(), "91");
  EXPECT_EQ(ValueOf("tram", "2023").denominator(), "1");
  EXPECT_EQ(ValueOf("", "2023-Q1").rounded(), "90");
  EXPECT_EQ(ValueOf("", "2023-H1").rounded(), "9") << "9/100, not the mean of 90 % and 0 %";
  EXPECT_EQ(ValueOf("", "2023-M07").observation_count(), 1);
  EXPECT_EQ(ValueOf("", "2023-9M").denominator(), "101");
  EXPECT_EQ(ValueOf("", "2022").numerator(), "") << "no data is no zero";
}

TEST_F(ValuesTest, AUnitThatMovesTakesItsFiguresAlong) {
  Record("tram", "2023-07-15", "1", "4");
  const v1::Value before = ValueOf("chi-cuc", "2023");
  EXPECT_EQ(before.denominator(), "4");
  kpi_.AddUnit("tram", "van-phong");
  EXPECT_EQ(ValueOf("chi-cuc", "2023").denominator(), "");
  EXPECT_EQ(ValueOf("van-phong", "2023").denominator(), "4");
  EXPECT_EQ(ValueOf("so", "2023").denominator(), "4");
  EXPECT_GT(ValueOf("chi-cuc", "2023").revision(), before.revision());
}

TEST_F(ValuesTest, AUnitWhoseParentComesLaterIsBelowItThen) {
  kpi_.AddUnit("to", "phong-moi");
  Record("to", "2023-07-01", "1", "2");
  EXPECT_EQ(ValueOf("so", "2023").denominator(), "");
  kpi_.AddUnit("phong-moi", "so");
  EXPECT_EQ(ValueOf("so", "2023").denominator(), "2");
}

TEST_F(ValuesTest, TheRevisionChangesWithTheInputsOnly) {
  const int64_t start = ValueOf("", "2023").revision();
  kpi_.AddUnit("phong-moi", "so");
  ASSERT_THAT(kpi_.SetTarget(AtLeast("share", "t", "86")), IsOk());
  EXPECT_EQ(ValueOf("", "2023").revision(), start);
  Record("tram", "2023-07-15", "1", "4");
  EXPECT_GT(ValueOf("", "2023").revision(), start);
}

TEST_F(ValuesTest, VerdictsFollowTheDays) {
  v1::Target target = AtLeast("share", "i-2-a-2", "100");
  target.set_effective_from("2023-07-01");
  ASSERT_THAT(kpi_.SetTarget(target), IsOk());
  kpi_.clock().Set(absl::CivilDay(2023, 6, 30));
  Record("van-phong", "2023-06-15", "1", "2");
  EXPECT_EQ(VerdictOf(), v1::VERDICT_NOT_YET_DUE);
  kpi_.clock().Set(absl::CivilDay(2023, 7, 15));
  EXPECT_EQ(VerdictOf(), v1::VERDICT_NO_DATA) << "what came before July does not count for it";
  Record("van-phong", "2023-07-10", "9", "10");
  EXPECT_EQ(VerdictOf(), v1::VERDICT_BEHIND);
  EXPECT_EQ(kpi_.GetValue("share", "", "2023")->judgements(0).value().denominator(), "10");
  EXPECT_EQ(ValueOf("", "2023").denominator(), "12");
  kpi_.clock().Set(absl::CivilDay(2023, 12, 31));
  EXPECT_EQ(VerdictOf(), v1::VERDICT_BEHIND);
  kpi_.clock().Set(absl::CivilDay(2024, 1, 1));
  EXPECT_EQ(VerdictOf(), v1::VERDICT_NOT_MET);
  EXPECT_EQ(VerdictOf("2023-Q2"), v1::VERDICT_NOT_YET_DUE);
  EXPECT_EQ(VerdictOf("2024"), v1::VERDICT_NO_TARGET_SET);
}

TEST_F(ValuesTest, TellsNothingArisenFromNoData) {
  ASSERT_THAT(kpi_.SetTarget(AtLeast("share", "t", "10")), IsOk());
  EXPECT_EQ(VerdictOf(), v1::VERDICT_NO_DATA);
  Record("van-phong", "2023-07-10", "0", "0");
  EXPECT_EQ(VerdictOf(), v1::VERDICT_NOT_APPLICABLE);
  EXPECT_EQ(ValueOf("", "2023").numerator(), "0");
  EXPECT_EQ(ValueOf("", "2023").rounded(), "");
}

TEST_F(ValuesTest, RefusesWhatIsNotThere) {
  EXPECT_THAT(kpi_.GetValue("nobody", "", "2023"), Refuses("INDICATOR_NOT_FOUND"));
  EXPECT_THAT(kpi_.GetValue("No Name", "", "2023"), Refuses("NAME_INVALID"));
  EXPECT_THAT(kpi_.GetValue("share", "nobody", "2023"), Refuses("UNIT_UNKNOWN"));
  for (const char* period : {"", "2023-Q5", "2023-13", "1999", "2023-M13", "year"}) {
    EXPECT_THAT(kpi_.GetValue("share", "", period), Refuses("PERIOD_INVALID")) << period;
  }
}

TEST_F(ValuesTest, TheBoardJudgesEveryTargetOfAPlanAsPeopleReadIt) {
  ASSERT_THAT(kpi_.Define(Percentage("other")), IsOk());
  const auto set = [&](const char* indicator, const char* id, const char* clause,
                       const char* value) {
    v1::Target target = AtLeast(indicator, id, value);
    target.set_clause(clause);
    target.set_plan("plans/cchc-2023");
    ASSERT_THAT(kpi_.SetTarget(target), IsOk());
  };
  set("share", "t14", "Phụ lục, nhiệm vụ 14", "85");
  set("share", "t9", "Phụ lục, nhiệm vụ 9", "10");
  set("other", "i-2-dd", "I.2.đ", "100");
  set("share", "i-2-d", "I.2.d", "86");
  set("other", "i-3-a", "I.3.a", "");
  v1::Target elsewhere = AtLeast("share", "elsewhere", "1");
  ASSERT_THAT(kpi_.SetTarget(elsewhere), IsOk());
  Record("van-phong", "2023-07-10", "171", "200");

  const auto board = kpi_.GetBoard("cchc-2023");
  ASSERT_THAT(board, IsOk());
  std::string read;
  for (const v1::BoardRow& row : board->rows()) {
    read += row.judgement().target().clause() + " " +
            v1::Verdict_Name(row.judgement().verdict()).substr(8) + "\n";
  }
  EXPECT_EQ(read,
            "I.2.d BEHIND\n"
            "I.2.đ NO_DATA\n"
            "I.3.a NO_TARGET_SET\n"
            "Phụ lục, nhiệm vụ 9 ON_PACE\n"
            "Phụ lục, nhiệm vụ 14 ON_PACE\n");
  std::map<v1::Verdict, int> counts;
  for (const v1::VerdictCount& count : board->verdict_counts()) {
    counts[count.verdict()] = count.count();
  }
  EXPECT_EQ(board->verdict_counts_size(), 8);
  EXPECT_EQ(counts[v1::VERDICT_ON_PACE], 2);
  EXPECT_EQ(counts[v1::VERDICT_BEHIND], 1);
  EXPECT_EQ(counts[v1::VERDICT_MET], 0);
  EXPECT_EQ(kpi_.GetBoard("")->rows_size(), 6);
  EXPECT_THAT(kpi_.GetBoard("Nobody"), Refuses("NAME_INVALID"));
  EXPECT_EQ(kpi_.GetBoard("nobody")->rows_size(), 0);
}

TEST_F(ValuesTest, RecomputationFindsNothingToCorrect) {
  Record("van-phong", "2023-01-31", "9", "10");
  Record("tram", "2023-07-15", "1", "1");
  const auto recomputed = kpi_.Recompute();
  ASSERT_THAT(recomputed, IsOk());
  EXPECT_EQ(recomputed->difference_count(), 0);
  // Office: itself, the department, the register; station: itself, the branch, the department, the
  // register; in January, first quarter, first half, and July, third quarter, second half; the
  // year.
  EXPECT_EQ(recomputed->value_count(), 3 * 3 + 4 * 3 + 5);
}

TEST_F(ValuesTest, RecomputationRepairsSumsThatSomebodyAltered) {
  Record("van-phong", "2023-01-31", "9", "10");
  Record("tram", "2023-07-15", "1", "1");
  ASSERT_THAT(kpi_.database().WriteAndWait([](store::Transaction& transaction) {
    transaction.sql().Run("update month_sums set numerator = numerator + 5 where month % 12 = 0");
    transaction.sql().Run("delete from month_sums where month % 12 = 6");
    transaction.sql().Run(
        "insert into month_sums (indicator_id, unit_id, month, numerator, denominator, maximum, "
        "count) select indicator_id, unit_id, 24280, 7, 7, 0, 1 from month_sums");
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_EQ(kpi_.Recompute()->difference_count(), 3);
  EXPECT_EQ(ValueOf("", "2023").numerator(), "10");
  EXPECT_EQ(ValueOf("", "2023").denominator(), "11");
  EXPECT_EQ(ValueOf("", "2023").observation_count(), 2);
  EXPECT_EQ(kpi_.Recompute()->difference_count(), 0);
  Record("tram", "2023-07-14", "1", "2");
  EXPECT_EQ(ValueOf("", "2023").denominator(), "13");
}

}  // namespace
}  // namespace dondoc::kpi
