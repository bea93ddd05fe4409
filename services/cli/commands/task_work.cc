#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/ids.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/registry_words.h"
#include "services/cli/input/csv.h"

// The verbs of "dondoc task" that change something.
namespace dondoc::cli {
namespace {

namespace pb = registry::v1;
using Stub = pb::RegistryService::Stub;

constexpr char kExclusionForm[] = "thanh-tra; lý do";
constexpr char kEvidenceForm[] =
    "15/KH-SKHCN; 20/03/2023; link=https://…; file=van-ban.pdf; note=…";
constexpr size_t kEvidenceBytesMax = 256 * 1024 * 1024;

Client<pb::RegistryService> Registry(Session& session) {
  return Client<pb::RegistryService>(session.registry());
}

// ---- Who does it
// ---------------------------------------------------------------------------------

struct AssignOptions {
  std::string task;
  std::vector<std::string> units;
  std::vector<std::string> exclusions;
  std::string etag;
};

absl::Status AssignTask(Session& session, const AssignOptions& options) {
  pb::ResolveGroupRequest request;
  ASSIGN_OR_RETURN(*request.mutable_task(), TaskName(session.Typed("TASK", options.task)));
  request.set_etag(options.etag);
  for (const std::string& unit : options.units) {
    ASSIGN_OR_RETURN(*request.add_units(), UnitName({.field = "--unit", .text = unit}));
  }
  for (const std::string& text : options.exclusions) {
    const Argument argument{.field = "--exclude", .text = text};
    const Fields fields = ReadFields(text);
    if (fields.positional.size() != 2 || !fields.named.empty()) {
      return NotOfTheForm(argument, kExclusionForm);
    }
    pb::Exclusion& exclusion = *request.add_exclusions();
    ASSIGN_OR_RETURN(*exclusion.mutable_unit(),
                     UnitName({.field = "--exclude", .text = fields.positional[0]}));
    exclusion.set_reason(fields.positional[1]);
  }
  ASSIGN_OR_RETURN(const pb::ResolveGroupResponse response,
                   Registry(session).Call(&Stub::ResolveGroup, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone(
      {.vi = absl::StrCat("Đã giao nhiệm vụ ", ShortName(response.task().name()), " cho ",
                          response.task().resolution().units_size(), " đơn vị"),
       .en = "group resolved"});
  Table table({{.title = "Phân công"}, {.title = "Hạn"}, {.title = "Tiến độ"}});
  for (const pb::Assignment& assignment : response.assignments()) {
    table.Add({ShortName(assignment.name()), ShowDate(assignment.due_date()),
               InWords(kProgressWords, assignment.progress())});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

struct GroupOptions {
  std::string text;
  std::vector<pb::UnitKind> kinds;
  std::vector<std::string> units;
};

absl::Status SetGroupRule(Session& session, const GroupOptions& options) {
  pb::SetGroupRuleRequest request;
  ASSIGN_OR_RETURN(*request.mutable_plan(), session.PlanOf(""));
  request.set_group_text(options.text);
  for (const pb::UnitKind kind : options.kinds) request.add_kinds(kind);
  for (const std::string& unit : options.units) {
    ASSIGN_OR_RETURN(*request.add_units(), UnitName({.field = "--unit", .text = unit}));
  }
  ASSIGN_OR_RETURN(const pb::SetGroupRuleResponse response,
                   Registry(session).Call(&Stub::SetGroupRule, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone(
      {.vi = absl::StrCat("Đã phân rõ \"", options.text, "\": ", response.resolved_task_count(),
                          " nhiệm vụ, ", response.assignment_count(), " phân công"),
       .en = "group rule set"});
  return absl::OkStatus();
}

// ---- When
// ----------------------------------------------------------------------------------------

struct MoveOptions {
  std::string phase;
  std::string to;
  std::string document;
  std::string reason;
  std::string etag;
};

absl::Status MoveDeadline(Session& session, const MoveOptions& options) {
  pb::MoveDeadlineRequest request;
  ASSIGN_OR_RETURN(*request.mutable_phase(), PhaseName(session.Typed("PHASE", options.phase)));
  request.set_etag(options.etag);
  request.set_new_due_date(options.to);
  request.set_document(options.document);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const pb::MoveDeadlineResponse response,
                   Registry(session).Call(&Stub::MoveDeadline, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat("Đã đổi hạn của ", ShortName(request.phase()), " thành ",
                                        ShowDate(options.to)),
                     .en = "deadline moved"});
  return absl::OkStatus();
}

// ---- How far
// -------------------------------------------------------------------------------------

struct WorkOptions {
  std::string assignment;
  std::string etag;
};

void AddAssignmentArgument(CLI::App& cli, WorkOptions& options) {
  cli.add_option("assignment", options.assignment,
                 Help("Phân công, ví dụ cchc-2023/1/2@van-phong", "the assignment"))
      ->required();
  AddEtag(cli, options.etag);
}

// Fills in what all these requests have; they are sent with what differs.
template <typename Request>
absl::StatusOr<Request> RequestFor(const Session& session, const WorkOptions& options) {
  Request request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   AssignmentName(session.Typed("ASSIGNMENT", options.assignment)));
  request.set_etag(options.etag);
  return request;
}

template <typename Response>
absl::Status PrintAssignment(const Session& session, const Response& response,
                             const Sentence& done) {
  if (session.json()) return session.PrintJson(response);
  session.PrintDone(done);
  const pb::Assignment& assignment = response.assignment();
  Facts facts;
  facts.Add("Phân công", ShortName(assignment.name()));
  facts.Add("Việc", assignment.task_text());
  facts.Add("Bước", assignment.phase_label());
  facts.Add("Hạn", ShowDate(assignment.due_date()));
  facts.Add("Tiến độ", InWords(kProgressWords, assignment.progress()));
  facts.Add("Phần trăm", absl::StrCat(assignment.percent(), " %"));
  facts.Add("Thời hạn", InWords(kTimelinessWords, assignment.timeliness()));
  facts.Add("Đã nộp", ShowDate(assignment.submission().submitted_date()));
  facts.Add("Kết quả", assignment.has_submission()
                           ? InWords(kOutcomeWords, assignment.submission().outcome())
                           : Cell(""));
  const pb::Suspension& suspension = assignment.suspension();
  facts.Add("Tạm hoãn", suspension.has_resume_time() ? "" : suspension.reason());
  facts.Add("Lý do trả lại", assignment.review().accepted() ? "" : assignment.review().reason());
  facts.Add("Phiên bản", assignment.etag());
  facts.Print(session.console());
  return absl::OkStatus();
}

struct ReportOptions : WorkOptions {
  int percent = 0;
  std::string note;
};

absl::Status ReportProgress(Session& session, const ReportOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::ReportProgressRequest>(session, options));
  request.set_percent(options.percent);
  request.set_note(options.note);
  ASSIGN_OR_RETURN(const pb::ReportProgressResponse response,
                   Registry(session).Call(&Stub::ReportProgress, request));
  return PrintAssignment(session, response, {.vi = "Đã ghi tiến độ", .en = "progress recorded"});
}

struct SubmitOptions : WorkOptions {
  pb::Outcome outcome = pb::OUTCOME_PRODUCED;
  std::string reason;
  std::vector<std::string> evidence;
};

// Reads "15/KH-SKHCN; 20/03/2023; link=…; file=…; sha256=…; note=…". Of a file only the SHA-256 is
// sent: the registry keeps what identifies evidence, never the evidence.
absl::Status ReadEvidence(const std::string& text, pb::Evidence& evidence) {
  const Argument argument{.field = "--evidence", .text = text};
  const Fields fields = ReadFields(text);
  if (fields.positional.size() != 2) return NotOfTheForm(argument, kEvidenceForm);
  evidence.set_document_number(fields.positional[0]);
  ASSIGN_OR_RETURN(*evidence.mutable_document_date(),
                   ReadDate({.field = "--evidence", .text = fields.positional[1]}));
  for (const auto& [key, value] : fields.named) {
    if (key == "link") {
      evidence.set_link(value);
    } else if (key == "sha256") {
      evidence.set_sha256(value);
    } else if (key == "note") {
      evidence.set_note(value);
    } else if (key == "file") {
      ASSIGN_OR_RETURN(const std::string bytes, ReadFile(value, kEvidenceBytesMax));
      evidence.set_sha256(Hex(Sha256(bytes)));
    } else {
      return NotOfTheForm(argument, kEvidenceForm);
    }
  }
  return absl::OkStatus();
}

absl::Status SubmitResult(Session& session, const SubmitOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::SubmitResultRequest>(session, options));
  request.set_outcome(options.outcome);
  request.set_reason(options.reason);
  for (const std::string& text : options.evidence) {
    RETURN_IF_ERROR(ReadEvidence(text, *request.add_evidence()));
  }
  ASSIGN_OR_RETURN(const pb::SubmitResultResponse response,
                   Registry(session).Call(&Stub::SubmitResult, request));
  return PrintAssignment(session, response, {.vi = "Đã nộp kết quả", .en = "result submitted"});
}

absl::Status AcceptResult(Session& session, const WorkOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::AcceptResultRequest>(session, options));
  ASSIGN_OR_RETURN(const pb::AcceptResultResponse response,
                   Registry(session).Call(&Stub::AcceptResult, request));
  return PrintAssignment(session, response, {.vi = "Đã xác nhận kết quả", .en = "accepted"});
}

struct ReasonOptions : WorkOptions {
  std::string reason;
};

absl::Status ReturnResult(Session& session, const ReasonOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::ReturnResultRequest>(session, options));
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const pb::ReturnResultResponse response,
                   Registry(session).Call(&Stub::ReturnResult, request));
  return PrintAssignment(session, response, {.vi = "Đã trả lại kết quả", .en = "returned"});
}

absl::Status Suspend(Session& session, const ReasonOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::SuspendAssignmentRequest>(session, options));
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const pb::SuspendAssignmentResponse response,
                   Registry(session).Call(&Stub::SuspendAssignment, request));
  return PrintAssignment(session, response, {.vi = "Đã tạm hoãn", .en = "suspended"});
}

absl::Status Resume(Session& session, const ReasonOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::ResumeAssignmentRequest>(session, options));
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const pb::ResumeAssignmentResponse response,
                   Registry(session).Call(&Stub::ResumeAssignment, request));
  return PrintAssignment(session, response, {.vi = "Đã cho thực hiện tiếp", .en = "resumed"});
}

// ---- Their options
// -------------------------------------------------------------------------------

void DeclareAssign(CLI::App& cli, AssignOptions& options) {
  cli.add_option("task", options.task, Help("Nhiệm vụ, ví dụ cchc-2023/8", "the task"))->required();
  AddRepeated(cli, "--unit", options.units, Help("Đơn vị được giao", "a unit that is obliged"))
      ->required();
  AddRepeated(cli, "--exclude", options.exclusions,
              Help("Đơn vị không gồm, và lý do: \"thanh-tra; lý do\"", "a unit left out, and why"));
  AddEtag(cli, options.etag);
}

void DeclareGroup(CLI::App& cli, GroupOptions& options) {
  cli.add_option("text", options.text, Help("Lời trong kế hoạch", "the words of the plan"))
      ->required();
  AddChoices(cli, "--kind", options.kinds, Help("Mọi đơn vị thuộc loại", "every unit of a kind"));
  AddRepeated(cli, "--unit", options.units, Help("Và đơn vị này", "and this unit"));
}

void DeclareMove(CLI::App& cli, MoveOptions& options) {
  cli.add_option("phase", options.phase, Help("Bước, ví dụ cchc-2023/1/2", "the phase"))
      ->required();
  AddDate(cli, "--to", options.to, Help("Hạn mới", "new deadline"))->required();
  cli.add_option("--document", options.document, Help("Văn bản quyết định", "the document"))
      ->required();
  cli.add_option("--reason", options.reason, Help("Lý do", "why"))->required();
  AddEtag(cli, options.etag);
}

void DeclareReport(CLI::App& cli, ReportOptions& options) {
  AddAssignmentArgument(cli, options);
  cli.add_option("--percent", options.percent, Help("Phần trăm, 0 đến 100", "per cent done"))
      ->required();
  cli.add_option("--note", options.note, Help("Ghi chú", "in the unit's own words"));
}

void DeclareSubmit(CLI::App& cli, SubmitOptions& options) {
  AddAssignmentArgument(cli, options);
  AddRepeated(cli, "--evidence", options.evidence,
              Help("Tài liệu: \"SỐ; NGÀY; link=…; file=…; note=…\"", "a document that shows it"));
  AddChoice(cli, "--outcome", options.outcome, Help("Kết quả, mặc định produced", "how it ended"));
  cli.add_option("--reason", options.reason, Help("Lý do khi không phát sinh", "why"));
}

void DeclareReason(CLI::App& cli, ReasonOptions& options) {
  AddAssignmentArgument(cli, options);
  cli.add_option("--reason", options.reason, Help("Lý do", "why"))->required();
}

}  // namespace

void AddTaskWork(Tree& tree, CLI::App& task) {
  AddExample(
      tree.Verb<AssignOptions>(
          task, "assign",
          {.vi = "Giao việc của nhóm cho từng đơn vị", .en = "name the units behind a group"},
          DeclareAssign, AssignTask),
      "dondoc task assign cchc-2023/8 --unit phong-qlkh --exclude \"thanh-tra; không có TTHC\"");
  AddExample(tree.Verb<GroupOptions>(task, "group",
                                     {.vi = "Quy ước một nhóm gồm những đơn vị nào",
                                      .en = "say what a group stands for"},
                                     DeclareGroup, SetGroupRule),
             "dondoc task group \"Các đơn vị\" --plan cchc-2023 --kind public-service-unit");
  tree.Verb<MoveOptions>(task, "move", {.vi = "Đổi hạn của một bước", .en = "move a deadline"},
                         DeclareMove, MoveDeadline);
  AddExample(
      tree.Verb<ReportOptions>(task, "report", {.vi = "Báo cáo tiến độ", .en = "report progress"},
                               DeclareReport, ReportProgress),
      "dondoc task report cchc-2023/1/1@van-phong --percent 40 --note \"Đang lấy ý kiến\"");
  AddExample(
      tree.Verb<SubmitOptions>(task, "submit", {.vi = "Nộp kết quả", .en = "submit a result"},
                               DeclareSubmit, SubmitResult),
      "dondoc task submit cchc-2023/1/1@van-phong --evidence \"15/KH-SKHCN; 20/03/2023\"");
  tree.Verb<WorkOptions>(task, "accept", {.vi = "Xác nhận kết quả", .en = "accept a result"},
                         AddAssignmentArgument, AcceptResult);
  tree.Verb<ReasonOptions>(task, "return", {.vi = "Trả lại kết quả", .en = "return a result"},
                           DeclareReason, ReturnResult);
  AddExample(tree.Verb<ReasonOptions>(task, "suspend", {.vi = "Tạm hoãn", .en = "put work off"},
                                      DeclareReason, Suspend),
             "dondoc task suspend cchc-2023/1/1@van-phong --reason \"Chờ hướng dẫn của Bộ\"");
  tree.Verb<ReasonOptions>(task, "resume", {.vi = "Cho thực hiện tiếp", .en = "let it go on"},
                           DeclareReason, Resume);
}

}  // namespace dondoc::cli
