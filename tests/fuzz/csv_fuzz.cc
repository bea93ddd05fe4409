// Files and words that people give the command line: services/cli/input.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/calendar/dates.h"
#include "services/cli/input/csv.h"
#include "services/cli/input/names.h"
#include "services/cli/input/values.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

namespace {

const cli::CsvForm& Form() {
  static const cli::CsvForm kForm = {.required = {"id", "name"}, .optional = {"kind"}};
  return kForm;
}

std::string Quoted(const std::string& value) {
  return absl::StrCat("\"", absl::StrReplaceAll(value, {{"\"", "\"\""}}), "\"");
}

void CheckCsv(absl::string_view bytes) {
  const auto rows = cli::ReadCsv(bytes, Form());
  fuzz::ExpectGoodRefusal(rows);
  if (!rows.ok()) return;
  std::string written = "id,name,kind\n";
  int line = 1;
  for (const cli::CsvRow& row : *rows) {
    fuzz::Expect(!row["id"].empty() && !row["name"].empty(), "what is required is there");
    fuzz::Expect(row.line() > line, "rows stand below each other");
    line = row.line();
    absl::StrAppend(&written, Quoted(row["id"]), ",", Quoted(row["name"]), ",", Quoted(row["kind"]),
                    "\n");
  }
  const auto again = cli::ReadCsv(written, Form());
  fuzz::Expect(again.ok() && again->size() == rows->size(), "what is written is read again");
  for (size_t i = 0; i < rows->size(); ++i) {
    for (const char* column : {"id", "name", "kind"}) {
      fuzz::Expect((*again)[i][column] == (*rows)[i][column], "a value is read as it is written");
    }
  }
}

void CheckNames(absl::string_view text) {
  using Reader = absl::StatusOr<std::string> (*)(const cli::Argument&);
  for (const Reader reader :
       {&cli::PlanName, &cli::TaskName, &cli::PhaseName, &cli::AssignmentName, &cli::ReportName,
        &cli::UnitName, &cli::IndicatorName, &cli::TargetName, &cli::ProgrammeName,
        &cli::InspectionName, &cli::NoticeName, &cli::DeliveryName}) {
    const auto name = reader({.field = "NAME", .text = text, .plan = "cchc-2023"});
    fuzz::ExpectGoodRefusal(name);
    if (!name.ok()) continue;
    const auto again = reader({.field = "NAME", .text = *name});
    fuzz::Expect(again.ok() && *again == *name, "a full name is its own name");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const absl::string_view bytes = fuzz::BytesOf(data, size);
  CheckCsv(bytes);
  CheckNames(bytes);
  const auto date = cli::ReadDate({.field = "--date", .text = bytes});
  fuzz::ExpectGoodRefusal(date);
  if (date.ok() && !date->empty()) {
    fuzz::Expect(calendar::ParseDate("date", *date).ok() || *date < "2000" || *date > "2100",
                 "a day is given to the services as they read it");
    fuzz::Expect(cli::ReadDate({.field = "--date", .text = *date}).value_or("") == *date,
                 "a day is read as it is written");
  }
  cli::ReadFields(bytes);
  return 0;
}
