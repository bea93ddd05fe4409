#include "services/cli/render/refusal.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "libs/base/refusal.h"
#include "services/cli/render/format.h"
#include "services/cli/render/table.h"

namespace dondoc::cli {
namespace {

// What a detail is called; others keep the name that the service gave them.
constexpr std::pair<absl::string_view, absl::string_view> kDetailTitles[] = {
    {"field", "trường (field)"},      {"row", "dòng (row)"},
    {"value", "giá trị (value)"},     {"service", "dịch vụ (service)"},
    {"address", "địa chỉ (address)"}, {"cause", "nguyên nhân (cause)"},
    {"line", "dòng tệp (line)"},      {"unit", "đơn vị (unit)"},
    {"plan", "kế hoạch (plan)"},      {"name", "tên (name)"},
    {"from", "đang là (from)"},       {"to", "muốn thành (to)"},
    {"trace_id", "dấu vết (trace)"},
};

// What helps against a refusal.
constexpr std::pair<absl::string_view, absl::string_view> kHints[] = {
    {"ASSIGNMENT_ALREADY_SUBMITTED", "dondoc task return … --reason …"},
    {"ASSIGNMENT_CLOSED", "dondoc task return … --reason …"},
    {"ASSIGNMENT_NOT_FOUND", "dondoc task assignments --plan …"},
    {"ASSIGNMENT_SUSPENDED", "dondoc task resume … --reason …"},
    {"CONFIG_LINE_INVALID", "dondoc --help"},
    {"DELIVERY_UNKNOWN", "dondoc notice deliveries"},
    {"DOCUMENT_NUMBER_PRESENT", "dondoc plan show"},
    {"ETAG_STALE", "xem lại bản mới nhất bằng lệnh show (look at the newest version with show)"},
    {"EVIDENCE_MISSING", "dondoc task submit … --evidence \"15/KH-SKHCN; 20/03/2023\""},
    {"FINDING_NOT_FOUND", "dondoc inspection show …"},
    {"GROUP_EMPTY", "dondoc unit list"},
    {"GROUP_UNKNOWN", "dondoc task list --unresolved"},
    {"INDICATOR_NOT_FOUND", "dondoc kpi list"},
    {"INSPECTION_NOT_FOUND", "dondoc inspection list 2023"},
    {"INSPECTION_STATE_WRONG", "dondoc inspection show …"},
    {"INSPECTORS_MISSING",
     "dondoc inspection propose … --inspector \"an; Nguyễn Văn An; thanh-tra\""},
    {"INSPECTOR_UNKNOWN", "dondoc inspection programme …"},
    {"MANDATORY_UNIT_UNKNOWN", "dondoc unit list"},
    {"NOTHING_SUBMITTED", "dondoc task submit …"},
    {"NOTICE_UNKNOWN", "dondoc notice list"},
    {"NO_ANSWER_IN_TIME", "--timeout 60s"},
    {"NO_FREE_DAY", "dondoc inspection propose … --start … --end …"},
    {"NO_INSPECTOR_FOR_UNIT",
     "dondoc inspection propose … --inspector \"an; Nguyễn Văn An; thanh-tra\""},
    {"NO_UNITS", "dondoc unit list"},
    {"OUTCOME_NOT_CONDITIONAL", "dondoc task submit … --outcome produced"},
    {"OWN_RESULT", "dondoc task accept … --actor <người khác>"},
    {"PHASE_NOT_FOUND", "dondoc task list"},
    {"PLAN_EXISTS", "dondoc plan list"},
    {"PLAN_MISSING", "dondoc plan list"},
    {"PLAN_NOT_FOUND", "dondoc plan list"},
    {"PROGRAMME_NOT_APPROVED", "dondoc inspection approve …"},
    {"PROGRAMME_NOT_FOUND", "dondoc inspection propose --help"},
    {"PROGRAMME_OUT_OF_DATE", "dondoc inspection propose …"},
    {"REPORT_NOT_FOUND", "dondoc report list"},
    {"SERVICE_UNREACHABLE", "dondoc status"},
    {"TASK_NOT_FOUND", "dondoc task list"},
    {"TASK_NOT_LED_BY_GROUP", "dondoc task show …"},
    {"UNIT_EXISTS", "dondoc unit list"},
    {"UNIT_HAS_CHILDREN", "dondoc unit update … --parent …"},
    {"UNIT_HAS_OPEN_ASSIGNMENTS", "dondoc unit dissolve … --successor …"},
    {"UNIT_NOT_FOUND", "dondoc unit list"},
    {"UNIT_NOT_VALID", "dondoc unit list"},
    {"UNIT_UNKNOWN", "dondoc unit list"},
};

template <size_t N>
absl::string_view Find(const std::pair<absl::string_view, absl::string_view> (&table)[N],
                       absl::string_view key) {
  for (const auto& [name, value] : table) {
    if (name == key) return value;
  }
  return "";
}

// "problem_2" -> 2; 0 for any other detail.
int ProblemNumber(absl::string_view key) {
  int number = 0;
  return absl::ConsumePrefix(&key, "problem_") && absl::SimpleAtoi(key, &number) ? number : 0;
}

// The problems of a document that was refused: "problem_2" = "REASON: sentence" and so on; the
// first one is the refusal itself.
void PrintProblems(const Console& console, const Details& details) {
  std::map<int, absl::string_view> problems;
  for (const auto& [key, value] : details) {
    if (const int number = ProblemNumber(key); number > 0) problems.emplace(number, value);
  }
  if (problems.empty()) return;
  Table table({{.title = "#", .align = Align::kRight},
               {.title = "Lý do", .width_min = 12, .lines_max = 3},
               {.title = "Nội dung", .width_min = 30, .lines_max = 6}});
  for (const auto& [number, text] : problems) {
    const size_t colon = text.find(": ");
    const absl::string_view reason = colon == absl::string_view::npos ? "" : text.substr(0, colon);
    const absl::string_view sentence =
        colon == absl::string_view::npos ? text : text.substr(colon + 2);
    table.Add(
        {absl::StrCat(number), Cell(std::string(reason), Style::kWarning), std::string(sentence)});
  }
  console.err << '\n';
  table.Print(console);
  const auto counted = details.find("problem_count");
  int count = 0;
  if (counted != details.end() && absl::SimpleAtoi(counted->second, &count) &&
      count > problems.rbegin()->first) {
    console.err << "… và " << count - problems.rbegin()->first << " lỗi khác (and more)\n";
  }
}

}  // namespace

void PrintRefusal(const Console& console, const absl::Status& status) {
  // The widgets print where a console's `out` is.
  Console on_err{.out = console.err, .err = console.err};
  on_err.width = console.width;
  on_err.out_colour = on_err.err_colour = console.err_colour;

  const std::string message = Visible(status.message());
  for (const std::string& line :
       Wrap(message,
            console.width == 0 ? std::string::npos : static_cast<size_t>(console.width) - 2)) {
    const bool first = absl::StartsWith(message, line);
    on_err.err << (first ? Paint(on_err.err_colour, Style::kBad, "✗") : " ") << ' ' << line << '\n';
  }
  Facts facts;
  const std::string reason = ReasonOf(status);
  facts.Add("  lý do (reason)", reason);
  const Details details = DetailsOf(status);
  for (const auto& [key, value] : details) {
    if (ProblemNumber(key) > 0 || key == "problem_count") continue;
    const absl::string_view title = Find(kDetailTitles, key);
    facts.Add(absl::StrCat("  ", title.empty() ? absl::string_view(key) : title), value);
  }
  facts.Add("  gợi ý (try)", Cell(std::string(Find(kHints, reason)), Style::kNotice));
  facts.Print(on_err);
  PrintProblems(on_err, details);
}

}  // namespace dondoc::cli
