#include "services/registry/rpc/plans.h"

#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "libs/calendar/dates.h"
#include "libs/rpc/page.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/names.h"
#include "services/registry/rpc/checks.h"
#include "services/registry/rpc/cut_page.h"
#include "services/registry/rpc/task_view.h"
#include "services/registry/store/assignments.h"
#include "services/registry/store/plans.h"
#include "services/registry/store/tasks.h"

namespace dondoc::registry {
namespace {

// "15/KH-SKHCN": digits before the stroke, a symbol behind it.
absl::StatusOr<std::string> CleanDocumentNumber(absl::string_view bytes) {
  ASSIGN_OR_RETURN(std::string number, CleanLine("document_number", bytes, kLineMax));
  const size_t stroke = number.find('/');
  const bool has_symbol = stroke != std::string::npos && stroke + 1 < number.size();
  if (!has_symbol || !absl::ascii_isdigit(number.front())) {
    return error::DocumentNumberInvalid(number);
  }
  return number;
}

// Tasks by their own roll-up, as of a day; where `reach` is narrow, those with an assignment in it.
Tally TallyTasks(store::Snapshot& snapshot, const std::string& plan, absl::CivilDay as_of,
                 const identity::Reach& reach) {
  Tally tally;
  const int64_t all = std::numeric_limits<int32_t>::max();
  std::vector<pb::Task> tasks = ListTaskBodies(snapshot, {.plan = plan, .limit = all}, reach);
  Show(snapshot, reach, as_of, tasks);
  for (const pb::Task& task : tasks) {
    if (task.progress() == pb::PROGRESS_UNSPECIFIED) continue;
    tally.Add(ReadProgress("body", task.progress()).value(),
              ReadTimeliness("body", task.timeliness()).value());
  }
  return tally;
}

}  // namespace

absl::StatusOr<pb::GetPlanResponse> GetPlan(const rpc::Call&, store::Snapshot& snapshot,
                                            const pb::GetPlanRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParsePlanName("name", request.name()));
  ASSIGN_OR_RETURN(Stored<pb::Plan> plan, FindPlan(snapshot, id));
  pb::GetPlanResponse response;
  *response.mutable_plan() = std::move(plan.value);
  return response;
}

absl::StatusOr<pb::ListPlansResponse> ListPlans(const rpc::Call&, store::Snapshot& snapshot,
                                                const pb::ListPlansRequest& request) {
  const std::string filter = "plans";
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), filter));
  std::vector<pb::Plan> plans = ListPlanBodies(snapshot, page.after, page.size + 1);

  pb::ListPlansResponse response;
  if (CutPage(plans, page.size)) {
    ASSIGN_OR_RETURN(const std::string last, ParsePlanName("name", plans.back().name()));
    response.set_next_page_token(rpc::NextPageToken(last, filter));
  }
  for (pb::Plan& plan : plans) *response.add_plans() = std::move(plan);
  return response;
}

absl::StatusOr<pb::SetDocumentNumberResponse> SetDocumentNumber(
    const rpc::Call&, store::Transaction& transaction,
    const pb::SetDocumentNumberRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParsePlanName("name", request.name()));
  ASSIGN_OR_RETURN(std::string number, CleanDocumentNumber(request.document_number()));
  ASSIGN_OR_RETURN(Stored<pb::Plan> plan, FindPlan(transaction, id));
  RETURN_IF_ERROR(CheckEtag(request.name(), request.etag(), plan.version));
  if (!plan.value.document_number().empty()) {
    return error::DocumentNumberPresent(id, plan.value.document_number());
  }
  plan.value.set_document_number(std::move(number));
  SavePlan(transaction, plan, "changed");
  pb::SetDocumentNumberResponse response;
  *response.mutable_plan() = std::move(plan.value);
  return response;
}

absl::StatusOr<pb::GetPlanSummaryResponse> GetPlanSummary(
    const rpc::Call& call, store::Snapshot& snapshot, const pb::GetPlanSummaryRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParsePlanName("name", request.name()));
  absl::CivilDay as_of = snapshot.today();
  if (!request.as_of().empty()) {
    ASSIGN_OR_RETURN(as_of, calendar::ParseDate("as_of", request.as_of()));
  }
  ASSIGN_OR_RETURN(const Stored<pb::Plan> plan, FindPlan(snapshot, id));
  Tally all;
  std::map<std::string, Tally> by_section;
  std::map<std::string, Tally> by_unit;
  for (const AssignmentCount& row : CountAssignments(snapshot, id, as_of, call.reach())) {
    for (Tally* tally : {&all, &by_section[row.section], &by_unit[row.unit]}) {
      tally->Add(row.progress, row.timeliness, row.count);
    }
  }
  pb::GetPlanSummaryResponse response;
  response.set_as_of(calendar::FormatDate(as_of));
  *response.mutable_plan() = ToProto(all);
  *response.mutable_tasks() = ToProto(TallyTasks(snapshot, id, as_of, call.reach()));
  for (const pb::PlanSection& section : plan.value.sections()) {
    pb::SectionTally& added = *response.add_sections();
    added.set_section(section.number());
    added.set_title(section.title());
    *added.mutable_tally() = ToProto(by_section[section.number()]);
  }
  for (const auto& [unit, tally] : by_unit) {
    pb::UnitTally& added = *response.add_units();
    added.set_unit(UnitName(unit));
    *added.mutable_tally() = ToProto(tally);
  }
  response.set_unresolved_task_count(UnresolvedTasks(snapshot, id));
  return response;
}

}  // namespace dondoc::registry
