#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dondoc::registry::plan {

struct Line {
  int number = 0;    // from 1, in the document as it came
  std::string text;  // without conversion marks, ends trimmed of spaces; tabs are kept
  bool is_footnote = false;
};

struct DocumentLines {
  std::vector<Line> lines;  // blank lines are left out
  int conversion_marks = 0;
};

// `text` must be clean. Drops what a conversion left behind and nobody signed: asterisks of bold
// type and raised figures of footnotes. No-break spaces become spaces.
DocumentLines LinesOf(absl::string_view text);

// The cells of a line of a table.
std::vector<std::string> CellsOf(const Line& line);

}  // namespace dondoc::registry::plan
