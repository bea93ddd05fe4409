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
#include "services/cli/input/csv.h"
#include "services/cli/render/bar.h"

namespace dondoc::cli {
namespace {

namespace pb = registry::v1;
using Stub = pb::RegistryService::Stub;

// What ImportPlan takes, and a little, so that the service refuses a document that is too large and
// not this program.
constexpr size_t kDocumentBytesMax = 3 * 1024 * 1024;
constexpr int kBarWidth = 24;

Client<pb::RegistryService> Registry(Session& session) {
  return Client<pb::RegistryService>(session.registry());
}

// "NV 1, 2, 5" for rows of the appendix, "I.2.d" for a clause.
std::string PlaceOf(const pb::PlanWarning& warning) {
  if (!warning.rows().empty()) return absl::StrCat("NV ", absl::StrJoin(warning.rows(), ", "));
  return warning.clause();
}

Facts HeadOf(const pb::Plan& plan) {
  Facts facts;
  facts.Add("Kế hoạch", Cell(ShortName(plan.name()), Style::kStrong));
  facts.Add("Tên", plan.title());
  facts.Add("Cơ quan", plan.issuer());
  facts.Add("Số", plan.document_number().empty()
                      ? Cell(absl::StrCat("chưa vào số (", plan.document_number_text(), ")"),
                             Style::kWarning)
                      : Cell(plan.document_number()));
  facts.Add("Ngày ký", ShowDate(plan.signed_date()));
  facts.Add("Người ký", absl::StrCat(plan.signer_role(), " ", plan.signer()));
  facts.Add("Nhiệm vụ",
            absl::StrCat(plan.task_count(), " (văn bản ghi ", plan.declared_task_count(), ")"));
  facts.Add("Chỉ tiêu", absl::StrCat(plan.targets_size()));
  if (!plan.inspection_share().empty()) {
    facts.Add("Kiểm tra", absl::StrCat("≥ ", ShowDecimal(plan.inspection_share()), " % số đơn vị"));
  }
  facts.Add("Nhập lúc", ShowInstant(plan.import_time()));
  facts.Add("Phiên bản", plan.etag());
  return facts;
}

// "✗ Mâu thuẫn 2   ▲ Cần xem 5   · Ghi nhận 12".
void PrintSeverities(const Console& console, const pb::Plan& plan) {
  std::vector<int> counts(pb::WarningSeverity_ARRAYSIZE);
  for (const pb::PlanWarning& warning : plan.warnings()) {
    if (pb::WarningSeverity_IsValid(warning.severity())) ++counts[warning.severity()];
  }
  std::string line;
  for (int severity = pb::WarningSeverity_MAX; severity > 0; --severity) {
    const Cell word = InWords(kSeverityWords, severity);
    absl::StrAppend(&line, line.empty() ? "" : "   ",
                    Paint(console.out_colour, word.spans().front().style, word.text()), " ",
                    counts[severity]);
  }
  console.out << line << '\n';
}

struct ImportOptions {
  std::string file;
  std::string id;
  bool validate_only = false;
};

absl::Status ImportPlan(Session& session, const ImportOptions& options) {
  ASSIGN_OR_RETURN(const std::string plan, PlanName({.field = "--id", .text = options.id}));
  ASSIGN_OR_RETURN(std::string document, ReadFile(options.file, kDocumentBytesMax));
  pb::ImportPlanRequest request;
  request.set_plan_id(ShortName(plan));
  request.set_document(std::move(document));
  request.set_validate_only(options.validate_only);
  ASSIGN_OR_RETURN(const pb::ImportPlanResponse response,
                   Registry(session).Call(&Stub::ImportPlan, request));
  if (session.json()) return session.PrintJson(response);
  if (options.validate_only) {
    session.PrintDone({.vi = "Văn bản nhập được; chưa lưu gì", .en = "valid; nothing was kept"});
  } else {
    session.PrintDone({.vi = "Đã nhập kế hoạch", .en = "plan imported"});
  }
  Facts facts = HeadOf(response.plan());
  facts.Add("Phân công", absl::StrCat(response.assignment_count()));
  facts.Add("Chờ phân rõ", absl::StrCat(response.unresolved_task_count(), " nhiệm vụ"));
  facts.Print(session.console());
  session.console().out << '\n';
  PrintSeverities(session.console(), response.plan());
  if (!options.validate_only) {
    session.PrintNote({.vi = absl::StrCat("Xem: dondoc plan warnings ", options.id),
                       .en = "the findings one by one"});
  }
  return absl::OkStatus();
}

struct PlanOptions {
  std::string plan;
};

absl::StatusOr<pb::GetPlanResponse> GetPlan(Session& session, const std::string& plan) {
  ASSIGN_OR_RETURN(const std::string name, session.PlanOf(plan));
  pb::GetPlanRequest request;
  request.set_name(name);
  return Registry(session).Call(&Stub::GetPlan, request);
}

// "≥ 86 %", or why there is no figure.
Cell FigureOf(const pb::Target& target) {
  if (target.kind() != pb::TARGET_KIND_NUMERIC) return InWords(kTargetKindWords, target.kind());
  return Cell(absl::StrCat(InWords(kComparatorWords, target.comparator()).text(),
                           ShowDecimal(target.value()), " ", target.unit()));
}

absl::Status ShowPlan(Session& session, const PlanOptions& options) {
  ASSIGN_OR_RETURN(const pb::GetPlanResponse response, GetPlan(session, options.plan));
  if (session.json()) return session.PrintJson(response);
  const Console& console = session.console();
  HeadOf(response.plan()).Print(console);
  console.out << '\n';
  PrintSeverities(console, response.plan());

  console.out << '\n';
  Table sections({{.title = "Phần", .align = Align::kRight},
                  {.title = "Lĩnh vực", .width_min = 20, .lines_max = 2}});
  for (const pb::PlanSection& section : response.plan().sections()) {
    sections.Add({section.number(), section.title()});
  }
  sections.Print(console);

  console.out << '\n';
  Table targets({{.title = "Điểm", .width_min = 10, .lines_max = 2},
                 {.title = "Mức", .width_min = 9, .lines_max = 3},
                 {.title = "Từ ngày", .optional = true},
                 {.title = "Đến ngày"},
                 {.title = "Chỉ tiêu", .width_min = 20, .lines_max = 3}});
  for (const pb::Target& target : response.plan().targets()) {
    targets.Add({target.clause(), FigureOf(target), ShowDate(target.effective_from()),
                 ShowDate(target.due_date()),
                 target.indicator().empty() ? target.text() : target.indicator()});
  }
  targets.Print(console);
  return absl::OkStatus();
}

struct WarningsOptions {
  std::string plan;
  pb::WarningSeverity severity = pb::WARNING_SEVERITY_UNSPECIFIED;
};

absl::Status ShowWarnings(Session& session, const WarningsOptions& options) {
  ASSIGN_OR_RETURN(const pb::GetPlanResponse response, GetPlan(session, options.plan));
  if (session.json()) return session.PrintJson(response);
  Table table({{.title = "Mức"},
               {.title = "Ở", .width_min = 8, .lines_max = 6},
               {.title = "Mã", .width_min = 12, .lines_max = 2},
               {.title = "Thấy gì", .width_min = 20, .lines_max = 10},
               {.title = "Nên làm gì", .width_min = 18, .lines_max = 10}});
  for (int severity = pb::WarningSeverity_MAX; severity >= 0; --severity) {
    for (const pb::PlanWarning& warning : response.plan().warnings()) {
      const bool wanted = options.severity == pb::WARNING_SEVERITY_UNSPECIFIED ||
                          options.severity == warning.severity();
      if (!wanted || warning.severity() != severity) continue;
      table.Add({InWords(kSeverityWords, severity), PlaceOf(warning), warning.code(),
                 warning.message_vi(), warning.advice_vi()});
    }
  }
  if (table.empty()) {
    session.PrintNote({.vi = "Không có phát hiện nào", .en = "nothing was found"});
    return absl::OkStatus();
  }
  table.Print(session.console());
  session.console().out << '\n';
  PrintSeverities(session.console(), response.plan());
  return absl::OkStatus();
}

struct NoOptions {};

absl::Status ListPlans(Session& session, const NoOptions&) {
  ASSIGN_OR_RETURN(const pb::ListPlansResponse response,
                   Registry(session).ListAll(&Stub::ListPlans, pb::ListPlansRequest()));
  if (session.json()) return session.PrintJson(response);
  if (response.plans().empty()) {
    session.PrintNote({.vi = "Chưa có kế hoạch; nhập bằng: dondoc plan import TỆP --id cchc-2023",
                       .en = "no plan yet"});
    return absl::OkStatus();
  }
  Table table({{.title = "Mã"},
               {.title = "Năm"},
               {.title = "Số", .optional = true},
               {.title = "Tên", .width_min = 20, .lines_max = 2},
               {.title = "Cơ quan", .width_min = 12, .lines_max = 2},
               {.title = "Nhiệm vụ", .align = Align::kRight}});
  for (const pb::Plan& plan : response.plans()) {
    table.Add({ShortName(plan.name()), absl::StrCat(plan.year()),
               plan.document_number().empty() ? Cell("chưa vào số", Style::kWarning)
                                              : Cell(plan.document_number()),
               plan.title(), plan.issuer(), absl::StrCat(plan.task_count())});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

struct NumberOptions {
  std::string plan;
  std::string number;
  std::string etag;
};

absl::Status SetNumber(Session& session, const NumberOptions& options) {
  ASSIGN_OR_RETURN(const std::string name, session.PlanOf(options.plan));
  pb::SetDocumentNumberRequest request;
  request.set_name(name);
  request.set_document_number(options.number);
  request.set_etag(options.etag);
  ASSIGN_OR_RETURN(const pb::SetDocumentNumberResponse response,
                   Registry(session).Call(&Stub::SetDocumentNumber, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat("Đã ghi số ", response.plan().document_number(),
                                        " cho kế hoạch ", ShortName(response.plan().name())),
                     .en = "document number entered"});
  return absl::OkStatus();
}

struct SummaryOptions {
  std::string plan;
  std::string as_of;
};

std::vector<Cell> TallyRow(Cell title, const pb::Tally& tally) {
  const auto count = [](int value, Style style) {
    return value == 0 ? Cell("·", Style::kFaint) : Cell(absl::StrCat(value), style);
  };
  return {std::move(title),
          StackedBar({{tally.done_in_time(), "█", Style::kGood},
                      {tally.done_late(), "▓", Style::kWarning},
                      {tally.open_in_time(), "░", Style::kPlain},
                      {tally.open_overdue(), "▚", Style::kBad}},
                     kBarWidth),
          count(tally.done_in_time(), Style::kGood),
          count(tally.done_late(), Style::kWarning),
          count(tally.open_in_time(), Style::kPlain),
          count(tally.open_overdue(), Style::kBad),
          count(tally.waiting(), Style::kNotice),
          count(tally.suspended(), Style::kWarning),
          count(tally.silent(), Style::kFaint)};
}

Table TallyTable(const std::string& title) {
  return Table({{.title = title, .width_min = 16, .lines_max = 2},
                {.title = "█ ▓ xong  ░ ▚ chưa xong"},
                {.title = "█ đúng", .align = Align::kRight},
                {.title = "▓ muộn", .align = Align::kRight},
                {.title = "░ còn", .align = Align::kRight},
                {.title = "▚ quá", .align = Align::kRight},
                {.title = "chờ", .align = Align::kRight, .optional = true},
                {.title = "hoãn", .align = Align::kRight, .optional = true},
                {.title = "im", .align = Align::kRight, .optional = true}});
}

absl::Status ShowSummary(Session& session, const SummaryOptions& options) {
  ASSIGN_OR_RETURN(const std::string name, session.PlanOf(options.plan));
  pb::GetPlanSummaryRequest request;
  request.set_name(name);
  request.set_as_of(options.as_of);
  ASSIGN_OR_RETURN(const pb::GetPlanSummaryResponse response,
                   Registry(session).Call(&Stub::GetPlanSummary, request));
  if (session.json()) return session.PrintJson(response);
  const Console& console = session.console();
  console.out << Paint(console.out_colour, Style::kStrong,
                       absl::StrCat("Kế hoạch ", ShortName(name), ", tính đến ngày ",
                                    ShowDate(response.as_of())))
              << "\n\n";
  Table sections = TallyTable("Theo lĩnh vực");
  for (const pb::SectionTally& section : response.sections()) {
    sections.Add(TallyRow(absl::StrCat(section.section(), ". ", section.title()), section.tally()));
  }
  sections.Add(TallyRow(Cell("Phân công, cả kế hoạch", Style::kStrong), response.plan()));
  sections.Add(TallyRow(Cell("Nhiệm vụ, cả kế hoạch", Style::kStrong), response.tasks()));
  sections.Print(console);

  console.out << '\n';
  const UnitNames units = UnitNames::Load(session);
  Table by_unit = TallyTable("Theo đơn vị");
  for (const pb::UnitTally& unit : response.units()) {
    by_unit.Add(TallyRow(units.Of(unit.unit()), unit.tally()));
  }
  if (!by_unit.empty()) by_unit.Print(console);
  session.PrintNote({.vi =
                         "đúng: xong đúng hạn · muộn: xong quá hạn · còn: chưa xong, trong hạn · "
                         "quá: chưa xong, quá hạn · chờ: chờ xác nhận · hoãn: tạm hoãn · im: chưa "
                         "báo cáo lần nào",
                     .en = "done in time, done late, open in time, overdue, waiting, put off, "
                           "silent"});
  if (!response.plan().done_of_due().empty()) {
    session.PrintNote(
        {.vi = absl::StrCat("Việc đến hạn: đã xong ", ShowDecimal(response.plan().done_of_due()),
                            " %, xong đúng hạn ", ShowDecimal(response.plan().in_time_of_due()),
                            " %"),
         .en = "of what fell due: done, and done in time"});
  }
  if (response.unresolved_task_count() > 0) {
    session.PrintNote({.vi = absl::StrCat(response.unresolved_task_count(),
                                          " nhiệm vụ chưa phân rõ đơn vị: dondoc task list "
                                          "--unresolved"),
                       .en = "tasks nobody is obliged for yet"});
  }
  return absl::OkStatus();
}

}  // namespace

void AddPlanCommands(Tree& tree) {
  CLI::App& plan = tree.Noun("plan", {.vi = "Kế hoạch", .en = "plans"});
  AddExample(
      tree.Verb<ImportOptions>(
          plan, "import", {.vi = "Nhập kế hoạch từ văn bản", .en = "import a plan's document"},
          [](CLI::App& cli, ImportOptions& options) {
            cli.add_option("file", options.file, Help("Văn bản .txt hoặc .docx", "the document"))
                ->required()
                ->type_name(kFileType);
            cli.add_option("--id", options.id, Help("Mã kế hoạch", "id of the plan"))->required();
            cli.add_flag("--validate-only", options.validate_only,
                         Help("Chỉ kiểm tra, không lưu", "check everything, keep nothing"));
          },
          ImportPlan),
      "dondoc plan import ke-hoach-cchc-2023.txt --id cchc-2023");
  tree.Verb<NoOptions>(
      plan, "list", {.vi = "Các kế hoạch", .en = "all plans"}, [](CLI::App&, NoOptions&) {},
      ListPlans);
  tree.Verb<PlanOptions>(
      plan, "show", {.vi = "Phần đầu, lĩnh vực và chỉ tiêu", .en = "head, sections and targets"},
      [](CLI::App& cli, PlanOptions& options) { AddPlanArgument(cli, options.plan); }, ShowPlan);
  tree.Verb<WarningsOptions>(
      plan, "warnings", {.vi = "Điều cần xem lại trong văn bản", .en = "findings of the import"},
      [](CLI::App& cli, WarningsOptions& options) {
        AddPlanArgument(cli, options.plan);
        AddChoice(cli, "--severity", options.severity, Help("Chỉ một mức", "only this severity"));
      },
      ShowWarnings);
  tree.Verb<SummaryOptions>(
      plan, "summary", {.vi = "Tổng hợp theo lĩnh vực và đơn vị", .en = "tallies"},
      [](CLI::App& cli, SummaryOptions& options) {
        AddPlanArgument(cli, options.plan);
        AddDate(cli, "--as-of", options.as_of, Help("Tính đến ngày", "as of this day"));
      },
      ShowSummary);
  AddExample(
      tree.Verb<NumberOptions>(
          plan, "number", {.vi = "Ghi số văn bản", .en = "enter the document number"},
          [](CLI::App& cli, NumberOptions& options) {
            cli.add_option("number", options.number, Help("Số văn bản", "the number"))->required();
            AddPlanArgument(cli, options.plan);
            AddEtag(cli, options.etag);
          },
          SetNumber),
      "dondoc plan number 15/KH-SKHCN cchc-2023");
}

}  // namespace dondoc::cli
