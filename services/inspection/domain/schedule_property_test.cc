// What holds for every schedule, on many random problems with fixed seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "services/inspection/domain/schedule.h"
#include "services/inspection/domain/test_department.h"

namespace dondoc::inspection {
namespace {

constexpr absl::CivilDay kMonday(2023, 3, 6);

int Below(std::mt19937& random, int bound) {
  return static_cast<int>(random() % static_cast<uint32_t>(bound));
}

struct Instance {
  std::vector<Unit> units;
  ScheduleProblem problem;
};

// Up to `unit_max` units, a third of them inside another one; people of any of them.
Instance RandomInstance(std::mt19937& random, int unit_max, int day_max, int inspector_max) {
  Instance instance;
  const int unit_count = 1 + Below(random, unit_max);
  instance.units = testing::FlatUnits(unit_count);
  const int day_count = 1 + Below(random, day_max);
  for (int i = 1; i < unit_count; ++i) {
    Unit& unit = instance.units[static_cast<size_t>(i)];
    if (Below(random, 3) == 0) unit.parent = absl::StrCat("units/u", Below(random, i));
    if (Below(random, 8) == 0) unit.valid_to = kMonday + Below(random, day_count + 1);
  }
  for (const Unit& unit : instance.units) {
    const bool is_first = instance.problem.units_to_visit.empty();
    if (is_first || Below(random, 4) > 0) instance.problem.units_to_visit.push_back(unit.name);
  }
  for (int d = 0; d < day_count; ++d) instance.problem.days.push_back(kMonday + d);
  const int inspector_count = 1 + Below(random, inspector_max);
  for (int i = 0; i < inspector_count; ++i) {
    Inspector person =
        testing::Person(absl::StrCat("p", i), absl::StrCat("u", Below(random, unit_count)));
    for (const absl::CivilDay day : instance.problem.days) {
      if (Below(random, 4) == 0) person.unavailable.insert(day);
    }
    instance.problem.inspectors.push_back(std::move(person));
  }
  instance.problem.team_size = 1 + Below(random, 2);
  return instance;
}

// Whether the people who are there can make all `visits` of one day, by trying everything.
bool CanBeManned(const std::vector<std::string>& visits, std::vector<const Inspector*> people,
                 int team_size, const Units& units) {
  std::vector<std::string> seats;
  for (const std::string& unit : visits) {
    seats.insert(seats.end(), static_cast<size_t>(team_size), unit);
  }
  const std::function<bool(size_t)> fill = [&](size_t seat) {
    if (seat == seats.size()) return true;
    for (const Inspector*& person : people) {
      if (person == nullptr || !IsIndependent(units, *person, seats[seat])) continue;
      const Inspector* taken = std::exchange(person, nullptr);
      const bool filled = fill(seat + 1);
      person = taken;
      if (filled) return true;
    }
    return false;
  };
  return fill(0);
}

// Whether any schedule exists, by trying every day for every unit.
bool AScheduleExists(const Instance& instance) {
  const ScheduleProblem& problem = instance.problem;
  const Units units(instance.units);
  std::map<absl::CivilDay, std::vector<std::string>> visits;
  const auto can_be_manned = [&](absl::CivilDay day) {
    std::vector<const Inspector*> people;
    for (const Inspector& inspector : problem.inspectors) {
      if (!inspector.unavailable.contains(day)) people.push_back(&inspector);
    }
    return CanBeManned(visits[day], people, problem.team_size, units);
  };
  const std::function<bool(size_t)> place = [&](size_t index) {
    if (index == problem.units_to_visit.size()) return true;
    const Unit& unit = *units.Find(problem.units_to_visit[index]);
    for (const absl::CivilDay day : problem.days) {
      if (!ExistsOn(unit, day)) continue;
      visits[day].push_back(unit.name);
      const bool placed = can_be_manned(day) && place(index + 1);
      visits[day].pop_back();
      if (placed) return true;
    }
    return false;
  };
  return place(0);
}

void ExpectThatEveryRuleHolds(const Instance& instance, const std::vector<Visit>& visits) {
  const ScheduleProblem& problem = instance.problem;
  const Units units(instance.units);
  ASSERT_EQ(visits.size(), problem.units_to_visit.size());
  std::map<std::string, const Inspector*> people;
  for (const Inspector& inspector : problem.inspectors) people[inspector.id] = &inspector;
  std::set<std::pair<absl::CivilDay, std::string>> engaged;
  for (size_t i = 0; i < visits.size(); ++i) {
    const Visit& visit = visits[i];
    ASSERT_EQ(visit.unit, problem.units_to_visit[i]);
    ASSERT_EQ(std::count(problem.days.begin(), problem.days.end(), visit.day), 1);
    ASSERT_TRUE(ExistsOn(*units.Find(visit.unit), visit.day));
    ASSERT_EQ(visit.team.size(), static_cast<size_t>(problem.team_size));
    for (const std::string& member : visit.team) {
      ASSERT_TRUE(engaged.insert({visit.day, member}).second) << member << " is there twice";
      ASSERT_TRUE(IsIndependent(units, *people.at(member), visit.unit));
      ASSERT_FALSE(people.at(member)->unavailable.contains(visit.day));
    }
  }
}

TEST(EverySchedule, KeepsAllRulesAndExistsExactlyWhenTryingEverythingFindsOne) {
  std::mt19937 random(46);
  int possible = 0;
  for (int i = 0; i < 1500; ++i) {
    const Instance instance = RandomInstance(random, 5, 3, 5);
    const auto visits = Schedule(instance.problem, Units(instance.units));
    ASSERT_EQ(visits.ok(), AScheduleExists(instance)) << "instance " << i << visits.status();
    if (!visits.ok()) {
      ASSERT_EQ(ReasonOf(visits.status()), "NO_PROGRAMME");
      continue;
    }
    ++possible;
    ExpectThatEveryRuleHolds(instance, *visits);
  }
  EXPECT_GT(possible, 300);  // instances of both kinds were tried
  EXPECT_LT(possible, 1200);
}

TEST(EverySchedule, KeepsAllRulesInLargerDepartmentsToo) {
  std::mt19937 random(2023);
  for (int i = 0; i < 150; ++i) {
    const Instance instance = RandomInstance(random, 60, 40, 12);
    const auto visits = Schedule(instance.problem, Units(instance.units));
    if (visits.ok()) ExpectThatEveryRuleHolds(instance, *visits);
  }
}

TEST(EverySchedule, IsTheSameWhateverTheOrderOfInspectorsAndUnits) {
  std::mt19937 random(5);
  for (int i = 0; i < 100; ++i) {
    Instance instance = RandomInstance(random, 30, 30, 10);
    const auto first = Schedule(instance.problem, Units(instance.units));
    std::shuffle(instance.problem.inspectors.begin(), instance.problem.inspectors.end(), random);
    std::shuffle(instance.units.begin(), instance.units.end(), random);
    const auto again = Schedule(instance.problem, Units(instance.units));
    ASSERT_EQ(first.ok(), again.ok());
    if (first.ok()) {
      ASSERT_EQ(*first, *again);
    }
  }
}

// 100 % of 10,000 units in the 52 weeks of 2023, 100 inspectors in teams of two, each of a unit of
// his own and away on ten days: the size of a country.
TEST(EverySchedule, IsFoundForTenThousandUnitsAndAHundredInspectors) {
  std::mt19937 random(10'000);
  Instance instance;
  instance.units = testing::FlatUnits(10'000);
  for (const Unit& unit : instance.units) instance.problem.units_to_visit.push_back(unit.name);
  for (absl::CivilDay day(2023, 1, 2); day.year() == 2023; ++day) {
    if (absl::GetWeekday(day) < absl::Weekday::saturday) instance.problem.days.push_back(day);
  }
  for (int i = 0; i < 100; ++i) {
    Inspector person = testing::Person(absl::StrCat("p", i), absl::StrCat("u", i));
    for (int n = 0; n < 10; ++n) {
      person.unavailable.insert(instance.problem.days[static_cast<size_t>(Below(random, 260))]);
    }
    instance.problem.inspectors.push_back(std::move(person));
  }
  instance.problem.team_size = 2;

  const auto start = std::chrono::steady_clock::now();
  const auto visits = Schedule(instance.problem, Units(instance.units));
  const auto took = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds", static_cast<int>(took / std::chrono::milliseconds(1)));
  ASSERT_TRUE(visits.ok()) << visits.status();
  ExpectThatEveryRuleHolds(instance, *visits);

  std::map<std::string, int> load;
  for (const Visit& visit : *visits) {
    for (const std::string& member : visit.team) ++load[member];
  }
  int least = INT32_MAX;
  int most = 0;
  for (const auto& [id, count] : load) {
    least = std::min(least, count);
    most = std::max(most, count);
  }
  EXPECT_LE(most - least, 2);
}

}  // namespace
}  // namespace dondoc::inspection
