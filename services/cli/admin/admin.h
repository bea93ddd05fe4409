#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/rpc/tls.h"
#include "services/cli/render/console.h"

// dondoc-admin: what an operator looks at and does, beside the services and without them.
namespace dondoc::cli::admin {

// "registry", "kpi", "inspection", "notification"; in the order in which they are shown.
const std::vector<std::string>& ServiceNames();

// What the command line said.
struct Options {
  // The admin listener of each service, and the listener of kpi itself for its cache.
  std::map<std::string, std::string> addresses;
  std::string actor;
  // PEM files for services that speak mutual TLS: all three, or none; and what stands in them.
  rpc::TlsFiles tls_files;
  std::optional<rpc::TlsPem> tls;
  bool json = false;
  // Only this one; empty for all four.
  std::string service;
  std::string event_id;
  bool all_letters = false;
  int64_t from_sequence = 0;
  // Whom operators let in: "account:…", "person:…", "system:…", or the name of an account alone.
  std::string principal;
  std::string display_name;
  // Files that are read without a service.
  std::string file;
  std::string target;
  // Databases as a service is told them: "sqlite:…", "postgresql://…".
  std::string from;
  std::string to;
  std::string database;
  // Up to which event of a log; 0: to its end.
  int64_t sequence = 0;
};

// Those that ask running services.
absl::Status ShowStatus(const Options& options, const Console& console);
absl::Status ShowSchema(const Options& options, const Console& console);
absl::Status ListDeadLetters(const Options& options, const Console& console);
absl::Status ShowDeadLetter(const Options& options, const Console& console);
absl::Status RedriveDeadLetters(const Options& options, const Console& console);
absl::Status Republish(const Options& options, const Console& console);
absl::Status RebuildCache(const Options& options, const Console& console);
absl::Status GiveFirstOffice(const Options& options, const Console& console);
absl::Status RecoverAccount(const Options& options, const Console& console);
absl::Status VerifyLogs(const Options& options, const Console& console);

// Those that read a database file, whether its service runs or not.
absl::Status VerifyFile(const Options& options, const Console& console);
absl::Status CopyFile(const Options& options, const Console& console);

// Reads a database on a server, whether its service runs or not.
absl::Status VerifyDatabase(const Options& options, const Console& console);

// Moves the database of a service that has been stopped from SQLite to PostgreSQL.
absl::Status MigrateDatabase(const Options& options, const Console& console);

// The whole program, apart from the process around it: answers the exit code.
int RunAdmin(const std::vector<std::string>& arguments, const Environment& environment,
             const Console& console);

}  // namespace dondoc::cli::admin
