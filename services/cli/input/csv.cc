#include "services/cli/input/csv.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"

namespace dondoc::cli {
namespace {

constexpr size_t kChunkBytes = 64 * 1024;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

absl::Status Empty() {
  return Refuse(kInvalid, "CSV_EMPTY",
                {.vi = "Tệp không có dòng nào; dòng đầu phải là tên các cột.",
                 .en = "the file has no line; the first one has to name the columns"});
}

absl::Status ColumnUnknown(const std::string& column, const CsvForm& form) {
  std::vector<std::string> known = form.required;
  known.insert(known.end(), form.optional.begin(), form.optional.end());
  const std::string list = absl::StrJoin(known, ",");
  return Refuse(
      kInvalid, "CSV_COLUMN_UNKNOWN",
      {.vi = absl::StrCat("Không có cột nào tên \"", column, "\"; các cột là: ", list, "."),
       .en = absl::StrCat("unknown column; the columns are ", list)},
      {{"field", column}});
}

absl::Status ColumnMissing(const std::string& column) {
  return Refuse(kInvalid, "CSV_COLUMN_MISSING",
                {.vi = absl::StrCat("Tệp thiếu cột \"", column, "\"; thêm cột này vào dòng đầu."),
                 .en = absl::StrCat("the file lacks the column ", column)},
                {{"field", column}});
}

absl::Status FieldCount(int line, size_t found, size_t expected) {
  return Refuse(kInvalid, "CSV_FIELD_COUNT",
                {.vi = absl::StrCat("Dòng ", line, " có ", found, " ô, cần ", expected,
                                    " ô; ô có dấu phẩy phải đặt trong dấu ngoặc kép."),
                 .en = absl::StrCat("line ", line, " has ", found, " fields instead of ", expected,
                                    "; quote a field that holds a comma")},
                {{"row", absl::StrCat(line)}});
}

absl::Status Quote(int line) {
  return Refuse(
      kInvalid, "CSV_QUOTE",
      {.vi = absl::StrCat("Dòng ", line,
                          ": dấu ngoặc kép mở mà không đóng, hoặc có chữ "
                          "sau dấu đóng."),
       .en = absl::StrCat("line ", line, ": a quote is not closed, or text follows a closing one")},
      {{"row", absl::StrCat(line)}});
}

absl::Status ValueMissing(int line, const std::string& column) {
  return Refuse(kInvalid, "CSV_VALUE_MISSING",
                {.vi = absl::StrCat("Dòng ", line, ": ô \"", column, "\" không được để trống."),
                 .en = absl::StrCat("line ", line, ": ", column, " must not be empty")},
                {{"row", absl::StrCat(line)}, {"field", column}});
}

// One record of the file: the line on which it begins and its fields.
struct Record {
  int line = 0;
  std::vector<std::string> fields;
};

// Walks through the text once, record by record.
class Reader {
 public:
  explicit Reader(absl::string_view text) : text_(text) {}

  // False at the end of the text.
  absl::StatusOr<bool> Next(Record& record) {
    SkipPassedOver();
    if (at_ == text_.size()) return false;
    record = Record{.line = line_, .fields = {}};
    while (true) {
      ASSIGN_OR_RETURN(std::string field, Field());
      record.fields.push_back(std::move(field));
      if (at_ == text_.size()) return true;
      const char separator = text_[at_++];
      if (separator == '\n') {
        ++line_;
        return true;
      }
    }
  }

 private:
  // Passes over empty lines and comments.
  void SkipPassedOver() {
    while (at_ < text_.size()) {
      const size_t end = std::min(text_.find('\n', at_), text_.size());
      const absl::string_view line = absl::StripAsciiWhitespace(text_.substr(at_, end - at_));
      if (!line.empty() && line.front() != '#') return;
      at_ = std::min(end + 1, text_.size());
      ++line_;
    }
  }

  // Reads up to the comma, newline or end that follows.
  absl::StatusOr<std::string> Field() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ < text_.size() && text_[at_] == '"') return QuotedField();
    const size_t end = std::min(text_.find_first_of(",\n", at_), text_.size());
    const absl::string_view field = text_.substr(at_, end - at_);
    at_ = end;
    return std::string(absl::StripAsciiWhitespace(field));
  }

  absl::StatusOr<std::string> QuotedField() {
    const int first_line = line_;
    std::string field;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c != '"') {
        field += c;
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field += c;
        ++at_;
      } else {
        ++at_;
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') return Quote(first_line);
        return field;
      }
    }
    return Quote(first_line);
  }

  absl::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
};

absl::Status CheckColumns(const std::vector<std::string>& columns, const CsvForm& form) {
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const std::string& column : columns) {
    if (!has(form.required, column) && !has(form.optional, column)) {
      return ColumnUnknown(column, form);
    }
  }
  for (const std::string& column : form.required) {
    if (!has(columns, column)) return ColumnMissing(column);
  }
  return absl::OkStatus();
}

}  // namespace

std::string CsvRow::operator[](absl::string_view column) const {
  const auto found = std::find(columns_->begin(), columns_->end(), column);
  return found == columns_->end() ? "" : values_[static_cast<size_t>(found - columns_->begin())];
}

absl::StatusOr<std::vector<CsvRow>> ReadCsv(absl::string_view bytes, const CsvForm& form) {
  ASSIGN_OR_RETURN(const std::string text, CleanText(bytes));
  Reader reader(text);
  Record head;
  ASSIGN_OR_RETURN(const bool has_head, reader.Next(head));
  if (!has_head) return Empty();
  RETURN_IF_ERROR(CheckColumns(head.fields, form));
  const auto columns = std::make_shared<const std::vector<std::string>>(std::move(head.fields));

  std::vector<CsvRow> rows;
  Record record;
  while (true) {
    ASSIGN_OR_RETURN(const bool has_record, reader.Next(record));
    if (!has_record) return rows;
    if (record.fields.size() != columns->size()) {
      return FieldCount(record.line, record.fields.size(), columns->size());
    }
    rows.emplace_back(record.line, columns, std::move(record.fields));
    for (const std::string& column : form.required) {
      if (rows.back()[column].empty()) return ValueMissing(record.line, column);
    }
  }
}

absl::Status RowInvalid(int line, absl::string_view column, const absl::Status& why) {
  Details details = DetailsOf(why);
  details["row"] = absl::StrCat(line);
  details["field"] = std::string(column);
  details["cause"] = ReasonOf(why);
  return RefuseWithMessage(kInvalid, "CSV_ROW_INVALID",
                           absl::StrCat("Dòng ", line, ", cột \"", column, "\": ", why.message()),
                           details);
}

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max) {
  std::error_code error;
  const bool is_directory = std::filesystem::is_directory(path, error);
  std::ifstream file(path, std::ios::binary);
  if (is_directory || !file) {
    const std::string why = is_directory ? "Is a directory" : std::strerror(errno);
    return Refuse(kInvalid, "FILE_UNREADABLE",
                  {.vi = absl::StrCat("Không đọc được tệp ", path, ": ", why, "."),
                   .en = "cannot read the file"},
                  {{"field", "FILE"}, {"value", path}});
  }
  std::string bytes;
  std::string chunk(kChunkBytes, '\0');
  while (file && bytes.size() <= bytes_max) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    bytes.append(chunk, 0, static_cast<size_t>(file.gcount()));
  }
  if (bytes.size() <= bytes_max) return bytes;
  return Refuse(kInvalid, "FILE_TOO_LARGE",
                {.vi = absl::StrCat("Tệp ", path, " lớn hơn ", bytes_max, " byte."),
                 .en = absl::StrCat("the file is larger than ", bytes_max, " bytes")},
                {{"field", "FILE"}, {"value", path}});
}

}  // namespace dondoc::cli
