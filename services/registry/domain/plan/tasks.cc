#include "services/registry/domain/plan/tasks.h"

#include <algorithm>
#include <utility>

#include "services/registry/domain/plan/due_text.h"
#include "services/registry/domain/plan/errors.h"
#include "services/registry/domain/plan/parties.h"
#include "services/registry/domain/plan/targets.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

// A content like "Tỷ lệ hồ sơ …" or "100% lãnh đạo …" states a measure, not an action.
bool IsMeasure(absl::string_view content) {
  static const std::vector<Phrase> kMeasures = {"tỷ lệ", "tỉ lệ", "mức độ", "số lượng"};
  const Words words = FirstWords(content, 2);
  const bool begins_with_percentage =
      !words.empty() && words[0].kind == WordKind::kNumber && IsSymbol(words, 1, "%");
  return begins_with_percentage || LongestAt(kMeasures, words, 0) > 0;
}

// Who must act besides units of the issuer: in the columns of parties, as issuer of the product, or
// asked for in the content.
std::vector<std::string> ExternalBodiesOf(const PlanTask& task, absl::string_view issuer) {
  std::vector<std::string> bodies;
  const auto add = [&bodies](std::string body) {
    if (std::find(bodies.begin(), bodies.end(), body) == bodies.end()) {
      bodies.push_back(std::move(body));
    }
  };
  for (std::string& body : ExternalBodiesIn(task.cells.content, issuer, /*anywhere=*/false)) {
    add(std::move(body));
  }
  for (std::string& body : ExternalBodiesIn(task.cells.product, issuer, /*anywhere=*/true)) {
    add(std::move(body));
  }
  for (const std::vector<PlanParty>* parties : {&task.leads, &task.coordinators}) {
    for (const PlanParty& party : *parties) {
      if (party.kind == PartyKind::kExternal) add(party.text);
    }
  }
  return bodies;
}

// Cuts at "/" between a small letter and a capital: "Tờ trình/ Quyết định", but neither
// "19/2014/QĐ-TTg" nor "phút/hồ sơ"; and at "hoặc".
std::vector<std::string> AlternativesOf(absl::string_view text) {
  static const Phrase kOr("hoặc");
  std::vector<std::string> alternatives;
  const Words words = WordsOf(text);
  size_t first = 0;
  const auto cut = [&](size_t end) {
    const std::string piece(TrimmedOfMarks(Between(text, words, first, end)));
    if (!piece.empty()) alternatives.push_back(piece);
    first = end + 1;
  };
  for (size_t at = 1; at + 1 < words.size(); ++at) {
    const bool is_slash = IsSymbol(words, at, "/") &&
                          !IsAllCapitals(Between(text, words, at - 1, at)) &&
                          words[at - 1].kind == WordKind::kLetters &&
                          BeginsWithCapital(Between(text, words, at + 1, at + 2));
    if (is_slash || kOr.IsAt(words, at)) cut(at);
  }
  cut(words.size());
  return alternatives;
}

void ReadCells(const AppendixRow& row, const TaskContext& context, PlanTask& task,
               Problems& problems) {
  const error::Place place{.line = row.line, .row = row.number};
  if (task.cells.content.empty()) problems.Add(error::TaskContentMissing(place));
  task.product = ReadProduct(task.cells.product);
  task.leads = PartiesOf(task.cells.lead, context.issuer);
  if (task.leads.empty()) problems.Add(error::LeadMissing(place));
  task.coordinators = PartiesOf(task.cells.coordinator, context.issuer);
  task.no_coordinator = IsExplicitNone(task.cells.coordinator);
  if (auto phases = ReadDueText(task.cells.time)) {
    task.phases = *std::move(phases);
  } else {
    problems.Add(error::DueTextNotUnderstood(place, task.cells.time));
  }
  TaskFigures figures = ReadTaskFigures({.number = row.number,
                                         .content = task.cells.content,
                                         .product = task.cells.product,
                                         .year = context.year});
  if (!figures.understood) problems.Add(error::TaskFigureNotUnderstood(place));
  task.targets = std::move(figures.targets);
  task.unread_duration = figures.bare_duration;
  task.external_bodies = ExternalBodiesOf(task, context.issuer);
  task.indicator_only = IsMeasure(task.cells.content);
}

}  // namespace

PlanProduct ReadProduct(absl::string_view cell) {
  static const std::vector<Phrase> kIf = {"nếu có", "nếu"};
  PlanProduct product;
  std::string text(Trimmed(cell));
  const Words words = WordsOf(text);
  for (size_t at = 0; at + 1 < words.size(); ++at) {
    if (!IsSymbol(words, at, "(") || LongestAt(kIf, words, at + 1) == 0) continue;
    size_t end = at + 1;
    while (end < words.size() && !IsSymbol(words, end, ")")) ++end;
    product.condition = std::string(Between(text, words, at + 1, end));
    const size_t after = end < words.size() ? words[end].end : text.size();
    text = std::string(Trimmed(text.substr(0, words[at].begin))) + text.substr(after);
    break;
  }
  product.alternatives = AlternativesOf(text);
  return product;
}

std::vector<PlanTask> ReadTasks(const std::vector<AppendixRow>& rows, const TaskContext& context,
                                Problems& problems) {
  std::vector<PlanTask> tasks;
  tasks.reserve(rows.size());
  for (const AppendixRow& row : rows) {
    PlanTask& task = tasks.emplace_back();
    task.number = row.number;
    task.section = row.section;
    task.cells = row.cells;
    task.split_over_pages = row.split_over_pages;
    ReadCells(row, context, task, problems);
  }
  return tasks;
}

}  // namespace dondoc::registry::plan
