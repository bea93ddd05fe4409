#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/calendar/dates.h"
#include "libs/calendar/working_days.h"
#include "services/registry/domain/plan/findings.h"

namespace dondoc::registry::plan {
namespace {

using calendar::FormatVietnamese;
using calendar::WeekdayName;

// Calls `visit(task, phase)` for every phase of the plan, in order.
template <typename Visit>
void ForEachPhase(const PlanDocument& plan, Visit visit) {
  for (const PlanTask& task : plan.tasks) {
    for (const PlanPhase& phase : task.phases) visit(task, phase);
  }
}

// The rows of each last day, each row once.
std::map<absl::CivilDay, std::vector<int>> RowsByEnd(const PlanDocument& plan) {
  std::map<absl::CivilDay, std::vector<int>> rows;
  ForEachPhase(plan, [&](const PlanTask& task, const PlanPhase& phase) {
    std::vector<int>& of_day = rows[phase.end];
    if (of_day.empty() || of_day.back() != task.number) of_day.push_back(task.number);
  });
  return rows;
}

template <typename Predicate>
std::vector<int> RowsWithPhase(const PlanDocument& plan, Predicate predicate) {
  std::vector<int> rows;
  ForEachPhase(plan, [&](const PlanTask& task, const PlanPhase& phase) {
    const bool is_new = rows.empty() || rows.back() != task.number;
    if (is_new && predicate(task, phase)) rows.push_back(task.number);
  });
  return rows;
}

void WarnAt(std::vector<int> rows, PlanWarning warning, Warnings& warnings) {
  if (rows.empty()) return;
  warning.rows = std::move(rows);
  warnings.push_back(std::move(warning));
}

// Without a calendar only weekends are known.
calendar::DayOffAnswer DayOffOf(const calendar::Holidays* holidays, absl::CivilDay date) {
  static const calendar::Holidays kNoNotices;
  return calendar::DayOff(holidays == nullptr ? kNoNotices : *holidays, date);
}

}  // namespace

void DueOnDayOff(const FindingContext& context, Warnings& warnings) {
  for (auto& [date, rows] : RowsByEnd(context.plan)) {
    const calendar::DayOffAnswer answer = DayOffOf(context.holidays, date);
    if (!answer.reason) continue;
    const std::string day = absl::StrCat(FormatVietnamese(date), " (", WeekdayName(date),
                                         answer.name.empty() ? "" : ", ", answer.name, ")");
    const size_t count = rows.size();
    WarnAt(
        std::move(rows),
        {.code = "DUE_ON_DAY_OFF",
         .severity = WarningSeverity::kWarning,
         .message = {absl::StrCat(count, " nhiệm vụ đến hạn ngày ", day, " là ngày nghỉ."),
                     absl::StrCat(count, " tasks are due on ", day, ", a day off.")},
         .advice = {"Thời hạn ghi theo tên kỳ được giữ nguyên, không tự dời; nên xong trước ngày "
                    "nghỉ.",
                    "A date named by its period stays as it is; finish before the day off."}},
        warnings);
  }
}

void CalendarMissing(const FindingContext& context, Warnings& warnings) {
  std::set<absl::civil_year_t> years;
  for (const auto& [date, rows] : RowsByEnd(context.plan)) {
    if (!DayOffOf(context.holidays, date).known) years.insert(date.year());
  }
  for (const absl::civil_year_t year : years) {
    warnings.push_back({.code = "CALENDAR_MISSING",
                        .severity = WarningSeverity::kWarning,
                        .message = {absl::StrCat("Chưa có thông báo ngày nghỉ năm ", year,
                                                 "; chỉ xét được thứ Bảy và Chủ nhật."),
                                    absl::StrCat("There is no notice of the days off in ", year,
                                                 "; only weekends were seen.")},
                        .advice = {"Hãy nạp lịch nghỉ của năm rồi kiểm tra lại.",
                                   "Load the calendar of that year and check again."}});
  }
}

// An alarm before the due date is silent all year when nearly everything falls due on its last day.
void DueDatesBunched(const FindingContext& context, Warnings& warnings) {
  size_t all = 0;
  std::map<absl::CivilDay, size_t> phases;
  ForEachPhase(context.plan, [&](const PlanTask&, const PlanPhase& phase) {
    ++all;
    ++phases[phase.end];
  });
  for (const auto& [date, count] : phases) {
    if (count * 2 <= all || count < 2) continue;
    warnings.push_back({.code = "DUE_DATES_BUNCHED",
                        .severity = WarningSeverity::kInfo,
                        .message = {absl::StrCat(count, " trên ", all, " mốc cùng đến hạn ngày ",
                                                 FormatVietnamese(date), "."),
                                    absl::StrCat(count, " of ", all, " milestones are due on ",
                                                 FormatVietnamese(date), ".")},
                        .advice = {"Nên hỏi tiến độ ở mỗi kỳ báo cáo, không đợi đến ngày cuối.",
                                   "Ask for progress at each report, not only on the last day."}});
  }
}

void DueYearDiffers(const FindingContext& context, Warnings& warnings) {
  const int year = context.plan.year;
  WarnAt(RowsWithPhase(context.plan,
                       [year](const PlanTask&, const PlanPhase& phase) {
                         return phase.start.year() != year || phase.end.year() != year;
                       }),
         {.code = "DUE_YEAR_DIFFERS",
          .severity = WarningSeverity::kConflict,
          .message = {absl::StrCat("Thời gian thực hiện nằm ngoài năm ", year, " của kế hoạch."),
                      absl::StrCat("The time lies outside ", year, ", the plan's year.")},
          .advice = {"Có thể chép từ kế hoạch năm khác; hãy xác nhận hoặc điều chỉnh bằng văn bản.",
                     "It may be copied from another year; confirm it or adjust it by a document."}},
         warnings);
}

void DueBeforeDate(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kBefore = {"trước ngày"};
  WarnAt(RowsWithPhase(context.plan,
                       [](const PlanTask&, const PlanPhase& phase) {
                         return BeginsWith(phase.text, kBefore);
                       }),
         {.code = "DUE_BEFORE_DATE",
          .severity = WarningSeverity::kInfo,
          .message = {"\"Trước ngày\" được hiểu là hạn cuối là ngày liền trước.",
                      "\"Trước ngày\" (before) is understood as due on the day before."},
          .advice = {"Nếu ngày ấy vẫn còn trong hạn, hãy điều chỉnh thời hạn.",
                     "Adjust the date if the day itself is still in time."}},
         warnings);
}

void DueDotMissing(const FindingContext& context, Warnings& warnings) {
  const auto lacks_a_mark = [](const PlanTask& task) {
    const absl::string_view time = TrimmedOfMarks(task.cells.time);
    const auto marks =
        std::count_if(time.begin(), time.end(), [](char c) { return c == '.' || c == ';'; });
    return static_cast<size_t>(marks) + 1 < task.phases.size();
  };
  WarnAt(RowsWithPhase(context.plan,
                       [&](const PlanTask& task, const PlanPhase&) { return lacks_a_mark(task); }),
         {.code = "DUE_DOT_MISSING",
          .severity = WarningSeverity::kInfo,
          .message = {"Thiếu dấu chấm giữa hai mốc thời gian.",
                      "The dot between two stretches of time is missing."},
          .advice = {"Đã tách theo nhãn của từng mốc; hãy đối chiếu.",
                     "They were told apart by their labels; check them."}},
         warnings);
}

void QuartersAreOneWindow(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWithPhase(context.plan,
                       [](const PlanTask&, const PlanPhase& phase) {
                         return phase.kind == PeriodKind::kQuarters;
                       }),
         {.code = "QUARTERS_ARE_ONE_WINDOW",
          .severity = WarningSeverity::kInfo,
          .message = {"Nhiều quý được hiểu là một khoảng liền, làm một lần.",
                      "Several quarters are understood as one window, to be done once."},
          .advice = {"Nếu mỗi quý một lần, hãy thêm mốc cho từng quý.",
                     "Add a milestone for each quarter if it is done in each."}},
         warnings);
}

void PlanWithoutIssueDate(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kPlan = {"kế hoạch"};
  WarnAt(RowsWithPhase(context.plan,
                       [](const PlanTask& task, const PlanPhase&) {
                         return task.phases.size() == 1 && BeginsWith(task.cells.product, kPlan);
                       }),
         {.code = "PLAN_WITHOUT_ISSUE_DATE",
          .severity = WarningSeverity::kInfo,
          .message = {"Sản phẩm là kế hoạch nhưng không có mốc ban hành riêng.",
                      "The product is a plan, but its issue has no date of its own."},
          .advice = {"Không tự thêm mốc quý I; Văn phòng có thể đặt mốc phụ.",
                     "No date is invented; the Office may set a milestone."}},
         warnings);
}

void StartsBeforeSigning(const FindingContext& context, Warnings& warnings) {
  const absl::CivilDay signed_on = context.plan.head.date;
  bool starts_before = false;
  ForEachPhase(context.plan, [&](const PlanTask&, const PlanPhase& phase) {
    starts_before = starts_before || phase.start < signed_on;
  });
  if (!starts_before) return;
  warnings.push_back(
      {.code = "STARTS_BEFORE_SIGNING",
       .severity = WarningSeverity::kInfo,
       .message = {absl::StrCat("Có nhiệm vụ bắt đầu trước ngày ký ", FormatVietnamese(signed_on),
                                "."),
                   absl::StrCat("Some windows begin before the plan was signed on ",
                                FormatVietnamese(signed_on), ".")},
       .advice = {"Tính từ ngày đầu của kỳ; không coi là quá hạn trước ngày ký.",
                  "The window counts from its first day; nothing is late before the signing."}});
}

}  // namespace dondoc::registry::plan
