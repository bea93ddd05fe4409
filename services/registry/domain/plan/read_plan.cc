#include "services/registry/domain/plan/read_plan.h"

#include <string>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "services/registry/domain/plan/appendix.h"
#include "services/registry/domain/plan/document_lines.h"
#include "services/registry/domain/plan/duties.h"
#include "services/registry/domain/plan/errors.h"
#include "services/registry/domain/plan/findings.h"
#include "services/registry/domain/plan/head.h"
#include "services/registry/domain/plan/key_words.h"
#include "services/registry/domain/plan/links.h"
#include "services/registry/domain/plan/outline.h"
#include "services/registry/domain/plan/problems.h"
#include "services/registry/domain/plan/targets.h"
#include "services/registry/domain/plan/tasks.h"

namespace dondoc::registry {
namespace {

namespace error = plan::error;

void CheckLimits(const PlanDocument& document, plan::Problems& problems) {
  if (document.tasks.size() > kPlanTasksMax) {
    problems.Add(error::TooManyOf("nhiệm vụ", document.tasks.size(), kPlanTasksMax));
  }
  size_t targets = document.targets.size();
  for (const PlanTask& task : document.tasks) targets += task.targets.size();
  if (targets > kPlanTargetsMax) {
    problems.Add(error::TooManyOf("chỉ tiêu", targets, kPlanTargetsMax));
  }
}

// The parts of the document before its appendix.
void ReadBody(const plan::Outline& outline, PlanDocument& document, plan::Problems& problems) {
  plan::HeadAndYear read = plan::ReadHead(outline, problems);
  document.head = std::move(read.head);
  document.year = read.year;
  const plan::OutlinePart* goals = plan::FindPart(outline, "mục tiêu");
  if (goals == nullptr || goals->points.empty()) {
    problems.Add(error::PlanNoGoals());
  } else {
    plan::Goals read_goals = plan::ReadGoals(*goals, document.year, problems);
    document.goals = std::move(read_goals.goals);
    document.targets = std::move(read_goals.targets);
  }
  // A plan may leave its duties to another document; then the findings say what is missing.
  if (const plan::OutlinePart* duties = plan::FindPart(outline, "tổ chức thực hiện")) {
    plan::Duties read_duties = plan::ReadDuties(*duties, problems);
    document.duties = std::move(read_duties.duties);
    document.reports_clause = std::move(read_duties.reports_clause);
    document.reports = std::move(read_duties.reports);
    document.inspection_share = std::move(read_duties.inspection_share);
  }
}

plan::Appendix ReadTable(const std::vector<plan::Line>& lines, PlanDocument& document,
                         plan::Problems& problems) {
  const std::optional<size_t> heading = plan::FindAppendix(lines);
  if (!heading) {
    problems.Add(error::PlanNoAppendix(plan::MissingHeadings(lines)));
    return {};
  }
  plan::Appendix appendix = plan::ReadAppendix(lines, *heading, problems);
  if (appendix.rows.empty() && problems.empty()) problems.Add(error::PlanNoAppendix(""));
  document.sections = appendix.sections;
  document.declared_task_count = appendix.declared_count;
  document.lead_label = appendix.lead_label;
  document.tasks = plan::ReadTasks(
      appendix.rows, {.issuer = document.head.issuer, .year = document.year}, problems);
  return appendix;
}

}  // namespace

absl::StatusOr<PlanDocument> ReadPlan(absl::string_view text, const ReadPlanOptions& options) {
  plan::Problems problems;
  if (text.size() > kPlanBytesMax) {
    problems.Add(error::PlanTooLarge(text.size(), kPlanBytesMax));
    return problems.ToStatus();
  }
  ASSIGN_OR_RETURN(const std::string clean, CleanText(text));
  const plan::DocumentLines lines = plan::LinesOf(clean);
  const size_t body = plan::FindAppendix(lines.lines).value_or(lines.lines.size());
  const plan::Outline outline =
      plan::OutlineOf({lines.lines.begin(), lines.lines.begin() + static_cast<ptrdiff_t>(body)});

  PlanDocument document;
  ReadBody(outline, document, problems);
  const plan::Appendix appendix = ReadTable(lines.lines, document, problems);
  CheckLimits(document, problems);
  RETURN_IF_ERROR(problems.ToStatus());

  const plan::Abbreviations abbreviations(clean);
  plan::MapSectionsToGoals(document.goals, abbreviations, document.sections);
  document.links = plan::SuggestLinks(document, abbreviations);
  const plan::Passages passages(outline, document);
  document.warnings = plan::FindAll({.plan = document,
                                     .outline = outline,
                                     .lines = lines,
                                     .appendix = appendix,
                                     .passages = passages,
                                     .abbreviations = abbreviations,
                                     .holidays = options.holidays});
  return document;
}

}  // namespace dondoc::registry
