#include "services/registry/domain/plan/links.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace dondoc::registry::plan {
namespace {

// Weights are sums of 1/n; this denominator keeps them exact enough in integers.
constexpr int64_t kWhole = 1'000'000;
constexpr int64_t kHundredth = kWhole / 100;

struct TaskText {
  const PlanTask* task;
  std::optional<int> goal;
  KeyWords key_words;
};

std::optional<int> GoalOfSection(const PlanDocument& document, const std::string& numeral) {
  for (const PlanSection& section : document.sections) {
    if (section.numeral == numeral) return section.goal;
  }
  return std::nullopt;
}

// The goal of "I.2.đ" is 2.
std::optional<int> GoalOfClause(absl::string_view clause) {
  const Words words = WordsOf(clause);
  for (const Word& word : words) {
    int goal = 0;
    if (word.kind == WordKind::kNumber && absl::SimpleAtoi(word.key, &goal)) return goal;
  }
  return std::nullopt;
}

class TextCounts {
 public:
  void See(const KeyWords& text) {
    for (const std::string& pair : text.pairs()) ++texts_[pair];
  }

  int64_t WeightOf(const std::set<std::string>& pairs) const {
    int64_t weight = 0;
    for (const std::string& pair : pairs) weight += kWhole / texts_.at(pair);
    return weight;
  }

 private:
  std::map<std::string, int> texts_;
};

}  // namespace

void MapSectionsToGoals(const std::vector<PlanGoal>& goals, const Abbreviations& abbreviations,
                        std::vector<PlanSection>& sections) {
  struct Match {
    size_t alike;  // shared pairs in thousandths of the shorter title's
    PlanSection* section;
    int goal;
  };
  constexpr size_t kAlikeMin = 500;
  std::vector<Match> matches;
  for (PlanSection& section : sections) {
    const KeyWords title(section.title, abbreviations);
    for (const PlanGoal& goal : goals) {
      const KeyWords goal_title(goal.title, abbreviations);
      const size_t shared = SharedPairs(title, goal_title).size();
      const size_t shorter = std::min(title.pairs().size(), goal_title.pairs().size());
      const size_t alike = shorter == 0 ? 0 : shared * 1000 / shorter;
      if (alike >= kAlikeMin) matches.push_back({alike, &section, goal.number});
    }
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) { return a.alike > b.alike; });
  std::set<int> taken;
  for (const Match& match : matches) {
    if (!match.section->goal && taken.insert(match.goal).second) match.section->goal = match.goal;
  }
}

std::vector<PlanLink> SuggestLinks(const PlanDocument& document,
                                   const Abbreviations& abbreviations) {
  TextCounts counts;
  std::vector<TaskText> tasks;
  for (const PlanTask& task : document.tasks) {
    const std::string text = absl::StrCat(task.cells.content, ". ", task.cells.product);
    tasks.push_back({&task, GoalOfSection(document, task.section), KeyWords(text, abbreviations)});
    counts.See(tasks.back().key_words);
  }
  std::vector<KeyWords> targets;
  for (const PlanTarget& target : document.targets) {
    targets.emplace_back(target.indicator, abbreviations);
    counts.See(targets.back());
  }
  std::vector<PlanLink> links;
  for (size_t i = 0; i < targets.size(); ++i) {
    const std::optional<int> goal = GoalOfClause(document.targets[i].clause);
    const size_t first = links.size();
    for (const TaskText& task : tasks) {
      if (task.goal && task.goal != goal) continue;
      const std::set<std::string> shared = SharedPairs(targets[i], task.key_words);
      const int64_t weight = counts.WeightOf(shared);
      if (weight < kWhole) continue;
      links.push_back({.target = document.targets[i].id,
                       .task = task.task->number,
                       .weight = static_cast<int>(weight / kHundredth),
                       .shared_words = targets[i].Phrases(shared)});
    }
    std::stable_sort(links.begin() + static_cast<ptrdiff_t>(first), links.end(),
                     [](const PlanLink& a, const PlanLink& b) { return a.weight > b.weight; });
  }
  return links;
}

}  // namespace dondoc::registry::plan
