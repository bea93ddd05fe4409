#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/plan/findings.h"
#include "services/registry/domain/plan/targets.h"

namespace dondoc::registry::plan {
namespace {

std::string PlaceOf(const PlanTarget& target, absl::string_view row_word) {
  return target.task > 0 ? absl::StrCat(row_word, " ", target.task) : target.clause;
}

std::vector<const PlanTarget*> AllTargets(const PlanDocument& plan) {
  std::vector<const PlanTarget*> all;
  for (const PlanTarget& target : plan.targets) all.push_back(&target);
  for (const PlanTask& task : plan.tasks) {
    for (const PlanTarget& target : task.targets) all.push_back(&target);
  }
  return all;
}

// The rows and clauses of some targets, each once and in order.
struct Places {
  std::vector<int> rows;
  std::vector<std::string> clauses;

  void Add(const PlanTarget& target) {
    if (target.task > 0 && (rows.empty() || rows.back() != target.task)) {
      rows.push_back(target.task);
    }
    if (!target.clause.empty() && (clauses.empty() || clauses.back() != target.clause)) {
      clauses.push_back(target.clause);
    }
  }
  bool empty() const { return rows.empty() && clauses.empty(); }
};

template <typename Predicate>
Places PlacesWhere(const PlanDocument& plan, Predicate predicate) {
  Places places;
  for (const PlanTarget* target : AllTargets(plan)) {
    if (predicate(*target)) places.Add(*target);
  }
  return places;
}

PlanWarning InfoAt(const Places& places, std::string code, Sentence message, Sentence advice) {
  return {.code = std::move(code),
          .severity = WarningSeverity::kInfo,
          .rows = places.rows,
          .clause = absl::StrJoin(places.clauses, ", "),
          .message = std::move(message),
          .advice = std::move(advice)};
}

bool IsLinked(const PlanDocument& plan, const PlanTarget& target) {
  return std::any_of(plan.links.begin(), plan.links.end(),
                     [&](const PlanLink& link) { return link.target == target.id; });
}

// A product "Tỷ lệ …" without any figure in the row.
bool LacksItsValue(const PlanTask& task) {
  static const std::vector<Phrase> kRates = {"tỷ lệ", "tỉ lệ"};
  return task.targets.empty() && BeginsWith(task.cells.product, kRates);
}

// How many words two texts have in common at their beginnings.
size_t CommonBeginning(const Words& a, const Words& b) {
  size_t common = 0;
  while (common < a.size() && common < b.size() && a[common].key == b[common].key) ++common;
  return common;
}

}  // namespace

// Two bounds on one indicator. Texts are compared, so that one share asked of two different surveys
// is no conflict.
void TargetConflict(const FindingContext& context, Warnings& warnings) {
  const std::vector<const PlanTarget*> all = AllTargets(context.plan);
  std::vector<KeyWords> key_words;
  for (const PlanTarget* target : all) {
    key_words.emplace_back(target->indicator, context.abbreviations);
  }
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = i + 1; j < all.size(); ++j) {
      const PlanTarget& a = *all[i];
      const PlanTarget& b = *all[j];
      if (!a.bound || !b.bound || a.bound == b.bound) continue;
      if (a.bound->measure != b.bound->measure || !SameIndicator(key_words[i], key_words[j])) {
        continue;
      }
      Places places;
      places.Add(a);
      places.Add(b);
      const std::string figures = absl::StrCat(ToText(*a.bound), " (", PlaceOf(a, "hàng"), "), ",
                                               ToText(*b.bound), " (", PlaceOf(b, "hàng"), ")");
      warnings.push_back(
          {.code = "TARGET_CONFLICT",
           .severity = WarningSeverity::kConflict,
           .rows = places.rows,
           .clause = absl::StrJoin(places.clauses, ", "),
           .message = {absl::StrCat("Cùng một chỉ số có hai mức: ", figures, "."),
                       absl::StrCat("One indicator has two bounds: ", figures, ".")},
           .advice = {
               "Giữ cả hai mức; tạm đánh giá theo mức chặt hơn đến khi Văn phòng quyết định.",
               "Both are kept; the stricter one decides until the Office says "
               "otherwise."}});
    }
  }
}

void SimilarIndicators(const FindingContext& context, Warnings& warnings) {
  constexpr size_t kCommonWordsMin = 4;
  const std::vector<PlanTarget>& targets = context.plan.targets;
  std::vector<Words> openings;
  for (const PlanTarget& target : targets) {
    openings.push_back(FirstWords(target.indicator, kCommonWordsMin));
  }
  for (size_t i = 0; i < targets.size(); ++i) {
    for (size_t j = i + 1; j < targets.size(); ++j) {
      const PlanTarget& a = targets[i];
      const PlanTarget& b = targets[j];
      const bool may_be_confused = a.bound && b.bound && a.bound->measure == b.bound->measure &&
                                   CommonBeginning(openings[i], openings[j]) >= kCommonWordsMin;
      if (!may_be_confused || SameIndicator(KeyWords(a.indicator, context.abbreviations),
                                            KeyWords(b.indicator, context.abbreviations))) {
        continue;
      }
      Places places;
      places.Add(a);
      places.Add(b);
      warnings.push_back(InfoAt(places, "SIMILAR_INDICATORS",
                                {absl::StrCat("Hai chỉ số có tên gần giống nhau: \"", a.indicator,
                                              "\" và \"", b.indicator, "\"."),
                                 absl::StrCat("Two indicators have similar names: \"", a.indicator,
                                              "\" and \"", b.indicator, "\".")},
                                {"Là hai chỉ số khác nhau, cần hai nguồn số liệu riêng.",
                                 "They are two indicators and need two sources of data."}));
    }
  }
}

void TargetWithoutTask(const FindingContext& context, Warnings& warnings) {
  for (const PlanTarget& target : context.plan.targets) {
    if (IsLinked(context.plan, target)) continue;
    warnings.push_back(
        {.code = "TARGET_WITHOUT_TASK",
         .severity = WarningSeverity::kWarning,
         .clause = target.clause,
         .message = {absl::StrCat("Không tìm thấy nhiệm vụ nào trong phụ lục cho mục tiêu ",
                                  target.id, ": \"", target.text, "\"."),
                     absl::StrCat("No task of the appendix was found for target ", target.id,
                                  ": \"", target.text, "\".")},
         .advice = {"Hãy giao đơn vị theo dõi và nhập số liệu cho mục tiêu này, hoặc nối với một "
                    "nhiệm vụ.",
                    "Assign a unit that owns its figures, or link it to a task."}});
  }
}

void TargetByReference(const FindingContext& context, Warnings& warnings) {
  for (const PlanTarget& target : context.plan.targets) {
    if (target.kind != TargetKind::kByReference) continue;
    warnings.push_back(
        {.code = "TARGET_BY_REFERENCE",
         .severity = WarningSeverity::kWarning,
         .clause = target.clause,
         .message = {absl::StrCat("Mức của mục tiêu ", target.id,
                                  " nằm ở văn bản khác: ", target.referenced_document, "."),
                     absl::StrCat("The figure of target ", target.id,
                                  " stands in another document: ", target.referenced_document,
                                  ".")},
         .advice = {"Văn phòng nhập mức được giao, kèm văn bản nguồn.",
                    "The Office enters the figure with its source."}});
  }
}

void TargetQualitative(const FindingContext& context, Warnings& warnings) {
  for (const PlanTarget& target : context.plan.targets) {
    if (target.kind != TargetKind::kQualitative) continue;
    warnings.push_back({.code = "TARGET_QUALITATIVE",
                        .severity = WarningSeverity::kInfo,
                        .clause = target.clause,
                        .message = {absl::StrCat("Mục tiêu ", target.id, " không có con số."),
                                    absl::StrCat("Target ", target.id, " has no figure.")},
                        .advice = {"Đánh giá bằng lời, có minh chứng; không tính phần trăm.",
                                   "Judge it in words, with evidence; there is no percentage."}});
  }
}

void TargetNested(const FindingContext& context, Warnings& warnings) {
  for (const PlanTarget& target : context.plan.targets) {
    if (!target.nested_in) continue;
    warnings.push_back(
        {.code = "TARGET_NESTED",
         .severity = WarningSeverity::kInfo,
         .clause = target.clause,
         .message = {absl::StrCat("Mục tiêu ", target.id, " tính trong phạm vi của ",
                                  *target.nested_in, " (\"trong đó\")."),
                     absl::StrCat("Target ", target.id, " is counted among those of ",
                                  *target.nested_in, ".")},
         .advice = {"Nhập tử số và mẫu số riêng cho từng mục tiêu; không nhân các tỷ lệ với nhau.",
                    "Enter numerator and denominator for each; never multiply percentages."}});
  }
}

void TargetOwnDenominator(const FindingContext& context, Warnings& warnings) {
  for (const PlanTarget& target : context.plan.targets) {
    if (target.denominator.empty()) continue;
    warnings.push_back(
        {.code = "TARGET_OWN_DENOMINATOR",
         .severity = WarningSeverity::kInfo,
         .clause = target.clause,
         .message = {absl::StrCat("Mục tiêu ", target.id, " tính trên \"", target.denominator,
                                  "\", không nằm trong mục tiêu đứng trước."),
                     absl::StrCat("Target ", target.id, " is a share of \"", target.denominator,
                                  "\", not of the target before it.")},
         .advice = {"Mẫu số là toàn bộ, nhập riêng.",
                    "Its denominator is all of them; enter it."}});
  }
}

void TargetExclusion(const FindingContext& context, Warnings& warnings) {
  for (const PlanTarget& target : context.plan.targets) {
    if (target.exclusion.empty()) continue;
    warnings.push_back(
        {.code = "TARGET_EXCLUSION",
         .severity = WarningSeverity::kInfo,
         .clause = target.clause,
         .message = {absl::StrCat("Mục tiêu ", target.id, " không tính: ", target.exclusion, "."),
                     absl::StrCat("Target ", target.id, " leaves out: ", target.exclusion, ".")},
         .advice = {"Đếm riêng phần loại trừ; không ghi tên hồ sơ có nội dung mật.",
                    "Count them apart; never record the names of secret files."}});
  }
}

// The task may be done and the indicator only begin.
void TargetStartsLater(const FindingContext& context, Warnings& warnings) {
  const absl::CivilDay year_begin(context.plan.year, 1, 1);
  for (const PlanTarget& target : context.plan.targets) {
    if (target.effective_from == year_begin) continue;
    Places places;
    places.Add(target);
    for (const PlanLink& link : context.plan.links) {
      if (link.target == target.id) places.rows.push_back(link.task);
    }
    std::sort(places.rows.begin(), places.rows.end());
    const std::string from = calendar::FormatVietnamese(target.effective_from);
    warnings.push_back(InfoAt(
        places, "TARGET_STARTS_LATER",
        {absl::StrCat("Mục tiêu ", target.id, " chỉ áp dụng từ ", from, "."),
         absl::StrCat("Target ", target.id, " applies only from ", from, " on.")},
        {"Trước ngày ấy là \"chưa đến kỳ\", không phải 0%; nhiệm vụ xong một lần, chỉ số vẫn tiếp "
         "tục.",
         "Before that day it is not due, which is not 0%; the task ends, the indicator goes on."}));
  }
}

void StrictComparator(const FindingContext& context, Warnings& warnings) {
  const Places places = PlacesWhere(context.plan, [](const PlanTarget& target) {
    return target.bound && (target.bound->comparator == Comparator::kMoreThan ||
                            target.bound->comparator == Comparator::kLessThan);
  });
  if (places.empty()) return;
  warnings.push_back(InfoAt(places, "STRICT_COMPARATOR",
                            {"Mức \"trên\" hoặc \"dưới\" không gồm chính con số ấy.",
                             "\"trên\" and \"dưới\" do not include the figure itself."},
                            {"So sánh trước khi làm tròn; bằng đúng mức là chưa đạt.",
                             "Compare before rounding; the figure itself does not pass."}));
}

void LimitPerCase(const FindingContext& context, Warnings& warnings) {
  const Places places = PlacesWhere(context.plan, [](const PlanTarget& target) {
    return target.bound && !target.bound->measure.per.empty() &&
           (target.bound->comparator == Comparator::kAtMost ||
            target.bound->comparator == Comparator::kLessThan);
  });
  if (places.empty()) return;
  warnings.push_back(InfoAt(
      places, "LIMIT_PER_CASE",
      {"Mức tối đa cho từng lần hoặc từng hồ sơ, không phải mức trung bình.",
       "The maximum holds for every case, not on average."},
      {"Ghi số lượt, lớn nhất, trung bình và số lượt vượt; mặc định xét theo giá trị lớn nhất.",
       "Record the count, maximum, mean and cases over the limit; the maximum decides."}));
}

void EarlyIsNotOnTime(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kEarly = {"trước hạn"};
  const Places places = PlacesWhere(context.plan, [](const PlanTarget& target) {
    return target.bound && Mentions(target.indicator, kEarly);
  });
  if (places.empty()) return;
  warnings.push_back(InfoAt(
      places, "EARLY_IS_NOT_ON_TIME",
      {"\"Trước hạn\" theo nghĩa chữ không gồm \"đúng hạn\".",
       "\"Trước hạn\" (early) taken literally leaves out \"đúng hạn\" (on the day)."},
      {"Đếm riêng trước hạn, đúng hạn, quá hạn; xét theo nghĩa chữ và hiện thêm tổng hai loại đầu.",
       "Count early, on the day and late apart; judge literally and show the sum beside it."}));
}

void IndicatorWithoutValue(const FindingContext& context, Warnings& warnings) {
  std::vector<int> rows;
  for (const PlanTask& task : context.plan.tasks) {
    if (LacksItsValue(task)) rows.push_back(task.number);
  }
  if (rows.empty()) return;
  warnings.push_back(
      {.code = "INDICATOR_WITHOUT_VALUE",
       .severity = WarningSeverity::kWarning,
       .rows = rows,
       .message = {absl::StrCat("Sản phẩm là một tỷ lệ nhưng không có mức (", rows.size(),
                                " nhiệm vụ)."),
                   absl::StrCat("The product is a rate without a figure (", rows.size(),
                                " tasks).")},
       .advice = {"Để \"chưa giao chỉ tiêu\" cho đến khi Văn phòng nhập mức kèm căn cứ.",
                  "They stay without a target until the Office enters one with its source."}});
}

void IndicatorMayInherit(const FindingContext& context, Warnings& warnings) {
  for (const PlanLink& link : context.plan.links) {
    const PlanTask& task = context.plan.tasks[static_cast<size_t>(link.task) - 1];
    const auto target =
        std::find_if(context.plan.targets.begin(), context.plan.targets.end(),
                     [&](const PlanTarget& candidate) { return candidate.id == link.target; });
    if (!LacksItsValue(task) || !target->bound) continue;
    Places places;
    places.Add(*target);
    places.rows = {task.number};
    const std::string bound = ToText(*target->bound);
    warnings.push_back(InfoAt(places, "INDICATOR_MAY_INHERIT",
                              {absl::StrCat("Hàng ", task.number, " có thể lấy mức ", bound,
                                            " của mục tiêu ", target->id, "."),
                               absl::StrCat("Row ", task.number, " may take the bound ", bound,
                                            " of target ", target->id, ".")},
                              {"Chỉ áp dụng khi Văn phòng xác nhận là cùng một chỉ số.",
                               "Only when the Office confirms that they are one indicator."}));
  }
}

// Shares of things that may not happen in a year.
void DenominatorMayBeZero(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kEvents = {"tuyển dụng",
                                              "phát hiện",
                                              "bổ nhiệm",
                                              "nếu có",
                                              "kiến nghị sau thanh tra",
                                              "văn bản quy phạm pháp luật"};
  static const std::vector<Phrase> kOutcomes = {"tỷ lệ", "tỉ lệ", "kết quả"};
  Places places;
  for (const PlanTarget& target : context.plan.targets) {
    if (target.bound && Mentions(target.indicator, kEvents)) places.Add(target);
  }
  for (size_t i = 0; i < context.plan.tasks.size(); ++i) {
    const PlanTask& task = context.plan.tasks[i];
    const bool has_outcome =
        !task.targets.empty() || LongestAt(kOutcomes, context.passages.products[i].words, 0) > 0;
    if (has_outcome && Mentions(context.passages.contents[i].words, kEvents)) {
      places.rows.push_back(task.number);
    }
  }
  if (places.empty()) return;
  warnings.push_back(InfoAt(places, "DENOMINATOR_MAY_BE_ZERO",
                            {"Có thể không phát sinh trường hợp nào trong năm, mẫu số bằng 0.",
                             "There may be no case in the year, so that the denominator is 0."},
                            {"Khi ấy ghi \"không phát sinh\", không tính là 0% hay 100%.",
                             "Then record \"không phát sinh\"; it is neither 0% nor 100%."}));
}

}  // namespace dondoc::registry::plan
