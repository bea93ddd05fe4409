#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/registry/domain/names.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {
namespace {

// The finding of the reader that names rows whose product is a rate without a figure.
constexpr char kIndicatorWithoutValue[] = "INDICATOR_WITHOUT_VALUE";

pb::Comparator ToProto(Comparator comparator) {
  switch (comparator) {
    case Comparator::kAtLeast:
      return pb::COMPARATOR_AT_LEAST;
    case Comparator::kMoreThan:
      return pb::COMPARATOR_GREATER;
    case Comparator::kAtMost:
      return pb::COMPARATOR_AT_MOST;
    case Comparator::kLessThan:
      return pb::COMPARATOR_LESS;
    case Comparator::kEqual:
      return pb::COMPARATOR_EQUAL;
  }
  return pb::COMPARATOR_UNSPECIFIED;
}

pb::TargetKind ToProto(TargetKind kind) {
  switch (kind) {
    case TargetKind::kNumeric:
      return pb::TARGET_KIND_NUMERIC;
    case TargetKind::kByReference:
      return pb::TARGET_KIND_BY_REFERENCE;
    case TargetKind::kQualitative:
      return pb::TARGET_KIND_QUALITATIVE;
  }
  return pb::TARGET_KIND_UNSPECIFIED;
}

pb::WarningSeverity ToProto(WarningSeverity severity) {
  switch (severity) {
    case WarningSeverity::kInfo:
      return pb::WARNING_SEVERITY_INFO;
    case WarningSeverity::kWarning:
      return pb::WARNING_SEVERITY_WARNING;
    case WarningSeverity::kConflict:
      return pb::WARNING_SEVERITY_CONFLICT;
  }
  return pb::WARNING_SEVERITY_UNSPECIFIED;
}

absl::string_view TextOf(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::kPercent:
      return "%";
    case MeasureKind::kMinutes:
      return "phút";
    case MeasureKind::kHours:
      return "giờ";
    case MeasureKind::kDays:
      return "ngày";
    case MeasureKind::kWorkingDays:
      return "ngày làm việc";
    case MeasureKind::kCount:
      return "";
  }
  return "";
}

// "%", "phút/hồ sơ".
std::string TextOf(const Measure& measure) {
  const absl::string_view kind = TextOf(measure.kind);
  if (measure.per.empty()) return std::string(kind);
  return kind.empty() ? measure.per : absl::StrCat(kind, "/", measure.per);
}

// Makes the targets of one plan: those of the goals, those hidden in rows, and one without a figure
// for each row that names a rate and no figure.
class Targets {
 public:
  Targets(const PlanDocument& document, absl::string_view plan)
      : document_(document), plan_(plan) {}

  void AddTo(pb::Plan& message) const {
    for (const PlanTarget& target : document_.targets) Add(target, YearEnd(), message);
    for (const PlanTask& task : document_.tasks) {
      for (const PlanTarget& target : task.targets) Add(target, EndOf(task), message);
    }
    for (const PlanWarning& warning : document_.warnings) {
      if (warning.code == kIndicatorWithoutValue) AddNotSet(warning.rows, message);
    }
  }

 private:
  std::string NameOf(absl::string_view id) const {
    return absl::StrCat(PlanName(plan_), "/targets/", id);
  }
  std::string TaskName(int number) const {
    return registry::NameOf(TaskKey{.plan = plan_, .number = number});
  }
  static std::string ClauseOf(int task) { return absl::StrCat("Phụ lục, nhiệm vụ ", task); }

  absl::CivilDay YearEnd() const { return absl::CivilDay(document_.year, 12, 31); }
  absl::CivilDay EndOf(const PlanTask& task) const {
    absl::CivilDay end(document_.year, 1, 1);
    for (const PlanPhase& phase : task.phases) end = std::max(end, phase.end);
    return end;
  }

  void Add(const PlanTarget& target, absl::CivilDay due, pb::Plan& message) const {
    pb::Target& added = *message.add_targets();
    added.set_name(NameOf(target.id));
    added.set_clause(target.task == 0 ? target.clause : ClauseOf(target.task));
    added.set_text(target.text);
    added.set_indicator(target.indicator);
    added.set_kind(ToProto(target.kind));
    if (target.bound) {
      added.set_comparator(ToProto(target.bound->comparator));
      added.set_value(target.bound->value.ToString());
      added.set_unit(TextOf(target.bound->measure));
    }
    added.set_effective_from(DateText(target.effective_from));
    added.set_due_date(DateText(due));
    if (target.nested_in) added.set_nested_in(NameOf(*target.nested_in));
    added.set_exclusion(target.exclusion);
    added.set_reference(target.referenced_document);
    if (target.task != 0) added.add_tasks(TaskName(target.task));
    for (const PlanLink& link : document_.links) {
      if (link.target == target.id) added.add_tasks(TaskName(link.task));
    }
  }

  void AddNotSet(const std::vector<int>& rows, pb::Plan& message) const {
    for (const PlanTask& task : document_.tasks) {
      if (std::find(rows.begin(), rows.end(), task.number) == rows.end()) continue;
      pb::Target& added = *message.add_targets();
      added.set_name(NameOf(absl::StrCat("T", task.number)));
      added.set_clause(ClauseOf(task.number));
      added.set_text(task.cells.product);
      added.set_indicator(task.cells.product);
      added.set_kind(pb::TARGET_KIND_NOT_SET);
      added.set_effective_from(DateText(absl::CivilDay(document_.year, 1, 1)));
      added.set_due_date(DateText(EndOf(task)));
      added.add_tasks(TaskName(task.number));
    }
  }

  const PlanDocument& document_;
  const std::string plan_;
};

void AddWarning(const PlanWarning& warning, pb::Plan& message) {
  pb::PlanWarning& added = *message.add_warnings();
  added.set_code(warning.code);
  added.set_severity(ToProto(warning.severity));
  *added.mutable_rows() = {warning.rows.begin(), warning.rows.end()};
  added.set_row(warning.rows.empty() ? 0 : warning.rows.front());
  added.set_clause(warning.clause);
  added.set_message_vi(warning.message.vi);
  added.set_message_en(warning.message.en);
  added.set_advice_vi(warning.advice.vi);
  added.set_advice_en(warning.advice.en);
}

}  // namespace

pb::Plan ToProto(const PlanDocument& document, const PlanFacts& facts, int64_t version) {
  const PlanHead& head = document.head;
  pb::Plan message;
  message.set_name(PlanName(facts.id));
  message.set_etag(EtagOf(version));
  message.set_year(document.year);
  if (head.number) message.set_document_number(absl::StrCat(*head.number, "/", head.symbol));
  message.set_document_number_text(
      absl::StrCat("Số: ", head.number.value_or(""), "/", head.symbol));
  message.set_title(head.title);
  message.set_issuer(head.issuer);
  message.set_signed_date(DateText(head.date));
  message.set_signer(head.signer_name);
  message.set_signer_role(head.signer_role);
  for (const PlanSection& section : document.sections) {
    pb::PlanSection& added = *message.add_sections();
    added.set_number(section.numeral);
    added.set_title(section.title);
    if (section.goal) added.set_goal_field(absl::StrCat(*section.goal));
  }
  Targets(document, facts.id).AddTo(message);
  message.set_declared_task_count(document.declared_task_count.value_or(0));
  message.set_task_count(static_cast<int32_t>(document.tasks.size()));
  if (document.inspection_share) {
    message.set_inspection_share(document.inspection_share->bound.value.ToString());
  }
  *message.mutable_import_time() = ToTimestamp(facts.import_time);
  message.set_document_sha256(facts.document_sha256);
  for (const PlanWarning& warning : document.warnings) AddWarning(warning, message);
  for (const PlanWarning& warning : facts.more_warnings) AddWarning(warning, message);
  return message;
}

pb::Tally ToProto(const Tally& tally) {
  pb::Tally message;
  message.set_done_in_time(tally.done_in_time);
  message.set_done_late(tally.done_late);
  message.set_open_in_time(tally.open_in_time);
  message.set_open_overdue(tally.open_overdue);
  message.set_done_early(tally.done_early);
  message.set_waiting(tally.waiting);
  message.set_not_arising(tally.not_arising);
  message.set_silent(tally.silent);
  message.set_suspended(tally.suspended);
  message.set_done_of_due(tally.DoneOfDue());
  message.set_in_time_of_due(tally.InTimeOfDue());
  return message;
}

}  // namespace dondoc::registry
