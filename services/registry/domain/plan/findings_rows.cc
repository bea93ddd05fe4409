#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/registry/domain/plan/citations.h"
#include "services/registry/domain/plan/findings.h"

namespace dondoc::registry::plan {
namespace {

template <typename Predicate>
std::vector<int> RowsWhere(const PlanDocument& plan, Predicate predicate) {
  std::vector<int> rows;
  for (const PlanTask& task : plan.tasks) {
    if (predicate(task)) rows.push_back(task.number);
  }
  return rows;
}

// Adds nothing when no row is concerned.
void WarnAt(std::vector<int> rows, PlanWarning warning, Warnings& warnings) {
  if (rows.empty()) return;
  warning.rows = std::move(rows);
  warnings.push_back(std::move(warning));
}

// True when a text has nothing left without the documents that it cites and words that say that
// something is done, not what.
bool OnlyCites(const Passage& passage) {
  static const std::vector<Phrase> kGeneric = {"tiếp tục", "triển khai", "tổ chức", "thực hiện",
                                               "báo cáo",  "kết quả",    "văn bản", "theo",
                                               "các",      "và"};
  const Words& words = passage.words;
  const std::vector<Citation> citations = CitationsIn(passage.text, words);
  auto cited = citations.begin();
  for (size_t at = 0; at < words.size();) {
    const size_t generic = LongestAt(kGeneric, words, at);
    if (cited != citations.end() && cited->first == at) {
      at = cited->end;
      ++cited;
    } else if (generic > 0 || words[at].kind == WordKind::kSymbol) {
      at += std::max<size_t>(generic, 1);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

void ProductBlank(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWhere(context.plan,
                   [](const PlanTask& task) { return task.product.alternatives.empty(); }),
         {.code = "PRODUCT_BLANK",
          .severity = WarningSeverity::kWarning,
          .message = {"Kế hoạch không nêu sản phẩm.", "The plan names no product."},
          .advice = {"Khi báo xong cần minh chứng tự do và Văn phòng xác nhận.",
                     "Completion needs free evidence and the Office's confirmation."}},
         warnings);
}

void ProductConditional(const FindingContext& context, Warnings& warnings) {
  WarnAt(
      RowsWhere(context.plan, [](const PlanTask& task) { return !task.product.condition.empty(); }),
      {.code = "PRODUCT_CONDITIONAL",
       .severity = WarningSeverity::kInfo,
       .message = {"Sản phẩm chỉ cần khi điều kiện \"nếu có\" xảy ra.",
                   "The product is due only if its condition (\"nếu có\") occurs."},
       .advice = {"Có thể kết thúc là \"không phát sinh\", kèm lý do.",
                  "It may end as \"không phát sinh\", with the reason."}},
      warnings);
}

void ProductAlternative(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWhere(context.plan,
                   [](const PlanTask& task) { return task.product.alternatives.size() > 1; }),
         {.code = "PRODUCT_ALTERNATIVE",
          .severity = WarningSeverity::kInfo,
          .message = {"Sản phẩm cho chọn một trong nhiều loại văn bản.",
                      "The product is one of several kinds of document."},
          .advice = {"Một loại là đủ.", "Any one suffices."}},
         warnings);
}

void LeadIsGroup(const FindingContext& context, Warnings& warnings) {
  std::vector<std::pair<std::string, std::vector<int>>> groups;
  for (const PlanTask& task : context.plan.tasks) {
    for (const PlanParty& lead : task.leads) {
      if (lead.kind != PartyKind::kGroup) continue;
      const auto group = std::find_if(groups.begin(), groups.end(),
                                      [&](const auto& known) { return known.first == lead.text; });
      if (group == groups.end()) {
        groups.push_back({lead.text, {task.number}});
      } else {
        group->second.push_back(task.number);
      }
    }
  }
  for (auto& [text, rows] : groups) {
    const size_t count = rows.size();
    const size_t all = context.plan.tasks.size();
    WarnAt(std::move(rows),
           {.code = "LEAD_IS_GROUP",
            .severity = WarningSeverity::kWarning,
            .message = {absl::StrCat(count, " trên ", all, " nhiệm vụ giao cho một nhóm: \"", text,
                                     "\"."),
                        absl::StrCat(count, " of ", all, " tasks are led by a group: \"", text,
                                     "\".")},
            .advice = {"Văn phòng cần chỉ rõ từng đơn vị; nhiệm vụ chỉ xong khi mọi đơn vị xong.",
                       "The Office must name the units; the task is done when all of them are."}},
           warnings);
  }
}

void CoLeads(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWhere(context.plan, [](const PlanTask& task) { return task.leads.size() > 1; }),
         {.code = "CO_LEADS",
          .severity = WarningSeverity::kInfo,
          .message = {"Ô chủ trì ghi nhiều đơn vị.", "The lead cell names several units."},
          .advice = {"Được hiểu là đồng chủ trì, theo dõi riêng từng đơn vị.",
                     "They are understood as co-leads, each followed on its own."}},
         warnings);
}

void CoordinatorNone(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWhere(context.plan, [](const PlanTask& task) { return task.no_coordinator; }),
         {.code = "COORDINATOR_NONE",
          .severity = WarningSeverity::kInfo,
          .message = {"Ô phối hợp ghi \"-\".", "The coordinator cell says \"-\"."},
          .advice = {"Được hiểu là không có đơn vị phối hợp.", "It means that there is none."}},
         warnings);
}

void CoordinatorBlank(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWhere(context.plan,
                   [](const PlanTask& task) {
                     return task.coordinators.empty() && !task.no_coordinator;
                   }),
         {.code = "COORDINATOR_BLANK",
          .severity = WarningSeverity::kWarning,
          .message = {"Ô phối hợp để trống.", "The coordinator cell is blank."},
          .advice = {"Hãy xác nhận là không có đơn vị phối hợp hay bị sót.",
                     "Confirm that there is none, or that it was forgotten."}},
         warnings);
}

void ExternalBody(const FindingContext& context, Warnings& warnings) {
  std::set<std::string> bodies;
  for (const PlanTask& task : context.plan.tasks) {
    bodies.insert(task.external_bodies.begin(), task.external_bodies.end());
  }
  const std::string names = absl::StrJoin(bodies, ", ");
  WarnAt(
      RowsWhere(context.plan, [](const PlanTask& task) { return !task.external_bodies.empty(); }),
      {.code = "EXTERNAL_BODY",
       .severity = WarningSeverity::kInfo,
       .message = {absl::StrCat("Có cơ quan ngoài tham gia: ", names, "."),
                   absl::StrCat("Bodies outside the issuer take part: ", names, ".")},
       .advice = {"Cơ quan ngoài không có tài khoản; dùng tình trạng \"đã trình, chờ cấp trên\".",
                  "They have no account; use the state \"submitted, waiting\"."}},
      warnings);
}

void RowJoined(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWhere(context.plan, [](const PlanTask& task) { return task.split_over_pages; }),
         {.code = "ROW_JOINED",
          .severity = WarningSeverity::kInfo,
          .message = {"Hàng bị ngắt qua trang đã được nối lại.",
                      "A row that was split over a page break was joined."},
          .advice = {"Hãy đối chiếu các ô của hàng với bản gốc.",
                     "Check the cells of the row by the original."}},
         warnings);
}

void TaskWithoutSection(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWhere(context.plan, [](const PlanTask& task) { return task.section.empty(); }),
         {.code = "TASK_WITHOUT_SECTION",
          .severity = WarningSeverity::kWarning,
          .message = {"Nhiệm vụ không nằm trong lĩnh vực nào của phụ lục.",
                      "The task stands in no section of the appendix."},
          .advice = {"Hãy chọn lĩnh vực cho nhiệm vụ.", "Choose a field for it."}},
         warnings);
}

void ContentIsIndicator(const FindingContext& context, Warnings& warnings) {
  WarnAt(RowsWhere(context.plan, [](const PlanTask& task) { return task.indicator_only; }),
         {.code = "CONTENT_IS_INDICATOR",
          .severity = WarningSeverity::kInfo,
          .message = {"Nội dung là một chỉ số, không phải việc làm.",
                      "The content is an indicator, not an action."},
          .advice = {"Theo dõi như chỉ số; không tự thêm lời.",
                     "Follow it as an indicator; do not complete its words."}},
         warnings);
}

void ContentOnlyCites(const FindingContext& context, Warnings& warnings) {
  std::vector<int> rows;
  for (size_t i = 0; i < context.plan.tasks.size(); ++i) {
    const bool only_cites =
        OnlyCites(context.passages.contents[i]) && OnlyCites(context.passages.products[i]);
    if (only_cites) rows.push_back(context.plan.tasks[i].number);
  }
  WarnAt(std::move(rows),
         {.code = "CONTENT_ONLY_CITES",
          .severity = WarningSeverity::kInfo,
          .message = {"Nội dung chỉ dẫn số văn bản, không nói việc gì.",
                      "The content only cites a document and does not say what is to be done."},
          .advice = {"Giữ nguyên văn; Văn phòng có thể thêm ghi chú.",
                     "Kept verbatim; the Office may add a note."}},
         warnings);
}

void DurationWithoutBound(const FindingContext& context, Warnings& warnings) {
  WarnAt(
      RowsWhere(context.plan, [](const PlanTask& task) { return task.unread_duration; }),
      {.code = "DURATION_WITHOUT_BOUND",
       .severity = WarningSeverity::kWarning,
       .message = {"Có khoảng thời gian không rõ là tối đa hay tối thiểu, nên chưa thành chỉ tiêu.",
                   "A length of time does not say whether it is a limit; no target was made."},
       .advice = {"Nếu là chỉ tiêu, hãy nhập bằng tay.", "Enter it by hand if it is a target."}},
      warnings);
}

void PlaceHasTwoNames(const FindingContext& context, Warnings& warnings) {
  bool has_other_name = false;
  std::set<int> rows;
  context.passages.ForEach([&](const Passage& passage) {
    has_other_name = has_other_name || Mentions(passage.words, OneStopDeskNames());
    const bool names_centre =
        passage.row > 0 && Mentions(passage.words, PublicServiceCentreNames());
    if (names_centre) rows.insert(passage.row);
  });
  if (!has_other_name) return;
  WarnAt({rows.begin(), rows.end()},
         {.code = "PLACE_HAS_TWO_NAMES",
          .severity = WarningSeverity::kInfo,
          .message = {"Cùng một nơi được gọi là \"Trung tâm Phục vụ hành chính công\" và \"Bộ phận "
                      "Một cửa\".",
                      "One place is called \"Trung tâm Phục vụ hành chính công\" and \"Bộ phận Một "
                      "cửa\"."},
          .advice = {"Giữ cả hai tên; coi là một khi tổng hợp.",
                     "Both names are kept; count them as one."}},
         warnings);
}

}  // namespace dondoc::registry::plan
