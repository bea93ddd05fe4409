#include "services/inspection/domain/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/clock.h"
#include "services/inspection/domain/test_department.h"

namespace dondoc::inspection {
namespace {

using Day = absl::CivilDay;

using testing::DepartmentUnits;
using ::testing::ElementsAre;
using testing::FlatUnits;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::CivilDay kJuly(2023, 7, 2);

InspectedUnit Concluded(const std::string& unit) {
  return {.unit = unit, .concluded = absl::CivilDay(2023, 6, 1)};
}
InspectedUnit ToCome(const std::string& unit) { return {.unit = unit, .concluded = {}}; }

Coverage Count(const std::vector<Unit>& list, const std::vector<InspectedUnit>& inspections,
               absl::CivilDay today = kJuly, const Programme* programme = nullptr) {
  const Units units(list);
  return CountCoverage({.year = 2023,
                        .today = today,
                        .share = *Share::Parse("30"),
                        .units = units,
                        .rule = {},
                        .inspections = inspections,
                        .findings = {},
                        .programme = programme});
}

TEST(Coverage, CountsAUnitOnceHoweverOftenItWasInspected) {
  const Coverage coverage =
      Count(DepartmentUnits(), {Concluded("units/khoa-hoc"), Concluded("units/khoa-hoc"),
                                ToCome("units/khoa-hoc"), ToCome("units/chi-cuc")});
  EXPECT_THAT(coverage.inspected_units, ElementsAre("units/khoa-hoc"));
  EXPECT_EQ(coverage.planned_count, 2);
  EXPECT_FALSE(coverage.met);
}

TEST(Coverage, IsMetInWholeUnits) {
  struct Row {
    int units;
    int concluded;
    bool met;
  };
  for (const Row& row : {Row{10, 2, false}, Row{10, 3, true}, Row{11, 3, false}, Row{11, 4, true},
                         Row{1, 1, true}, Row{0, 0, false}}) {
    std::vector<InspectedUnit> inspections;
    for (int i = 0; i < row.concluded; ++i) {
      inspections.push_back(Concluded(absl::StrCat("units/u", i)));
    }
    EXPECT_EQ(Count(FlatUnits(row.units), inspections).met, row.met)
        << row.concluded << "/" << row.units;
  }
}

TEST(Coverage, SaysThatAShareOfNoUnitsIsNotDefined) {
  const Coverage coverage = Count({}, {});
  EXPECT_EQ(coverage.required_count, 0);
  EXPECT_FALSE(coverage.met);
  EXPECT_THAT(coverage.pace_vi, HasSubstr("chưa tính được"));
}

TEST(Coverage, CountsNeitherUnknownNorExternalUnits) {
  const Coverage coverage =
      Count(DepartmentUnits(), {Concluded("units/x"), Concluded("units/so-noi-vu")});
  EXPECT_THAT(coverage.inspected_units, IsEmpty());
  EXPECT_EQ(coverage.planned_count, 0);
}

TEST(ExpectedUnits, GrowEvenlyOverTheYear) {
  struct Row {
    absl::CivilDay today;
    int64_t expected;
  };
  for (const Row& row : {
           Row{Day(2022, 12, 31), 0},
           Row{Day(2023, 1, 1), 0},
           Row{Day(2023, 5, 1), 0},
           Row{Day(2023, 5, 2), 1},  // a third of 365 days has passed on day 122
           Row{Day(2023, 8, 31), 1},
           Row{Day(2023, 9, 1), 2},
           Row{Day(2023, 12, 30), 2},
           Row{Day(2023, 12, 31), 3},
           Row{Day(2024, 6, 1), 3},
       }) {
    EXPECT_EQ(ExpectedBy(3, 2023, row.today), row.expected) << row.today;
  }
}

TEST(Pace, IsWarnedAboutWhenTooFewAreConcluded) {
  const Coverage behind = Count(DepartmentUnits(), {});
  EXPECT_EQ(behind.expected_by_today, 1);
  EXPECT_THAT(behind.pace_vi, HasSubstr("sẽ không đạt tỷ lệ 30 %"));
  EXPECT_THAT(behind.pace_en, HasSubstr("it should be 1 of 3"));

  EXPECT_THAT(Count(DepartmentUnits(), {Concluded("units/chi-cuc")}).pace_vi, IsEmpty());
  EXPECT_THAT(Count(DepartmentUnits(), {}, absl::CivilDay(2023, 2, 1)).pace_vi, IsEmpty());
}

TEST(Pace, IsAVerdictOnceTheYearIsOver) {
  const Coverage missed =
      Count(DepartmentUnits(), {Concluded("units/chi-cuc")}, absl::CivilDay(2024, 1, 1));
  EXPECT_THAT(missed.pace_vi, HasSubstr("Năm 2023 không đạt"));
  const Coverage met =
      Count(DepartmentUnits(),
            {Concluded("units/chi-cuc"), Concluded("units/ke-hoach"), Concluded("units/van-phong")},
            absl::CivilDay(2024, 1, 1));
  EXPECT_THAT(met.pace_vi, IsEmpty());
}

Programme MadeInFebruary() {
  Programme programme{.year = 2023,
                      .share = *Share::Parse("30"),
                      .unit_count = 9,
                      .required_count = 3,
                      .inspectors = {},
                      .proposed_at = StartOf(absl::CivilDay(2023, 2, 1))};
  for (const Unit& unit : DepartmentUnits()) {
    if (Counts(unit, absl::CivilDay(2023, 2, 1), {})) {
      programme.candidates.push_back({.unit = unit.name, .reason_vi = "", .reason_en = ""});
    }
  }
  return programme;
}

TEST(ChangedUnits, NeedNoWordWhenNothingChanged) {
  const Programme programme = MadeInFebruary();
  EXPECT_THAT(Count(DepartmentUnits(), {}, kJuly, &programme).unit_changes_vi, IsEmpty());
}

TEST(ChangedUnits, AreRecountedAndExplained) {
  std::vector<Unit> units = DepartmentUnits();
  units[4].valid_to = absl::CivilDay(2023, 7, 1);  // khoa-hoc, merged into cong-nghe
  units[4].successor = "units/cong-nghe";
  units[8].kind = UnitKind::kExternal;  // ung-dung
  Unit founded = units[3];
  founded.name = "units/chuyen-doi-so";
  founded.display_name = "Phòng Chuyển đổi số";
  founded.valid_from = absl::CivilDay(2023, 6, 15);
  units.push_back(founded);
  const Programme programme = MadeInFebruary();

  const Coverage before =
      Count(units, {Concluded("units/khoa-hoc")}, absl::CivilDay(2023, 6, 30), &programme);
  EXPECT_THAT(before.inspected_units, ElementsAre("units/khoa-hoc"));
  EXPECT_EQ(before.unit_count, 9);

  const Coverage after = Count(units, {Concluded("units/khoa-hoc")}, kJuly, &programme);
  EXPECT_THAT(after.inspected_units, IsEmpty());
  EXPECT_EQ(after.unit_count, 8);
  EXPECT_THAT(after.unit_changes_vi,
              ElementsAre("Phòng Khoa học giải thể từ ngày 01/07/2023, nhập vào Phòng Công nghệ; "
                          "cuộc kiểm tra đã kết luận ở đó không còn được tính.",
                          "Trung tâm Ứng dụng không còn thuộc diện tính tỷ lệ.",
                          "Phòng Chuyển đổi số thành lập ngày 15/06/2023.",
                          "Số đơn vị: 9 → 8; phải kiểm tra: 3 → 3."));
  EXPECT_EQ(after.unit_changes_en.size(), after.unit_changes_vi.size());
}

TEST(CoverageOfAYearThatIsOver, StaysWhatItWasOnItsLastDay) {
  std::vector<Unit> units = DepartmentUnits();
  units[4].valid_to = absl::CivilDay(2024, 1, 1);
  const Coverage coverage = Count(units, {Concluded("units/khoa-hoc")}, absl::CivilDay(2024, 2, 1));
  EXPECT_EQ(coverage.unit_count, 9);
  EXPECT_THAT(coverage.inspected_units, ElementsAre("units/khoa-hoc"));
}

}  // namespace
}  // namespace dondoc::inspection
