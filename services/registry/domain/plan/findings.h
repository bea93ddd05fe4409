#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "libs/calendar/holidays.h"
#include "services/registry/domain/plan/appendix.h"
#include "services/registry/domain/plan/document_lines.h"
#include "services/registry/domain/plan/key_words.h"
#include "services/registry/domain/plan/outline.h"
#include "services/registry/domain/plan/plan_document.h"

// What a careful reader would ask the Office about before the plan is used. A finding never changes
// the plan and never stops an import; it says where, what, and what to do. One function per
// finding.
namespace dondoc::registry::plan {

// A text of the plan and where it stands: in a clause, or in a row of the appendix.
struct Passage {
  std::string clause;
  int row = 0;
  absl::string_view text;
  Words words;
};

// The clauses of the body and the two wordy cells of each row, cut into words once for all
// findings.
struct Passages {
  std::vector<Passage> clauses;
  std::vector<Passage> contents;  // parallel to the tasks
  std::vector<Passage> products;

  Passages(const Outline& outline, const PlanDocument& plan);

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const std::vector<Passage>* group : {&clauses, &contents, &products}) {
      for (const Passage& passage : *group) visit(passage);
    }
  }
};

struct FindingContext {
  const PlanDocument& plan;
  const Outline& outline;
  const DocumentLines& lines;
  const Appendix& appendix;
  const Passages& passages;
  const Abbreviations& abbreviations;
  const calendar::Holidays* holidays;  // null when nobody knows the days off
};

using Warnings = std::vector<PlanWarning>;

// All findings, in the order of the table in findings.cc.
Warnings FindAll(const FindingContext& context);

// Head and structure (findings_document.cc).
void NumberMissing(const FindingContext& context, Warnings& warnings);
void SymbolVariants(const FindingContext& context, Warnings& warnings);
void SignerSpacing(const FindingContext& context, Warnings& warnings);
void ConversionMarks(const FindingContext& context, Warnings& warnings);
void RomanNumeralsShared(const FindingContext& context, Warnings& warnings);
void ClauseLetterDd(const FindingContext& context, Warnings& warnings);
void SectionWithoutGoal(const FindingContext& context, Warnings& warnings);
void SectionNameDiffers(const FindingContext& context, Warnings& warnings);
void LeadColumnLabel(const FindingContext& context, Warnings& warnings);
void TaskCountNotDeclared(const FindingContext& context, Warnings& warnings);
void TextAfterAppendix(const FindingContext& context, Warnings& warnings);
void AdjustmentNotDescribed(const FindingContext& context, Warnings& warnings);

// Targets (findings_targets.cc).
void TargetConflict(const FindingContext& context, Warnings& warnings);
void SimilarIndicators(const FindingContext& context, Warnings& warnings);
void TargetWithoutTask(const FindingContext& context, Warnings& warnings);
void TargetByReference(const FindingContext& context, Warnings& warnings);
void TargetQualitative(const FindingContext& context, Warnings& warnings);
void TargetNested(const FindingContext& context, Warnings& warnings);
void TargetOwnDenominator(const FindingContext& context, Warnings& warnings);
void TargetExclusion(const FindingContext& context, Warnings& warnings);
void TargetStartsLater(const FindingContext& context, Warnings& warnings);
void StrictComparator(const FindingContext& context, Warnings& warnings);
void LimitPerCase(const FindingContext& context, Warnings& warnings);
void EarlyIsNotOnTime(const FindingContext& context, Warnings& warnings);
void IndicatorWithoutValue(const FindingContext& context, Warnings& warnings);
void IndicatorMayInherit(const FindingContext& context, Warnings& warnings);
void DenominatorMayBeZero(const FindingContext& context, Warnings& warnings);

// Rows (findings_rows.cc).
void ProductBlank(const FindingContext& context, Warnings& warnings);
void ProductConditional(const FindingContext& context, Warnings& warnings);
void ProductAlternative(const FindingContext& context, Warnings& warnings);
void LeadIsGroup(const FindingContext& context, Warnings& warnings);
void CoLeads(const FindingContext& context, Warnings& warnings);
void CoordinatorNone(const FindingContext& context, Warnings& warnings);
void CoordinatorBlank(const FindingContext& context, Warnings& warnings);
void ExternalBody(const FindingContext& context, Warnings& warnings);
void RowJoined(const FindingContext& context, Warnings& warnings);
void TaskWithoutSection(const FindingContext& context, Warnings& warnings);
void ContentIsIndicator(const FindingContext& context, Warnings& warnings);
void ContentOnlyCites(const FindingContext& context, Warnings& warnings);
void DurationWithoutBound(const FindingContext& context, Warnings& warnings);
void PlaceHasTwoNames(const FindingContext& context, Warnings& warnings);

// Time (findings_time.cc).
void DueOnDayOff(const FindingContext& context, Warnings& warnings);
void CalendarMissing(const FindingContext& context, Warnings& warnings);
void DueDatesBunched(const FindingContext& context, Warnings& warnings);
void DueYearDiffers(const FindingContext& context, Warnings& warnings);
void DueBeforeDate(const FindingContext& context, Warnings& warnings);
void DueDotMissing(const FindingContext& context, Warnings& warnings);
void QuartersAreOneWindow(const FindingContext& context, Warnings& warnings);
void PlanWithoutIssueDate(const FindingContext& context, Warnings& warnings);
void StartsBeforeSigning(const FindingContext& context, Warnings& warnings);

// Duties (findings_duties.cc).
void ReportsMissing(const FindingContext& context, Warnings& warnings);
void ReportPeriodsOverlap(const FindingContext& context, Warnings& warnings);
void ReportQuarterMissing(const FindingContext& context, Warnings& warnings);
void ReportDueMissing(const FindingContext& context, Warnings& warnings);
void InspectionShareMissing(const FindingContext& context, Warnings& warnings);
void InspectionUnitsUnknown(const FindingContext& context, Warnings& warnings);
void InspectorLeadsTasks(const FindingContext& context, Warnings& warnings);
void OtherInspection(const FindingContext& context, Warnings& warnings);
void CommendationOptional(const FindingContext& context, Warnings& warnings);

// Wording (findings_wording.cc). Text stays as it was signed.
void AbbreviationUnknown(const FindingContext& context, Warnings& warnings);
void StandardInTwoVersions(const FindingContext& context, Warnings& warnings);
void WordsRepeated(const FindingContext& context, Warnings& warnings);
void WordMissing(const FindingContext& context, Warnings& warnings);
void OldYearCited(const FindingContext& context, Warnings& warnings);
void OtherField(const FindingContext& context, Warnings& warnings);

}  // namespace dondoc::registry::plan
