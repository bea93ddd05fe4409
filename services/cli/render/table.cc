#include "services/cli/render/table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/base/text.h"

namespace dondoc::cli {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kFactLines = 40;
// The width of a column that is not printed.
constexpr size_t kLeftOut = std::string::npos;

using Line = std::vector<Span>;

// The spans that fit `width`; the one that does not is cut with "…".
Line Fitted(const Line& line, size_t width) {
  Line fitted;
  for (const Span& span : line) {
    const std::string text = Truncate(span.text, width);
    width -= DisplayWidth(text);
    fitted.push_back(Span{text, span.style});
    if (text != span.text) break;
  }
  return fitted;
}

// The lines of one cell in a column of `width`.
std::vector<Line> Lines(const Cell& cell, const Column& column, size_t width) {
  if (cell.spans().size() != 1) return {Fitted(cell.spans(), width)};
  const Span& span = cell.spans().front();
  std::vector<std::string> lines = Wrap(span.text, width);
  const size_t lines_max = column.width_min == 0 ? lines.size() : column.lines_max;
  if (lines.size() > lines_max) {
    const std::string rest = absl::StrCat(lines[lines_max - 1], " ", lines[lines_max]);
    lines.resize(lines_max);
    lines.back() = Truncate(DisplayWidth(rest) > width ? rest : absl::StrCat(rest, " …"), width);
  }
  std::vector<Line> result;
  for (std::string& line : lines) result.push_back({Span{std::move(line), span.style}});
  return result;
}

size_t LineWidth(const Line& line) {
  size_t width = 0;
  for (const Span& span : line) width += DisplayWidth(span.text);
  return width;
}

std::string PaintLine(const Line& line, bool colour) {
  std::string painted;
  for (const Span& span : line) painted += Paint(colour, span.style, span.text);
  return painted;
}

// Makes the columns fit `available`; false when they cannot. The widest one gives way first, one
// column of the terminal at a time, so that short ones stay whole as long as they can.
bool Shrink(const std::vector<Column>& columns, size_t available, std::vector<size_t>& widths) {
  size_t total = 0;
  for (const size_t width : widths) {
    if (width != kLeftOut) total += width + kGap;
  }
  total -= std::min(total, kGap);
  while (total > available) {
    size_t widest = columns.size();
    for (size_t i = 0; i < columns.size(); ++i) {
      const bool may_shrink =
          widths[i] != kLeftOut && columns[i].width_min > 0 && widths[i] > columns[i].width_min;
      if (may_shrink && (widest == columns.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == columns.size()) return false;
    --widths[widest];
    --total;
  }
  return true;
}

// The widest line of a cell that is not wrapped.
size_t NaturalWidth(const Cell& cell) {
  if (cell.spans().size() != 1) return LineWidth(cell.spans());
  size_t width = 0;
  for (const std::string& line : Wrap(cell.text(), std::string::npos)) {
    width = std::max(width, DisplayWidth(line));
  }
  return width;
}

}  // namespace

Cell::Cell(std::string text, Style style) : spans_{Span{Visible(text), style}} {}

Cell::Cell(std::vector<Span> spans) : spans_(std::move(spans)) {
  for (Span& span : spans_) span.text = Visible(span.text);
}

std::string Cell::text() const {
  std::string text;
  for (const Span& span : spans_) text += span.text;
  return text;
}

void Table::Add(std::vector<Cell> cells) {
  rows_.push_back(Row{.cells = std::move(cells), .heading = {}});
}

void Table::AddHeading(std::string text) {
  rows_.push_back(Row{.cells = {}, .heading = std::move(text)});
}

bool Table::HasHead() const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [](const Column& column) { return !column.title.empty(); });
}

std::vector<size_t> Table::NaturalWidths() const {
  std::vector<size_t> widths;
  for (const Column& column : columns_) widths.push_back(DisplayWidth(column.title));
  for (const Row& row : rows_) {
    for (size_t i = 0; i < row.cells.size(); ++i) {
      widths[i] = std::max(widths[i], NaturalWidth(row.cells[i]));
    }
  }
  return widths;
}

std::vector<size_t> Table::Widths(const Console& console) const {
  const std::vector<size_t> natural = NaturalWidths();
  if (console.width == 0) return natural;
  const size_t available = static_cast<size_t>(console.width);
  std::vector<size_t> widths = natural;
  while (!Shrink(columns_, available, widths)) {
    size_t last_optional = columns_.size();
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].optional && widths[i] != kLeftOut) last_optional = i;
    }
    if (last_optional == columns_.size()) return {};
    // What is left gets another chance at its full width.
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (widths[i] != kLeftOut) widths[i] = natural[i];
    }
    widths[last_optional] = kLeftOut;
  }
  return widths;
}

void Table::PrintRow(const Console& console, const std::vector<size_t>& widths,
                     const std::vector<Cell>& cells) const {
  std::vector<std::vector<Line>> columns(cells.size());
  size_t height = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (widths[i] != kLeftOut) columns[i] = Lines(cells[i], columns_[i], widths[i]);
    height = std::max(height, columns[i].size());
  }
  for (size_t y = 0; y < height; ++y) {
    std::string text;
    size_t pending = 0;  // blanks owed; never printed at the end of a line
    for (size_t i = 0; i < columns.size(); ++i) {
      if (widths[i] == kLeftOut) continue;
      const Line line = y < columns[i].size() ? columns[i][y] : Line{};
      const size_t used = LineWidth(line);
      const size_t space = used < widths[i] ? widths[i] - used : 0;
      if (columns_[i].align == Align::kRight) pending += space;
      if (used > 0) {
        text.append(pending, ' ');
        text += PaintLine(line, console.out_colour);
        pending = 0;
      }
      if (columns_[i].align == Align::kLeft) pending += space;
      pending += kGap;
    }
    console.out << text << '\n';
  }
}

void Table::PrintBlocks(const Console& console) const {
  const char* separator = "";
  for (const Row& row : rows_) {
    if (!row.heading.empty()) {
      console.out << separator << Paint(console.out_colour, Style::kStrong, row.heading) << '\n';
    } else {
      console.out << separator;
      Facts facts;
      for (size_t i = 0; i < row.cells.size(); ++i) facts.Add(columns_[i].title, row.cells[i]);
      facts.Print(console);
    }
    separator = "\n";
  }
}

void Table::Print(const Console& console) const {
  const std::vector<size_t> widths = Widths(console);
  if (widths.empty()) return PrintBlocks(console);
  if (HasHead()) {
    std::vector<Cell> titles;
    std::vector<Cell> rules;
    for (size_t i = 0; i < columns_.size(); ++i) {
      titles.emplace_back(Truncate(columns_[i].title, widths[i]), Style::kStrong);
      std::string rule;
      for (size_t k = 0; widths[i] != kLeftOut && k < widths[i]; ++k) rule += "─";
      rules.emplace_back(std::move(rule), Style::kFaint);
    }
    PrintRow(console, widths, titles);
    PrintRow(console, widths, rules);
  }
  for (const Row& row : rows_) {
    if (row.heading.empty()) {
      PrintRow(console, widths, row.cells);
    } else {
      console.out << Paint(console.out_colour, Style::kStrong, row.heading) << '\n';
    }
  }
}

void Facts::Add(std::string title, Cell value) {
  if (!value.text().empty()) facts_.emplace_back(std::move(title), std::move(value));
}

void Facts::Print(const Console& console) const {
  size_t title_width = 0;
  for (const auto& [title, value] : facts_)
    title_width = std::max(title_width, DisplayWidth(title));
  // On a terminal too narrow for anything the value still gets a few columns and runs over.
  const size_t room = console.width == 0 ? std::string::npos
                      : static_cast<size_t>(console.width) > title_width + kGap + 20
                          ? static_cast<size_t>(console.width) - title_width - kGap
                          : 20;
  const Column value_column{.title = {}, .width_min = 1, .lines_max = kFactLines};
  for (const auto& [title, value] : facts_) {
    std::string label = Pad(title, title_width + kGap, Align::kLeft);
    for (const Line& line : Lines(value, value_column, room)) {
      console.out << Paint(console.out_colour, Style::kFaint, label)
                  << PaintLine(line, console.out_colour) << '\n';
      label.assign(title_width + kGap, ' ');
    }
  }
}

}  // namespace dondoc::cli
