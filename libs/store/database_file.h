#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/store/database.h"

namespace dondoc::store {

struct Connection;

// The SQLite file of a service as an operator reads it: beside the service that has it open, or
// without any. It changes nothing and never checkpoints, so the rule that only the service's writer
// does is kept. Not thread-safe.
class DatabaseFile {
 public:
  // NOT_FOUND when there is no such file; FAILED_PRECONDITION, reason NOT_A_DATABASE, when it is
  // not one of ours.
  static absl::StatusOr<DatabaseFile> Open(const std::string& file);
  DatabaseFile(DatabaseFile&&) noexcept;
  ~DatabaseFile();

  // Runs `work` on a consistent snapshot. DATA_LOSS when the file cannot be read.
  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work);

  // Looks at every page, row and index. DATA_LOSS when one is damaged.
  absl::Status CheckPages();

  // Writes a copy of this moment to `target`; it is on disk when this returns. ALREADY_EXISTS,
  // reason FILE_EXISTS, when there is such a file. The service goes on writing meanwhile; a row
  // that cannot be read ends it with DATA_LOSS.
  absl::Status CopyTo(const std::string& target);

 private:
  DatabaseFile(std::string file, std::unique_ptr<Connection> connection);

  std::string file_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace dondoc::store
