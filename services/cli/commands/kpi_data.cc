#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "dondoc/kpi/v1/kpi_service.grpc.pb.h"
#include "libs/base/decimal.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/input/csv.h"
#include "services/cli/render/bar.h"
#include "services/cli/render/format.h"

// The verbs of "dondoc kpi" about measured figures.
namespace dondoc::cli {
namespace {

namespace pb = kpi::v1;
using Stub = pb::KpiService::Stub;

constexpr size_t kFileBytesMax = 256 * 1024 * 1024;
// The service takes 1,000 at most; fewer make the bar move and the batches small.
constexpr size_t kBatchRows = 500;

Client<pb::KpiService> Kpi(Session& session) { return Client<pb::KpiService>(session.kpi()); }

const CsvForm& ObservationForm() {
  static const auto* const kForm =
      new CsvForm{.required = {"indicator", "unit", "date", "numerator", "source", "key"},
                  .optional = {"denominator", "replaces_key"}};
  return *kForm;
}

// ---- kpi record
// ----------------------------------------------------------------------------------

struct RecordOptions {
  std::string file;
  bool validate_only = false;
};

absl::StatusOr<std::string> ReadFigure(const std::string& text) {
  ASSIGN_OR_RETURN(const Decimal figure, Decimal::Parse(text));
  return figure.ToString();
}

// Reads one row; a refusal names the line and the column.
absl::StatusOr<pb::Observation> ReadRow(const CsvRow& row) {
  pb::Observation observation;
  const auto indicator = IndicatorName({.field = "indicator", .text = row["indicator"]});
  if (!indicator.ok()) return RowInvalid(row.line(), "indicator", indicator.status());
  const auto unit = UnitName({.field = "unit", .text = row["unit"]});
  if (!unit.ok()) return RowInvalid(row.line(), "unit", unit.status());
  const auto date = ReadDate({.field = "date", .text = row["date"]});
  if (!date.ok()) return RowInvalid(row.line(), "date", date.status());
  const auto numerator = ReadFigure(row["numerator"]);
  if (!numerator.ok()) return RowInvalid(row.line(), "numerator", numerator.status());
  observation.set_indicator(*indicator);
  observation.set_unit(*unit);
  observation.set_date(*date);
  observation.set_numerator(*numerator);
  if (!row["denominator"].empty()) {
    const auto denominator = ReadFigure(row["denominator"]);
    if (!denominator.ok()) return RowInvalid(row.line(), "denominator", denominator.status());
    observation.set_denominator(*denominator);
  }
  observation.set_source(row["source"]);
  observation.set_key(row["key"]);
  observation.set_replaces_key(row["replaces_key"]);
  return observation;
}

struct Batches {
  std::vector<pb::RecordObservationsRequest> requests;
  // The line of each row in the file, in order.
  std::vector<int> lines;
};

absl::StatusOr<Batches> ReadBatches(const std::vector<CsvRow>& rows) {
  Batches batches;
  for (const CsvRow& row : rows) {
    if (batches.lines.size() % kBatchRows == 0) batches.requests.emplace_back();
    ASSIGN_OR_RETURN(*batches.requests.back().add_observations(), ReadRow(row));
    batches.lines.push_back(row.line());
  }
  return batches;
}

// The service says which batch and which place in it; a person wants the line of the file.
absl::Status WithLine(const absl::Status& refusal, const Batches& batches) {
  Details details = DetailsOf(refusal);
  size_t batch = 0;
  size_t index = 0;
  if (!absl::SimpleAtoi(details["batch"], &batch) || !absl::SimpleAtoi(details["index"], &index)) {
    return refusal;
  }
  const size_t place = batch * kBatchRows + index;
  if (place >= batches.lines.size()) return refusal;
  const int line = batches.lines[place];
  details["row"] = absl::StrCat(line);
  return RefuseWithMessage(refusal.code(), ReasonOf(refusal),
                           absl::StrCat("Dòng ", line, ": ", refusal.message()), details);
}

absl::StatusOr<pb::RecordObservationsResponse> Send(Session& session, const Batches& batches) {
  const Client<pb::KpiService> kpi = Kpi(session);
  const Console& console = session.console();
  pb::RecordObservationsResponse response;
  // Each batch may take as long as a call. Tried again from the start when the service goes away:
  // rows that are recorded already are recognised by their keys.
  const absl::Duration timeout =
      session.settings().Timeout() * static_cast<int64_t>(batches.requests.size());
  const auto send = [&](grpc::ClientContext& context) {
    ProgressBar bar(console, "Ghi số liệu", static_cast<int64_t>(batches.lines.size()));
    response.Clear();
    const auto writer = kpi.stub().RecordObservations(&context, &response);
    int64_t sent = 0;
    for (const pb::RecordObservationsRequest& request : batches.requests) {
      if (!writer->Write(request)) break;
      sent += request.observations_size();
      bar.Set(sent);
    }
    writer->WritesDone();
    return writer->Finish();
  };
  const absl::Status status = kpi.caller().Invoke(send, timeout);
  if (!status.ok()) return WithLine(status, batches);
  return response;
}

absl::Status RecordObservations(Session& session, const RecordOptions& options) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(options.file, kFileBytesMax));
  ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ReadCsv(bytes, ObservationForm()));
  ASSIGN_OR_RETURN(const Batches batches, ReadBatches(rows));
  pb::RecordObservationsResponse response;
  if (!options.validate_only && !batches.requests.empty()) {
    ASSIGN_OR_RETURN(response, Send(session, batches));
  }
  if (session.json()) return session.PrintJson(response);
  if (options.validate_only) {
    session.PrintDone({.vi = absl::StrCat(rows.size(), " dòng đọc được; chưa ghi gì"),
                       .en = "valid; nothing was kept"});
  } else {
    session.PrintDone({.vi = absl::StrCat("Đã ghi ", response.recorded_count(), " số liệu, ",
                                          response.repeated_count(), " đã có từ trước"),
                       .en = "observations recorded"});
  }
  return absl::OkStatus();
}

// ---- kpi observations, targets, recompute
// --------------------------------------------------------

struct ObservationsOptions {
  std::string indicator;
  std::string unit;
};

absl::Status ListObservations(Session& session, const ObservationsOptions& options) {
  pb::ListObservationsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(),
                   IndicatorName({.field = "INDICATOR", .text = options.indicator}));
  ASSIGN_OR_RETURN(*request.mutable_unit(),
                   UnitNameOrNone({.field = "--unit", .text = options.unit}));
  ASSIGN_OR_RETURN(const pb::ListObservationsResponse response,
                   Kpi(session).ListAll(&Stub::ListObservations, request));
  if (session.json()) return session.PrintJson(response);
  if (response.observations().empty()) {
    session.PrintNote({.vi = "Chưa có số liệu; ghi bằng: dondoc kpi record TỆP", .en = "none yet"});
    return absl::OkStatus();
  }
  Table table({{.title = "Ngày"},
               {.title = "Đơn vị"},
               {.title = "Tử số", .align = Align::kRight},
               {.title = "Mẫu số", .align = Align::kRight},
               {.title = "Nguồn", .width_min = 12, .lines_max = 2},
               {.title = "Khóa", .width_min = 12, .lines_max = 2},
               {.title = "Thay cho", .width_min = 8, .lines_max = 2, .optional = true}});
  for (const pb::Observation& observation : response.observations()) {
    table.Add({ShowDate(observation.date()), ShortName(observation.unit()),
               ShowDecimal(observation.numerator()), ShowDecimal(observation.denominator()),
               observation.source(), observation.key(), observation.replaces_key()});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

struct NoOptions {};

absl::Status RecomputeValues(Session& session, const NoOptions&) {
  ASSIGN_OR_RETURN(const pb::RecomputeValuesResponse response,
                   Kpi(session).Call(&Stub::RecomputeValues, pb::RecomputeValuesRequest()));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = absl::StrCat("Đã tính lại ", response.value_count(), " kết quả, ",
                                        response.difference_count(), " sai khác"),
                     .en = "recomputed; differences found and mended"});
  return absl::OkStatus();
}

}  // namespace

void AddKpiData(Tree& tree, CLI::App& kpi) {
  CLI::App& record = tree.Verb<RecordOptions>(
      kpi, "record", {.vi = "Ghi số liệu từ tệp CSV", .en = "record observations from a table"},
      [](CLI::App& cli, RecordOptions& options) {
        cli.add_option("file", options.file, Help("Tệp CSV, UTF-8", "the table"))
            ->required()
            ->type_name(kFileType);
        cli.add_flag("--validate-only", options.validate_only,
                     Help("Chỉ đọc tệp, không ghi", "read the file, send nothing"));
      },
      RecordObservations);
  record.footer(
      "Cột (columns): indicator, unit, date, numerator, source, key; không bắt buộc (optional):\n"
      "denominator, replaces_key. Số viết với dấu chấm, ví dụ 85.99 (decimal point). Ghi lại cùng\n"
      "tệp là an toàn: số liệu đã có được nhận ra theo key (recording a file again is safe).");
  tree.Verb<ObservationsOptions>(
      kpi, "observations", {.vi = "Số liệu đã ghi của một chỉ số", .en = "recorded figures"},
      [](CLI::App& cli, ObservationsOptions& options) {
        cli.add_option("indicator", options.indicator, Help("Chỉ số", "the indicator"))->required();
        cli.add_option("--unit", options.unit, Help("Chỉ của đơn vị", "only of this unit"));
      },
      ListObservations);
  tree.Verb<NoOptions>(
      kpi, "recompute", {.vi = "Tính lại mọi kết quả từ số liệu", .en = "recompute every value"},
      [](CLI::App&, NoOptions&) {}, RecomputeValues);
}

}  // namespace dondoc::cli
