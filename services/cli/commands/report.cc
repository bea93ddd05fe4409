#include <string>

#include "absl/strings/str_cat.h"
#include "dondoc/registry/v1/registry_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/unit_names.h"
#include "services/cli/render/format.h"

namespace dondoc::cli {
namespace {

namespace pb = registry::v1;
using Stub = pb::RegistryService::Stub;

Client<pb::RegistryService> Registry(Session& session) {
  return Client<pb::RegistryService>(session.registry());
}

struct ListOptions {
  std::string plan;
};

absl::Status ListReports(Session& session, const ListOptions& options) {
  pb::ListPeriodicReportsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.PlanOf(options.plan));
  ASSIGN_OR_RETURN(const pb::ListPeriodicReportsResponse response,
                   Registry(session).Call(&Stub::ListPeriodicReports, request));
  if (session.json()) return session.PrintJson(response);
  const UnitNames units = UnitNames::Load(session);
  Table table({{.title = "Báo cáo"},
               {.title = "Kỳ"},
               {.title = "Số liệu từ", .optional = true},
               {.title = "đến", .optional = true},
               {.title = "Hạn gửi"},
               {.title = "Đã gửi", .width_min = 16, .lines_max = 20}});
  for (const pb::PeriodicReport& report : response.reports()) {
    std::string deliveries;
    for (const pb::ReportDelivery& delivery : report.deliveries()) {
      absl::StrAppend(&deliveries, deliveries.empty() ? "" : "\n", units.Of(delivery.unit()), " ",
                      ShowDate(delivery.delivered_date()), " ", delivery.document_number());
    }
    table.Add({ShortName(report.name()), report.label(), ShowDate(report.window_start()),
               ShowDate(report.window_end()), ShowDate(report.due_date()),
               deliveries.empty() ? Cell("○ chưa có", Style::kFaint) : Cell(deliveries)});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

struct DeliverOptions {
  std::string report;
  std::string unit;
  std::string document;
};

absl::Status DeliverReport(Session& session, const DeliverOptions& options) {
  pb::DeliverPeriodicReportRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), ReportName(session.Typed("REPORT", options.report)));
  ASSIGN_OR_RETURN(*request.mutable_unit(), UnitName({.field = "--unit", .text = options.unit}));
  request.set_document_number(options.document);
  ASSIGN_OR_RETURN(const pb::DeliverPeriodicReportResponse response,
                   Registry(session).Call(&Stub::DeliverPeriodicReport, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat("Đã ghi ", ShortName(request.unit()), " gửi báo cáo ",
                                        response.report().label(), " (",
                                        response.report().deliveries_size(), " đơn vị đã gửi)"),
                     .en = "report delivered"});
  return absl::OkStatus();
}

struct RescheduleOptions {
  std::string report;
  std::string to;
  std::string etag;
};

absl::Status RescheduleReport(Session& session, const RescheduleOptions& options) {
  pb::ReschedulePeriodicReportRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), ReportName(session.Typed("REPORT", options.report)));
  request.set_due_date(options.to);
  request.set_etag(options.etag);
  ASSIGN_OR_RETURN(const pb::ReschedulePeriodicReportResponse response,
                   Registry(session).Call(&Stub::ReschedulePeriodicReport, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat("Hạn gửi báo cáo ", response.report().label(), " là ",
                                        ShowDate(response.report().due_date())),
                     .en = "report rescheduled"});
  return absl::OkStatus();
}

void AddReportArgument(CLI::App& cli, std::string& report) {
  cli.add_option("report", report, Help("Báo cáo, ví dụ cchc-2023/2023-Q1", "the report"))
      ->required();
}

}  // namespace

void AddReportCommands(Tree& tree) {
  CLI::App& report = tree.Noun("report", {.vi = "Báo cáo định kỳ", .en = "periodic reports"});
  tree.Verb<ListOptions>(
      report, "list", {.vi = "Các kỳ báo cáo, ai đã gửi", .en = "periods and who has sent theirs"},
      [](CLI::App& cli, ListOptions& options) { AddPlanArgument(cli, options.plan); }, ListReports);
  AddExample(
      tree.Verb<DeliverOptions>(
          report, "deliver", {.vi = "Ghi đơn vị đã gửi báo cáo", .en = "record a report"},
          [](CLI::App& cli, DeliverOptions& options) {
            AddReportArgument(cli, options.report);
            cli.add_option("--unit", options.unit, Help("Đơn vị gửi", "who sent it"))->required();
            cli.add_option("--document", options.document, Help("Số văn bản", "document number"));
          },
          DeliverReport),
      "dondoc report deliver cchc-2023/2023-Q1 --unit thanh-tra --document 08/BC-TTr");
  tree.Verb<RescheduleOptions>(
      report, "reschedule", {.vi = "Đổi hạn gửi báo cáo", .en = "set another deadline"},
      [](CLI::App& cli, RescheduleOptions& options) {
        AddReportArgument(cli, options.report);
        AddDate(cli, "--to", options.to, Help("Hạn mới", "new deadline"))->required();
        AddEtag(cli, options.etag);
      },
      RescheduleReport);
}

}  // namespace dondoc::cli
