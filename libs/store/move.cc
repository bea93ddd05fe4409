#include "libs/store/move.h"

#include <soci/postgresql/soci-postgresql.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/ids.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/store/copy_stream.h"
#include "libs/store/database_file.h"
#include "libs/store/dialect.h"
#include "libs/store/errors.h"
#include "libs/store/log.h"
#include "libs/store/migrate.h"
#include "libs/store/postgres_connection.h"
#include "libs/store/sqlite_database.h"

namespace dondoc::store {
namespace {

constexpr char kStepsTable[] = "schema_steps";
// How many rows pass between two words about the progress.
constexpr int64_t kTellEvery = 1'000;

struct End {
  int64_t sequence = 0;
  std::string hash;

  friend bool operator==(const End&, const End&) = default;
};

End EndOfLog(Sql& sql) {
  LogEnd end;
  FindLogEnd(sql, end);
  return {.sequence = end.next_sequence - 1, .hash = Hex(end.last_hash)};
}

absl::Status NotEmpty(const std::string& name, int64_t tables, const std::optional<End>& there,
                      const End& here) {
  const bool same = there && *there == here;
  const std::string events = there ? absl::StrCat(there->sequence) : "?";
  return Refuse(
      absl::StatusCode::kAlreadyExists, "DATABASE_NOT_EMPTY",
      {.vi = absl::StrCat("Cơ sở dữ liệu ", name, " không trống: có ", tables, " bảng, ", events,
                          same ? " sự kiện, đúng như tệp này: đã chuyển rồi."
                               : " sự kiện; hãy chọn cơ sở dữ liệu trống."),
       .en = absl::StrCat("the database ", name, " is not empty: it has ", tables, " tables and ",
                          events,
                          same ? " events, those of this file: it has been moved already"
                               : " events; choose an empty one")},
      {{"tables", absl::StrCat(tables)}, {"events", events}});
}

absl::Status CopyDiffers(const std::string& what) {
  return absl::DataLossError(absl::StrCat("the copy differs from the file in ", what,
                                          "; the target was left empty, try again"));
}

// A move under way: the file, and a transaction on the target that ends with it.
class Move {
 public:
  Move(Connection& from, PostgresConnection& to, std::string target, const MoveProgress& progress)
      : from_(from), to_(to), target_(std::move(target)), progress_(progress) {}

  absl::StatusOr<Moved> Run() {
    // What is copied may be large; nobody else is here.
    to_.session << "set statement_timeout = 0; set lock_timeout = 0; "
                   "set idle_in_transaction_session_timeout = 0";
    soci::transaction all(to_.session);
    from_.session << "begin";
    RETURN_IF_ERROR(RequireEmpty());
    MakeSchema();
    ASSIGN_OR_RETURN(Moved moved, CopyAll());
    CountOn();
    RETURN_IF_ERROR(Compare(moved));
    // Whoever ran on the file is gone. A file of before there were leases has none.
    for (const CopiedTable& table : tables_) {
      if (table.name == "store_leases") to_.session << "update store_leases set expires_at = 0";
    }
    from_.session << "commit";
    all.commit();
    return moved;
  }

 private:
  sqlite_api::sqlite3* source() {
    return static_cast<soci::sqlite3_session_backend*>(from_.session.get_backend())->conn_;
  }
  PGconn* target() {
    return static_cast<soci::postgresql_session_backend*>(to_.session.get_backend())->conn_;
  }

  absl::Status RequireEmpty() {
    const auto tables = to_.sql.Value<int64_t>(
        "select count(*) from information_schema.tables where table_schema = current_schema()");
    if (*tables == 0) return absl::OkStatus();
    std::optional<End> there;
    const auto log = to_.sql.Value<int64_t>(
        "select count(*) from information_schema.tables where table_schema = current_schema() "
        "and table_name = 'events'");
    if (*log == 1) there = EndOfLog(to_.sql);
    return NotEmpty(target_, *tables, there, EndOfLog(from_.sql));
  }

  // The statements that made the file, in their order: tables before what stands on them.
  void MakeSchema() {
    to_.session << kPostgresPrelude;
    for (const auto& [type, name, sql] : from_.sql.All<std::string, std::string, std::string>(
             "select type, name, sql from sqlite_master where sql is not null order by rowid")) {
      // Migrate() makes its own table itself.
      if (name == kStepsTable) {
        MakeStepsTable(to_.session);
      } else {
        to_.session << ForPostgres(sql);
      }
      if (type == "table") tables_.push_back(TableOf(name));
    }
  }

  CopiedTable TableOf(const std::string& name) {
    CopiedTable table{.name = name, .columns = {}, .key = {}};
    from_.sql.ForEach<std::string>(
        "select name from pragma_table_info(:table) order by cid",
        [&](std::string column) { table.columns.push_back(std::move(column)); }, name);
    from_.sql.ForEach<std::string>(
        "select name from pragma_table_info(:table) where pk > 0 order by pk",
        [&](std::string column) { table.key.push_back(std::move(column)); }, name);
    return table;
  }

  absl::StatusOr<Moved> CopyAll() {
    int64_t total = 0;
    for (const CopiedTable& table : tables_) {
      const std::string count = absl::StrCat("select count(*) from ", table.name);
      total += *from_.sql.Value<int64_t>(count.c_str());
    }
    Moved moved;
    int64_t done = 0;
    for (const CopiedTable& table : tables_) {
      Moved::Table& copied = moved.tables.emplace_back();
      copied.name = table.name;
      LinesHash hash;
      ASSIGN_OR_RETURN(LineWriter writer, LineWriter::Begin(target(), table));
      const absl::Status read =
          ReadLines(source(), table, [&](absl::string_view line) -> absl::Status {
            hash.Add(line);
            ++copied.rows;
            if (++done % kTellEvery == 0) progress_(done, total);
            return writer.Add(line);
          });
      const absl::Status written = writer.Finish();
      RETURN_IF_ERROR(read);
      RETURN_IF_ERROR(written);
      copied.sha256 = hash.Finish();
    }
    progress_(total, total);
    return moved;
  }

  // Columns that the database numbers go on behind the last number that was given.
  void CountOn() {
    for (const auto& [table, column] : to_.sql.All<std::string, std::string>(
             "select table_name, column_name from information_schema.columns "
             "where table_schema = current_schema() and is_identity = 'YES'")) {
      to_.session << absl::StrCat("select setval(pg_get_serial_sequence('", table, "', '", column,
                                  "'), coalesce(max(", column, "), 1), max(", column,
                                  ") is not null) from ", table);
    }
  }

  absl::Status Compare(Moved& moved) {
    for (size_t i = 0; i < tables_.size(); ++i) {
      LinesHash hash;
      int64_t rows = 0;
      RETURN_IF_ERROR(ReadLines(target(), tables_[i], [&](absl::string_view line) {
        hash.Add(line);
        ++rows;
        return absl::OkStatus();
      }));
      if (rows != moved.tables[i].rows || hash.Finish() != moved.tables[i].sha256) {
        return CopyDiffers(absl::StrCat("table ", tables_[i].name));
      }
    }
    Snapshot snapshot(to_.sql, absl::Now());
    RETURN_IF_ERROR(VerifyLog(snapshot));
    const End end = EndOfLog(to_.sql);
    if (!(end == EndOfLog(from_.sql))) return CopyDiffers("the end of the log");
    moved.last_sequence = end.sequence;
    moved.last_hash = end.hash;
    return absl::OkStatus();
  }

  Connection& from_;
  PostgresConnection& to_;
  const std::string target_;
  const MoveProgress& progress_;
  std::vector<CopiedTable> tables_;
};

}  // namespace

absl::StatusOr<Moved> MoveToPostgres(const std::string& file, const std::string& url,
                                     const MoveProgress& progress) {
  ASSIGN_OR_RETURN(DatabaseFile checked, DatabaseFile::Open(file));
  ASSIGN_OR_RETURN(const FileLock lock, FileLock::Take(file));
  RETURN_IF_ERROR(checked.CheckPages());
  RETURN_IF_ERROR(checked.Read([](Snapshot& snapshot) { return VerifyLog(snapshot); }));
  ASSIGN_OR_RETURN(const auto connector, PostgresConnector::For(url));
  auto to = connector->Connect();
  if (!to.ok()) return error::CannotOpen(connector->name(), connector->LastFailure());
  try {
    Connection from(absl::StrCat("db=\"", file, "\" timeout=5"));
    TightenReader(from.session);
    return Move(from, **to, connector->name(), progress).Run();
  } catch (const soci::soci_error& failure) {
    if ((*to)->LostBy(failure)) return error::DatabaseUnreachable(connector->name());
    return absl::InternalError(absl::StrCat("move: ", failure.what()));
  }
}

}  // namespace dondoc::store
