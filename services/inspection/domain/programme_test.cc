#include "services/inspection/domain/programme.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "libs/base/clock.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "libs/calendar/working_days.h"
#include "services/inspection/domain/test_department.h"

namespace dondoc::inspection {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using testing::DepartmentUnits;
using testing::FourInspectors;
using testing::Holidays2023;
using ::testing::SizeIs;

const absl::Time kNow = StartOf(absl::CivilDay(2023, 2, 1)) + absl::Hours(9);

ProgrammeWish Wish() {
  return {
      .year = 2023, .share = *Share::Parse("30"), .seed = 27012023, .inspectors = FourInspectors()};
}

// What the service knows, kept together for the length of a test.
struct Known {
  explicit Known(std::vector<Unit> list = DepartmentUnits()) : units(std::move(list)) {}
  Circumstances At(absl::Time now) const { return {now, units, facts, holidays, {}}; }
  Units units;
  absl::flat_hash_map<std::string, UnitFacts> facts;
  calendar::Holidays holidays = Holidays2023();
};

TEST(AProgramme, InspectsAsManyUnitsAsTheShareAsksOnWorkingDays) {
  const Known known;
  const auto draft = Propose(Wish(), known.At(kNow));
  ASSERT_THAT(draft, IsOk());
  EXPECT_EQ(draft->programme.unit_count, 9);
  EXPECT_EQ(draft->programme.required_count, 3);
  EXPECT_THAT(draft->programme.candidates, SizeIs(9));
  ASSERT_THAT(draft->inspections, SizeIs(3));
  for (const Inspection& inspection : draft->inspections) {
    EXPECT_EQ(inspection.planned.year(), 2023);
    EXPECT_GE(inspection.planned, DateOf(kNow));
    EXPECT_TRUE(*calendar::IsWorkingDay(known.holidays, inspection.planned));
    EXPECT_THAT(inspection.team, SizeIs(2));
    EXPECT_FALSE(inspection.reason_vi.empty());
  }
}

TEST(AProgramme, NumbersItsInspectionsByDate) {
  const Known known;
  const auto draft = Propose(Wish(), known.At(kNow));
  for (size_t i = 0; i < draft->inspections.size(); ++i) {
    EXPECT_EQ(draft->inspections[i].number, static_cast<int>(i) + 1);
    if (i > 0) {
      EXPECT_LE(draft->inspections[i - 1].planned, draft->inspections[i].planned);
    }
  }
}

TEST(AProgramme, SpreadsFourInspectionsOverTheFourQuarters) {
  const Known known;
  ProgrammeWish wish = Wish();
  wish.extra_units = 1;
  const auto draft = Propose(wish, known.At(StartOf(absl::CivilDay(2023, 1, 1))));
  ASSERT_THAT(draft->inspections, SizeIs(4));
  for (size_t quarter = 0; quarter < 4; ++quarter) {
    EXPECT_EQ(static_cast<size_t>(draft->inspections[quarter].planned.month() - 1) / 3, quarter);
  }
}

TEST(AProgramme, IsTheSameForTheSameSeedUnitsAndHistory) {
  std::mt19937 random(3);
  const auto first = Propose(Wish(), Known().At(kNow));
  for (int i = 0; i < 10; ++i) {
    std::vector<Unit> units = DepartmentUnits();
    std::shuffle(units.begin(), units.end(), random);
    const auto again = Propose(Wish(), Known(units).At(kNow));
    EXPECT_EQ(again->inspections, first->inspections);
    EXPECT_EQ(again->programme.candidates, first->programme.candidates);
  }
}

TEST(AProgramme, TakesASeedFromTheClockAndSaysWhich) {
  ProgrammeWish wish = Wish();
  wish.seed = 0;
  const Known known;
  const auto drawn = Propose(wish, known.At(kNow));
  EXPECT_EQ(drawn->programme.seed, absl::ToUnixMicros(kNow));
  wish.seed = drawn->programme.seed;
  EXPECT_EQ(Propose(wish, known.At(kNow))->inspections, drawn->inspections);
}

TEST(AProgramme, LeavesTheOfficeOutWhenItDoesNotCount) {
  const Known known;
  const auto draft =
      Propose(Wish(), {kNow, known.units, known.facts, known.holidays, {.office_counts = false}});
  EXPECT_EQ(draft->programme.unit_count, 8);
  for (const Candidate& candidate : draft->programme.candidates) {
    EXPECT_NE(candidate.unit, "units/van-phong");
  }
}

TEST(AProgramme, UsesWhatIsKnownOfAUnit) {
  Known known;
  for (const Unit& unit : known.units.all()) {
    if (unit.name == "units/ung-dung") continue;
    known.facts[unit.name].last_inspected = absl::CivilDay(2022, 5, 5);
  }
  const auto draft = Propose(Wish(), known.At(kNow));
  EXPECT_EQ(draft->programme.candidates[0].unit, "units/ung-dung");
  EXPECT_EQ(draft->programme.candidates[0].reason, SelectionReason::kNeverInspected);
}

TEST(AProgramme, IsRefusedWithTheReasonAndTheRule) {
  struct Row {
    const char* reason;
    const char* rule;
    std::function<void(ProgrammeWish&)> spoil;
  };
  const Known known;
  for (const Row& row : {
           Row{"INSPECTOR_TWICE", "",
               [](ProgrammeWish& w) { w.inspectors.push_back(w.inspectors[0]); }},
           Row{"INSPECTOR_UNIT_UNKNOWN", "",
               [](ProgrammeWish& w) { w.inspectors[0].unit = "units/x"; }},
           Row{"EXTRA_UNITS_TOO_MANY", "", [](ProgrammeWish& w) { w.extra_units = 7; }},
           Row{"WINDOW_REVERSED", "",
               [](ProgrammeWish& w) {
                 w.start = absl::CivilDay(2023, 6, 2);
                 w.end = absl::CivilDay(2023, 6, 1);
               }},
           Row{"WINDOW_OUTSIDE_YEAR", "",
               [](ProgrammeWish& w) { w.end = absl::CivilDay(2024, 1, 1); }},
           Row{"WINDOW_OUTSIDE_YEAR", "",
               [](ProgrammeWish& w) { w.start = absl::CivilDay(2024, 1, 1); }},
           Row{"WINDOW_PAST", "", [](ProgrammeWish& w) { w.start = absl::CivilDay(2023, 1, 31); }},
           Row{"NO_PROGRAMME", "WINDOW_EMPTY", [](ProgrammeWish& w) { w.year = 2022; }},
           Row{"NO_PROGRAMME", "WINDOW_EMPTY",
               [](ProgrammeWish& w) {
                 w.start = absl::CivilDay(2023, 4, 29);
                 w.end = absl::CivilDay(2023, 5, 3);
               }},
           Row{"NO_PROGRAMME", "CALENDAR_MISSING", [](ProgrammeWish& w) { w.year = 2024; }},
           Row{"NO_PROGRAMME", "TEAM_TOO_LARGE", [](ProgrammeWish& w) { w.team_size = 5; }},
           Row{"NO_PROGRAMME", "MANDATORY_UNIT_UNKNOWN",
               [](ProgrammeWish& w) {
                 w.mandatory = {{.unit = "units/so-noi-vu", .reason = "x"}};
               }},
           Row{"NO_PROGRAMME", "NO_INSPECTOR_FOR_UNIT",
               [](ProgrammeWish& w) {
                 w.team_size = 3;
                 w.mandatory = {{.unit = "units/thanh-tra", .reason = "x"}};
               }},
           Row{"NO_PROGRAMME", "NO_FREE_DAY",
               [](ProgrammeWish& w) {
                 w.start = absl::CivilDay(2023, 6, 1);
                 w.end = absl::CivilDay(2023, 6, 1);
               }},
       }) {
    ProgrammeWish wish = Wish();
    row.spoil(wish);
    const auto draft = Propose(wish, known.At(kNow));
    EXPECT_THAT(draft, Refuses(row.reason)) << row.rule;
    EXPECT_EQ(DetailsOf(draft.status())["rule"], row.rule) << draft.status();
  }
}

TEST(AProgramme, NeedsUnits) {
  const auto draft = Propose({.year = 2023, .share = *Share::Parse("30"), .inspectors = {}},
                             Known(std::vector<Unit>{}).At(kNow));
  EXPECT_THAT(draft, Refuses("NO_PROGRAMME"));
  EXPECT_EQ(DetailsOf(draft.status())["rule"], "NO_UNITS");
}

TEST(Approval, HappensOnceAndRecordsItsDecision) {
  const auto approved =
      Approve(*Propose(Wish(), Known().At(kNow)), {.decision = "05/QĐ-SKHCN", .now = kNow});
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->programme.state, ProgrammeState::kApproved);
  EXPECT_EQ(approved->programme.decision, "05/QĐ-SKHCN");
  EXPECT_EQ(approved->programme.approved_at, kNow);
  EXPECT_THAT(Approve(*approved, {.decision = "06/QĐ", .now = kNow}),
              Refuses("PROGRAMME_ALREADY_APPROVED"));
}

TEST(Approval, IsRefusedWhenAPlannedDateHasPassedMeanwhile) {
  const auto draft = Propose(Wish(), Known().At(kNow));
  EXPECT_THAT(Approve(*draft, {.decision = "05/QĐ", .now = StartOf(absl::CivilDay(2023, 12, 31))}),
              Refuses("PROGRAMME_OUT_OF_DATE"));
}

}  // namespace
}  // namespace dondoc::inspection
