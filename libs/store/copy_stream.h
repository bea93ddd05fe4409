#pragma once

#include <libpq-fe.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// Rows on their way from SQLite to PostgreSQL, as lines of the text format of COPY: what the one
// writes and the other reads is the same bytes for the same row.
namespace dondoc::store {

// A table with its columns in order, and those that its rows are sorted by: its key.
struct CopiedTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::string> key;
};

// SHA-256 over lines, in hexadecimal.
class LinesHash {
 public:
  void Add(absl::string_view line);
  std::string Finish();

 private:
  void Fold();

  std::string so_far_;
  std::string waiting_;
  int64_t lines_ = 0;
};

// Called for each line, with its end of line.
using EachLine = std::function<absl::Status(absl::string_view line)>;

// Every row of a table of SQLite. INVALID_ARGUMENT, reason VALUE_NOT_MOVABLE, for a value that
// PostgreSQL has not.
absl::Status ReadLines(sqlite_api::sqlite3* database, const CopiedTable& table,
                       const EachLine& each);
// Every row of a table of PostgreSQL.
absl::Status ReadLines(PGconn* connection, const CopiedTable& table, const EachLine& each);

// Rows into a table of PostgreSQL. Finish() it; what is destroyed before is an error there.
class LineWriter {
 public:
  static absl::StatusOr<LineWriter> Begin(PGconn* connection, const CopiedTable& table);
  absl::Status Add(absl::string_view line);
  absl::Status Finish();

 private:
  LineWriter(PGconn* connection, std::string table)
      : connection_(connection), table_(std::move(table)) {}

  PGconn* connection_;
  std::string table_;
};

}  // namespace dondoc::store
