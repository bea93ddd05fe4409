#include "services/registry/domain/periodic_report.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/periods.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/text_fields.h"

namespace dondoc::registry {
namespace {

using CalendarKind = calendar::PeriodKind;

struct Named {
  calendar::Period period;
  std::string label;
};

// The periods that one printed word stands for; a year that no calendar knows has none.
std::vector<Named> PeriodsOf(const PlanReport& report, int year) {
  std::vector<Named> periods;
  const auto add = [&](CalendarKind kind, int number, std::string label) {
    const auto period = calendar::Period::Create(kind, year, number);
    if (period.ok()) periods.push_back({*period, std::move(label)});
  };
  switch (report.kind) {
    case ReportKind::kMonth:
      for (int month = 1; month <= 12; ++month) {
        add(CalendarKind::kMonth, month, absl::StrCat(report.text, " ", month));
      }
      break;
    case ReportKind::kQuarter:
      add(CalendarKind::kQuarter, report.quarter, report.text);
      break;
    case ReportKind::kSixMonths:
      add(CalendarKind::kHalf, 1, report.text);
      break;
    case ReportKind::kNineMonths:
      add(CalendarKind::kNineMonths, 1, report.text);
      break;
    case ReportKind::kYear:
      add(CalendarKind::kYear, 1, report.text);
      break;
    case ReportKind::kAdHoc:
      break;
  }
  return periods;
}

}  // namespace

absl::Status PeriodicReport::Deliver(absl::string_view unit, absl::string_view document_number,
                                     absl::CivilDay today) {
  for (const ReportDelivery& delivery : deliveries) {
    if (delivery.unit == unit) return error::ReportDelivered(key, unit, delivery.delivered);
  }
  ASSIGN_OR_RETURN(std::string number,
                   CleanOptionalLine({"document_number", kLineMax}, document_number));
  deliveries.push_back(
      {.unit = std::string(unit), .delivered = today, .document_number = std::move(number)});
  return absl::OkStatus();
}

absl::Status PeriodicReport::Reschedule(absl::CivilDay next_due, absl::CivilDay today) {
  const absl::CivilDay last = LastDateAllowed(today);
  if (next_due > last) return error::DateTooFar("due_date", next_due, last);
  if (next_due < window_start) return error::DueBeforeWindow(next_due, window_start);
  if (next_due == due) return error::DeadlineUnchanged(due);
  due = next_due;
  return absl::OkStatus();
}

std::vector<PeriodicReport> ReportsOwed(absl::string_view plan, int year,
                                        const std::vector<PlanReport>& printed) {
  std::vector<PeriodicReport> reports;
  for (const PlanReport& word : printed) {
    for (Named& named : PeriodsOf(word, year)) {
      const std::string id = named.period.id();
      const bool known = std::any_of(reports.begin(), reports.end(),
                                     [&](const PeriodicReport& r) { return r.key.period == id; });
      if (known) continue;
      const calendar::Window window =
          calendar::DataWindow(named.period, calendar::WindowScheme::kFifteenthToFourteenth);
      const absl::CivilDay end = named.period.last();
      reports.push_back({.key = {.plan = std::string(plan), .period = id},
                         .label = std::move(named.label),
                         .window_start = window.first,
                         .window_end = window.last,
                         .due = absl::CivilDay(end.year(), end.month(), kReportDueDay),
                         .deliveries = {}});
    }
  }
  std::stable_sort(reports.begin(), reports.end(),
                   [](const PeriodicReport& a, const PeriodicReport& b) { return a.due < b.due; });
  return reports;
}

}  // namespace dondoc::registry
