#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/bus/bus.h"
#include "libs/metrics/metrics.h"
#include "libs/process/access.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"

// What the process of every service does the same way, so that a main.cc tells only what is its
// own.
namespace dondoc::process {

// How long calls under way may take to end after SIGTERM.
inline constexpr absl::Duration kDrainGrace = absl::Seconds(10);

// What every service is told, whatever it does.
struct Settings {
  std::string service;
  std::string listen;
  std::string metrics_listen;
  std::string admin_listen;
  std::string database;
  std::string nats_url = "nats://127.0.0.1:4222";
  std::string nats_user = {};
  std::string nats_password = {};
  bus::BusTls nats_tls = {};
  int nats_replicas = 1;
  std::string clock = "system";
  std::string log_level = "info";
  std::string log_format = "text";
  bool reflection = false;
  // Between two questions to the own listener; 0 asks nothing.
  int self_probe_seconds = 10;
  rpc::TlsFiles tls = {};
  // PEM files of somebody else, separated by commas, whose end this service tells too.
  std::string watched_certificates = {};
  // Where backups leave the time of the last whole one; empty where nobody does (last_backup.h).
  std::string last_backup = {};
  AccessSettings access = {};
};

// Where the settings stand, what Access is made of.
AccessPlace PlaceOf(const Settings& settings);

// The defaults of a service on a machine of its own: the API on `port`, its operators 40 above, as
// in every installation, and its metrics 2,000, the database in the working folder.
Settings DefaultsOf(const std::string& service, int port);

// The rows of these settings, before those that are the service's own.
void AddTo(settings::Table& table, Settings& settings);

// Reads the settings, starts the log, runs `serve` with the clock, and ends the log. Returns the
// exit code; what was wrong stands on stderr in one sentence. With --probe before all settings it
// asks the running service with the same settings whether it is healthy, instead.
int Run(int argc, char** argv, settings::Table& table, const Settings& settings,
        const std::function<absl::Status(const Clock&)>& serve);

// Opens the database with the schema of the service, of the bus and of the directory of roles, and
// tells how many writes wait, how much room its disk has and when it was last backed up.
// `metrics` must not be read after the database has gone.
absl::StatusOr<std::unique_ptr<store::Database>> OpenDatabase(const Settings& settings,
                                                              const Clock& clock,
                                                              std::vector<store::Migration> schema,
                                                              metrics::Registry& metrics);

bus::BusOptions BusOptionsOf(const Settings& settings, metrics::Registry& metrics);
// The server tells its callers the clock, and starts with no method that the table does not name.
// Borrows the clock and the doorkeeper.
rpc::ServerOptions ServerOptionsOf(const Settings& settings, const Clock& clock,
                                   rpc::Observer observer,
                                   const rpc::Doorkeeper& door = rpc::Doorkeeper::Open());

}  // namespace dondoc::process
