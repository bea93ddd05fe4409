#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/store/database.h"
#include "libs/testing/child_process.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::testing {

// Whether databases of tests are on PostgreSQL: DONDOC_TEST_DATABASE=postgresql in the environment.
bool OnPostgres();

// A new empty database on the one PostgreSQL server of this test process, which starts with the
// first. Ends the test when that fails.
std::string NewPostgresDatabase();

// That server, which a test may hurt as long as it brings it back.
ChildProcess& PostgresOfTests();

// A real database, gone at the end: a file in a temporary folder, or one on PostgreSQL. For tests.
class TestDatabase {
 public:
  TestDatabase(std::vector<store::Migration> migrations, const Clock& clock);
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  void Close() { database_.reset(); }
  // Closes it and opens it again, as a restart does. Ends the test when that fails.
  void Reopen();

  store::DatabaseOptions Options() const { return {.url = url_, .migrations = migrations_}; }
  // Where its bytes are: the file, or the folder of the server.
  std::string File() const;

  store::Database& operator*() { return *database_; }
  store::Database* operator->() { return database_.get(); }

 private:
  std::vector<store::Migration> migrations_;
  const Clock& clock_;
  const TempDir folder_;
  const std::string url_;
  std::unique_ptr<store::Database> database_;
};

}  // namespace dondoc::testing
