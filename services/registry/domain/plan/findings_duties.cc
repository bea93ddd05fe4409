#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/registry/domain/plan/findings.h"
#include "services/registry/domain/plan/targets.h"

namespace dondoc::registry::plan {
namespace {

bool HasReport(const PlanDocument& plan, ReportKind kind, int quarter = 0) {
  return std::any_of(plan.reports.begin(), plan.reports.end(), [&](const PlanReport& report) {
    return report.kind == kind && report.quarter == quarter;
  });
}

// "Văn phòng" names the owner "Văn phòng Sở".
bool Names(absl::string_view unit, absl::string_view owner) {
  const Words words = WordsOf(owner);
  return Phrase(unit).IsAt(words, 0);
}

bool NamesOne(const std::vector<PlanParty>& parties, absl::string_view owner) {
  return std::any_of(parties.begin(), parties.end(), [&](const PlanParty& party) {
    return party.kind == PartyKind::kUnit && Names(party.text, owner);
  });
}

}  // namespace

void ReportsMissing(const FindingContext& context, Warnings& warnings) {
  if (!context.plan.reports.empty()) return;
  warnings.push_back(
      {.code = "REPORTS_MISSING",
       .severity = WarningSeverity::kWarning,
       .message = {"Không tìm thấy quy định báo cáo định kỳ trong phần tổ chức thực hiện.",
                   "No periodic reports were found among the duties."},
       .advice = {"Hãy nhập các kỳ báo cáo bằng tay.", "Enter the report periods by hand."}});
}

void ReportPeriodsOverlap(const FindingContext& context, Warnings& warnings) {
  const bool overlap = HasReport(context.plan, ReportKind::kQuarter, 2) &&
                       HasReport(context.plan, ReportKind::kSixMonths);
  if (!overlap) return;
  warnings.push_back(
      {.code = "REPORT_PERIODS_OVERLAP",
       .severity = WarningSeverity::kWarning,
       .clause = context.plan.reports_clause,
       .message = {"Vừa có báo cáo quý II vừa có báo cáo 6 tháng, cùng ngày kết thúc kỳ.",
                   "Both quý II and 6 tháng are asked for; both periods end on the same day."},
       .advice = {"Hỏi Văn phòng: một báo cáo cho cả hai, hay quý II là viết nhầm.",
                  "Ask the Office whether one report serves both, or quý II is a slip."}});
}

void ReportQuarterMissing(const FindingContext& context, Warnings& warnings) {
  const PlanDocument& plan = context.plan;
  const bool has_quarters =
      HasReport(plan, ReportKind::kQuarter, 1) || HasReport(plan, ReportKind::kQuarter, 2);
  const bool has_third =
      HasReport(plan, ReportKind::kQuarter, 3) || HasReport(plan, ReportKind::kNineMonths);
  if (!has_quarters || has_third) return;
  warnings.push_back(
      {.code = "REPORT_QUARTER_MISSING",
       .severity = WarningSeverity::kWarning,
       .clause = plan.reports_clause,
       .message =
           {"Có báo cáo quý nhưng không có quý III; chế độ báo cáo của Bộ Nội vụ có quý III.",
            "Quarterly reports are asked for but not quý III, which the Ministry's regime "
            "has."},
       .advice = {"Bật kỳ quý III nếu Sở Nội vụ yêu cầu.",
                  "Switch quý III on if the Department of Home Affairs asks for it."}});
}

void ReportDueMissing(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kDay = {"ngày"};
  const PlanDocument& plan = context.plan;
  if (plan.reports_clause.empty()) return;
  for (const PlanDuty& duty : plan.duties) {
    if (duty.clause == plan.reports_clause && Mentions(duty.text, kDay)) return;
  }
  warnings.push_back(
      {.code = "REPORT_DUE_MISSING",
       .severity = WarningSeverity::kWarning,
       .clause = plan.reports_clause,
       .message = {"Không ghi ngày chốt số liệu và hạn gửi báo cáo.",
                   "Neither the cut-off of data nor the due date of reports is given."},
       .advice = {"Đặt hạn cho từng kỳ trong cấu hình.", "Set them for each period."}});
}

void InspectionShareMissing(const FindingContext& context, Warnings& warnings) {
  if (context.plan.inspection_share) return;
  warnings.push_back({.code = "INSPECTION_SHARE_MISSING",
                      .severity = WarningSeverity::kInfo,
                      .message = {"Không tìm thấy tỷ lệ đơn vị tối thiểu phải kiểm tra.",
                                  "No least share of units to inspect was found."},
                      .advice = {"Nhập tỷ lệ trong kế hoạch kiểm tra nếu có.",
                                 "Enter it with the inspection plan if there is one."}});
}

void InspectionUnitsUnknown(const FindingContext& context, Warnings& warnings) {
  const std::optional<InspectionShare>& share = context.plan.inspection_share;
  if (!share) return;
  const std::string bound = ToText(share->bound);
  warnings.push_back(
      {.code = "INSPECTION_UNITS_UNKNOWN",
       .severity = WarningSeverity::kWarning,
       .clause = share->clause,
       .message = {absl::StrCat("Phải kiểm tra ", bound, " ", share->of,
                                " nhưng kế hoạch không có danh sách đơn vị."),
                   absl::StrCat("Inspections must reach ", bound, " of \"", share->of,
                                "\", but the plan has no list of units.")},
       .advice = {"Hỏi rõ đơn vị nào được tính (chi cục, văn phòng); mỗi đơn vị tính một lần.",
                  "Ask which units count (chi cục, văn phòng); each counts once."}});
}

void InspectorLeadsTasks(const FindingContext& context, Warnings& warnings) {
  const std::optional<InspectionShare>& share = context.plan.inspection_share;
  if (!share) return;
  std::vector<int> leads;
  size_t coordinates = 0;
  for (const PlanTask& task : context.plan.tasks) {
    if (NamesOne(task.leads, share->owner)) leads.push_back(task.number);
    if (NamesOne(task.coordinators, share->owner)) ++coordinates;
  }
  if (leads.empty()) return;
  const size_t count = leads.size();
  warnings.push_back(
      {.code = "INSPECTOR_LEADS_TASKS",
       .severity = WarningSeverity::kWarning,
       .rows = std::move(leads),
       .clause = share->clause,
       .message = {absl::StrCat(share->owner, " vừa kiểm tra, tổng hợp vừa chủ trì ", count,
                                " và phối hợp ", coordinates, " nhiệm vụ."),
                   absl::StrCat(share->owner, " inspects and reports, and leads ", count,
                                " and coordinates ", coordinates, " tasks.")},
       .advice = {absl::StrCat("Chọn người khác xem xét kết quả của ", share->owner, "."),
                  absl::StrCat("Let somebody else review the results of ", share->owner, ".")}});
}

// An inspection of something else does not count for the share.
void OtherInspection(const FindingContext& context, Warnings& warnings) {
  if (!context.plan.inspection_share) return;
  static const std::vector<Phrase> kInspection = {"đoàn kiểm tra", "kết luận kiểm tra"};
  static const std::vector<Phrase> kReform = {"CCHC", "cải cách hành chính"};
  std::vector<int> rows;
  for (size_t i = 0; i < context.plan.tasks.size(); ++i) {
    const bool inspects = Mentions(context.passages.products[i].words, kInspection);
    const bool is_reform = Mentions(context.passages.contents[i].words, kReform);
    if (inspects && !is_reform) rows.push_back(context.plan.tasks[i].number);
  }
  if (rows.empty()) return;
  warnings.push_back({.code = "OTHER_INSPECTION",
                      .severity = WarningSeverity::kInfo,
                      .rows = std::move(rows),
                      .clause = context.plan.inspection_share->clause,
                      .message = {"Cuộc kiểm tra này không phải kiểm tra CCHC.",
                                  "This inspection is not one of administrative reform."},
                      .advice = {"Không tính vào tỷ lệ đơn vị được kiểm tra CCHC.",
                                 "It does not count for the share of inspected units."}});
}

void CommendationOptional(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kCommend = {"khen thưởng"};
  static const std::vector<Phrase> kIfAny = {"nếu có"};
  for (const PlanDuty& duty : context.plan.duties) {
    if (!Mentions(duty.text, kCommend) || !Mentions(duty.text, kIfAny)) continue;
    warnings.push_back({.code = "COMMENDATION_OPTIONAL",
                        .severity = WarningSeverity::kInfo,
                        .clause = duty.clause,
                        .message = {"Khen thưởng chỉ đề xuất \"nếu có\".",
                                    "Commendation is proposed only if there is reason to."},
                        .advice = {"Không tự động; người đề xuất dẫn minh chứng.",
                                   "Never automatic; whoever proposes it cites the evidence."}});
  }
}

}  // namespace dondoc::registry::plan
