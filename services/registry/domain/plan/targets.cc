#include "services/registry/domain/plan/targets.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/registry/domain/plan/errors.h"
#include "services/registry/domain/plan/pieces.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

// "I.2.đ" is "I.2.dd" in an id: đ and d are two letters, and an id is ASCII.
std::string IdOf(absl::string_view clause) { return absl::StrReplaceAll(clause, {{"đ", "dd"}}); }

// Gives "I.4" to a single target and "I.2.a-1", "I.2.a-2" to several.
void Number(absl::string_view id, std::vector<PlanTarget>& targets) {
  for (size_t i = 0; i < targets.size(); ++i) {
    targets[i].id = targets.size() == 1 ? std::string(id) : absl::StrCat(id, "-", i + 1);
  }
}

// Reads one clause of the goals.
std::vector<PlanTarget> ReadClause(absl::string_view clause, absl::string_view text, int year,
                                   Problems& problems) {
  const Pieces pieces = PiecesOf(text);
  if (!pieces.understood || pieces.bare_duration) {
    problems.Add(error::TargetNotUnderstood(clause, TrimmedOfMarks(text)));
    return {};
  }
  std::vector<PlanTarget> targets;
  for (const Piece& piece : pieces.pieces) {
    targets.push_back(TargetOf(piece, year));
    targets.back().clause = std::string(clause);
  }
  Number(IdOf(clause), targets);
  for (size_t i = 1; i < targets.size(); ++i) {
    if (pieces.pieces[i].is_nested) targets[i].nested_in = targets[i - 1].id;
  }
  return targets;
}

// "Trong đó, phấn đấu:" introduces the items below it and asks nothing itself.
bool OnlyIntroduces(absl::string_view text) { return text.empty() || text.back() == ':'; }

}  // namespace

Goals ReadGoals(const OutlinePart& part, int year, Problems& problems) {
  Goals read;
  std::set<std::string> ids;
  const auto add = [&](const std::string& clause, absl::string_view text) {
    for (PlanTarget& target : ReadClause(clause, text, year, problems)) {
      if (!ids.insert(target.id).second) problems.Add(error::ClauseDuplicate(clause));
      read.targets.push_back(std::move(target));
    }
  };
  for (const OutlinePoint& point : part.points) {
    read.goals.push_back({.number = point.number, .title = point.title});
    if (!OnlyIntroduces(point.text)) {
      add(ClauseOf(part, point, ""), point.text);
    } else if (point.items.empty()) {
      add(ClauseOf(part, point, ""), point.title);
    }
    for (const OutlineItem& item : point.items) add(ClauseOf(part, point, item.letter), item.text);
  }
  return read;
}

TaskFigures ReadTaskFigures(const TaskFiguresSource& task) {
  TaskFigures figures;
  for (const absl::string_view cell : {task.content, task.product}) {
    const Pieces pieces = PiecesOf(cell);
    figures.understood = figures.understood && pieces.understood;
    figures.bare_duration = figures.bare_duration || pieces.bare_duration;
    if (!pieces.has_figure) continue;
    for (const Piece& piece : pieces.pieces) {
      PlanTarget target = TargetOf(piece, task.year);
      if (target.kind != TargetKind::kNumeric) continue;
      target.task = task.number;
      // "Đạt 100%": what is measured stands in the content.
      if (target.indicator.empty()) target.indicator = std::string(TrimmedOfMarks(task.content));
      figures.targets.push_back(std::move(target));
    }
  }
  Number(absl::StrCat("T", task.number), figures.targets);
  return figures;
}

std::string ToText(const Bound& bound) {
  std::string text;
  switch (bound.comparator) {
    case Comparator::kAtLeast:
      text = "≥ ";
      break;
    case Comparator::kMoreThan:
      text = "> ";
      break;
    case Comparator::kAtMost:
      text = "≤ ";
      break;
    case Comparator::kLessThan:
      text = "< ";
      break;
    case Comparator::kEqual:
      text = "= ";
      break;
  }
  absl::StrAppend(&text, absl::StrReplaceAll(bound.value.ToString(), {{".", ","}}));
  switch (bound.measure.kind) {
    case MeasureKind::kPercent:
      text += "%";
      break;
    case MeasureKind::kMinutes:
      text += " phút";
      break;
    case MeasureKind::kHours:
      text += " giờ";
      break;
    case MeasureKind::kDays:
      text += " ngày";
      break;
    case MeasureKind::kWorkingDays:
      text += " ngày làm việc";
      break;
    case MeasureKind::kCount:
      break;
  }
  if (!bound.measure.per.empty()) absl::StrAppend(&text, "/", bound.measure.per);
  return text;
}

}  // namespace dondoc::registry::plan
