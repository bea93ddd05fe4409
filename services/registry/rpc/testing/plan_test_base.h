#pragma once

#include <string>

#include "libs/base/status_matchers.h"
#include "services/registry/rpc/testing/registry_test_base.h"
#include "services/registry/rpc/testing/sample_plan.h"

namespace dondoc::registry::testing {

// The registry with a few illustrative units and SamplePlan() as plans/p.
class PlanTestBase : public RegistryTestBase {
 protected:
  PlanTestBase() {
    Must(
        AddUnit("name: 'units/van-phong' display_name: 'Văn phòng' kind: UNIT_KIND_OFFICE "
                "valid_from: '2015-01-01'"));
    Must(
        AddUnit("name: 'units/chi-cuc' display_name: 'Chi cục Đo lường' "
                "kind: UNIT_KIND_SUB_DEPARTMENT valid_from: '2015-01-01'"));
    for (const char* id : {"phong-a", "phong-b"}) {
      Must(AddUnit(absl::StrCat("name: 'units/", id, "' display_name: '", id,
                                "' kind: UNIT_KIND_DIVISION valid_from: '2015-01-01'")));
    }
    Must(
        AddUnit("name: 'units/vp-ubnd' display_name: 'Văn phòng UBND TP' "
                "kind: UNIT_KIND_EXTERNAL valid_from: '2015-01-01'"));
    pb::ImportPlanRequest import;
    import.set_plan_id("p");
    import.set_document(SamplePlan());
    Must(Call(&Stub::ImportPlan, import));
  }

  template <typename Response>
  static Response Must(absl::StatusOr<Response> answer) {
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : Response();
  }

  static std::string AssignmentName(int task, int phase, const std::string& unit) {
    return absl::StrCat("plans/p/tasks/", task, "/phases/", phase, "/assignments/", unit);
  }

  void SetToday(absl::CivilDay day) { clock_.Set(StartOf(day) + absl::Hours(9)); }

  absl::StatusOr<pb::ReportProgressResponse> Report(const std::string& name, int percent) {
    return Call(&Stub::ReportProgress,
                absl::StrCat("name: '", name, "' percent: ", percent, " note: 'đang làm'"));
  }
  absl::StatusOr<pb::SubmitResultResponse> Submit(const std::string& name,
                                                  const std::string& actor = "unit") {
    return Call(&Stub::SubmitResult,
                absl::StrCat("name: '", name,
                             "' outcome: OUTCOME_PRODUCED evidence { "
                             "document_number: '15/KH-SMH' document_date: '2023-02-01' }"),
                actor);
  }
  absl::StatusOr<pb::AcceptResultResponse> Accept(const std::string& name,
                                                  const std::string& actor = "office") {
    return Call(&Stub::AcceptResult, "name: '" + name + "'", actor);
  }
  absl::StatusOr<pb::ResolveGroupResponse> Resolve(int task, const std::string& units) {
    return Call(&Stub::ResolveGroup, absl::StrCat("task: 'plans/p/tasks/", task, "' ", units));
  }
};

}  // namespace dondoc::registry::testing
