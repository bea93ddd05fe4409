#include "services/registry/domain/plan/findings.h"

#include <utility>

namespace dondoc::registry::plan {
namespace {

using Finding = void (*)(const FindingContext& context, Warnings& warnings);

// What must be decided stands first, what is only good to know last.
constexpr Finding kFindings[] = {
    TargetConflict,
    DueYearDiffers,
    NumberMissing,
    SymbolVariants,
    TargetWithoutTask,
    TargetByReference,
    IndicatorWithoutValue,
    IndicatorMayInherit,
    ProductBlank,
    LeadIsGroup,
    CoordinatorBlank,
    DueOnDayOff,
    CalendarMissing,
    DueDatesBunched,
    ReportsMissing,
    ReportPeriodsOverlap,
    ReportQuarterMissing,
    ReportDueMissing,
    InspectionShareMissing,
    InspectionUnitsUnknown,
    InspectorLeadsTasks,
    OtherInspection,
    TaskCountNotDeclared,
    TextAfterAppendix,
    TaskWithoutSection,
    DurationWithoutBound,
    SimilarIndicators,
    TargetQualitative,
    TargetNested,
    TargetOwnDenominator,
    TargetExclusion,
    TargetStartsLater,
    StrictComparator,
    EarlyIsNotOnTime,
    LimitPerCase,
    DenominatorMayBeZero,
    ProductConditional,
    ProductAlternative,
    CoLeads,
    CoordinatorNone,
    ExternalBody,
    RowJoined,
    ContentIsIndicator,
    ContentOnlyCites,
    PlaceHasTwoNames,
    DueBeforeDate,
    DueDotMissing,
    QuartersAreOneWindow,
    PlanWithoutIssueDate,
    StartsBeforeSigning,
    CommendationOptional,
    AdjustmentNotDescribed,
    SectionWithoutGoal,
    SectionNameDiffers,
    RomanNumeralsShared,
    ClauseLetterDd,
    LeadColumnLabel,
    SignerSpacing,
    AbbreviationUnknown,
    StandardInTwoVersions,
    WordsRepeated,
    WordMissing,
    OldYearCited,
    OtherField,
    ConversionMarks,
};

}  // namespace

Passages::Passages(const Outline& outline, const PlanDocument& plan) {
  const auto add = [this](std::string clause, absl::string_view text) {
    if (!text.empty()) clauses.push_back({std::move(clause), 0, text, WordsOf(text)});
  };
  for (const OutlinePart& part : outline.parts) {
    for (const OutlinePoint& point : part.points) {
      add(ClauseOf(part, point, ""), point.text);
      for (const OutlineItem& item : point.items) {
        add(ClauseOf(part, point, item.letter), item.text);
      }
    }
  }
  for (const PlanTask& task : plan.tasks) {
    const TaskCells& cells = task.cells;
    contents.push_back({"", task.number, cells.content, WordsOf(cells.content)});
    products.push_back({"", task.number, cells.product, WordsOf(cells.product)});
  }
}

Warnings FindAll(const FindingContext& context) {
  Warnings warnings;
  for (const Finding finding : kFindings) finding(context, warnings);
  return warnings;
}

}  // namespace dondoc::registry::plan
