// What units and the Office do on ordinary days.

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/cli/year/player.h"

namespace dondoc::cli::year {
namespace {

namespace registry_pb = ::dondoc::registry::v1;
namespace kpi_pb = ::dondoc::kpi::v1;
using RegistryStub = registry_pb::RegistryService::Stub;

std::string UnitActor(const std::string& unit_id) { return absl::StrCat("units/", unit_id); }

// The kpi service's id of the plan's target: "i-2-a-1" for "I.2.a-1".
std::string TargetIdOf(const std::string& clause) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(clause), {{".", "-"}});
}

std::string NoteFor(int percent) {
  if (percent < 30) return "Đã phân công, đang chuẩn bị.";
  if (percent < 70) return "Đang thực hiện, đã có dự thảo.";
  return "Đang hoàn thiện, lấy ý kiến lần cuối.";
}

}  // namespace

absl::Status Player::Do(const ReportAct& act) {
  registry_pb::ReportProgressRequest request;
  request.set_name(act.assignment);
  request.set_percent(act.percent);
  request.set_note(NoteFor(act.percent));
  return actors_.As(UnitActor(act.unit_id))
      .registry.Call(&RegistryStub::ReportProgress, request)
      .status();
}

absl::Status Player::Do(const SubmitAct& act) {
  registry_pb::SubmitResultRequest request;
  request.set_name(act.assignment);
  if (act.not_arising) {
    request.set_outcome(registry_pb::OUTCOME_NOT_ARISING);
    request.set_reason("Không có nội dung cần sửa đổi, bổ sung trong kỳ (dữ liệu minh hoạ).");
  } else {
    request.set_outcome(registry_pb::OUTCOME_PRODUCED);
    auto& evidence = *request.add_evidence();
    const int64_t number = 1 + Dice(script_, act.assignment + "/number", 400);
    evidence.set_document_number(absl::StrCat(number, "/BC-SKHCN"));
    evidence.set_document_date(calendar::FormatDate(today_));
    evidence.set_note(act.returned_first ? "Đã bổ sung theo ý kiến (minh hoạ)." : "Minh hoạ.");
  }
  return actors_.As(UnitActor(act.unit_id))
      .registry.Call(&RegistryStub::SubmitResult, request)
      .status();
}

absl::Status Player::Do(const ReviewAct& act) {
  // Nobody accepts their own: what the Office hands in, the directors accept.
  const bool own = act.unit_id == script_.office_unit;
  const Apis& reviewer = actors_.As(own ? script_.director_actor : script_.office_actor);
  if (!act.accept) {
    registry_pb::ReturnResultRequest request;
    request.set_name(act.assignment);
    request.set_reason("Thiếu phụ lục số liệu, đề nghị bổ sung (minh hoạ).");
    return reviewer.registry.Call(&RegistryStub::ReturnResult, request).status();
  }
  registry_pb::AcceptResultRequest request;
  request.set_name(act.assignment);
  return reviewer.registry.Call(&RegistryStub::AcceptResult, request).status();
}

absl::Status Player::Do(const MeasureAct& act) {
  const Apis& unit = actors_.As(UnitActor(act.line.unit));
  if (indicator_by_target_.empty()) {
    kpi_pb::ListTargetsRequest request;
    request.set_plan(absl::StrCat("plans/", script_.plan));
    ASSIGN_OR_RETURN(const auto targets,
                     unit.kpi.ListAll(&kpi_pb::KpiService::Stub::ListTargets, request));
    for (const kpi_pb::Target& target : targets.targets()) {
      const std::string& name = target.name();
      indicator_by_target_[name.substr(name.rfind('/') + 1)] =
          name.substr(0, name.find("/targets/"));
    }
  }
  const auto indicator = indicator_by_target_.find(TargetIdOf(act.line.clause));
  if (indicator == indicator_by_target_.end()) {
    return Refuse(absl::StatusCode::kNotFound, "CLAUSE_UNKNOWN",
                  {.vi = absl::StrCat("Kế hoạch không có chỉ tiêu ", act.line.clause, "."),
                   .en = absl::StrCat("the plan has no target ", act.line.clause)});
  }
  kpi_pb::RecordObservationsRequest request;
  auto& observation = *request.add_observations();
  observation.set_indicator(indicator->second);
  observation.set_unit(UnitActor(act.line.unit));
  observation.set_date(calendar::FormatDate(absl::CivilDay(options_.year, act.month, 25)));
  observation.set_numerator(absl::StrCat(act.numerator));
  observation.set_denominator(absl::StrCat(act.line.out_of));
  observation.set_source("Số liệu minh hoạ");
  observation.set_key(absl::StrCat("year/", act.line.unit, "/", act.month));
  return unit.kpi.caller().Invoke([&](grpc::ClientContext& context) {
    kpi_pb::RecordObservationsResponse response;
    const auto stream = unit.kpi.stub().RecordObservations(&context, &response);
    stream->Write(request);
    stream->WritesDone();
    return stream->Finish();
  });
}

absl::Status Player::DeliverReport(const EventLine& event) {
  registry_pb::DeliverPeriodicReportRequest request;
  request.set_name(event.words[0]);
  request.set_unit(UnitActor(event.words[1]));
  return actors_.As(UnitActor(event.words[1]))
      .registry.Call(&RegistryStub::DeliverPeriodicReport, request)
      .status();
}

absl::Status Player::PlanReports(absl::CivilDay from) {
  const Apis& office = actors_.As(script_.office_actor);
  registry_pb::ListPeriodicReportsRequest request;
  request.set_parent(absl::StrCat("plans/", script_.plan));
  ASSIGN_OR_RETURN(const auto reports,
                   office.registry.Call(&RegistryStub::ListPeriodicReports, request));
  registry_pb::ListUnitsRequest units_request;
  units_request.set_as_of(calendar::FormatDate(from));
  ASSIGN_OR_RETURN(const auto units,
                   office.registry.ListAll(&RegistryStub::ListUnits, units_request));
  for (const registry_pb::PeriodicReport& report : reports.reports()) {
    ASSIGN_OR_RETURN(const absl::CivilDay due, calendar::ParseDate("due_date", report.due_date()));
    for (const registry_pb::Unit& unit : units.units()) {
      if (unit.kind() == registry_pb::UNIT_KIND_EXTERNAL ||
          unit.kind() == registry_pb::UNIT_KIND_DEPARTMENT) {
        continue;
      }
      const std::string id = unit.name().substr(unit.name().find('/') + 1);
      // One in eight is a few days late; one in sixteen never comes.
      const int64_t roll = Dice(script_, absl::StrCat(report.name(), "/", id), 16);
      if (roll == 0) continue;
      const absl::CivilDay day = roll <= 2 ? due + 3 + roll : due - 2 - roll % 5;
      agenda_[day].push_back(EventLine{
          .date = day, .verb = "deliver-report", .words = {report.name(), id}, .line = 0});
    }
  }
  return absl::OkStatus();
}

}  // namespace dondoc::cli::year
