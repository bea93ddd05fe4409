#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/registry_words.h"
#include "services/cli/commands/unit_names.h"

namespace dondoc::cli {
namespace {

namespace pb = registry::v1;
using Stub = pb::RegistryService::Stub;

Client<pb::RegistryService> Registry(Session& session) {
  return Client<pb::RegistryService>(session.registry());
}

struct ListOptions {
  std::string section;
  std::string unit;
  bool unresolved = false;
};

// "III. Cải cách thủ tục hành chính", by Roman numeral. A list does not fail for want of titles.
std::map<std::string, std::string> SectionTitles(Session& session, const std::string& plan) {
  std::map<std::string, std::string> titles;
  pb::GetPlanRequest request;
  request.set_name(plan);
  const auto response = Registry(session).Call(&Stub::GetPlan, request);
  if (!response.ok()) return titles;
  for (const pb::PlanSection& section : response->plan().sections()) {
    titles[section.number()] = absl::StrCat(section.number(), ". ", section.title());
  }
  return titles;
}

// One line per phase: its deadline and, when it has one, its name.
std::string Deadlines(const pb::Task& task) {
  return absl::StrJoin(task.phases(), "\n", [](std::string* out, const pb::Phase& phase) {
    absl::StrAppend(out, ShowDate(phase.due_date()));
  });
}

std::string Numbers(const pb::Task& task) {
  int done = 0;
  int all = 0;
  for (const pb::Phase& phase : task.phases()) {
    done += phase.done_count();
    all += phase.assignment_count();
  }
  return all == 0 ? "—" : absl::StrCat(done, "/", all);
}

absl::Status ListTasks(Session& session, const ListOptions& options) {
  pb::ListTasksRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.PlanOf(""));
  ASSIGN_OR_RETURN(*request.mutable_unit(),
                   UnitNameOrNone({.field = "--unit", .text = options.unit}));
  request.set_section(options.section);
  request.set_unresolved_only(options.unresolved);
  ASSIGN_OR_RETURN(const pb::ListTasksResponse response,
                   Registry(session).ListAll(&Stub::ListTasks, request));
  if (session.json()) return session.PrintJson(response);
  if (response.tasks().empty()) {
    session.PrintNote({.vi = "Không có nhiệm vụ nào như vậy", .en = "no such task"});
    return absl::OkStatus();
  }
  const auto titles = SectionTitles(session, request.parent());
  Table table({{.title = "Số", .align = Align::kRight},
               {.title = "Nội dung", .width_min = 20, .lines_max = 2},
               {.title = "Chủ trì", .width_min = 12, .lines_max = 2},
               {.title = "Hạn"},
               {.title = "Xong", .align = Align::kRight},
               {.title = "Tiến độ", .width_min = 9, .lines_max = 2},
               {.title = "Thời hạn", .width_min = 9, .lines_max = 2}});
  std::string section;
  for (const pb::Task& task : response.tasks()) {
    if (task.section() != section) {
      section = task.section();
      const auto title = titles.find(section);
      table.AddHeading(title == titles.end() ? section : title->second);
    }
    const bool unresolved = task.resolution().units().empty() && Numbers(task) == "—";
    table.Add({absl::StrCat(task.number()), task.content_text(),
               Cell(task.lead_text(), unresolved ? Style::kWarning : Style::kPlain),
               Deadlines(task), Numbers(task), InWords(kProgressWords, task.progress()),
               InWords(kTimelinessWords, task.timeliness())});
  }
  table.Print(session.console());
  session.console().out << '\n';
  session.PrintNote({.vi = absl::StrCat(response.tasks_size(),
                                        " nhiệm vụ; Xong: phân công đã xong trên tổng số, — khi "
                                        "chưa giao cho đơn vị nào"),
                     .en = "done assignments of all; — while nobody is obliged"});
  return absl::OkStatus();
}

struct ShowOptions {
  std::string task;
};

std::string PartiesOf(const std::string& text,
                      const google::protobuf::RepeatedPtrField<pb::Party>& parties) {
  std::vector<std::string> understood;
  for (const pb::Party& party : parties) {
    understood.push_back(party.kind() == pb::PARTY_KIND_GROUP ? "nhóm đơn vị"
                         : party.kind() == pb::PARTY_KIND_EXTERNAL && party.unit().empty()
                             ? "bên ngoài"
                             : ShortName(party.unit()));
  }
  if (understood.empty()) return text;
  return absl::StrCat(text, "  [", absl::StrJoin(understood, ", "), "]");
}

void PrintTask(const Console& console, const pb::Task& task) {
  Facts facts;
  facts.Add("Nhiệm vụ", Cell(ShortName(task.name()), Style::kStrong));
  facts.Add("Nội dung", task.content_text());
  facts.Add("Sản phẩm", task.product_text().empty()
                            ? Cell("(Kế hoạch không nêu sản phẩm)", Style::kFaint)
                            : Cell(task.product_text()));
  facts.Add("", task.conditional_product() ? "chỉ khi phát sinh (conditional)" : "");
  facts.Add("Chủ trì", PartiesOf(task.lead_text(), task.leads()));
  facts.Add("Phối hợp", task.no_coordinator()
                            ? std::string("không có")
                            : PartiesOf(task.coordinator_text(), task.coordinators()));
  facts.Add("Thời gian", task.time_text());
  facts.Add("Tiến độ", InWords(kProgressWords, task.progress()));
  facts.Add("Thời hạn", InWords(kTimelinessWords, task.timeliness()));
  for (const pb::Exclusion& exclusion : task.resolution().exclusions()) {
    facts.Add("Không gồm", absl::StrCat(ShortName(exclusion.unit()), ": ", exclusion.reason()));
  }
  facts.Add("Phiên bản", task.etag());
  facts.Print(console);
}

void PrintPhases(const Console& console, const pb::Task& task) {
  Table table({{.title = "Bước"},
               {.title = "Tên", .width_min = 12, .lines_max = 2},
               {.title = "Từ ngày", .optional = true},
               {.title = "Hạn"},
               {.title = "Xong", .align = Align::kRight},
               {.title = "Tiến độ", .width_min = 9, .lines_max = 2},
               {.title = "Thời hạn", .width_min = 9, .lines_max = 2}});
  Table moves({{.title = "Đổi hạn"},
               {.title = "Từ"},
               {.title = "Thành"},
               {.title = "Văn bản, lý do", .width_min = 20, .lines_max = 4}});
  for (const pb::Phase& phase : task.phases()) {
    table.Add({ShortName(phase.name()), phase.label(), ShowDate(phase.window_start()),
               ShowDate(phase.due_date()),
               absl::StrCat(phase.done_count(), "/", phase.assignment_count()),
               InWords(kProgressWords, phase.progress()),
               InWords(kTimelinessWords, phase.timeliness())});
    for (const pb::DeadlineMove& move : phase.deadline_moves()) {
      moves.Add({ShortName(phase.name()), ShowDate(move.old_due_date()),
                 ShowDate(move.new_due_date()),
                 absl::StrCat(move.document(), ": ", move.reason())});
    }
  }
  console.out << '\n';
  table.Print(console);
  if (moves.empty()) return;
  console.out << '\n';
  moves.Print(console);
}

absl::Status ShowTask(Session& session, const ShowOptions& options) {
  pb::GetTaskRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), TaskName(session.Typed("TASK", options.task)));
  ASSIGN_OR_RETURN(const pb::GetTaskResponse response,
                   Registry(session).Call(&Stub::GetTask, request));
  if (session.json()) return session.PrintJson(response);
  PrintTask(session.console(), response.task());
  PrintPhases(session.console(), response.task());
  return absl::OkStatus();
}

struct AssignmentsOptions {
  std::string parent;
  std::string unit;
  pb::Timeliness timeliness = pb::TIMELINESS_UNSPECIFIED;
  pb::Progress progress = pb::PROGRESS_UNSPECIFIED;
};

// A plan or a task, whichever the text is; --plan when it is empty.
absl::StatusOr<std::string> PlanOrTask(const Session& session, const std::string& text) {
  const absl::StatusOr<std::string> plan = session.PlanOf(text);
  if (plan.ok() || text.empty()) return plan;
  return TaskName(session.Typed("PLAN|TASK", text));
}

absl::Status ListAssignments(Session& session, const AssignmentsOptions& options) {
  pb::ListAssignmentsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), PlanOrTask(session, options.parent));
  ASSIGN_OR_RETURN(*request.mutable_unit(),
                   UnitNameOrNone({.field = "--unit", .text = options.unit}));
  request.set_timeliness(options.timeliness);
  request.set_progress(options.progress);
  ASSIGN_OR_RETURN(const pb::ListAssignmentsResponse response,
                   Registry(session).ListAll(&Stub::ListAssignments, request));
  if (session.json()) return session.PrintJson(response);
  if (response.assignments().empty()) {
    session.PrintNote({.vi = "Không có phân công nào như vậy", .en = "no such assignment"});
    return absl::OkStatus();
  }
  const UnitNames units = UnitNames::Load(session);
  Table table({{.title = "Phân công"},
               {.title = "Đơn vị", .width_min = 10, .lines_max = 2, .optional = true},
               {.title = "Việc", .width_min = 16, .lines_max = 2},
               {.title = "Hạn"},
               {.title = "%", .align = Align::kRight, .optional = true},
               {.title = "Tiến độ", .width_min = 9, .lines_max = 2},
               {.title = "Thời hạn", .width_min = 9, .lines_max = 2}});
  for (const pb::Assignment& assignment : response.assignments()) {
    const std::string work =
        assignment.phase_label().empty()
            ? assignment.task_text()
            : absl::StrCat(assignment.phase_label(), ": ", assignment.task_text());
    table.Add({ShortName(assignment.name()), units.Of(assignment.unit()), work,
               ShowDate(assignment.due_date()), absl::StrCat(assignment.percent()),
               assignment.cancelled() ? Cell("– Đã thôi", Style::kFaint)
                                      : InWords(kProgressWords, assignment.progress()),
               InWords(kTimelinessWords, assignment.timeliness())});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

void DeclareAssignments(CLI::App& cli, AssignmentsOptions& options) {
  cli.add_option("parent", options.parent,
                 Help("Kế hoạch hoặc nhiệm vụ; bỏ trống thì lấy --plan", "a plan or a task"));
  cli.add_option("--unit", options.unit, Help("Chỉ của đơn vị", "only of this unit"));
  AddChoice(cli, "--timeliness", options.timeliness, Help("Chỉ thời hạn này", "only these"));
  AddChoice(cli, "--progress", options.progress, Help("Chỉ tiến độ này", "only these"));
}

}  // namespace

void AddTaskCommands(Tree& tree) {
  CLI::App& task = tree.Noun("task", {.vi = "Nhiệm vụ và phân công", .en = "tasks, assignments"});
  AddExample(
      tree.Verb<ListOptions>(
          task, "list", {.vi = "Các nhiệm vụ của kế hoạch --plan", .en = "all tasks of a plan"},
          [](CLI::App& cli, ListOptions& options) {
            cli.add_option("--section", options.section,
                           Help("Chỉ lĩnh vực, số La Mã", "only this section"));
            cli.add_option("--unit", options.unit, Help("Chỉ việc của đơn vị", "only its tasks"));
            cli.add_flag("--unresolved", options.unresolved,
                         Help("Chỉ việc chưa phân rõ đơn vị", "led by a group nobody resolved"));
          },
          ListTasks),
      "dondoc task list --plan cchc-2023 --section III");
  tree.Verb<ShowOptions>(
      task, "show", {.vi = "Một nhiệm vụ và các bước", .en = "one task with its phases"},
      [](CLI::App& cli, ShowOptions& options) {
        cli.add_option("task", options.task, Help("Nhiệm vụ, ví dụ cchc-2023/29", "the task"))
            ->required();
      },
      ShowTask);
  AddExample(tree.Verb<AssignmentsOptions>(
                 task, "assignments", {.vi = "Việc của từng đơn vị", .en = "what each unit owes"},
                 DeclareAssignments, ListAssignments),
             "dondoc task assignments --plan cchc-2023 --timeliness overdue");
  AddTaskWork(tree, task);
}

}  // namespace dondoc::cli
