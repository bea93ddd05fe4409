#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/registry/domain/plan/citations.h"
#include "services/registry/domain/plan/findings.h"

namespace dondoc::registry::plan {
namespace {

std::string WithoutHyphens(absl::string_view symbol) {
  return absl::StrReplaceAll(symbol, {{"-", ""}});
}

std::string AppendixClause(const PlanSection& section) {
  return absl::StrCat("Phụ lục ", section.numeral);
}

const PlanGoal* GoalOf(const PlanDocument& plan, const PlanSection& section) {
  for (const PlanGoal& goal : plan.goals) {
    if (section.goal == goal.number) return &goal;
  }
  return nullptr;
}

bool HasLetter(const OutlinePoint& point, absl::string_view letter) {
  return std::any_of(point.items.begin(), point.items.end(),
                     [letter](const OutlineItem& item) { return item.letter == letter; });
}

}  // namespace

void NumberMissing(const FindingContext& context, Warnings& warnings) {
  const PlanHead& head = context.plan.head;
  if (head.number) return;
  warnings.push_back(
      {.code = "NUMBER_MISSING",
       .severity = WarningSeverity::kWarning,
       .clause = "Số",
       .message = {absl::StrCat("Kế hoạch chưa có số: \"Số: /", head.symbol, "\"."),
                   absl::StrCat("The plan has no number yet: \"Số: /", head.symbol, "\".")},
       .advice = {"Vẫn nhập được ở tình trạng \"chưa vào số\"; bổ sung số khi văn thư đã cấp.",
                  "It can be imported as not registered; add the number once it is given."}});
}

void SymbolVariants(const FindingContext& context, Warnings& warnings) {
  const std::string& symbol = context.plan.head.symbol;
  std::set<std::string> variants;
  for (const Line& line : context.lines.lines) {
    if (!absl::StrContains(line.text, "-")) continue;
    const Words words = WordsOf(line.text);
    for (size_t at = 0; at < words.size(); ++at) {
      const size_t length = SymbolLength(words, at);
      if (length == 0) continue;
      const std::string written(Between(line.text, words, at, at + length));
      if (written != symbol && WithoutHyphens(written) == WithoutHyphens(symbol)) {
        variants.insert(written);
      }
      at += length - 1;
    }
  }
  if (variants.empty()) return;
  const std::string others = absl::StrJoin(variants, ", ");
  warnings.push_back(
      {.code = "SYMBOL_VARIANTS",
       .severity = WarningSeverity::kWarning,
       .clause = "Số",
       .message = {absl::StrCat("Ký hiệu của cơ quan được viết nhiều cách: ", symbol, ", ", others,
                                "."),
                   absl::StrCat("The issuer's symbol is written in several ways: ", symbol, ", ",
                                others, ".")},
       .advice = {absl::StrCat("Giữ nguyên văn trong hồ sơ; văn bản mới dùng một ký hiệu, đề nghị ",
                               symbol, "; khi tra cứu bỏ qua dấu gạch nối."),
                  absl::StrCat("Kept verbatim; use one symbol, say ", symbol,
                               ", for new documents and ignore hyphens when looking one up.")}});
}

void SignerSpacing(const FindingContext& context, Warnings& warnings) {
  const std::string& role = context.plan.head.signer_role;
  const Words words = WordsOf(role);
  bool is_joined = false;
  for (size_t at = 1; at + 1 < words.size(); ++at) {
    is_joined = is_joined || (IsSymbol(words, at, ".") && TouchesPrevious(words, at + 1));
  }
  if (!is_joined) return;
  warnings.push_back({.code = "SIGNER_SPACING",
                      .severity = WarningSeverity::kInfo,
                      .clause = "Ký",
                      .message = {absl::StrCat("Chức vụ người ký viết liền: \"", role, "\"."),
                                  absl::StrCat("The signer's role lacks a space: \"", role, "\".")},
                      .advice = {"Giữ nguyên văn; văn bản mới viết \"KT. GIÁM ĐỐC\" có dấu cách.",
                                 "Kept verbatim; write \"KT. GIÁM ĐỐC\" in new documents."}});
}

void ConversionMarks(const FindingContext& context, Warnings& warnings) {
  const int marks = context.lines.conversion_marks;
  if (marks == 0) return;
  warnings.push_back(
      {.code = "CONVERSION_MARKS",
       .severity = WarningSeverity::kInfo,
       .message = {absl::StrCat("Đã bỏ qua ", marks,
                                " dấu do chuyển đổi tệp để lại (chữ đậm **, số chú thích)."),
                   absl::StrCat(marks,
                                " marks that a file conversion left behind (** of bold type, "
                                "footnote figures) were ignored.")},
       .advice = {"Không cần làm gì; toàn văn tệp gốc nên được lưu kèm.",
                  "Nothing to do; keep the original file."}});
}

void RomanNumeralsShared(const FindingContext& context, Warnings& warnings) {
  const bool shared = std::any_of(
      context.plan.sections.begin(), context.plan.sections.end(), [&](const PlanSection& section) {
        return std::any_of(
            context.outline.parts.begin(), context.outline.parts.end(),
            [&](const OutlinePart& part) { return part.numeral == section.numeral; });
      });
  if (!shared) return;
  warnings.push_back(
      {.code = "ROMAN_NUMERALS_SHARED",
       .severity = WarningSeverity::kInfo,
       .clause = "Phụ lục",
       .message = {"Số La Mã vừa chỉ phần của kế hoạch vừa chỉ lĩnh vực của phụ lục.",
                   "Roman numerals name parts of the plan and sections of its appendix."},
       .advice = {"Khi trích dẫn hãy ghi rõ \"phần II\" hay \"Phụ lục II\".",
                  "Say \"phần II\" or \"Phụ lục II\" when citing."}});
}

void ClauseLetterDd(const FindingContext& context, Warnings& warnings) {
  std::vector<std::string> clauses;
  for (const OutlinePart& part : context.outline.parts) {
    for (const OutlinePoint& point : part.points) {
      if (HasLetter(point, "d") && HasLetter(point, "đ")) {
        clauses.push_back(ClauseOf(part, point, ""));
      }
    }
  }
  if (clauses.empty()) return;
  warnings.push_back({.code = "CLAUSE_LETTER_DD",
                      .severity = WarningSeverity::kInfo,
                      .clause = absl::StrJoin(clauses, ", "),
                      .message = {"Có cả điểm d) và điểm đ) trong cùng một mục.",
                                  "Letters d) and đ) are two different clauses of one point."},
                      .advice = {"Mã của điểm đ) được viết là \"dd\"; thứ tự là a, b, c, d, đ, e.",
                                 "Ids write đ as \"dd\"; the order is a, b, c, d, đ, e."}});
}

void SectionWithoutGoal(const FindingContext& context, Warnings& warnings) {
  for (const PlanSection& section : context.plan.sections) {
    if (section.goal) continue;
    warnings.push_back(
        {.code = "SECTION_WITHOUT_GOAL",
         .severity = WarningSeverity::kInfo,
         .clause = AppendixClause(section),
         .message = {absl::StrCat("Lĩnh vực \"", section.title,
                                  "\" của phụ lục không có mục tiêu "
                                  "riêng ở phần mục tiêu."),
                     absl::StrCat("Section \"", section.title,
                                  "\" of the appendix has no goal of its own.")},
         .advice = {"Số của lĩnh vực trong phụ lục khác số của mục tiêu; dùng bảng đối chiếu.",
                    "Sections and goals are numbered differently; use the mapping."}});
  }
}

void SectionNameDiffers(const FindingContext& context, Warnings& warnings) {
  for (const PlanSection& section : context.plan.sections) {
    const PlanGoal* goal = GoalOf(context.plan, section);
    if (goal == nullptr) continue;
    const KeyWords a(section.title, context.abbreviations);
    const KeyWords b(goal->title, context.abbreviations);
    if (a.pairs() == b.pairs()) continue;
    warnings.push_back({.code = "SECTION_NAME_DIFFERS",
                        .severity = WarningSeverity::kInfo,
                        .clause = AppendixClause(section),
                        .message = {absl::StrCat("Phụ lục ghi \"", section.title,
                                                 "\", phần mục tiêu ghi \"", goal->title, "\"."),
                                    absl::StrCat("The appendix says \"", section.title,
                                                 "\", the goals say \"", goal->title, "\".")},
                        .advice = {"Giữ nguyên văn cả hai; hai tên được hiểu là cùng một lĩnh vực.",
                                   "Both are kept; they are understood as one field."}});
  }
}

void LeadColumnLabel(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kAgency = {"cơ quan"};
  const std::string& label = context.plan.lead_label;
  const bool has_internal =
      std::any_of(context.plan.tasks.begin(), context.plan.tasks.end(), [](const PlanTask& task) {
        return std::any_of(task.leads.begin(), task.leads.end(),
                           [](const PlanParty& lead) { return lead.kind != PartyKind::kExternal; });
      });
  if (!has_internal || !Mentions(label, kAgency)) return;
  warnings.push_back({.code = "LEAD_COLUMN_LABEL",
                      .severity = WarningSeverity::kInfo,
                      .clause = "Phụ lục",
                      .message = {absl::StrCat("Cột \"", label, "\" ghi các đơn vị nội bộ."),
                                  absl::StrCat("The column \"", label, "\" holds internal units.")},
                      .advice = {"Hiển thị là \"Chủ trì\".", "Show it as \"Chủ trì\"."}});
}

void TaskCountNotDeclared(const FindingContext& context, Warnings& warnings) {
  if (context.plan.declared_task_count) return;
  const size_t count = context.plan.tasks.size();
  warnings.push_back(
      {.code = "TASK_COUNT_NOT_DECLARED",
       .severity = WarningSeverity::kWarning,
       .clause = "Phụ lục",
       .message = {absl::StrCat("Phụ lục không ghi tổng số nhiệm vụ; đếm được ", count, "."),
                   absl::StrCat("The appendix declares no total; ", count, " tasks were counted.")},
       .advice = {"Hãy đối chiếu số nhiệm vụ với bản gốc.", "Check the count by the original."}});
}

void TextAfterAppendix(const FindingContext& context, Warnings& warnings) {
  if (context.appendix.after.empty()) return;
  const Line& line = context.appendix.after.front();
  warnings.push_back(
      {.code = "TEXT_AFTER_APPENDIX",
       .severity = WarningSeverity::kWarning,
       .clause = "Phụ lục",
       .message = {absl::StrCat("Sau dòng tổng cộng còn ", context.appendix.after.size(),
                                " dòng không được nhập, từ dòng ", line.number, "."),
                   absl::StrCat(context.appendix.after.size(),
                                " lines below the total were not read, from line ", line.number,
                                " on.")},
       .advice = {"Hãy xem các dòng ấy có phải nhiệm vụ hay chỉ là ghi chú.",
                  "Look whether they are tasks or only notes."}});
}

void AdjustmentNotDescribed(const FindingContext& context, Warnings& warnings) {
  static const std::vector<Phrase> kAdjust = {"điều chỉnh"};
  for (const PlanDuty& duty : context.plan.duties) {
    if (Mentions(duty.text, kAdjust)) return;
  }
  for (const Line& line : context.outline.tail) {
    if (Mentions(line.text, kAdjust)) return;
  }
  warnings.push_back(
      {.code = "ADJUSTMENT_NOT_DESCRIBED",
       .severity = WarningSeverity::kInfo,
       .message = {"Kế hoạch không nói cách điều chỉnh, gia hạn nhiệm vụ trong năm.",
                   "The plan does not say how a task is adjusted or extended during the year."},
       .advice = {"Mỗi lần đổi thời hạn cần văn bản quyết định; thời hạn cũ vẫn được lưu.",
                  "Each change of a date needs a deciding document; the old date is kept."}});
}

}  // namespace dondoc::registry::plan
