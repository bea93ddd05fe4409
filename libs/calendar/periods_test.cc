#include "libs/calendar/periods.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "libs/base/status_matchers.h"
#include "libs/calendar/dates.h"

namespace dondoc::calendar {
namespace {

using dondoc::testing::IsOk;
using dondoc::testing::Refuses;
using dondoc::testing::StatusIs;

Period P(absl::string_view id) { return Period::FromId(id).value(); }
absl::CivilDay Day(absl::string_view text) { return ParseDate("test", text).value(); }

std::vector<std::string> Ids(const std::vector<Period>& periods) {
  std::vector<std::string> ids;
  for (const Period& period : periods) ids.push_back(period.id());
  return ids;
}

TEST(APeriod, HasAnIdANameAndBothItsDays) {
  struct Case {
    std::string id;
    std::string name;
    std::string first;
    std::string last;
  };
  const std::vector<Case> cases = {
      {"2023-M02", "Tháng 2/2023", "2023-02-01", "2023-02-28"},
      {"2024-M02", "Tháng 2/2024", "2024-02-01", "2024-02-29"},
      {"2023-M12", "Tháng 12/2023", "2023-12-01", "2023-12-31"},
      {"2023-Q1", "Quý I/2023", "2023-01-01", "2023-03-31"},
      {"2023-Q2", "Quý II/2023", "2023-04-01", "2023-06-30"},
      {"2023-Q3", "Quý III/2023", "2023-07-01", "2023-09-30"},
      {"2023-Q4", "Quý IV/2023", "2023-10-01", "2023-12-31"},
      {"2023-H1", "6 tháng đầu năm 2023", "2023-01-01", "2023-06-30"},
      {"2023-H2", "6 tháng cuối năm 2023", "2023-07-01", "2023-12-31"},
      {"2023-9M", "9 tháng đầu năm 2023", "2023-01-01", "2023-09-30"},
      {"2023", "Năm 2023", "2023-01-01", "2023-12-31"},
      {"2100", "Năm 2100", "2100-01-01", "2100-12-31"},
  };
  for (const Case& c : cases) {
    const auto period = Period::FromId(c.id);
    ASSERT_THAT(period, IsOk()) << c.id;
    EXPECT_EQ(period->id(), c.id);
    EXPECT_EQ(period->ToVietnamese(), c.name);
    EXPECT_EQ(FormatDate(period->first()), c.first) << c.id;
    EXPECT_EQ(FormatDate(period->last()), c.last) << c.id;
    EXPECT_EQ(Period::Parse(c.name).value(), *period) << c.name;
    EXPECT_TRUE(period->Contains(period->first()) && period->Contains(period->last())) << c.id;
    EXPECT_FALSE(period->Contains(period->first() - 1) || period->Contains(period->last() + 1));
  }
}

TEST(ParsePeriod, ReadsWhatPeopleWrite) {
  struct Case {
    std::string text;
    std::string id;
  };
  const std::vector<Case> cases = {
      {"Quý III năm 2023", "2023-Q3"},   {"Quý IV/2023.", "2023-Q4"},
      {"quý 2/2023", "2023-Q2"},         {"QUÝ IV NĂM 2023", "2023-Q4"},
      {"Qúy iv / 2023", "2023-Q4"},      {"Quí II/2023", "2023-Q2"},
      {"  Quý   I/2023  ", "2023-Q1"},   {"Tháng 7/2023.", "2023-M07"},
      {"tháng 07 năm 2023", "2023-M07"}, {"6 tháng đầu năm 2023", "2023-H1"},
      {"6 tháng năm 2023", "2023-H1"},   {"6 Tháng Cuối Năm 2023", "2023-H2"},
      {"9 tháng năm 2023", "2023-9M"},   {"năm 2023", "2023"},
      {"Cả năm 2023.", "2023"},          {"Trong năm 2023", "2023"},
      {"Quy\u0301 I/2023", "2023-Q1"},  // decomposed
  };
  for (const Case& c : cases) {
    const auto period = Period::Parse(c.text);
    ASSERT_THAT(period, IsOk()) << c.text;
    EXPECT_EQ(period->id(), c.id) << c.text;
  }
}

TEST(ParsePeriod, RefusesEverythingElse) {
  const std::vector<std::string> refused = {"",
                                            ".",
                                            "2023",
                                            "Quý V/2023",
                                            "Quý 0/2023",
                                            "Quý 5/2023",
                                            "Quý IIII/2023",
                                            "Quý 01/2023",
                                            "Quý/2023",
                                            "Quý I",
                                            "Quý I 2023",
                                            "Quý I/23",
                                            "Quý I/20233",
                                            "Quý I/1999",
                                            "Quý I/2101",
                                            "Quý I/0000",
                                            "Q5/2026",
                                            "Q1/2023",
                                            "Quý III, IV năm 2023",
                                            "Tháng 13/2023",
                                            "Tháng 0/2023",
                                            "Tháng -1/2023",
                                            "Tháng 007/2023",
                                            "Tháng Bảy/2023",
                                            "Tháng 7",
                                            "tháng 7/2023 đến tháng 9/2023",
                                            "Tuần 53/2026",
                                            "3 tháng đầu năm 2023",
                                            "6 tháng đầu/2023",
                                            "12 tháng năm 2023",
                                            "cả/2023",
                                            "/2023",
                                            "Quy I/2023",
                                            "Năm 2023-2024",
                                            "Năm hai nghìn",
                                            "Quý I/２０２３",
                                            std::string(1'000'000, '1'),
                                            "\xff\xff năm 2023"};
  for (const std::string& text : refused) {
    EXPECT_THAT(Period::Parse(text), Refuses("PERIOD_INVALID")) << text;
    EXPECT_THAT(Period::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(ParsePeriod, SaysWhatIsWrong) {
  EXPECT_EQ(Period::Parse("Quý V/2023").status().message(),
            "Kỳ \"Quý V/2023\" không hợp lệ: quý phải từ I đến IV "
            "(period \"Quý V/2023\" is not valid: a quarter is I to IV)");
}

TEST(PeriodFromId, RefusesWhatIsNoCanonicalId) {
  for (const std::string id : {"", "2023-M7", "2023-M13", "2023-M00", "2023-Q0", "2023-Q5",
                               "2023-Q01", "2023-H3", "2023-h1", "2023-9M1", "1999-Q1", "2101",
                               "23-Q1", "2023-", "2023-Q1 ", "0000", "Năm 2023"}) {
    EXPECT_THAT(Period::FromId(id), Refuses("PERIOD_INVALID")) << id;
  }
}

TEST(CreatePeriod, RefusesNumbersThatNoYearHas) {
  EXPECT_EQ(Period::Create(PeriodKind::kQuarter, 2023, 4)->id(), "2023-Q4");
  EXPECT_EQ(Period::Create(PeriodKind::kYear, 2023)->id(), "2023");
  EXPECT_THAT(Period::Create(PeriodKind::kQuarter, 2023, 5), Refuses("PERIOD_INVALID"));
  EXPECT_THAT(Period::Create(PeriodKind::kMonth, 2023, 13), Refuses("PERIOD_INVALID"));
  EXPECT_THAT(Period::Create(PeriodKind::kMonth, 2023, 0), Refuses("PERIOD_INVALID"));
  EXPECT_THAT(Period::Create(PeriodKind::kHalf, 2023, 3), Refuses("PERIOD_INVALID"));
  EXPECT_THAT(Period::Create(PeriodKind::kNineMonths, 2023, 2), Refuses("PERIOD_INVALID"));
  EXPECT_THAT(Period::Create(PeriodKind::kYear, 2023, 2), Refuses("PERIOD_INVALID"));
  EXPECT_THAT(Period::Create(PeriodKind::kYear, 1999), Refuses("PERIOD_INVALID"));
  EXPECT_THAT(Period::Create(PeriodKind::kYear, 2101), Refuses("PERIOD_INVALID"));
}

TEST(PeriodContaining, FindsThePeriodOfADay) {
  EXPECT_EQ(Period::Containing(PeriodKind::kMonth, Day("2023-07-01"))->id(), "2023-M07");
  EXPECT_EQ(Period::Containing(PeriodKind::kQuarter, Day("2023-06-30"))->id(), "2023-Q2");
  EXPECT_EQ(Period::Containing(PeriodKind::kHalf, Day("2023-07-01"))->id(), "2023-H2");
  EXPECT_EQ(Period::Containing(PeriodKind::kNineMonths, Day("2023-09-30"))->id(), "2023-9M");
  EXPECT_EQ(Period::Containing(PeriodKind::kNineMonths, Day("2023-10-01")), std::nullopt);
  EXPECT_EQ(Period::Containing(PeriodKind::kYear, Day("2023-12-31"))->id(), "2023");
  EXPECT_EQ(Period::Containing(PeriodKind::kYear, absl::CivilDay(1999, 12, 31)), std::nullopt);
}

TEST(APeriod, KnowsWhatIsAboveAndBelowIt) {
  EXPECT_EQ(P("2023-M05").Parent(), P("2023-Q2"));
  EXPECT_EQ(P("2023-Q2").Parent(), P("2023-H1"));
  EXPECT_EQ(P("2023-H1").Parent(), P("2023"));
  EXPECT_EQ(P("2023-9M").Parent(), P("2023"));
  EXPECT_EQ(P("2023").Parent(), std::nullopt);
  using Expected = std::vector<std::string>;
  EXPECT_EQ(Ids(P("2023").Children()), (Expected{"2023-H1", "2023-H2"}));
  EXPECT_EQ(Ids(P("2023-H2").Children()), (Expected{"2023-Q3", "2023-Q4"}));
  EXPECT_EQ(Ids(P("2023-9M").Children()), (Expected{"2023-Q1", "2023-Q2", "2023-Q3"}));
  EXPECT_EQ(Ids(P("2023-Q4").Children()), (Expected{"2023-M10", "2023-M11", "2023-M12"}));
  EXPECT_TRUE(P("2023-M05").Children().empty());
}

TEST(APeriod, CanBeKeptInASet) {
  const std::set<Period> periods = {P("2023"), P("2023-Q1"), P("2023-Q1"), P("2022-Q1")};
  EXPECT_EQ(periods.size(), 3u);
  EXPECT_EQ(periods.begin()->id(), "2022-Q1");
}

TEST(DataWindow, RunsFromTheFifteenthToTheFourteenth) {
  struct Case {
    std::string id;
    std::string first;
    std::string last;
  };
  const std::vector<Case> cases = {
      {"2023-Q1", "2022-12-15", "2023-03-14"},  {"2023-H1", "2022-12-15", "2023-06-14"},
      {"2023-Q3", "2023-06-15", "2023-09-14"},  {"2023", "2022-12-15", "2023-12-14"},
      {"2023-Q2", "2023-03-15", "2023-06-14"},  {"2023-9M", "2022-12-15", "2023-09-14"},
      {"2023-M03", "2023-02-15", "2023-03-14"}, {"2023-M01", "2022-12-15", "2023-01-14"},
      {"2023-H2", "2023-06-15", "2023-12-14"},
  };
  for (const Case& c : cases) {
    const Window window = DataWindow(P(c.id), WindowScheme::kFifteenthToFourteenth);
    EXPECT_EQ(window, (Window{.first = Day(c.first), .last = Day(c.last)})) << c.id;
  }
}

TEST(DataWindow, CountsTheEndOfDecemberIntoTheNextYear) {
  const Window of_2023 = DataWindow(P("2023"), WindowScheme::kFifteenthToFourteenth);
  const Window of_2024 = DataWindow(P("2024"), WindowScheme::kFifteenthToFourteenth);
  EXPECT_FALSE(of_2023.Contains(Day("2023-12-20")));
  EXPECT_TRUE(of_2024.Contains(Day("2023-12-20")));
}

TEST(DataWindow, OfTheCalendarIsThePeriodItself) {
  const Window window = DataWindow(P("2023-Q1"), WindowScheme::kCalendar);
  EXPECT_EQ(window, (Window{.first = Day("2023-01-01"), .last = Day("2023-03-31")}));
}

}  // namespace
}  // namespace dondoc::calendar
