#include "libs/testing/postgres.h"

#include <libpq-fe.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status_macros.h"

namespace dondoc::testing {
namespace {

constexpr absl::Duration kReadyWithin = absl::Seconds(30);
// An initdb writes a thousand files, in two seconds where nothing else runs; beside builds and
// other tests on two cores it has taken more than thirty.
constexpr absl::Duration kClusterWithin = absl::Minutes(2);
constexpr char kUser[] = "postgres";

// Debian keeps the programs of each version apart, out of PATH. The newest.
absl::StatusOr<std::string> ProgramsFolder() {
  std::vector<std::pair<int, std::string>> versions;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    if (!std::filesystem::exists(entry.path() / "bin/initdb")) continue;
    versions.emplace_back(std::atoi(entry.path().filename().c_str()), entry.path() / "bin");
  }
  if (versions.empty()) return absl::UnavailableError("there is no PostgreSQL here");
  return std::max_element(versions.begin(), versions.end())->second;
}

// What makes a program run as the unprivileged user; nothing when we are one. The change of user
// would make the kernel forget that the server is to end with its test.
std::vector<std::string> AsUser() {
  if (geteuid() != 0) return {};
  return {"setpriv", absl::StrCat("--reuid=", kUser), absl::StrCat("--regid=", kUser),
          "--init-groups", "--pdeathsig=KILL"};
}

absl::Status GiveTo(const std::string& path) {
  if (geteuid() != 0) return absl::OkStatus();
  const passwd* user = getpwnam(kUser);
  if (user == nullptr || chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot give ", path, " to ", kUser));
  }
  return absl::OkStatus();
}

absl::Status MakeCluster(const std::string& programs, const TempDir& folder) {
  std::vector<std::string> command = AsUser();
  for (const std::string& word :
       {programs + "/initdb", std::string("--pgdata=") + folder.File("postgres"),
        std::string("--username=dondoc"), std::string("--auth=trust"),
        std::string("--encoding=UTF8"), std::string("--locale=C"), std::string("--data-checksums"),
        std::string("--no-sync")}) {
    command.push_back(word);
  }
  ASSIGN_OR_RETURN(auto initdb, ChildProcess::Start({.command = std::move(command),
                                                     .log_path = folder.File("postgres.log")}));
  ASSIGN_OR_RETURN(const int code, initdb->Wait(kClusterWithin));
  return code == 0 ? absl::OkStatus() : absl::UnavailableError("initdb failed");
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> StartPostgres(const TempDir& folder,
                                                            const ServerOptions& options) {
  ASSIGN_OR_RETURN(const std::string programs, ProgramsFolder());
  RETURN_IF_ERROR(GiveTo(folder.path()));
  if (!std::filesystem::exists(folder.File("postgres"))) {
    RETURN_IF_ERROR(MakeCluster(programs, folder));
  }
  const int port = options.port == 0 ? FreePort() : options.port;
  std::vector<std::string> command = AsUser();
  for (const std::string& word :
       {programs + "/postgres", std::string("-D"), folder.File("postgres"), std::string("-p"),
        absl::StrCat(port), std::string("-h"), std::string("127.0.0.1"), std::string("-k"),
        std::string(), std::string("-c"), std::string("shared_buffers=32MB")}) {
    command.push_back(word);
  }
  command.insert(command.end(), options.arguments.begin(), options.arguments.end());
  ASSIGN_OR_RETURN(auto server, ChildProcess::Start({.command = std::move(command),
                                                     .port = port,
                                                     .log_path = folder.File("postgres.log")}));
  RETURN_IF_ERROR(AwaitPostgres(port));
  return server;
}

absl::Status AwaitPostgres(int port) {
  const absl::Time deadline = absl::Now() + kReadyWithin;
  const std::string url = PostgresUrl(port, "postgres");
  while (PQping(url.c_str()) != PQPING_OK) {
    if (absl::Now() > deadline) return absl::UnavailableError("PostgreSQL does not come up");
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::OkStatus();
}

std::string PostgresUrl(int port, const std::string& database) {
  return absl::StrCat("postgresql://dondoc@127.0.0.1:", port, "/", database, "?connect_timeout=5");
}

}  // namespace dondoc::testing
