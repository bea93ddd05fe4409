// What happens on single days: "at DATE VERB …", and the steps of inspections.

#include <spawn.h>
#include <sys/wait.h>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/calendar/dates.h"
#include "services/cli/year/player.h"

extern char** environ;

namespace dondoc::cli::year {
namespace {

namespace registry_pb = ::dondoc::registry::v1;
namespace inspection_pb = ::dondoc::inspection::v1;
using RegistryStub = registry_pb::RegistryService::Stub;
using InspectionStub = inspection_pb::InspectionService::Stub;

absl::Status EventInvalid(const EventLine& event, absl::string_view form) {
  return Refuse(absl::StatusCode::kInvalidArgument, "SCRIPT_LINE_INVALID",
                {.vi = absl::StrCat("Dòng ", event.line, " của kịch bản cần: ", form),
                 .en = absl::StrCat("line ", event.line, " of the script needs: ", form)},
                {{"line", absl::StrCat(event.line)}});
}

std::string UnitOf(const std::string& id) { return absl::StrCat("units/", id); }

}  // namespace

absl::Status Player::Do(const EventLine& event) {
  using Handler = absl::Status (Player::*)(const EventLine&);
  struct Verb {
    size_t words_min;
    Handler handler;
    const char* form;
  };
  static const std::map<std::string, Verb> kVerbs = {
      {"move-deadline", {4, &Player::MoveDeadline, "<task>/<phase> <date> <document> <reason>"}},
      {"merge", {5, &Player::Merge, "<unit> <unit> <new id> <new name> <document>"}},
      {"kill", {1, &Player::ControlService, "<service>"}},
      {"start", {1, &Player::ControlService, "<service>"}},
      {"propose-programme", {2, &Player::ProposeProgramme, "<seed> <id:name:unit> …"}},
      {"approve-programme", {1, &Player::ApproveProgramme, "<document>"}},
      {"ad-hoc-inspection", {4, &Player::AddInspection, "<unit> <date> <inspector,…> <reason>"}},
      {"inspection-step", {2, &Player::StepInspection, "<step> <inspection>"}},
      {"deliver-report", {2, &Player::DeliverReport, "<report> <unit>"}},
  };
  const auto verb = kVerbs.find(event.verb);
  if (verb == kVerbs.end()) return EventInvalid(event, "a verb that exists");
  if (event.words.size() < verb->second.words_min) return EventInvalid(event, verb->second.form);
  return (this->*verb->second.handler)(event);
}

absl::Status Player::MoveDeadline(const EventLine& event) {
  const std::vector<std::string> path = absl::StrSplit(event.words[0], '/');
  if (path.size() != 2) return EventInvalid(event, "<task>/<phase>");
  registry_pb::MoveDeadlineRequest request;
  request.set_phase(absl::StrCat("plans/", script_.plan, "/tasks/", path[0], "/phases/", path[1]));
  request.set_new_due_date(event.words[1]);
  request.set_document(event.words[2]);
  request.set_reason(event.words[3]);
  RETURN_IF_ERROR(actors_.As(script_.director_actor)
                      .registry.Call(&RegistryStub::MoveDeadline, request)
                      .status());
  Tell(event.date, absl::StrCat("Dời hạn nhiệm vụ ", path[0], " đến ", event.words[1], " (",
                                event.words[2], "): ", event.words[3]));
  return PlanObligations(today_ + 1);
}

absl::Status Player::Merge(const EventLine& event) {
  const Apis& director = actors_.As(script_.director_actor);
  const std::string day = calendar::FormatDate(event.date);
  registry_pb::GetUnitRequest get;
  get.set_name(UnitOf(event.words[0]));
  ASSIGN_OR_RETURN(const auto first, director.registry.Call(&RegistryStub::GetUnit, get));
  registry_pb::AddUnitRequest add;
  registry_pb::Unit& unit = *add.mutable_unit();
  unit.set_name(UnitOf(event.words[2]));
  unit.set_display_name(event.words[3]);
  unit.set_kind(first.unit().kind());
  unit.set_parent(first.unit().parent());
  unit.set_valid_from(day);
  unit.set_decision(event.words[4]);
  unit.set_illustrative(first.unit().illustrative());
  RETURN_IF_ERROR(director.registry.Call(&RegistryStub::AddUnit, add).status());
  int moved = 0;
  for (const std::string& id : {event.words[0], event.words[1]}) {
    registry_pb::DissolveUnitRequest dissolve;
    dissolve.set_name(UnitOf(id));
    dissolve.set_valid_to(day);
    dissolve.set_successor(unit.name());
    dissolve.set_decision(event.words[4]);
    ASSIGN_OR_RETURN(const auto answer,
                     director.registry.Call(&RegistryStub::DissolveUnit, dissolve));
    moved += answer.assignments_moved();
  }
  Tell(event.date, absl::StrCat("Hợp nhất ", event.words[0], " và ", event.words[1], " thành ",
                                event.words[3], "; ", moved, " việc chuyển sang đơn vị mới"));
  return PlanObligations(today_ + 1);
}

absl::Status Player::ControlService(const EventLine& event) {
  if (options_.service_command.empty()) return absl::OkStatus();
  const std::string& service = event.words[0];
  std::string command = options_.service_command;
  std::string verb = event.verb;
  std::string name = service;
  char* arguments[] = {command.data(), verb.data(), name.data(), nullptr};
  pid_t child = 0;
  int exit_status = 0;
  if (posix_spawn(&child, command.c_str(), nullptr, nullptr, arguments, environ) != 0 ||
      waitpid(child, &exit_status, 0) != child || exit_status != 0) {
    return absl::InternalError(absl::StrCat(command, " ", verb, " ", service, " failed"));
  }
  Tell(event.date, event.verb == "kill"
                       ? absl::StrCat("Dịch vụ ", service, " chết giữa chừng (kill -9)")
                       : absl::StrCat("Dịch vụ ", service, " chạy lại và làm bù"));
  return absl::OkStatus();
}

absl::Status Player::ProposeProgramme(const EventLine& event) {
  inspection_pb::ProposeProgrammeRequest request;
  int64_t seed = 0;
  if (!absl::SimpleAtoi(event.words[0], &seed)) return EventInvalid(event, "<seed>");
  request.set_seed(seed);
  request.set_year(options_.year);
  request.set_start_date(calendar::FormatDate(StillAhead(event.date + 14, DateOf(clock_.Now()))));
  request.set_end_date(calendar::FormatDate(absl::CivilDay(options_.year, 11, 30)));
  for (size_t i = 1; i < event.words.size(); ++i) {
    const std::vector<std::string> parts = absl::StrSplit(event.words[i], ':');
    if (parts.size() != 3) return EventInvalid(event, "<id:name:unit>");
    auto& inspector = *request.add_inspectors();
    inspector.set_id(parts[0]);
    inspector.set_display_name(parts[1]);
    inspector.set_unit(UnitOf(parts[2]));
  }
  ASSIGN_OR_RETURN(
      const auto answer,
      actors_.As(script_.office_actor).inspection.Call(&InspectionStub::ProposeProgramme, request));
  Tell(event.date, absl::StrCat("Dự thảo kế hoạch kiểm tra: ", answer.inspections_size(), " trên ",
                                answer.programme().unit_count(), " đơn vị (cần ",
                                answer.programme().required_count(), ")"));
  return absl::OkStatus();
}

absl::Status Player::ApproveProgramme(const EventLine& event) {
  inspection_pb::ApproveProgrammeRequest request;
  request.set_name(absl::StrCat("programmes/", options_.year));
  request.set_decision(event.words[0]);
  RETURN_IF_ERROR(actors_.As(script_.director_actor)
                      .inspection.Call(&InspectionStub::ApproveProgramme, request)
                      .status());
  Tell(event.date, absl::StrCat("Phê duyệt kế hoạch kiểm tra (", event.words[0], ")"));
  return PlanInspections();
}

absl::Status Player::PlanInspections() {
  for (auto& [date, acts] : agenda_) {
    std::erase_if(acts, [](const Act& act) {
      const auto* event = std::get_if<EventLine>(&act);
      return event != nullptr && event->verb == "inspection-step";
    });
  }
  inspection_pb::ListInspectionsRequest request;
  request.set_parent(absl::StrCat("programmes/", options_.year));
  ASSIGN_OR_RETURN(const auto list,
                   actors_.As(script_.office_actor)
                       .inspection.ListAll(&InspectionStub::ListInspections, request));
  for (const inspection_pb::Inspection& inspection : list.inspections()) {
    if (inspection.state() != inspection_pb::INSPECTION_STATE_PLANNED) continue;
    ASSIGN_OR_RETURN(const absl::CivilDay day,
                     calendar::ParseDate("planned_date", inspection.planned_date()));
    const auto add = [&](absl::CivilDay date, const std::string& step) {
      agenda_[date].push_back(EventLine{
          .date = date, .verb = "inspection-step", .words = {step, inspection.name()}, .line = 0});
    };
    if (inspection.kind() == inspection_pb::INSPECTION_KIND_PLANNED) {
      add(std::max(day - 7, today_ + 1), "notify");
    }
    add(day, "complete");
    add(day + 8, "conclude");
    add(day + 20, "remedy");
  }
  return absl::OkStatus();
}

absl::Status Player::AddInspection(const EventLine& event) {
  inspection_pb::AddInspectionRequest request;
  request.set_parent(absl::StrCat("programmes/", options_.year));
  request.set_unit(UnitOf(event.words[0]));
  ASSIGN_OR_RETURN(const absl::CivilDay wanted, calendar::ParseDate("date", event.words[1]));
  request.set_planned_date(calendar::FormatDate(StillAhead(wanted, DateOf(clock_.Now()))));
  for (const absl::string_view id : absl::StrSplit(event.words[2], ',')) {
    request.add_team(std::string(id));
  }
  request.set_reason(event.words[3]);
  RETURN_IF_ERROR(actors_.As(script_.office_actor)
                      .inspection.Call(&InspectionStub::AddInspection, request)
                      .status());
  Tell(event.date, absl::StrCat("Kiểm tra đột xuất ", event.words[0], ": ", event.words[3]));
  return PlanInspections();
}

absl::Status Player::StepInspection(const EventLine& event) {
  const Apis& office = actors_.As(script_.office_actor);
  const std::string& step = event.words[0];
  const std::string& name = event.words[1];
  inspection_pb::GetInspectionRequest get;
  get.set_name(name);
  ASSIGN_OR_RETURN(const auto got, office.inspection.Call(&InspectionStub::GetInspection, get));
  const bool has_findings = Dice(script_, name, 3) != 0;
  if (step == "notify") {
    inspection_pb::NotifyInspectionRequest request;
    request.set_name(name);
    return office.inspection.Call(&InspectionStub::NotifyInspection, request).status();
  }
  if (step == "complete") {
    inspection_pb::CompleteInspectionRequest request;
    request.set_name(name);
    if (has_findings) {
      auto& finding = *request.add_findings();
      finding.set_field("III. Cải cách thủ tục hành chính");
      finding.set_text("Niêm yết thủ tục chưa cập nhật (minh hoạ).");
    }
    return office.inspection.Call(&InspectionStub::CompleteInspection, request).status();
  }
  if (step == "conclude") {
    inspection_pb::ConcludeInspectionRequest request;
    request.set_name(name);
    request.set_document_number(
        absl::StrCat(20 + Dice(script_, name + "/number", 60), "/TB-SKHCN"));
    RETURN_IF_ERROR(office.inspection.Call(&InspectionStub::ConcludeInspection, request).status());
    Tell(event.date, absl::StrCat("Kết luận kiểm tra ", got.inspection().unit()));
    return absl::OkStatus();
  }
  if (!has_findings) return absl::OkStatus();
  inspection_pb::RemedyFindingRequest request;
  request.set_name(name);
  request.set_finding_number(1);
  request.set_document("Báo cáo khắc phục (minh hoạ)");
  request.set_verified_by(UnitOf(script_.office_unit));
  return office.inspection.Call(&InspectionStub::RemedyFinding, request).status();
}

}  // namespace dondoc::cli::year
