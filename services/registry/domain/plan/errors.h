#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/problems.h"

// Every way the reader of plans can say no, in the order a document meets them.
namespace dondoc::registry::plan::error {

// Where a problem stands: the line of the document, and the row of the appendix (0 for none).
struct Place {
  int line = 0;
  int row = 0;
};

// What is quoted of the document.
inline std::string Quoted(absl::string_view text) {
  constexpr size_t kBytesMax = 160;
  return Shortened(text, kBytesMax);
}

inline Details At(Place place, Details more = {}) {
  more["line"] = absl::StrCat(place.line);
  if (place.row > 0) more["row"] = absl::StrCat(place.row);
  return more;
}

inline Problem PlanTooLarge(size_t bytes, size_t bytes_max) {
  return {"PLAN_TOO_LARGE",
          {absl::StrCat("Tài liệu dài ", bytes, " byte, quá giới hạn ", bytes_max,
                        "; hãy kiểm tra lại tệp đã chọn."),
           absl::StrCat("The document has ", bytes, " bytes, more than ", bytes_max,
                        "; check that it is the right file.")},
          {{"bytes", absl::StrCat(bytes)}, {"bytes_max", absl::StrCat(bytes_max)}}};
}

// `missing` names the fields in English, separated by ", "; `missing_vi` in Vietnamese.
inline Problem PlanNoHead(absl::string_view missing_vi, absl::string_view missing) {
  return {"PLAN_NO_HEAD",
          {absl::StrCat("Không tìm thấy phần đầu hoặc phần ký của kế hoạch (thiếu: ", missing_vi,
                        "); hãy nhập toàn văn kế hoạch, từ dòng \"Số:\" đến hết phụ lục."),
           absl::StrCat("The head or the signature of the plan is incomplete (missing: ", missing,
                        "); import the whole document, from the line \"Số:\" to the end of the "
                        "appendix.")},
          {{"missing", std::string(missing)}}};
}

inline Problem PlanNoGoals() {
  return {"PLAN_NO_GOALS",
          {"Không tìm thấy phần \"MỤC TIÊU\" có các mục đánh số 1, 2, 3…; hãy nhập toàn văn kế "
           "hoạch và giữ nguyên các đề mục.",
           "There is no part \"MỤC TIÊU\" with numbered points; import the whole document with its "
           "headings as they are."},
          {}};
}

inline Problem PlanNoAppendix(absl::string_view missing_vi) {
  return {
      "PLAN_NO_APPENDIX",
      {absl::StrCat("Không tìm thấy bảng phụ lục nhiệm vụ",
                    missing_vi.empty() ? "" : absl::StrCat(" (thiếu cột: ", missing_vi, ")"),
                    "; bảng cần dòng đề mục có đúng 6 cột: Stt, Nội dung, Sản phẩm, Chủ trì, "
                    "Phối hợp, Thời gian, và có ít nhất một nhiệm vụ."),
       "There is no appendix of tasks; the table needs a heading of exactly 6 columns (Stt, Nội "
       "dung, Sản phẩm, Chủ trì, Phối hợp, Thời gian) and at least one task."},
      missing_vi.empty() ? Details{} : Details{{"missing", std::string(missing_vi)}}};
}

inline Problem TooManyOf(absl::string_view what, size_t count, size_t count_max) {
  return {"PLAN_TOO_LARGE",
          {absl::StrCat("Kế hoạch có ", count, " ", what, ", quá giới hạn ", count_max, "."),
           absl::StrCat("The plan has ", count, " ", what, ", more than ", count_max, ".")},
          {{"count", absl::StrCat(count)}, {"count_max", absl::StrCat(count_max)}}};
}

inline Problem TargetNotUnderstood(absl::string_view clause, absl::string_view text) {
  return {"TARGET_NOT_UNDERSTOOD",
          {absl::StrCat("Không hiểu con số của mục tiêu ", clause, ": \"", Quoted(text),
                        "\"; cần một mức rõ ràng như \"tối thiểu 70%\", \"tối đa 25 phút/hồ sơ\"."),
           absl::StrCat("The figure of target ", clause, " is not understood: \"", Quoted(text),
                        "\"; it needs one clear bound such as \"tối thiểu 70%\" or \"tối đa 25 "
                        "phút/hồ sơ\".")},
          {{"clause", std::string(clause)}, {"text", Quoted(text)}}};
}

inline Problem ClauseDuplicate(absl::string_view clause) {
  return {"CLAUSE_DUPLICATE",
          {absl::StrCat("Điểm ", clause,
                        " xuất hiện hai lần trong phần mục tiêu; hãy kiểm tra số và "
                        "chữ đầu các điểm."),
           absl::StrCat("Clause ", clause,
                        " stands twice among the goals; check the numbers and "
                        "letters of the clauses.")},
          {{"clause", std::string(clause)}}};
}

inline Problem ReportPeriodNotUnderstood(absl::string_view clause, absl::string_view text) {
  return {"REPORT_PERIOD_NOT_UNDERSTOOD",
          {absl::StrCat("Không hiểu kỳ báo cáo \"", Quoted(text), "\" ở điểm ", clause,
                        "; các kỳ được hiểu: tháng, quý I đến quý IV, 6 tháng, 9 tháng, năm, đột "
                        "xuất."),
           absl::StrCat("The report period \"", Quoted(text), "\" in ", clause,
                        " is not understood; known are tháng, quý I to quý IV, 6 tháng, 9 tháng, "
                        "năm, đột xuất.")},
          {{"clause", std::string(clause)}, {"text", Quoted(text)}}};
}

inline Problem TaskRowColumns(Place place, size_t cells, size_t cells_wanted) {
  const std::string row = place.row > 0
                              ? absl::StrCat("Hàng ", place.row, " (dòng ", place.line, ")")
                              : absl::StrCat("Dòng ", place.line);
  return {"TASK_ROW_COLUMNS",
          {absl::StrCat(row, " của phụ lục có ", cells, " ô thay vì ", cells_wanted,
                        "; hãy kiểm tra các dấu tab ngăn cột của hàng này."),
           absl::StrCat("Line ", place.line, " of the appendix has ", cells, " cells instead of ",
                        cells_wanted, "; check the tabs between its columns.")},
          At(place, {{"cells", absl::StrCat(cells)}})};
}

inline Problem TaskRowNotUnderstood(Place place, absl::string_view text) {
  return {
      "TASK_ROW_NOT_UNDERSTOOD",
      {absl::StrCat("Không hiểu hàng ở dòng ", place.line, " của phụ lục, Stt \"", Quoted(text),
                    "\"; cột Stt chỉ được là số La Mã của lĩnh vực, số thứ tự nhiệm vụ, hoặc để "
                    "trống khi nối hàng trên."),
       absl::StrCat("The row in line ", place.line, " of the appendix, Stt \"", Quoted(text),
                    "\", is not understood; Stt must be a section's Roman numeral, a task's "
                    "number, or empty to continue the row above.")},
      At(place, {{"text", Quoted(text)}})};
}

inline Problem SectionOutOfOrder(Place place, absl::string_view numeral,
                                 absl::string_view expected) {
  return {"SECTION_OUT_OF_ORDER",
          {absl::StrCat("Lĩnh vực ", numeral, " ở dòng ", place.line,
                        " của phụ lục không đúng thứ tự, "
                        "phải là ",
                        expected, "; hãy kiểm tra hàng bị thiếu hoặc lặp."),
           absl::StrCat("Section ", numeral, " in line ", place.line,
                        " of the appendix is out of "
                        "order, ",
                        expected, " was due; look for a lost or repeated row.")},
          At(place, {{"section", std::string(numeral)}})};
}

inline Problem TaskNumberDuplicate(Place place) {
  return {
      "TASK_NUMBER_DUPLICATE",
      {absl::StrCat("Số thứ tự ", place.row, " xuất hiện hai lần trong phụ lục (lần sau ở dòng ",
                    place.line, "); mỗi nhiệm vụ cần một số riêng."),
       absl::StrCat("Number ", place.row, " stands twice in the appendix (again in line ",
                    place.line, "); every task needs a number of its own.")},
      At(place)};
}

inline Problem TaskNumberGap(Place place, int expected) {
  return {
      "TASK_NUMBER_GAP",
      {absl::StrCat("Sau nhiệm vụ ", expected - 1, " của phụ lục là ", place.row, " (dòng ",
                    place.line, "), thiếu số ", expected, "; hãy kiểm tra hàng bị mất."),
       absl::StrCat("Task ", expected - 1, " of the appendix is followed by ", place.row, " (line ",
                    place.line, "), ", expected, " is missing; look for the lost row.")},
      At(place, {{"expected", absl::StrCat(expected)}})};
}

inline Problem TaskContentMissing(Place place) {
  return {"TASK_CONTENT_MISSING",
          {absl::StrCat("Hàng ", place.row, " không có nội dung hoạt động; hãy bổ sung."),
           absl::StrCat("Row ", place.row, " has no content; add it.")},
          At(place)};
}

inline Problem LeadMissing(Place place) {
  return {"LEAD_MISSING",
          {absl::StrCat("Hàng ", place.row,
                        " không ghi ai chủ trì; mỗi nhiệm vụ cần ít nhất một đơn "
                        "vị hoặc nhóm đơn vị chủ trì."),
           absl::StrCat("Row ", place.row,
                        " names no lead; every task needs at least one unit or "
                        "group of units that leads.")},
          At(place)};
}

inline Problem DueTextNotUnderstood(Place place, absl::string_view text) {
  return {
      "DUE_TEXT_NOT_UNDERSTOOD",
      {absl::StrCat("Không hiểu thời gian \"", Quoted(text), "\" ở hàng ", place.row,
                    "; hãy ghi như \"Quý III, IV năm 2024\", \"Tháng 7/2024\", \"Trong năm 2024\", "
                    "\"Trước ngày 15/3/2024\", năm đủ bốn chữ số."),
       absl::StrCat("The time \"", Quoted(text), "\" of row ", place.row,
                    " is not understood; write it like \"Quý III, IV năm 2024\", \"Tháng "
                    "7/2024\", \"Trong năm 2024\" or \"Trước ngày 15/3/2024\", with four digits "
                    "for the year.")},
      At(place, {{"text", Quoted(text)}})};
}

inline Problem TaskFigureNotUnderstood(Place place) {
  return {"TARGET_NOT_UNDERSTOOD",
          {absl::StrCat("Không hiểu con số trong nội dung hoặc sản phẩm ở hàng ", place.row,
                        "; cần một mức rõ ràng như \"tối thiểu 45%\", không phải một khoảng."),
           absl::StrCat("A figure in the content or product of row ", place.row,
                        " is not understood; it needs one clear bound such as \"tối thiểu 45%\", "
                        "not a range.")},
          At(place)};
}

inline Problem TaskCountMismatch(int declared, size_t counted) {
  return {"TASK_COUNT_MISMATCH",
          {absl::StrCat("Phụ lục ghi tổng cộng ", declared, " nhiệm vụ nhưng đếm được ", counted,
                        "; hãy kiểm tra hàng bị mất hoặc thừa."),
           absl::StrCat("The appendix declares ", declared, " tasks but has ", counted,
                        "; look for a lost or surplus row.")},
          {{"declared", absl::StrCat(declared)}, {"counted", absl::StrCat(counted)}}};
}

}  // namespace dondoc::registry::plan::error
