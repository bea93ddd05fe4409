#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.h"
#include "libs/store/database.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::testing {

// A real database in a temporary folder, removed at the end. For tests.
class TestDatabase {
 public:
  TestDatabase(std::vector<store::Migration> migrations, const Clock& clock)
      : migrations_(std::move(migrations)), clock_(clock) {
    Reopen();
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
  std::string File() const { return folder_.File("test.db"); }

  store::Database& operator*() { return *database_; }
  store::Database* operator->() { return database_.get(); }

 private:
  std::vector<store::Migration> migrations_;
  const Clock& clock_;
  const TempDir folder_;
  std::unique_ptr<store::Database> database_;
};

}  // namespace dondoc::testing
