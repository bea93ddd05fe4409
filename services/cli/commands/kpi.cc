#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dondoc/common/v1/clock_service.grpc.pb.h"
#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/kpi_words.h"

namespace dondoc::cli {
namespace {

namespace pb = kpi::v1;
using Stub = pb::KpiService::Stub;

Client<pb::KpiService> Kpi(Session& session) { return Client<pb::KpiService>(session.kpi()); }

// "≥ 86 %"; "—" where nobody has set a figure.
std::string FigureOf(const pb::Target& target, const std::string& unit_of_measure) {
  if (target.value().empty()) return "—";
  return absl::StrCat(InWords(kKpiComparatorWords, target.comparator()).text(),
                      ShowDecimal(target.value()), " ", unit_of_measure);
}

// "85,99 %"; "—" where there is nothing to show.
std::string ValueOf(const pb::Value& value, const std::string& unit_of_measure) {
  if (value.rounded().empty()) return "—";
  return absl::StrCat(ShowDecimal(value.rounded()), " ", unit_of_measure);
}

struct BoardOptions {
  std::string unit;
  std::string period;
};

absl::Status ShowBoard(Session& session, const BoardOptions& options) {
  pb::GetBoardRequest request;
  if (!session.settings().plan.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_plan(), session.PlanOf(""));
  }
  ASSIGN_OR_RETURN(*request.mutable_unit(),
                   UnitNameOrNone({.field = "--unit", .text = options.unit}));
  request.set_period(options.period);
  ASSIGN_OR_RETURN(const pb::GetBoardResponse response,
                   Kpi(session).Call(&Stub::GetBoard, request));
  if (session.json()) return session.PrintJson(response);
  if (response.rows().empty()) {
    session.PrintNote({.vi = "Chưa có chỉ tiêu nào; nhập kế hoạch hoặc: dondoc kpi define",
                       .en = "no target yet"});
    return absl::OkStatus();
  }
  Table table({{.title = "Điểm", .width_min = 8, .lines_max = 3},
               {.title = "Chỉ số", .width_min = 20, .lines_max = 3},
               {.title = "Kỳ", .optional = true},
               {.title = "Chỉ tiêu", .align = Align::kRight, .width_min = 9, .lines_max = 3},
               {.title = "Kết quả", .align = Align::kRight, .width_min = 9, .lines_max = 3},
               {.title = "Đánh giá", .width_min = 10, .lines_max = 3},
               {.title = "Vì sao", .width_min = 18, .lines_max = 3, .optional = true}});
  for (const pb::BoardRow& row : response.rows()) {
    const pb::Judgement& judgement = row.judgement();
    const std::string& measure = row.indicator().unit_of_measure();
    table.Add({judgement.target().clause(), row.indicator().display_name(),
               judgement.value().period(), FigureOf(judgement.target(), measure),
               ValueOf(judgement.value(), measure), InWords(kVerdictWords, judgement.verdict()),
               Cell(judgement.reason_vi(), Style::kFaint)});
  }
  table.Print(session.console());
  std::string counts;
  for (const pb::VerdictCount& count : response.verdict_counts()) {
    if (count.count() == 0) continue;
    const Cell word = InWords(kVerdictWords, count.verdict());
    absl::StrAppend(&counts, counts.empty() ? "" : "   ",
                    Paint(session.console().out_colour, word.spans().front().style, word.text()),
                    " ", count.count());
  }
  session.console().out << '\n' << counts << '\n';
  return absl::OkStatus();
}

struct NoOptions {};

absl::Status ListIndicators(Session& session, const NoOptions&) {
  ASSIGN_OR_RETURN(const pb::ListIndicatorsResponse response,
                   Kpi(session).ListAll(&Stub::ListIndicators, pb::ListIndicatorsRequest()));
  if (session.json()) return session.PrintJson(response);
  Table table({{.title = "Mã", .width_min = 14, .lines_max = 2},
               {.title = "Chỉ số", .width_min = 24, .lines_max = 3},
               {.title = "Đơn vị tính"},
               {.title = "Cách tính", .optional = true},
               {.title = "Nguồn", .width_min = 10, .lines_max = 2, .optional = true}});
  for (const pb::Indicator& indicator : response.indicators()) {
    table.Add({ShortName(indicator.name()), indicator.display_name(), indicator.unit_of_measure(),
               InWords(kAggregationWords, indicator.aggregation()),
               indicator.computed() ? Cell("hệ thống tính", Style::kFaint)
                                    : Cell(ShortName(indicator.source()), Style::kFaint)});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

struct ShowOptions {
  std::string indicator;
  std::string unit;
  std::string period;
};

// The year it is for the service: on a simulated clock that is another one than here.
absl::StatusOr<std::string> ThisYear(Session& session) {
  using Clock = common::v1::ClockService;
  ASSIGN_OR_RETURN(
      const common::v1::GetClockResponse clock,
      Client<Clock>(session.kpi()).Call(&Clock::Stub::GetClock, common::v1::GetClockRequest()));
  return clock.date().substr(0, clock.date().find('-'));
}

absl::Status ShowIndicator(Session& session, const ShowOptions& options) {
  pb::GetValueRequest request;
  ASSIGN_OR_RETURN(*request.mutable_indicator(),
                   IndicatorName({.field = "INDICATOR", .text = options.indicator}));
  ASSIGN_OR_RETURN(*request.mutable_unit(),
                   UnitNameOrNone({.field = "--unit", .text = options.unit}));
  request.set_period(options.period);
  if (options.period.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_period(), ThisYear(session));
  }
  ASSIGN_OR_RETURN(const pb::GetValueResponse response,
                   Kpi(session).Call(&Stub::GetValue, request));
  if (session.json()) return session.PrintJson(response);
  pb::GetIndicatorRequest indicator_request;
  indicator_request.set_name(request.indicator());
  ASSIGN_OR_RETURN(const pb::GetIndicatorResponse indicator,
                   Kpi(session).Call(&Stub::GetIndicator, indicator_request));
  const std::string& measure = indicator.indicator().unit_of_measure();
  const pb::Value& value = response.value();
  Facts facts;
  facts.Add("Chỉ số", Cell(indicator.indicator().display_name(), Style::kStrong));
  facts.Add("Cách tính", InWords(kAggregationWords, indicator.indicator().aggregation()));
  facts.Add("Tử số", indicator.indicator().numerator_text());
  facts.Add("Mẫu số", indicator.indicator().denominator_text());
  facts.Add("Không tính", indicator.indicator().exclusion());
  facts.Add("Kỳ", value.period());
  facts.Add("Kết quả", ValueOf(value, measure));
  const std::string sums = value.observation_count() == 0
                               ? ""
                               : absl::StrCat(ShowDecimal(value.numerator()), " / ",
                                              ShowDecimal(value.denominator()), ", ");
  facts.Add("Số liệu", absl::StrCat(sums, value.observation_count(), " lần ghi của ",
                                    value.reporting_unit_count(), " đơn vị"));
  facts.Add("Tính lúc", ShowInstant(value.compute_time()));
  facts.Print(session.console());
  session.console().out << '\n';
  Table table({{.title = "Điểm"},
               {.title = "Chỉ tiêu", .align = Align::kRight},
               {.title = "Đến ngày"},
               {.title = "Đánh giá"},
               {.title = "Vì sao", .width_min = 20, .lines_max = 4}});
  for (const pb::Judgement& judgement : response.judgements()) {
    table.Add({judgement.target().clause(), FigureOf(judgement.target(), measure),
               ShowDate(judgement.target().due_date()), InWords(kVerdictWords, judgement.verdict()),
               judgement.reason_vi()});
  }
  if (!table.empty()) table.Print(session.console());
  return absl::OkStatus();
}

struct DefineOptions {
  std::string indicator;
  std::string name;
  std::string measure;
  pb::Aggregation aggregation = pb::AGGREGATION_RATIO;
  int factor = 100;
  std::string numerator_text;
  std::string denominator_text;
  std::string nested_in;
  std::string exclusion;
};

absl::Status DefineIndicator(Session& session, const DefineOptions& options) {
  pb::DefineIndicatorRequest request;
  pb::Indicator& indicator = *request.mutable_indicator();
  ASSIGN_OR_RETURN(*indicator.mutable_name(),
                   IndicatorName({.field = "INDICATOR", .text = options.indicator}));
  if (!options.nested_in.empty()) {
    ASSIGN_OR_RETURN(*indicator.mutable_nested_in(),
                     IndicatorName({.field = "--nested-in", .text = options.nested_in}));
  }
  indicator.set_display_name(options.name);
  indicator.set_unit_of_measure(options.measure);
  indicator.set_aggregation(options.aggregation);
  indicator.set_factor(options.factor);
  indicator.set_numerator_text(options.numerator_text);
  indicator.set_denominator_text(options.denominator_text);
  indicator.set_exclusion(options.exclusion);
  ASSIGN_OR_RETURN(const pb::DefineIndicatorResponse response,
                   Kpi(session).Call(&Stub::DefineIndicator, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat("Đã thêm chỉ số ", ShortName(response.indicator().name())),
                     .en = "indicator defined"});
  return absl::OkStatus();
}

struct TargetOptions {
  std::string target;
  pb::Comparator comparator = pb::COMPARATOR_UNSPECIFIED;
  std::string value;
  std::string from;
  std::string due;
  std::string clause;
  std::string text;
  std::string etag;
};

absl::Status SetTarget(Session& session, const TargetOptions& options) {
  pb::SetTargetRequest request;
  pb::Target& target = *request.mutable_target();
  ASSIGN_OR_RETURN(*target.mutable_name(), TargetName({.field = "TARGET", .text = options.target}));
  if (!session.settings().plan.empty()) {
    ASSIGN_OR_RETURN(*target.mutable_plan(), session.PlanOf(""));
  }
  target.set_comparator(options.comparator);
  target.set_value(options.value);
  target.set_effective_from(options.from);
  target.set_due_date(options.due);
  target.set_clause(options.clause);
  target.set_text(options.text);
  target.set_etag(options.etag);
  ASSIGN_OR_RETURN(const pb::SetTargetResponse response,
                   Kpi(session).Call(&Stub::SetTarget, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat("Đã đặt chỉ tiêu ", ShortName(response.target().name()),
                                        ": ", FigureOf(response.target(), "")),
                     .en = "target set"});
  return absl::OkStatus();
}

void DeclareDefine(CLI::App& cli, DefineOptions& options) {
  cli.add_option("indicator", options.indicator, Help("Mã chỉ số", "id"))->required();
  cli.add_option("--name", options.name, Help("Tên chỉ số", "display name"))->required();
  cli.add_option("--unit-of-measure", options.measure,
                 Help("Đơn vị tính, ví dụ %", "unit of measure"))
      ->required();
  AddChoice(cli, "--aggregation", options.aggregation, Help("Cách tính, mặc định ratio", "how"));
  cli.add_option("--factor", options.factor, Help("Nhân với, mặc định 100", "multiplied by"));
  cli.add_option("--numerator", options.numerator_text, Help("Tử số đếm gì", "what it counts"));
  cli.add_option("--denominator", options.denominator_text, Help("Mẫu số đếm gì", "out of what"));
  cli.add_option("--nested-in", options.nested_in, Help("\"trong đó\" của chỉ số", "part of"));
  cli.add_option("--exclusion", options.exclusion, Help("Không tính những gì", "left out"));
}

void DeclareTarget(CLI::App& cli, TargetOptions& options) {
  cli.add_option("target", options.target, Help("Chỉ tiêu, ví dụ hai-long-tthc/I.2.d", "target"))
      ->required();
  AddChoice(cli, "--comparator", options.comparator, Help("Cách so", "how it is compared"));
  cli.add_option("--value", options.value, Help("Con số, ví dụ 85.99", "exact decimal"));
  AddDate(cli, "--from", options.from, Help("Từ ngày", "in force from"));
  AddDate(cli, "--due", options.due, Help("Đến ngày", "judged at the end of"))->required();
  cli.add_option("--clause", options.clause, Help("Điểm của văn bản", "clause"));
  cli.add_option("--text", options.text, Help("Lời của văn bản", "words of the plan"));
  AddEtag(cli, options.etag);
}

}  // namespace

void AddKpiCommands(Tree& tree) {
  CLI::App& kpi = tree.Noun("kpi", {.vi = "Chỉ số và chỉ tiêu", .en = "indicators and targets"});
  AddExample(tree.Verb<BoardOptions>(
                 kpi, "board", {.vi = "Bảng đánh giá mọi chỉ tiêu", .en = "every target judged"},
                 [](CLI::App& cli, BoardOptions& options) {
                   cli.add_option("--unit", options.unit,
                                  Help("Của đơn vị và cấp dưới", "of a unit and all below"));
                   cli.add_option("--period", options.period,
                                  Help("Kỳ: 2023, 2023-H1, 2023-Q1, 2023-M07", "period"));
                 },
                 ShowBoard),
             "dondoc kpi board --plan cchc-2023 --period 2023-Q3");
  tree.Verb<NoOptions>(
      kpi, "list", {.vi = "Các chỉ số", .en = "all indicators"}, [](CLI::App&, NoOptions&) {},
      ListIndicators);
  tree.Verb<ShowOptions>(
      kpi, "show", {.vi = "Kết quả của một chỉ số", .en = "one indicator's value"},
      [](CLI::App& cli, ShowOptions& options) {
        cli.add_option("indicator", options.indicator, Help("Chỉ số", "the indicator"))->required();
        cli.add_option("--unit", options.unit, Help("Của đơn vị và cấp dưới", "of a unit"));
        cli.add_option("--period", options.period, Help("Kỳ, mặc định năm nay", "period"));
      },
      ShowIndicator);
  tree.Verb<DefineOptions>(kpi, "define", {.vi = "Thêm chỉ số", .en = "define an indicator"},
                           DeclareDefine, DefineIndicator);
  AddExample(tree.Verb<TargetOptions>(kpi, "target", {.vi = "Đặt chỉ tiêu", .en = "set a target"},
                                      DeclareTarget, SetTarget),
             "dondoc kpi target hai-long-tthc/I.2.d --comparator at-least --value 86 --due "
             "31/12/2023");
  AddKpiData(tree, kpi);
}

}  // namespace dondoc::cli
