#include "services/registry/domain/plan/appendix.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/registry/domain/plan/errors.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {
namespace {

enum Column { kOrdinal, kContent, kProduct, kLead, kCoordinator, kTime, kColumns };

// A longer cell heads no column.
constexpr size_t kHeadingBytesMax = 80;

// Where each column stands in the cells of a line.
using Layout = std::array<size_t, kColumns>;

struct ColumnHeading {
  Column column;
  std::string name;  // for messages
  std::vector<Phrase> phrases;
};

// In the order in which a cell is tried: "Cơ quan chủ trì thực hiện nhiệm vụ" is a lead, although
// it speaks of tasks.
const std::vector<ColumnHeading>& Headings() {
  static const std::vector<ColumnHeading> kHeadings = {
      {kOrdinal, "Stt", {"stt", "tt", "số tt", "số thứ tự"}},
      {kLead, "Chủ trì", {"chủ trì"}},
      {kCoordinator, "Phối hợp", {"phối hợp"}},
      {kTime, "Thời gian", {"thời gian", "thời hạn"}},
      {kProduct, "Sản phẩm", {"sản phẩm", "kết quả"}},
      {kContent, "Nội dung", {"nội dung", "nhiệm vụ", "hoạt động"}},
  };
  return kHeadings;
}

constexpr size_t kOrdinalWordsMax = 3;

bool Has(const ColumnHeading& heading, const Words& words) {
  return std::any_of(heading.phrases.begin(), heading.phrases.end(), [&](const Phrase& phrase) {
    // The ordinal's heading is the whole cell: "tt" must not be found in a sentence.
    return heading.column == kOrdinal ? phrase.IsAt(words, 0) && phrase.size() == words.size()
                                      : phrase.FindIn(words).has_value();
  });
}

// Which columns the cells of a line head; kColumns where a column has no cell.
struct HeadingLine {
  Layout layout;
  size_t found = 0;
};

HeadingLine HeadingLineOf(const std::vector<std::string>& cells) {
  HeadingLine line;
  line.layout.fill(kColumns);
  for (size_t cell = 0; cell < cells.size(); ++cell) {
    if (cells[cell].size() > kHeadingBytesMax) continue;
    const Words words = WordsOf(cells[cell]);
    for (const ColumnHeading& heading : Headings()) {
      if (line.layout[heading.column] == kColumns && Has(heading, words)) {
        line.layout[heading.column] = cell;
        ++line.found;
        break;
      }
    }
  }
  return line;
}

std::optional<Layout> LayoutOf(const std::vector<std::string>& cells) {
  if (cells.size() != kColumns) return std::nullopt;
  const bool may_head = std::any_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return Has(Headings().front(), FirstWords(cell, kOrdinalWordsMax + 1));
  });
  if (!may_head) return std::nullopt;
  const HeadingLine line = HeadingLineOf(cells);
  if (line.found != kColumns) return std::nullopt;
  return line.layout;
}

void AppendCell(const std::string& more, std::string& cell) {
  if (more.empty()) return;
  absl::StrAppend(&cell, cell.empty() ? "" : " ", more);
}

const std::string& NumeralAt(size_t index) {
  static const std::array<std::string, 20> kNumerals = {
      "I",  "II",  "III",  "IV",  "V",  "VI",  "VII",  "VIII",  "IX",  "X",
      "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX"};
  return kNumerals[std::min(index, kNumerals.size() - 1)];
}

class AppendixReader {
 public:
  AppendixReader(const Layout& layout, Problems& problems) : layout_(layout), problems_(problems) {}

  void Read(const Line& line) {
    if (appendix_.declared_count) {
      appendix_.after.push_back(line);
      return;
    }
    std::vector<std::string> cells = CellsOf(line);
    if (LayoutOf(cells)) return;  // the heading, repeated on another page
    if (ReadTotal(cells)) return;
    if (IsSection(cells)) cells.resize(kColumns);  // a merged row may have fewer cells
    if (cells.size() != kColumns) {
      const int row = WholeNumberAt(FirstWords(cells.front(), 1), 0).value_or(0);
      problems_.Add(
          error::TaskRowColumns({.line = line.number, .row = row}, cells.size(), kColumns));
      // The number is taken, so that one broken row is not a gap as well.
      if (row == next_number_) ++next_number_;
      return;
    }
    ReadRow(line, cells);
  }

  Appendix Finish(Problems& problems) && {
    const bool mismatch = appendix_.declared_count &&
                          static_cast<size_t>(*appendix_.declared_count) != appendix_.rows.size();
    if (mismatch) {
      problems.Add(error::TaskCountMismatch(*appendix_.declared_count, appendix_.rows.size()));
    }
    return std::move(appendix_);
  }

 private:
  const std::string& Cell(const std::vector<std::string>& cells, Column column) const {
    return cells[layout_[column]];
  }

  // "TỔNG CỘNG: 46 NHIỆM VỤ", or without its last two words, in the first cell that is not empty.
  bool ReadTotal(const std::vector<std::string>& cells) {
    static const std::vector<Phrase> kTotal = {"tổng cộng", "tổng số", "cộng"};
    static const Phrase kTasks("nhiệm vụ");
    const auto cell = std::find_if(cells.begin(), cells.end(),
                                   [](const std::string& text) { return !text.empty(); });
    if (cell == cells.end() || !BeginsWith(*cell, kTotal)) return false;
    const Words words = WordsOf(*cell);
    const size_t total = LongestAt(kTotal, words, 0);
    const size_t at = IsSymbol(words, total, ":") ? total + 1 : total;
    const std::optional<int> count = WholeNumberAt(words, at);
    if (!count || !(at + 1 == words.size() || kTasks.IsAt(words, at + 1))) return false;
    appendix_.declared_count = count;
    return true;
  }

  // A Roman numeral and a title, and nothing else. Merged cells may be lost at the end.
  bool IsSection(std::vector<std::string> cells) const {
    if (cells.size() > kColumns || cells.size() < 2) return false;
    cells.resize(kColumns);
    const std::string& ordinal = Cell(cells, kOrdinal);
    const Words words = WordsOf(ordinal);
    if (words.size() != 1 || !RomanNumeral(words[0].key) || !IsAllCapitals(ordinal)) return false;
    for (const Column column : {kProduct, kLead, kCoordinator, kTime}) {
      if (!Cell(cells, column).empty()) return false;
    }
    return true;
  }

  void ReadRow(const Line& line, const std::vector<std::string>& cells) {
    const std::string& ordinal = Cell(cells, kOrdinal);
    const Words words = WordsOf(ordinal);
    const bool has_dot = words.size() == 2 && IsSymbol(words, 1, ".");
    const int number = words.size() == 1 || has_dot ? WholeNumberAt(words, 0).value_or(0) : 0;
    if (IsSection(cells)) {
      ReadSection(line, cells);
    } else if (ordinal.empty() && !appendix_.rows.empty()) {
      Continue(cells);
    } else if (number > 0) {
      ReadTask(line, number, cells);
    } else {
      problems_.Add(error::TaskRowNotUnderstood({.line = line.number}, ordinal));
    }
  }

  void ReadSection(const Line& line, const std::vector<std::string>& cells) {
    const std::string& numeral = Cell(cells, kOrdinal);
    const std::string& expected = NumeralAt(appendix_.sections.size());
    if (numeral != expected) {
      problems_.Add(error::SectionOutOfOrder({.line = line.number}, numeral, expected));
    }
    appendix_.sections.push_back({.numeral = numeral, .title = Cell(cells, kContent)});
  }

  void ReadTask(const Line& line, int number, const std::vector<std::string>& cells) {
    const error::Place place{.line = line.number, .row = number};
    if (number < next_number_) problems_.Add(error::TaskNumberDuplicate(place));
    if (number > next_number_) problems_.Add(error::TaskNumberGap(place, next_number_));
    next_number_ = std::max(next_number_, number + 1);
    const std::string section = appendix_.sections.empty() ? "" : appendix_.sections.back().numeral;
    appendix_.rows.push_back({.number = number,
                              .line = line.number,
                              .section = section,
                              .cells = {.content = Cell(cells, kContent),
                                        .product = Cell(cells, kProduct),
                                        .lead = Cell(cells, kLead),
                                        .coordinator = Cell(cells, kCoordinator),
                                        .time = Cell(cells, kTime)}});
  }

  void Continue(const std::vector<std::string>& cells) {
    AppendixRow& row = appendix_.rows.back();
    row.split_over_pages = true;
    AppendCell(Cell(cells, kContent), row.cells.content);
    AppendCell(Cell(cells, kProduct), row.cells.product);
    AppendCell(Cell(cells, kLead), row.cells.lead);
    AppendCell(Cell(cells, kCoordinator), row.cells.coordinator);
    AppendCell(Cell(cells, kTime), row.cells.time);
  }

  Layout layout_;
  Problems& problems_;
  Appendix appendix_;
  int next_number_ = 1;
};

}  // namespace

std::optional<size_t> FindAppendix(const std::vector<Line>& lines) {
  for (size_t i = 0; i < lines.size(); ++i) {
    if (LayoutOf(CellsOf(lines[i]))) return i;
  }
  return std::nullopt;
}

Appendix ReadAppendix(const std::vector<Line>& lines, size_t heading, Problems& problems) {
  const std::vector<std::string> cells = CellsOf(lines[heading]);
  const Layout layout = *LayoutOf(cells);
  AppendixReader reader(layout, problems);
  for (size_t i = heading + 1; i < lines.size(); ++i) reader.Read(lines[i]);
  Appendix appendix = std::move(reader).Finish(problems);
  appendix.lead_label = cells[layout[kLead]];
  return appendix;
}

std::string MissingHeadings(const std::vector<Line>& lines) {
  constexpr size_t kNearEnough = 3;
  HeadingLine nearest;
  for (const Line& line : lines) {
    const HeadingLine candidate = HeadingLineOf(CellsOf(line));
    if (candidate.found > nearest.found) nearest = candidate;
  }
  std::vector<std::string> missing;
  for (const ColumnHeading& heading : Headings()) {
    const bool is_missing =
        nearest.found >= kNearEnough && nearest.layout[heading.column] == kColumns;
    if (is_missing) missing.push_back(heading.name);
  }
  return absl::StrJoin(missing, ", ");
}

}  // namespace dondoc::registry::plan
