#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/registry/domain/plan/document_lines.h"
#include "services/registry/domain/plan/plan_document.h"
#include "services/registry/domain/plan/problems.h"

namespace dondoc::registry::plan {

// A numbered row of the appendix as printed, its continuation rows joined to it.
struct AppendixRow {
  int number = 0;
  int line = 0;
  std::string section;  // numeral; empty above the first section
  TaskCells cells;
  bool split_over_pages = false;
};

struct Appendix {
  std::string lead_label;
  std::vector<PlanSection> sections;
  std::vector<AppendixRow> rows;
  std::optional<int> declared_count;
  std::vector<Line> after;  // what stands below the total
};

// The index of the line that heads the table of tasks; nothing when there is none.
std::optional<size_t> FindAppendix(const std::vector<Line>& lines);

// Reads the table from its heading at `heading` to the end of the document.
//
//   heading   Stt, Nội dung …, Sản phẩm, … chủ trì, … phối hợp, Thời gian …, in any order of
//   columns;
//             repeated on every page and dropped
//   section   a Roman numeral and a title
//   task      a number and the cells
//   rest      an empty first cell: the row above goes on after a page break
//   total     "TỔNG CỘNG: 46 NHIỆM VỤ"
//
// Problems: wrong columns, rows that are none of these, numbers that repeat or leave a gap,
// sections out of order, a total that does not match.
Appendix ReadAppendix(const std::vector<Line>& lines, size_t heading, Problems& problems);

// The headings that the line nearest to a table heading lacks, for a refusal; "" when there is no
// such line at all.
std::string MissingHeadings(const std::vector<Line>& lines);

}  // namespace dondoc::registry::plan
