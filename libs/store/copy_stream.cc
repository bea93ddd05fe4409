#include "libs/store/copy_stream.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"

namespace dondoc::store {
namespace {

using sqlite_api::sqlite3;
using sqlite_api::sqlite3_stmt;

// Lines that are hashed at once.
constexpr int64_t kLinesAtOnce = 1'000;

absl::Status NotMovable(const CopiedTable& table, absl::string_view column, absl::string_view why) {
  return Refuse(absl::StatusCode::kInvalidArgument, "VALUE_NOT_MOVABLE",
                {.vi = absl::StrCat("Bảng ", table.name, ", cột ", column,
                                    " có giá trị mà PostgreSQL không lưu được (", why, ")."),
                 .en = absl::StrCat("table ", table.name, ", column ", column,
                                    " has a value that PostgreSQL does not keep: ", why)},
                {{"table", table.name}});
}

absl::Status SqliteFailed(sqlite3* database, const CopiedTable& table) {
  return absl::DataLossError(
      absl::StrCat("table ", table.name, ": ", sqlite_api::sqlite3_errmsg(database)));
}

absl::Status PostgresFailed(PGconn* connection, absl::string_view table) {
  if (PQstatus(connection) != CONNECTION_OK) {
    return absl::UnavailableError(absl::StrCat("PostgreSQL: ", PQerrorMessage(connection)));
  }
  return absl::InternalError(absl::StrCat("table ", table, ": ", PQerrorMessage(connection)));
}

// As COPY writes it.
void AppendText(std::string& line, absl::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        line += "\\\\";
        break;
      case '\b':
        line += "\\b";
        break;
      case '\f':
        line += "\\f";
        break;
      case '\n':
        line += "\\n";
        break;
      case '\r':
        line += "\\r";
        break;
      case '\t':
        line += "\\t";
        break;
      case '\v':
        line += "\\v";
        break;
      default:
        line += c;
    }
  }
}

absl::Status AppendValue(sqlite3_stmt* row, int column, const CopiedTable& table,
                         std::string& line) {
  switch (sqlite_api::sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
      line += "\\N";
      return absl::OkStatus();
    case SQLITE_INTEGER:
      absl::StrAppend(&line, int64_t{sqlite_api::sqlite3_column_int64(row, column)});
      return absl::OkStatus();
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite_api::sqlite3_column_blob(row, column));
      const auto size = static_cast<size_t>(sqlite_api::sqlite3_column_bytes(row, column));
      absl::StrAppend(&line, "\\\\x", Hex(absl::string_view(bytes, size)));
      return absl::OkStatus();
    }
    case SQLITE_TEXT: {
      const auto* bytes =
          reinterpret_cast<const char*>(sqlite_api::sqlite3_column_text(row, column));
      const auto size = static_cast<size_t>(sqlite_api::sqlite3_column_bytes(row, column));
      const absl::string_view text(bytes, size);
      if (absl::StrContains(text, '\0')) {
        return NotMovable(table, table.columns[static_cast<size_t>(column)], "NUL");
      }
      AppendText(line, text);
      return absl::OkStatus();
    }
    default:
      return NotMovable(table, table.columns[static_cast<size_t>(column)], "REAL");
  }
}

std::string ColumnsOf(const CopiedTable& table) { return absl::StrJoin(table.columns, ", "); }

}  // namespace

void LinesHash::Add(absl::string_view line) {
  absl::StrAppend(&waiting_, line);
  if (++lines_ % kLinesAtOnce == 0) Fold();
}

std::string LinesHash::Finish() {
  Fold();
  return Hex(so_far_);
}

void LinesHash::Fold() {
  so_far_ = Sha256(absl::StrCat(so_far_, waiting_));
  waiting_.clear();
}

absl::Status ReadLines(sqlite3* database, const CopiedTable& table, const EachLine& each) {
  const std::string query = absl::StrCat("select ", ColumnsOf(table), " from ", table.name,
                                         " order by ", absl::StrJoin(table.key, ", "));
  sqlite3_stmt* prepared = nullptr;
  if (sqlite_api::sqlite3_prepare_v2(database, query.c_str(), -1, &prepared, nullptr) !=
      SQLITE_OK) {
    return SqliteFailed(database, table);
  }
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> row(prepared,
                                                                  sqlite_api::sqlite3_finalize);
  int step = SQLITE_ROW;
  std::string line;
  while ((step = sqlite_api::sqlite3_step(row.get())) == SQLITE_ROW) {
    line.clear();
    for (int column = 0; column < static_cast<int>(table.columns.size()); ++column) {
      if (column > 0) line += '\t';
      RETURN_IF_ERROR(AppendValue(row.get(), column, table, line));
    }
    line += '\n';
    RETURN_IF_ERROR(each(line));
  }
  return step == SQLITE_DONE ? absl::OkStatus() : SqliteFailed(database, table);
}

absl::Status ReadLines(PGconn* connection, const CopiedTable& table, const EachLine& each) {
  const std::string query =
      absl::StrCat("copy (select ", ColumnsOf(table), " from ", table.name, " order by ",
                   absl::StrJoin(table.key, ", "), ") to stdout");
  const std::unique_ptr<PGresult, void (*)(PGresult*)> begun(PQexec(connection, query.c_str()),
                                                             PQclear);
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) return PostgresFailed(connection, table.name);
  absl::Status status;
  char* line = nullptr;
  int size = 0;
  while ((size = PQgetCopyData(connection, &line, 0)) > 0) {
    if (status.ok()) status = each(absl::string_view(line, static_cast<size_t>(size)));
    PQfreemem(line);
  }
  while (PGresult* rest = PQgetResult(connection)) {
    if (PQresultStatus(rest) != PGRES_COMMAND_OK) {
      status.Update(PostgresFailed(connection, table.name));
    }
    PQclear(rest);
  }
  return status;
}

absl::StatusOr<LineWriter> LineWriter::Begin(PGconn* connection, const CopiedTable& table) {
  const std::string query =
      absl::StrCat("copy ", table.name, " (", ColumnsOf(table), ") from stdin");
  const std::unique_ptr<PGresult, void (*)(PGresult*)> begun(PQexec(connection, query.c_str()),
                                                             PQclear);
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return PostgresFailed(connection, table.name);
  return LineWriter(connection, table.name);
}

absl::Status LineWriter::Add(absl::string_view line) {
  if (PQputCopyData(connection_, line.data(), static_cast<int>(line.size())) == 1) {
    return absl::OkStatus();
  }
  return PostgresFailed(connection_, table_);
}

absl::Status LineWriter::Finish() {
  if (PQputCopyEnd(connection_, nullptr) != 1) return PostgresFailed(connection_, table_);
  absl::Status status;
  while (PGresult* result = PQgetResult(connection_)) {
    if (PQresultStatus(result) != PGRES_COMMAND_OK && status.ok()) {
      const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
      status = state != nullptr && absl::string_view(state) == "22021"
                   ? NotMovable({.name = table_, .columns = {}, .key = {}}, "?", "UTF-8")
                   : PostgresFailed(connection_, table_);
    }
    PQclear(result);
  }
  return status;
}

}  // namespace dondoc::store
