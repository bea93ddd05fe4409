#include "services/cli/year/agenda.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dondoc::cli::year {
namespace {

// Units report at the cut-off of a reporting period, the 14th of its last month, a few days around
// it.
constexpr int kReportMonths[] = {3, 6, 9, 12};
constexpr int kReportDay = 12;

Habit HabitFor(const Script& script, const Obligation& obligation) {
  const auto own = script.habits.find(obligation.unit_id);
  const Habits& habits = own != script.habits.end() ? own->second : script.habits.at("*");
  int64_t roll = Dice(script, obligation.name + "/habit", 100);
  for (const auto& [habit, share] : habits) {
    roll -= share;
    if (roll < 0) return habit;
  }
  return Habit::kPunctual;
}

// The day on which the unit hands in. Never before the window opens, and with two days to spare on
// either side of the deadline, so that the year comes out the same on a busy machine.
absl::CivilDay SubmitDay(const Script& script, const Obligation& obligation, Habit habit) {
  const int64_t roll = Dice(script, obligation.name + "/submit", 1'000);
  absl::CivilDay day = obligation.due - 3 - roll % 14;
  if (habit == Habit::kEarly) day = obligation.due - 30 - roll % 60;
  if (habit == Habit::kLate) return obligation.due + 3 + roll % 25;
  return std::max(day, std::min(obligation.window_start + 5, obligation.due - 2));
}

void AddReports(const Script& script, const Obligation& obligation, absl::CivilDay until,
                std::vector<DatedAct>& acts) {
  const int64_t jitter = Dice(script, obligation.name + "/report", 6);
  for (const int month : kReportMonths) {
    const absl::CivilDay day = absl::CivilDay(obligation.due.year(), month, kReportDay) - jitter;
    if (day <= obligation.window_start || day >= until) continue;
    const int64_t done = day - obligation.window_start;
    const int64_t whole = std::max<int64_t>(1, until - obligation.window_start);
    acts.push_back({day, ReportAct{.assignment = obligation.name,
                                   .unit_id = obligation.unit_id,
                                   .percent = static_cast<int>(95 * done / whole)}});
  }
}

void AddResult(const Script& script, const Obligation& obligation, absl::CivilDay day,
               std::vector<DatedAct>& acts) {
  const bool not_arising =
      obligation.conditional && Dice(script, obligation.name + "/arises", 2) == 0;
  const bool returned = Dice(script, obligation.name + "/returned", 20) == 0;
  const int64_t review = 2 + Dice(script, obligation.name + "/review", 5);
  const auto submit = [&](absl::CivilDay date, bool again) {
    acts.push_back({date, SubmitAct{.assignment = obligation.name,
                                    .unit_id = obligation.unit_id,
                                    .not_arising = not_arising,
                                    .returned_first = again}});
  };
  const auto answer = [&](absl::CivilDay date, bool accept) {
    acts.push_back({date, ReviewAct{.assignment = obligation.name,
                                    .unit_id = obligation.unit_id,
                                    .accept = accept}});
  };
  submit(day, false);
  if (returned) {
    answer(day + 2, false);
    submit(day + 5, true);
  }
  answer(day + review + (returned ? 5 : 0), true);
}

}  // namespace

int64_t Dice(const Script& script, const std::string& words, int64_t bound) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char c : absl::StrCat(script.seed, "/", words)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  // The high bits of FNV are the well-mixed ones.
  return static_cast<int64_t>((hash >> 16) % static_cast<uint64_t>(bound));
}

std::vector<DatedAct> ActsFor(const Script& script, const std::vector<Obligation>& obligations,
                              absl::CivilDay from) {
  std::vector<DatedAct> acts;
  for (const Obligation& obligation : obligations) {
    const Habit habit = HabitFor(script, obligation);
    if (habit == Habit::kSilent) continue;
    absl::CivilDay day = SubmitDay(script, obligation, habit);
    // What should have been handed in already is handed in within the next weeks.
    if (day < from) day = from + 3 + Dice(script, obligation.name + "/catch-up", 20);
    AddReports(script, obligation, day, acts);
    AddResult(script, obligation, day, acts);
  }
  std::erase_if(acts, [from](const DatedAct& act) { return act.date < from; });
  std::stable_sort(acts.begin(), acts.end(),
                   [](const DatedAct& a, const DatedAct& b) { return a.date < b.date; });
  return acts;
}

absl::CivilDay StillAhead(absl::CivilDay wanted, absl::CivilDay now) {
  constexpr int64_t kWeek = 7;
  const int64_t missing = std::max<int64_t>(now + kWeek - wanted, 0);
  return wanted + (missing + kWeek - 1) / kWeek * kWeek;
}

std::vector<DatedAct> MeasuresOf(const Script& script, int year) {
  std::vector<DatedAct> acts;
  for (const MeasureLine& line : script.measures) {
    for (int month = line.every_months; month <= 12; month += line.every_months) {
      const std::string words = absl::StrCat(line.clause, "/", line.unit, "/", month);
      const int64_t drift = Dice(script, words, 2 * line.spread + 1) - line.spread;
      const int64_t most = line.out_of > 0 ? line.out_of : line.hits;
      acts.push_back({absl::CivilDay(year, month, 25),
                      MeasureAct{.line = line,
                                 .numerator = std::clamp<int64_t>(line.hits + drift, 0, most),
                                 .month = month}});
    }
  }
  return acts;
}

}  // namespace dondoc::cli::year
