#include "libs/store/database_file.h"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_macros.h"
#include "libs/store/errors.h"
#include "libs/store/sqlite_database.h"

namespace dondoc::store {
namespace {

// Waits until what was written to a file or a folder is on disk.
absl::Status Sync(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return error::CannotOpen(path, strerror(errno));
  const int failed = fsync(descriptor);
  close(descriptor);
  return failed == 0 ? absl::OkStatus() : error::StorageFull();
}

absl::Status NotADatabase(const std::string& file) {
  return Refuse(absl::StatusCode::kFailedPrecondition, "NOT_A_DATABASE",
                {.vi = absl::StrCat(file, " không phải cơ sở dữ liệu của Đôn đốc."),
                 .en = absl::StrCat(file, " is no database of Dondoc")},
                {{"file", file}});
}

}  // namespace

DatabaseFile::DatabaseFile(std::string file, std::unique_ptr<Connection> connection)
    : file_(std::move(file)), connection_(std::move(connection)) {}
DatabaseFile::DatabaseFile(DatabaseFile&&) noexcept = default;
DatabaseFile::~DatabaseFile() = default;

absl::StatusOr<DatabaseFile> DatabaseFile::Open(const std::string& file) {
  if (!std::filesystem::is_regular_file(file)) {
    return Refuse(absl::StatusCode::kNotFound, "FILE_NOT_FOUND",
                  {.vi = absl::StrCat("Không có tệp ", file, "."),
                   .en = absl::StrCat("there is no file ", file)},
                  {{"file", file}});
  }
  try {
    auto connection = std::make_unique<Connection>(absl::StrCat("db=\"", file, "\" timeout=5"));
    TightenReader(connection->session);
    connection->sql.Value<int64_t>("select count(*) from schema_steps");
    return DatabaseFile(file, std::move(connection));
  } catch (const std::exception&) {
    return NotADatabase(file);
  }
}

absl::Status DatabaseFile::Read(const std::function<absl::Status(Snapshot&)>& work) {
  try {
    connection_->sql.Run("begin");
    Snapshot snapshot(connection_->sql, absl::Now());
    const absl::Status status = work(snapshot);
    connection_->sql.Run("commit");
    return status;
  } catch (const std::exception&) {
    return error::StorageDamaged(file_);
  }
}

absl::Status DatabaseFile::CheckPages() {
  return Read([this](Snapshot& snapshot) {
    const auto verdict = snapshot.sql().Value<std::string>("pragma integrity_check(1)");
    return verdict == "ok" ? absl::OkStatus() : error::StorageDamaged(file_);
  });
}

absl::Status DatabaseFile::CopyTo(const std::string& target) {
  if (std::filesystem::exists(target)) {
    return Refuse(absl::StatusCode::kAlreadyExists, "FILE_EXISTS",
                  {.vi = absl::StrCat("Tệp ", target, " đã có; hãy chọn tên khác."),
                   .en = absl::StrCat("the file ", target, " is there; choose another name")},
                  {{"file", target}});
  }
  try {
    // It writes to the new file alone, but SQLite does not tell the two apart.
    connection_->session << "pragma query_only = off";
    connection_->session << "vacuum into :target", soci::use(target, "target");
    connection_->session << "pragma query_only = on";
  } catch (const soci::soci_error& failure) {
    std::error_code ignored;
    std::filesystem::remove(target, ignored);
    return ToStatus(failure, file_);
  }
  RETURN_IF_ERROR(Sync(target));
  return Sync(std::filesystem::absolute(target).parent_path());
}

}  // namespace dondoc::store
