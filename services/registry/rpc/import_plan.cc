#include <utility>

#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "services/registry/document/docx_text.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/names.h"
#include "services/registry/domain/opening.h"
#include "services/registry/domain/plan/read_plan.h"
#include "services/registry/rpc/plans.h"
#include "services/registry/store/assignments.h"
#include "services/registry/store/plans.h"
#include "services/registry/store/tasks.h"
#include "services/registry/store/units.h"

namespace dondoc::registry {
namespace {

absl::StatusOr<std::string> TextOf(const std::string& document) {
  if (LooksLikeDocx(document)) return TextOfDocx(document);
  return document;
}

// Every unit that the document may mean, with those that succeeded it.
absl::StatusOr<UnitDirectory> LoadUnits(store::Snapshot& snapshot, const PlanDocument& document) {
  UnitDirectory directory;
  for (const std::string& name : NamesIn(document)) {
    for (const Unit& unit : UnitsNamed(snapshot, name)) {
      RETURN_IF_ERROR(AddWithSuccessors(snapshot, unit.id(), directory));
    }
  }
  return directory;
}

void Keep(store::Transaction& transaction, const std::string& document, Stored<pb::Plan>& plan,
          PlanInMotion motion) {
  SaveDocument(transaction, plan.value.document_sha256(), document);
  SavePlan(transaction, plan, "imported");
  for (Task& task : motion.tasks) {
    Stored<Task> planned = {std::move(task)};
    SaveTask(transaction, planned, "planned");
  }
  for (Assignment& assignment : motion.assignments) {
    Stored<Assignment> opened = {std::move(assignment)};
    SaveAssignment(transaction, opened, "opened");
  }
  for (PeriodicReport& report : motion.reports) {
    Stored<PeriodicReport> scheduled = {std::move(report)};
    SaveReport(transaction, scheduled, "scheduled");
  }
}

}  // namespace

absl::StatusOr<pb::ImportPlanResponse> ImportPlan(const rpc::Call&, store::Transaction& transaction,
                                                  const pb::ImportPlanRequest& request,
                                                  const calendar::Holidays* holidays) {
  ASSIGN_OR_RETURN(const std::string id, ParseId("plan_id", request.plan_id()));
  if (PlanExists(transaction, id)) return error::PlanExists(id);
  ASSIGN_OR_RETURN(const std::string text, TextOf(request.document()));
  ASSIGN_OR_RETURN(const PlanDocument document, ReadPlan(text, {.holidays = holidays}));
  ASSIGN_OR_RETURN(const UnitDirectory units, LoadUnits(transaction, document));
  ASSIGN_OR_RETURN(PlanInMotion motion, SetInMotion(document, units, id));

  Stored<pb::Plan> plan = {ToProto(document,
                                   {.id = id,
                                    .document_sha256 = Hex(Sha256(request.document())),
                                    .import_time = transaction.now(),
                                    .more_warnings = motion.warnings},
                                   /*version=*/1)};
  pb::ImportPlanResponse response;
  response.set_assignment_count(static_cast<int>(motion.assignments.size()));
  for (const Task& task : motion.tasks) {
    response.set_unresolved_task_count(response.unresolved_task_count() + task.IsUnresolved());
  }
  if (!request.validate_only()) {
    Keep(transaction, request.document(), plan, std::move(motion));
  }
  *response.mutable_plan() = std::move(plan.value);
  return response;
}

}  // namespace dondoc::registry
