#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "services/cli/render/console.h"
#include "services/cli/render/layout.h"

namespace dondoc::cli {

// A piece of text in one style.
struct Span {
  std::string text;
  Style style = Style::kPlain;
};

// One cell. A cell of several spans stays on one line, with its blanks, and is cut where there is
// no room; any other may be wrapped.
class Cell {
 public:
  Cell(const char* text) : Cell(std::string(text)) {}
  Cell(std::string text, Style style = Style::kPlain);
  explicit Cell(std::vector<Span> spans);

  const std::vector<Span>& spans() const { return spans_; }
  // All spans in one.
  std::string text() const;

 private:
  std::vector<Span> spans_;
};

// How a column behaves where the terminal is narrow. With `width_min` 0 it never gets narrower than
// its content; otherwise it gives way, down to so many columns, and a row takes up to `lines_max`
// lines in it before it is cut with "…". An `optional` one is left out when that is not enough, the
// last one first.
struct Column {
  std::string title;
  Align align = Align::kLeft;
  size_t width_min = 0;
  size_t lines_max = 1;
  bool optional = false;
};

// A table for people: aligned whatever the script, no wider than the console. When even the
// narrowest form does not fit, each row is printed as a block of "title   value" lines.
class Table {
 public:
  // A table whose titles are all empty has no head.
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void Add(std::vector<Cell> cells);
  // A line across all columns, above the rows that follow.
  void AddHeading(std::string text);
  bool empty() const { return rows_.empty(); }

  void Print(const Console& console) const;

 private:
  struct Row {
    std::vector<Cell> cells;
    // Set for a line across.
    std::string heading;
  };

  bool HasHead() const;
  // The widest line of each column.
  std::vector<size_t> NaturalWidths() const;
  // Widths at which the table fits the console; empty when there are none.
  std::vector<size_t> Widths(const Console& console) const;
  void PrintRow(const Console& console, const std::vector<size_t>& widths,
                const std::vector<Cell>& cells) const;
  void PrintBlocks(const Console& console) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

// Prints "title   value" lines, the titles aligned; lines with an empty value are left out.
class Facts {
 public:
  void Add(std::string title, Cell value);
  void Print(const Console& console) const;

 private:
  std::vector<std::pair<std::string, Cell>> facts_;
};

}  // namespace dondoc::cli
