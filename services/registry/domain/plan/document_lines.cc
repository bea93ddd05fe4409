#include "services/registry/domain/plan/document_lines.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

constexpr std::array<absl::string_view, 10> kRaisedFigures = {"⁰", "¹", "²", "³", "⁴",
                                                              "⁵", "⁶", "⁷", "⁸", "⁹"};

// The length of the raised figure at the front of `text`; 0 when there is none.
size_t RaisedFigureLength(absl::string_view text) {
  for (const absl::string_view figure : kRaisedFigures) {
    if (absl::StartsWith(text, figure)) return figure.size();
  }
  return 0;
}

std::string WithoutMarks(absl::string_view text, int& marks) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    // An asterisk, or a byte that may begin a raised figure.
    const size_t ordinary = std::min(text.find_first_of("*\xC2\xE2"), text.size());
    absl::StrAppend(&kept, text.substr(0, ordinary));
    text.remove_prefix(ordinary);
    if (text.empty()) break;
    // "100 m²" is a measure, not a footnote.
    const bool is_power = !kept.empty() && kept.back() == 'm';
    size_t mark = is_power ? 0 : RaisedFigureLength(text);
    if (text.front() == '*') mark = std::min(text.find_first_not_of('*'), text.size());
    if (mark > 0) ++marks;
    if (mark == 0) kept.push_back(text.front());
    text.remove_prefix(std::max<size_t>(mark, 1));
  }
  return absl::StrReplaceAll(kept, {{"\u00A0", " "}});
}

// Spaces go, tabs stay: an empty first or last cell of a table is a cell.
absl::string_view TrimmedOfSpaces(absl::string_view text) {
  const size_t begin = text.find_first_not_of(" \r");
  if (begin == absl::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \r") + 1 - begin);
}

}  // namespace

DocumentLines LinesOf(absl::string_view text) {
  DocumentLines document;
  int number = 0;
  for (const absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++number;
    std::string kept(TrimmedOfSpaces(WithoutMarks(raw, document.conversion_marks)));
    if (Trimmed(kept).empty()) continue;
    document.lines.push_back({.number = number,
                              .text = std::move(kept),
                              .is_footnote = RaisedFigureLength(Trimmed(raw)) > 0});
  }
  return document;
}

std::vector<std::string> CellsOf(const Line& line) {
  std::vector<std::string> cells;
  for (const absl::string_view cell : absl::StrSplit(line.text, '\t')) {
    cells.emplace_back(Trimmed(cell));
  }
  return cells;
}

}  // namespace dondoc::registry::plan
