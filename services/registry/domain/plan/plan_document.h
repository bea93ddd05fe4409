#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/base/decimal.h"
#include "libs/base/refusal.h"

// What ReadPlan() understood of a signed plan. Plain values: what is printed stands beside what was
// understood, and nothing printed is corrected. "Verbatim" means as printed, in NFC, without the
// marks that a conversion left behind (asterisks of bold type, raised footnote figures).
namespace dondoc::registry {

// ---- Figures --------------------------------------------------------------------------------

enum class Comparator { kAtLeast, kMoreThan, kAtMost, kLessThan, kEqual };

enum class MeasureKind { kPercent, kMinutes, kHours, kDays, kWorkingDays, kCount };

// "phút/01 lần đến giao dịch" is {kMinutes, "lần đến giao dịch"}; "%" is {kPercent, ""}.
struct Measure {
  MeasureKind kind = MeasureKind::kPercent;
  std::string per = {};
  bool operator==(const Measure&) const = default;
};

// A bound as the plan states it: "trên 95%" is {kMoreThan, 95, percent}.
struct Bound {
  Comparator comparator = Comparator::kAtLeast;
  Decimal value;
  Measure measure = {};
  bool operator==(const Bound&) const = default;
};

// ---- Head -----------------------------------------------------------------------------------

struct PlanHead {
  std::string issuer;                 // "Sở Khoa học và Công nghệ"
  std::string kind;                   // "KẾ HOẠCH"
  std::string title;                  // "Công tác cải cách hành chính năm 2023"
  std::optional<std::string> number;  // "05"; none while the document is not registered
  std::string symbol;                 // "KH-SKHCN", verbatim
  std::string place;
  absl::CivilDay date;
  std::string signer_role;  // "KT.GIÁM ĐỐC PHÓ GIÁM ĐỐC", verbatim
  std::string signer_name;
  std::vector<std::string> bases;       // the paragraphs "Căn cứ …", "Thực hiện …"
  std::vector<std::string> recipients;  // "Nơi nhận"
  bool operator==(const PlanHead&) const = default;
};

// ---- Targets --------------------------------------------------------------------------------

// kByReference: the figure stands in another document, which the plan names.
// kQualitative: there is no figure.
enum class TargetKind { kNumeric, kByReference, kQualitative };

// One figure (or promise without a figure) of the goals, or one found in a task's cells.
struct PlanTarget {
  // "I.2.a-1" (the letter đ written dd) for a goal; "T9-2" for a task. Unique within a plan.
  std::string id;
  std::string clause;     // "I.2.đ"; empty for a target of a task
  int task = 0;           // the row of the appendix; 0 for a goal
  std::string text;       // the phrase, verbatim
  std::string indicator;  // the phrase without the figure: what is measured
  TargetKind kind = TargetKind::kNumeric;
  std::optional<Bound> bound;  // exactly when kind is kNumeric
  absl::CivilDay effective_from;
  std::optional<std::string> nested_in;  // "trong đó": counted among those of this target
  std::string denominator;               // "tổng số hồ sơ", when the phrase says its own
  std::string exclusion;                 // what "không bao gồm" leaves out
  std::string referenced_document;       // "Kế hoạch số 166/KH-UBND", when one is cited
  bool operator==(const PlanTarget&) const = default;
};

// A field of the goals: "2. Về cải cách thủ tục hành chính (TTHC)".
struct PlanGoal {
  int number = 0;
  std::string title;
  bool operator==(const PlanGoal&) const = default;
};

// ---- Tasks ----------------------------------------------------------------------------------

// A section of the appendix. Its numeral is not the number of a goal: `goal` maps them.
struct PlanSection {
  std::string numeral;  // "III"
  std::string title;
  std::optional<int> goal = {};
  bool operator==(const PlanSection&) const = default;
};

// The cells of a row as printed; a row that was split over a page break is joined.
struct TaskCells {
  std::string content;
  std::string product;
  std::string lead;
  std::string coordinator = {};
  std::string time = {};
  bool operator==(const TaskCells&) const = default;
};

enum class PartyKind {
  kUnit,     // "Văn phòng"
  kGroup,    // "Các phòng, đơn vị có liên quan": somebody must say who that is
  kExternal  // "Văn phòng UBND TP": not a unit of the issuer
};

struct PlanParty {
  PartyKind kind = PartyKind::kUnit;
  std::string text;
  bool operator==(const PlanParty&) const = default;
};

struct PlanProduct {
  // Any one suffices. Empty when the plan names no product; one element when there is no choice.
  std::vector<std::string> alternatives;
  std::string condition;  // "nếu có sửa đổi, bổ sung hoặc ban hành mới"; empty when unconditional
  bool operator==(const PlanProduct&) const = default;
};

enum class PeriodKind { kMonth, kMonths, kQuarter, kQuarters, kHalfYear, kYear, kDate, kUntilDate };

// A stretch of a task with a window of its own. Both ends belong to the window.
struct PlanPhase {
  int ordinal = 1;
  std::string label = {};  // "Ban hành kế hoạch", "Thực hiện"; empty when the time has no label
  PeriodKind kind = PeriodKind::kYear;
  absl::CivilDay start;
  absl::CivilDay end;
  std::string text = {};  // "Quý I/2023", verbatim
  bool operator==(const PlanPhase&) const = default;
};

struct PlanTask {
  int number = 0;
  std::string section;  // numeral of the section; empty when no section stands above the row
  TaskCells cells;
  PlanProduct product;
  std::vector<PlanParty> leads;
  std::vector<PlanParty> coordinators;
  bool no_coordinator = false;  // the cell says "-": none, on purpose
  std::vector<PlanPhase> phases;
  std::vector<PlanTarget> targets;           // figures hidden in the product and the content
  std::vector<std::string> external_bodies;  // asked to act: they lead, coordinate, issue, decide
  bool indicator_only = false;               // the content is a measure, not an action
  bool unread_duration = false;              // a length of time that states no bound
  bool split_over_pages = false;
  bool operator==(const PlanTask&) const = default;
};

// ---- Duties ---------------------------------------------------------------------------------

struct PlanDuty {
  std::string clause;  // "III.2.d"
  std::string owner;   // "Văn phòng Sở"
  std::string text;
  bool operator==(const PlanDuty&) const = default;
};

enum class ReportKind { kMonth, kQuarter, kSixMonths, kNineMonths, kYear, kAdHoc };

struct PlanReport {
  ReportKind kind = ReportKind::kYear;
  int quarter = 0;        // 1 to 4 for kQuarter, else 0
  std::string text = {};  // "quý II", verbatim
  bool operator==(const PlanReport&) const = default;
};

// "đảm bảo kiểm tra ít nhất 30% số phòng, đơn vị".
struct InspectionShare {
  std::string clause;
  std::string owner;
  Bound bound;
  std::string of;  // "số phòng, đơn vị"
  bool operator==(const InspectionShare&) const = default;
};

// ---- What the reader noticed ----------------------------------------------------------------

// A suggestion, found by the words that a target and a task share.
struct PlanLink {
  std::string target;  // id
  int task = 0;
  int weight = 0;  // hundredths; see links.h
  std::vector<std::string> shared_words;
  bool operator==(const PlanLink&) const = default;
};

enum class WarningSeverity { kInfo, kWarning, kConflict };

struct PlanWarning {
  std::string code;  // UPPER_SNAKE_CASE, stable
  WarningSeverity severity = WarningSeverity::kInfo;
  std::vector<int> rows =
      {};                   // rows of the appendix, ascending; empty when it is about the document
  std::string clause = {};  // "I.2.d", "Phụ lục VII"; empty when it is about rows alone
  Sentence message;
  Sentence advice;
};

struct PlanDocument {
  PlanHead head;
  int year = 0;
  std::vector<PlanGoal> goals;
  std::vector<PlanTarget> targets;  // of the goals, in the order of the text
  std::vector<PlanSection> sections;
  std::vector<PlanTask> tasks;  // numbered 1, 2, 3, … without a gap
  std::optional<int> declared_task_count;
  std::string lead_label;  // the heading over the leads: "Cơ quan chủ trì"
  std::vector<PlanDuty> duties;
  std::string reports_clause;  // where the periodic reports are asked for; empty when nowhere
  std::vector<PlanReport> reports;
  std::optional<InspectionShare> inspection_share;
  std::vector<PlanLink> links;
  std::vector<PlanWarning> warnings;
};

}  // namespace dondoc::registry
