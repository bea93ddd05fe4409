#include "libs/store/test_database.h"

#include <soci/postgresql/soci-postgresql.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/testing/postgres.h"

namespace dondoc::testing {
namespace {

[[noreturn]] void GiveUp(const absl::Status& status) {
  fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

// The server of this process. It is never taken down by name: it ends with the process.
struct Server {
  Server() {
    auto started = StartPostgres(folder);
    if (!started.ok()) GiveUp(started.status());
    process = *std::move(started);
  }
  const TempDir folder;
  std::unique_ptr<ChildProcess> process;
};

Server& TheServer() {
  static Server server;
  return server;
}

std::string NewUrl(const TempDir& folder) {
  return OnPostgres() ? NewPostgresDatabase() : "sqlite:" + folder.File("test.db");
}

}  // namespace

bool OnPostgres() {
  const char* chosen = std::getenv("DONDOC_TEST_DATABASE");
  return chosen != nullptr && absl::string_view(chosen) == "postgresql";
}

std::string NewPostgresDatabase() {
  static int count = 0;
  const std::string name = absl::StrCat("test_", ++count);
  const int port = TheServer().process->port();
  try {
    soci::session session(soci::postgresql, PostgresUrl(port, "postgres"));
    session << "create database " << name;
  } catch (const soci::soci_error& failure) {
    GiveUp(absl::UnavailableError(failure.what()));
  }
  return PostgresUrl(port, name);
}

ChildProcess& PostgresOfTests() { return *TheServer().process; }

TestDatabase::TestDatabase(std::vector<store::Migration> migrations, const Clock& clock)
    : migrations_(std::move(migrations)), clock_(clock), url_(NewUrl(folder_)) {
  Reopen();
}

void TestDatabase::Reopen() {
  Close();
  auto opened = store::Database::Open(Options(), clock_);
  if (!opened.ok()) GiveUp(opened.status());
  database_ = *std::move(opened);
}

std::string TestDatabase::File() const {
  return OnPostgres() ? TheServer().folder.File("postgres") : folder_.File("test.db");
}

}  // namespace dondoc::testing
