#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.h"
#include "libs/store/database.h"

namespace dondoc::testing {

// A real database in a temporary folder, removed at the end. For tests.
class TestDatabase {
 public:
  TestDatabase(std::vector<store::Migration> migrations, const Clock& clock)
      : migrations_(std::move(migrations)), clock_(clock) {
    std::string pattern = (std::filesystem::temp_directory_path() / "dondoc-test-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    Reopen();
  }
  ~TestDatabase() {
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // Closes it and opens it again, as a restart does. Ends the test when that fails.
  void Reopen() {
    database_.reset();
    auto opened = store::Database::Open(Options(), clock_);
    if (!opened.ok()) {
      fprintf(stderr, "%s\n", opened.status().ToString().c_str());
      std::abort();
    }
    database_ = *std::move(opened);
  }

  store::DatabaseOptions Options() const {
    return {.url = "sqlite:" + File(), .migrations = migrations_};
  }
  std::string File() const { return (std::filesystem::path(folder_) / "test.db").string(); }

  store::Database& operator*() { return *database_; }
  store::Database* operator->() { return database_.get(); }

 private:
  std::vector<store::Migration> migrations_;
  const Clock& clock_;
  std::string folder_;
  std::unique_ptr<store::Database> database_;
};

}  // namespace dondoc::testing
