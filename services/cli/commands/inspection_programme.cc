#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "dondoc/inspection/v1/inspection_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/inspection_words.h"
#include "services/cli/commands/unit_names.h"
#include "services/cli/render/bar.h"

// The verbs of "dondoc inspection" about a year: its programme and its quota.
namespace dondoc::cli {
namespace {

namespace pb = inspection::v1;
using Stub = pb::InspectionService::Stub;

constexpr char kInspectorForm[] = "an; Nguyễn Văn An; thanh-tra; off=01/06/2023,02/06/2023";
constexpr char kMandatoryForm[] = "phong-qlkh; lý do";
constexpr int kBarWidth = 40;

Client<pb::InspectionService> Inspection(Session& session) {
  return Client<pb::InspectionService>(session.inspection());
}

// ---- propose, approve, programme
// -----------------------------------------------------------------

struct ProposeOptions {
  int year = 0;
  std::string share;
  int64_t seed = 0;
  std::vector<std::string> mandatory;
  std::vector<std::string> inspectors;
  int team_size = 0;
  std::string start;
  std::string end;
  int extra = 0;
  bool validate_only = false;
};

absl::Status ReadInspector(const std::string& text, pb::Inspector& inspector) {
  const Argument argument{.field = "--inspector", .text = text};
  const Fields fields = ReadFields(text);
  const auto days_off = fields.named.find("off");
  if (fields.positional.size() != 3 ||
      fields.named.size() != (days_off == fields.named.end() ? 0u : 1u)) {
    return NotOfTheForm(argument, kInspectorForm);
  }
  inspector.set_id(fields.positional[0]);
  inspector.set_display_name(fields.positional[1]);
  ASSIGN_OR_RETURN(*inspector.mutable_unit(),
                   UnitName({.field = "--inspector", .text = fields.positional[2]}));
  if (days_off == fields.named.end()) return absl::OkStatus();
  for (const absl::string_view day : absl::StrSplit(days_off->second, ',')) {
    ASSIGN_OR_RETURN(*inspector.add_unavailable_dates(),
                     ReadDate({.field = "--inspector", .text = day}));
  }
  return absl::OkStatus();
}

absl::Status ReadMandatory(const std::string& text, pb::MandatoryUnit& mandatory) {
  const Fields fields = ReadFields(text);
  if (fields.positional.size() != 2 || !fields.named.empty()) {
    return NotOfTheForm({.field = "--mandatory", .text = text}, kMandatoryForm);
  }
  ASSIGN_OR_RETURN(*mandatory.mutable_unit(),
                   UnitName({.field = "--mandatory", .text = fields.positional[0]}));
  mandatory.set_reason(fields.positional[1]);
  return absl::OkStatus();
}

void PrintProgramme(Session& session, const pb::Programme& programme) {
  const Console& console = session.console();
  const UnitNames units = UnitNames::Load(session);
  Facts facts;
  facts.Add("Chương trình", Cell(ShortName(programme.name()), Style::kStrong));
  facts.Add("Trạng thái", InWords(kProgrammeStateWords, programme.state()));
  facts.Add("Tỷ lệ",
            absl::StrCat("≥ ", ShowDecimal(programme.share()), " % của ", programme.unit_count(),
                         " đơn vị = ", programme.required_count(), " đơn vị"));
  facts.Add("Số bốc thăm", absl::StrCat(programme.seed()));
  facts.Add("Phê duyệt", programme.decision());
  facts.Add("Đoàn", absl::StrJoin(programme.inspectors(), "\n",
                                  [&](std::string* out, const pb::Inspector& inspector) {
                                    absl::StrAppend(out, inspector.id(), ": ",
                                                    inspector.display_name(), ", ",
                                                    units.Of(inspector.unit()));
                                  }));
  facts.Add("Phiên bản", programme.etag());
  facts.Print(console);

  Table table({{.title = "Chọn"},
               {.title = "Đơn vị", .width_min = 14, .lines_max = 2},
               {.title = "Vì", .width_min = 10, .lines_max = 2},
               {.title = "Lần trước"},
               {.title = "Trễ", .align = Align::kRight},
               {.title = "Giải thích", .width_min = 16, .lines_max = 3, .optional = true}});
  for (const pb::Candidate& candidate : programme.candidates()) {
    table.Add({candidate.selected() ? Cell("✓ có", Style::kGood) : Cell("· không", Style::kFaint),
               units.Of(candidate.unit()),
               candidate.selected() ? InWords(kSelectionReasonWords, candidate.reason()) : Cell(""),
               candidate.last_inspected_date().empty() ? "chưa"
                                                       : ShowDate(candidate.last_inspected_date()),
               absl::StrCat(candidate.late_count()), candidate.reason_vi()});
  }
  if (table.empty()) return;
  console.out << '\n';
  table.Print(console);
}

absl::Status ProposeProgramme(Session& session, const ProposeOptions& options) {
  pb::ProposeProgrammeRequest request;
  request.set_year(options.year);
  request.set_share(options.share);
  request.set_seed(options.seed);
  request.set_team_size(options.team_size);
  request.set_start_date(options.start);
  request.set_end_date(options.end);
  request.set_extra_units(options.extra);
  request.set_validate_only(options.validate_only);
  for (const std::string& text : options.mandatory) {
    RETURN_IF_ERROR(ReadMandatory(text, *request.add_mandatory_units()));
  }
  for (const std::string& text : options.inspectors) {
    RETURN_IF_ERROR(ReadInspector(text, *request.add_inspectors()));
  }
  ASSIGN_OR_RETURN(const pb::ProposeProgrammeResponse response,
                   Inspection(session).Call(&Stub::ProposeProgramme, request));
  if (session.json()) return session.PrintJson(response);
  if (options.validate_only) {
    session.PrintDone(
        {.vi = "Lập được chương trình; chưa lưu gì", .en = "valid; nothing was kept"});
  } else {
    session.PrintDone({.vi = "Đã lập đề xuất chương trình", .en = "programme proposed"});
  }
  PrintProgramme(session, response.programme());
  session.console().out << '\n';
  const UnitNames units = UnitNames::Load(session);
  Table table({{.title = "Kiểm tra"},
               {.title = "Ngày"},
               {.title = "Quý", .align = Align::kRight},
               {.title = "Đơn vị", .width_min = 14, .lines_max = 2},
               {.title = "Đoàn", .width_min = 10, .lines_max = 2}});
  for (const pb::Inspection& inspection : response.inspections()) {
    table.Add({ShortName(inspection.name()), ShowDate(inspection.planned_date()),
               absl::StrCat(inspection.quarter()), units.Of(inspection.unit()),
               absl::StrJoin(inspection.team(), ", ")});
  }
  if (!table.empty()) table.Print(session.console());
  return absl::OkStatus();
}

struct ApproveOptions {
  std::string programme;
  std::string decision;
  std::string etag;
};

absl::Status ApproveProgramme(Session& session, const ApproveOptions& options) {
  pb::ApproveProgrammeRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   ProgrammeName({.field = "YEAR", .text = options.programme}));
  request.set_decision(options.decision);
  request.set_etag(options.etag);
  ASSIGN_OR_RETURN(const pb::ApproveProgrammeResponse response,
                   Inspection(session).Call(&Stub::ApproveProgramme, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone(
      {.vi = absl::StrCat("Đã phê duyệt chương trình kiểm tra năm ", response.programme().year()),
       .en = "programme approved"});
  return absl::OkStatus();
}

struct YearOptions {
  std::string year;
};

absl::Status ShowProgramme(Session& session, const YearOptions& options) {
  pb::GetProgrammeRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), ProgrammeName({.field = "YEAR", .text = options.year}));
  ASSIGN_OR_RETURN(const pb::GetProgrammeResponse response,
                   Inspection(session).Call(&Stub::GetProgramme, request));
  if (session.json()) return session.PrintJson(response);
  PrintProgramme(session, response.programme());
  return absl::OkStatus();
}

// ---- coverage
// ------------------------------------------------------------------------------------

struct CoverageOptions {
  int year = 0;
};

// Concluded, still planned, and nobody's turn, of all units.
Cell CoverageBar(const pb::Coverage& coverage) {
  const int planned = std::max(coverage.planned_count() - coverage.concluded_count(), 0);
  const int others = std::max(coverage.unit_count() - coverage.concluded_count() - planned, 0);
  return StackedBar({{coverage.concluded_count(), "█", Style::kGood},
                     {planned, "▒", Style::kNotice},
                     {others, "·", Style::kFaint}},
                    kBarWidth);
}

absl::Status ShowCoverage(Session& session, const CoverageOptions& options) {
  pb::GetCoverageRequest request;
  request.set_year(options.year);
  ASSIGN_OR_RETURN(const pb::GetCoverageResponse response,
                   Inspection(session).Call(&Stub::GetCoverage, request));
  if (session.json()) return session.PrintJson(response);
  const pb::Coverage& coverage = response.coverage();
  const UnitNames units = UnitNames::Load(session);
  Facts facts;
  facts.Add("Năm", absl::StrCat(coverage.year()));
  facts.Add("Chỉ tiêu",
            absl::StrCat("≥ ", ShowDecimal(coverage.share()), " % của ", coverage.unit_count(),
                         " đơn vị = ", coverage.required_count(), " đơn vị"));
  facts.Add("Đến nay", CoverageBar(coverage));
  facts.Add("", absl::StrCat("█ đã kết luận ", coverage.concluded_count(), " · ▒ còn kế hoạch ",
                             coverage.planned_count() - coverage.concluded_count(),
                             " · nhịp đều đến hôm nay ", coverage.expected_by_today()));
  facts.Add("Đánh giá", coverage.met() ? Cell("✓ Đạt", Style::kGood)
                        : coverage.pace_vi().empty()
                            ? Cell("↗ Đúng tiến độ", Style::kGood)
                            : Cell(absl::StrCat("▲ ", coverage.pace_vi()), Style::kWarning));
  facts.Add("Đã kiểm tra", absl::StrJoin(coverage.inspected_units(), ", ",
                                         [&](std::string* out, const std::string& unit) {
                                           absl::StrAppend(out, units.Of(unit));
                                         }));
  facts.Add("Đơn vị thay đổi", absl::StrJoin(coverage.unit_changes_vi(), "\n"));
  facts.Add("Phát hiện", coverage.finding_count() == 0
                             ? "không có"
                             : absl::StrCat(coverage.finding_count(), ", đã khắc phục ",
                                            coverage.remedied_finding_count(), ", quá hạn ",
                                            coverage.overdue_finding_count()));
  facts.Print(session.console());
  return absl::OkStatus();
}

void DeclarePropose(CLI::App& cli, ProposeOptions& options) {
  cli.add_option("year", options.year, Help("Năm", "year"))->required();
  AddRepeated(
      cli, "--inspector", options.inspectors,
      Help("Người kiểm tra: \"an; Nguyễn Văn An; thanh-tra; off=NGÀY,NGÀY\"", "id; name; unit"))
      ->required();
  AddRepeated(cli, "--mandatory", options.mandatory,
              Help("Đơn vị phải có: \"phong-qlkh; lý do\"", "unit; reason"));
  cli.add_option("--share", options.share, Help("Tỷ lệ %, mặc định theo kế hoạch", "per cent"));
  cli.add_option("--seed", options.seed, Help("Số bốc thăm, để làm lại y hệt", "repeats a draw"));
  cli.add_option("--team-size", options.team_size, Help("Số người một đoàn", "people on a team"));
  AddDate(cli, "--start", options.start, Help("Từ ngày", "first day"));
  AddDate(cli, "--end", options.end, Help("Đến ngày", "last day"));
  cli.add_option("--extra", options.extra, Help("Thêm đơn vị ngoài chỉ tiêu", "more units"));
  cli.add_flag("--validate-only", options.validate_only,
               Help("Chỉ thử, không lưu", "keep nothing"));
}

}  // namespace

void AddInspectionProgramme(Tree& tree, CLI::App& inspection) {
  AddExample(tree.Verb<ProposeOptions>(inspection, "propose",
                                       {.vi = "Lập đề xuất chương trình kiểm tra năm",
                                        .en = "propose a year's programme"},
                                       DeclarePropose, ProposeProgramme),
             "dondoc inspection propose 2023 --inspector \"an; Nguyễn Văn An; van-phong\" "
             "--inspector \"binh; Trần Thị Bình; thanh-tra\"");
  tree.Verb<ApproveOptions>(
      inspection, "approve", {.vi = "Phê duyệt chương trình", .en = "approve a programme"},
      [](CLI::App& cli, ApproveOptions& options) {
        cli.add_option("year", options.programme, Help("Năm", "year"))->required();
        cli.add_option("--decision", options.decision, Help("Văn bản phê duyệt", "document"))
            ->required();
        AddEtag(cli, options.etag);
      },
      ApproveProgramme);
  tree.Verb<YearOptions>(
      inspection, "programme",
      {.vi = "Chương trình năm, vì sao chọn từng đơn vị", .en = "the programme and its reasons"},
      [](CLI::App& cli, YearOptions& options) {
        cli.add_option("year", options.year, Help("Năm", "year"))->required();
      },
      ShowProgramme);
  tree.Verb<CoverageOptions>(
      inspection, "coverage", {.vi = "Tỷ lệ đơn vị đã kiểm tra", .en = "how far the quota is"},
      [](CLI::App& cli, CoverageOptions& options) {
        cli.add_option("year", options.year, Help("Năm", "year"))->required();
      },
      ShowCoverage);
}

}  // namespace dondoc::cli
