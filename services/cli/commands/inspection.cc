#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dondoc/inspection/v1/inspection_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/inspection_words.h"
#include "services/cli/commands/unit_names.h"

namespace dondoc::cli {
namespace {

namespace pb = inspection::v1;
using Stub = pb::InspectionService::Stub;

constexpr char kFindingForm[] = "nội dung; field=III. Cải cách TTHC; serious=yes";

Client<pb::InspectionService> Inspection(Session& session) {
  return Client<pb::InspectionService>(session.inspection());
}

// ---- list, show
// ----------------------------------------------------------------------------------

struct ListOptions {
  std::string year;
  std::string unit;
  pb::InspectionState state = pb::INSPECTION_STATE_UNSPECIFIED;
};

absl::Status ListInspections(Session& session, const ListOptions& options) {
  pb::ListInspectionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(),
                   ProgrammeName({.field = "YEAR", .text = options.year}));
  ASSIGN_OR_RETURN(*request.mutable_unit(),
                   UnitNameOrNone({.field = "--unit", .text = options.unit}));
  request.set_state(options.state);
  ASSIGN_OR_RETURN(const pb::ListInspectionsResponse response,
                   Inspection(session).ListAll(&Stub::ListInspections, request));
  if (session.json()) return session.PrintJson(response);
  if (response.inspections().empty()) {
    session.PrintNote({.vi = "Không có cuộc kiểm tra nào như vậy", .en = "no such inspection"});
    return absl::OkStatus();
  }
  const UnitNames units = UnitNames::Load(session);
  Table table({{.title = "Số"},
               {.title = "Ngày"},
               {.title = "Đơn vị", .width_min = 14, .lines_max = 2},
               {.title = "Loại", .optional = true},
               {.title = "Trạng thái"},
               {.title = "Đoàn", .width_min = 8, .lines_max = 2, .optional = true},
               {.title = "Phát hiện", .align = Align::kRight}});
  for (const pb::Inspection& inspection : response.inspections()) {
    table.Add({ShortName(inspection.name()), ShowDate(inspection.planned_date()),
               units.Of(inspection.unit()), InWords(kInspectionKindWords, inspection.kind()),
               InWords(kInspectionStateWords, inspection.state()),
               absl::StrJoin(inspection.team(), ", "), absl::StrCat(inspection.findings_size())});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

void PrintFindings(const Console& console, const pb::Inspection& inspection) {
  if (inspection.findings().empty()) return;
  Table table({{.title = "Số", .align = Align::kRight},
               {.title = "Mức"},
               {.title = "Lĩnh vực", .width_min = 8, .lines_max = 2},
               {.title = "Nội dung", .width_min = 20, .lines_max = 4},
               {.title = "Hạn khắc phục"},
               {.title = "Đã khắc phục", .width_min = 12, .lines_max = 3}});
  for (const pb::Finding& finding : inspection.findings()) {
    table.Add({absl::StrCat(finding.number()),
               finding.serious() ? Cell("✗ Nặng", Style::kBad) : Cell("· Nhẹ"), finding.field(),
               finding.text(), ShowDate(finding.remedy_due_date()),
               finding.overdue() ? Cell("✗ quá hạn", Style::kBad)
               : finding.remedied_date().empty()
                   ? Cell("○ chưa", Style::kFaint)
                   : Cell(absl::StrCat("✓ ", ShowDate(finding.remedied_date()), " ",
                                       finding.remedy_document()),
                          Style::kGood)});
  }
  console.out << '\n';
  table.Print(console);
}

void PrintInspection(Session& session, const pb::Inspection& inspection) {
  const UnitNames units = UnitNames::Load(session);
  Facts facts;
  facts.Add("Cuộc kiểm tra", Cell(ShortName(inspection.name()), Style::kStrong));
  facts.Add("Đơn vị", units.Of(inspection.unit()));
  facts.Add("Loại", InWords(kInspectionKindWords, inspection.kind()));
  facts.Add("Trạng thái", InWords(kInspectionStateWords, inspection.state()));
  facts.Add("Ngày", ShowDate(inspection.planned_date()));
  facts.Add("Đoàn", absl::StrJoin(inspection.team(), ", "));
  facts.Add("Vì sao", inspection.reason_vi());
  facts.Add("Thông báo", ShowDate(inspection.notified_date()));
  facts.Add("Kiểm tra", ShowDate(inspection.done_date()));
  facts.Add("Kết luận", inspection.concluded_date().empty()
                            ? ""
                            : absl::StrCat(ShowDate(inspection.concluded_date()), ", ",
                                           inspection.conclusion_document()));
  facts.Add("Khắc phục xong", ShowDate(inspection.remedied_date()));
  facts.Add("Lý do hủy", inspection.cancel_reason());
  facts.Add("Phiên bản", inspection.etag());
  facts.Print(session.console());
  PrintFindings(session.console(), inspection);
}

struct OneOptions {
  std::string inspection;
  std::string etag;
};

absl::Status ShowInspection(Session& session, const OneOptions& options) {
  pb::GetInspectionRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   InspectionName({.field = "INSPECTION", .text = options.inspection}));
  ASSIGN_OR_RETURN(const pb::GetInspectionResponse response,
                   Inspection(session).Call(&Stub::GetInspection, request));
  if (session.json()) return session.PrintJson(response);
  PrintInspection(session, response.inspection());
  return absl::OkStatus();
}

// ---- What moves an inspection on
// -----------------------------------------------------------------

// Fills in what these requests have in common.
template <typename Request>
absl::StatusOr<Request> RequestFor(const OneOptions& options) {
  Request request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   InspectionName({.field = "INSPECTION", .text = options.inspection}));
  request.set_etag(options.etag);
  return request;
}

template <typename Response>
absl::Status PrintChanged(Session& session, const Response& response, const Sentence& done) {
  if (session.json()) return session.PrintJson(response);
  session.PrintDone(done);
  PrintInspection(session, response.inspection());
  return absl::OkStatus();
}

struct AddOptions {
  std::string year;
  std::string unit;
  std::string date;
  std::vector<std::string> team;
  std::string reason;
};

absl::Status AddInspection(Session& session, const AddOptions& options) {
  pb::AddInspectionRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(),
                   ProgrammeName({.field = "YEAR", .text = options.year}));
  ASSIGN_OR_RETURN(*request.mutable_unit(), UnitName({.field = "--unit", .text = options.unit}));
  request.set_planned_date(options.date);
  for (const std::string& inspector : options.team) request.add_team(inspector);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const pb::AddInspectionResponse response,
                   Inspection(session).Call(&Stub::AddInspection, request));
  return PrintChanged(session, response,
                      {.vi = "Đã thêm cuộc kiểm tra đột xuất", .en = "inspection added"});
}

struct RescheduleOptions : OneOptions {
  std::string to;
  std::string reason;
};

absl::Status RescheduleInspection(Session& session, const RescheduleOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::RescheduleInspectionRequest>(options));
  request.set_planned_date(options.to);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const pb::RescheduleInspectionResponse response,
                   Inspection(session).Call(&Stub::RescheduleInspection, request));
  return PrintChanged(session, response, {.vi = "Đã đổi ngày kiểm tra", .en = "rescheduled"});
}

absl::Status NotifyInspection(Session& session, const OneOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::NotifyInspectionRequest>(options));
  ASSIGN_OR_RETURN(const pb::NotifyInspectionResponse response,
                   Inspection(session).Call(&Stub::NotifyInspection, request));
  return PrintChanged(session, response, {.vi = "Đã thông báo cho đơn vị", .en = "unit notified"});
}

struct CompleteOptions : OneOptions {
  std::vector<std::string> findings;
};

absl::Status ReadFinding(const std::string& text, pb::Finding& finding) {
  const Argument argument{.field = "--finding", .text = text};
  const Fields fields = ReadFields(text);
  if (fields.positional.size() != 1) return NotOfTheForm(argument, kFindingForm);
  finding.set_text(fields.positional[0]);
  for (const auto& [key, value] : fields.named) {
    if (key == "field") {
      finding.set_field(value);
    } else if (key == "serious" && (value == "yes" || value == "no")) {
      finding.set_serious(value == "yes");
    } else {
      return NotOfTheForm(argument, kFindingForm);
    }
  }
  return finding.field().empty() ? NotOfTheForm(argument, kFindingForm) : absl::OkStatus();
}

absl::Status CompleteInspection(Session& session, const CompleteOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::CompleteInspectionRequest>(options));
  for (const std::string& text : options.findings) {
    RETURN_IF_ERROR(ReadFinding(text, *request.add_findings()));
  }
  ASSIGN_OR_RETURN(const pb::CompleteInspectionResponse response,
                   Inspection(session).Call(&Stub::CompleteInspection, request));
  return PrintChanged(session, response, {.vi = "Đã ghi kết quả kiểm tra", .en = "completed"});
}

struct ConcludeOptions : OneOptions {
  std::string document;
};

absl::Status ConcludeInspection(Session& session, const ConcludeOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::ConcludeInspectionRequest>(options));
  request.set_document_number(options.document);
  ASSIGN_OR_RETURN(const pb::ConcludeInspectionResponse response,
                   Inspection(session).Call(&Stub::ConcludeInspection, request));
  return PrintChanged(session, response, {.vi = "Đã ghi kết luận", .en = "concluded"});
}

struct RemedyOptions : OneOptions {
  int finding = 0;
  std::string document;
  std::string verified_by;
};

absl::Status RemedyFinding(Session& session, const RemedyOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::RemedyFindingRequest>(options));
  request.set_finding_number(options.finding);
  request.set_document(options.document);
  ASSIGN_OR_RETURN(*request.mutable_verified_by(),
                   UnitName({.field = "--verified-by", .text = options.verified_by}));
  ASSIGN_OR_RETURN(const pb::RemedyFindingResponse response,
                   Inspection(session).Call(&Stub::RemedyFinding, request));
  return PrintChanged(session, response, {.vi = "Đã ghi khắc phục", .en = "finding remedied"});
}

struct CancelOptions : OneOptions {
  std::string reason;
};

absl::Status CancelInspection(Session& session, const CancelOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<pb::CancelInspectionRequest>(options));
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const pb::CancelInspectionResponse response,
                   Inspection(session).Call(&Stub::CancelInspection, request));
  return PrintChanged(session, response, {.vi = "Đã hủy cuộc kiểm tra", .en = "cancelled"});
}

// ---- Their options
// -------------------------------------------------------------------------------

void AddInspectionArgument(CLI::App& cli, OneOptions& options) {
  cli.add_option("inspection", options.inspection,
                 Help("Cuộc kiểm tra, ví dụ 2023/1", "the inspection"))
      ->required();
  AddEtag(cli, options.etag);
}

void DeclareAdd(CLI::App& cli, AddOptions& options) {
  cli.add_option("year", options.year, Help("Năm", "year"))->required();
  cli.add_option("--unit", options.unit, Help("Đơn vị được kiểm tra", "inspected unit"))
      ->required();
  AddDate(cli, "--date", options.date, Help("Ngày kiểm tra", "planned date"))->required();
  AddRepeated(cli, "--team", options.team, Help("Người kiểm tra, mã", "id of an inspector"))
      ->required();
  cli.add_option("--reason", options.reason, Help("Lý do", "why"))->required();
}

void DeclareReschedule(CLI::App& cli, RescheduleOptions& options) {
  AddInspectionArgument(cli, options);
  AddDate(cli, "--to", options.to, Help("Ngày mới", "new date"))->required();
  cli.add_option("--reason", options.reason, Help("Lý do", "why"))->required();
}

void DeclareRemedy(CLI::App& cli, RemedyOptions& options) {
  AddInspectionArgument(cli, options);
  cli.add_option("finding", options.finding, Help("Số của phát hiện", "its number"))->required();
  cli.add_option("--document", options.document, Help("Văn bản", "document"))->required();
  cli.add_option("--verified-by", options.verified_by, Help("Đơn vị xác nhận", "verifying unit"))
      ->required();
}

}  // namespace

void AddInspectionCommands(Tree& tree) {
  CLI::App& inspection = tree.Noun("inspection", {.vi = "Kiểm tra", .en = "inspections"});
  AddInspectionProgramme(tree, inspection);
  tree.Verb<ListOptions>(
      inspection, "list", {.vi = "Các cuộc kiểm tra của năm", .en = "a year's inspections"},
      [](CLI::App& cli, ListOptions& options) {
        cli.add_option("year", options.year, Help("Năm", "year"))->required();
        cli.add_option("--unit", options.unit, Help("Chỉ của đơn vị", "only of this unit"));
        AddChoice(cli, "--state", options.state, Help("Chỉ trạng thái", "only in this state"));
      },
      ListInspections);
  tree.Verb<OneOptions>(inspection, "show",
                        {.vi = "Một cuộc kiểm tra và các phát hiện", .en = "one with its findings"},
                        AddInspectionArgument, ShowInspection);
  tree.Verb<AddOptions>(inspection, "add", {.vi = "Thêm kiểm tra đột xuất", .en = "ad hoc"},
                        DeclareAdd, AddInspection);
  tree.Verb<RescheduleOptions>(inspection, "reschedule",
                               {.vi = "Đổi ngày kiểm tra", .en = "set another date"},
                               DeclareReschedule, RescheduleInspection);
  tree.Verb<OneOptions>(inspection, "notify",
                        {.vi = "Báo cho đơn vị sẽ được kiểm tra", .en = "tell the unit"},
                        AddInspectionArgument, NotifyInspection);
  AddExample(
      tree.Verb<CompleteOptions>(
          inspection, "complete", {.vi = "Ghi kết quả kiểm tra", .en = "record what was found"},
          [](CLI::App& cli, CompleteOptions& options) {
            AddInspectionArgument(cli, options);
            AddRepeated(cli, "--finding", options.findings,
                        Help("Phát hiện: \"nội dung; field=…; serious=yes\"", "a finding"));
          },
          CompleteInspection),
      "dondoc inspection complete 2023/1 --finding \"Niêm yết TTHC thiếu; field=III. Cải "
      "cách TTHC\"");
  tree.Verb<ConcludeOptions>(
      inspection, "conclude", {.vi = "Ghi thông báo kết luận", .en = "record the conclusion"},
      [](CLI::App& cli, ConcludeOptions& options) {
        AddInspectionArgument(cli, options);
        cli.add_option("--document", options.document, Help("Số thông báo", "its number"))
            ->required();
      },
      ConcludeInspection);
  tree.Verb<RemedyOptions>(inspection, "remedy",
                           {.vi = "Ghi một phát hiện đã khắc phục", .en = "a finding put right"},
                           DeclareRemedy, RemedyFinding);
  tree.Verb<CancelOptions>(
      inspection, "cancel", {.vi = "Hủy cuộc kiểm tra", .en = "cancel an inspection"},
      [](CLI::App& cli, CancelOptions& options) {
        AddInspectionArgument(cli, options);
        cli.add_option("--reason", options.reason, Help("Lý do", "why"))->required();
      },
      CancelInspection);
}

}  // namespace dondoc::cli
