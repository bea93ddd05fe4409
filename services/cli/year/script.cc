#include "services/cli/year/script.h"

#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"

namespace dondoc::cli::year {
namespace {

using Words = std::vector<std::string>;

absl::Status LineInvalid(int line, absl::string_view expected) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "SCRIPT_LINE_INVALID",
      {.vi = absl::StrCat("Dòng ", line, " của kịch bản không đúng; cần: ", expected),
       .en = absl::StrCat("line ", line, " of the script is not understood; expected: ", expected)},
      {{"line", absl::StrCat(line)}, {"expected", std::string(expected)}});
}

// Splits at spaces; a word in double quotes may hold some. Nothing when a quote stays open.
std::optional<Words> SplitWords(absl::string_view line) {
  Words words;
  size_t at = 0;
  while (true) {
    at = line.find_first_not_of(" \t\r", at);
    if (at == absl::string_view::npos || line[at] == '#') return words;
    const bool quoted = line[at] == '"';
    const size_t begin = quoted ? at + 1 : at;
    size_t end = quoted ? line.find('"', begin) : line.find_first_of(" \t\r", begin);
    if (quoted && end == absl::string_view::npos) return std::nullopt;
    if (end == absl::string_view::npos) end = line.size();
    words.emplace_back(line.substr(begin, end - begin));
    at = quoted ? end + 1 : end;
  }
}

std::optional<Habit> HabitOf(absl::string_view word) {
  if (word == "early") return Habit::kEarly;
  if (word == "punctual") return Habit::kPunctual;
  if (word == "late") return Habit::kLate;
  if (word == "silent") return Habit::kSilent;
  return std::nullopt;
}

constexpr char kHabitForm[] = "habit <unit> <early|punctual|late|silent> <share> … = 100";

absl::Status ReadHabit(const Words& words, int line, Script& script) {
  if (words.size() < 4 || words.size() % 2 != 0) return LineInvalid(line, kHabitForm);
  Habits habits;
  int sum = 0;
  for (size_t i = 2; i + 1 < words.size(); i += 2) {
    const auto habit = HabitOf(words[i]);
    int share = 0;
    if (!habit || !absl::SimpleAtoi(words[i + 1], &share) || share < 0) {
      return LineInvalid(line, kHabitForm);
    }
    habits[*habit] += share;
    sum += share;
  }
  if (sum != 100) return LineInvalid(line, kHabitForm);
  script.habits[words[1]] = habits;
  return absl::OkStatus();
}

constexpr char kMeasureForm[] =
    "measure <clause> <unit> every <months> hits <count> of <count> spread <count>";

absl::Status ReadMeasure(const Words& words, int line, Script& script) {
  MeasureLine measure;
  if (words.size() != 11 || words[3] != "every" || words[5] != "hits" || words[7] != "of" ||
      words[9] != "spread" || !absl::SimpleAtoi(words[4], &measure.every_months) ||
      !absl::SimpleAtoi(words[6], &measure.hits) || !absl::SimpleAtoi(words[8], &measure.out_of) ||
      !absl::SimpleAtoi(words[10], &measure.spread) || measure.every_months < 1 ||
      measure.every_months > 12 || measure.hits < 0 || measure.out_of < 0 || measure.spread < 0) {
    return LineInvalid(line, kMeasureForm);
  }
  measure.clause = words[1];
  measure.unit = words[2];
  script.measures.push_back(std::move(measure));
  return absl::OkStatus();
}

absl::Status ReadEvent(const Words& words, int line, Script& script) {
  if (words.size() < 3) return LineInvalid(line, "at <YYYY-MM-DD> <verb> …");
  const auto date = calendar::ParseDate("at", words[1]);
  if (!date.ok()) return LineInvalid(line, "at <YYYY-MM-DD> <verb> …");
  script.events.push_back({.date = *date,
                           .verb = words[2],
                           .words = Words(words.begin() + 3, words.end()),
                           .line = line});
  return absl::OkStatus();
}

absl::Status ReadLine(const Words& words, int line, Script& script) {
  const std::string& kind = words[0];
  if (kind == "plan" && words.size() == 2) {
    script.plan = words[1];
  } else if (kind == "seed" && words.size() == 2 && absl::SimpleAtoi(words[1], &script.seed)) {
  } else if (kind == "office" && words.size() == 5 && words[3] == "director") {
    script.office_unit = words[1];
    script.office_actor = words[2];
    script.director_actor = words[4];
  } else if (kind == "group" && words.size() >= 3) {
    script.groups.push_back({.text = words[1], .kinds = Words(words.begin() + 2, words.end())});
  } else if (kind == "habit") {
    return ReadHabit(words, line, script);
  } else if (kind == "measure") {
    return ReadMeasure(words, line, script);
  } else if (kind == "at") {
    return ReadEvent(words, line, script);
  } else {
    return LineInvalid(line, "plan, seed, office, group, habit, measure, at");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Script> ReadScript(absl::string_view text) {
  Script script;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const std::optional<Words> words = SplitWords(line);
    if (!words) return LineInvalid(number, "\"");
    if (words->empty()) continue;
    RETURN_IF_ERROR(ReadLine(*words, number, script));
  }
  if (script.plan.empty()) return LineInvalid(number, "plan <id>");
  if (script.office_unit.empty()) {
    return LineInvalid(number, "office <unit> <actor> director <actor>");
  }
  if (!script.habits.contains("*")) return LineInvalid(number, "habit * …");
  return script;
}

}  // namespace dondoc::cli::year
