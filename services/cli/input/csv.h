#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dondoc::cli {

// Which columns a file has to have, and which it may have besides.
struct CsvForm {
  std::vector<std::string> required;
  std::vector<std::string> optional;
};

// One row. `line` is its first line in the file, from 1, as an editor counts it.
class CsvRow {
 public:
  CsvRow(int line, std::shared_ptr<const std::vector<std::string>> columns,
         std::vector<std::string> values)
      : line_(line), columns_(std::move(columns)), values_(std::move(values)) {}

  int line() const { return line_; }
  // The value in the column; "" when the file has no such column.
  std::string operator[](absl::string_view column) const;

 private:
  int line_;
  // The head of the file, shared by all rows.
  std::shared_ptr<const std::vector<std::string>> columns_;
  std::vector<std::string> values_;
};

// Reads comma-separated values (RFC 4180): UTF-8, the names of the columns in the first line,
// fields with commas, quotes or newlines in double quotes, blanks around a field dropped. Empty
// lines and lines that begin with "#" are passed over. All or nothing: INVALID_ARGUMENT that names
// the line and the column, reasons CSV_EMPTY, CSV_COLUMN_UNKNOWN, CSV_COLUMN_MISSING,
// CSV_FIELD_COUNT, CSV_QUOTE, CSV_VALUE_MISSING for an empty required field, and those of
// CleanText().
absl::StatusOr<std::vector<CsvRow>> ReadCsv(absl::string_view bytes, const CsvForm& form);

// INVALID_ARGUMENT, reason CSV_ROW_INVALID: a row that says something impossible. Keeps the reason
// of `why` in the details.
absl::Status RowInvalid(int line, absl::string_view column, const absl::Status& why);

// The bytes of a file of at most `bytes_max`. INVALID_ARGUMENT, reasons FILE_UNREADABLE and
// FILE_TOO_LARGE, with the path and what the system says.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max);

}  // namespace dondoc::cli
