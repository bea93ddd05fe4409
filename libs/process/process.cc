#include "libs/process/process.h"

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/status_macros.h"
#include "libs/identity/directory.h"
#include "libs/log/log.h"
#include "libs/process/disk.h"
#include "libs/process/last_backup.h"
#include "libs/process/probe.h"

namespace dondoc::process {
namespace {

// Where callers are known by certificates, decisions count: they are never made by a played clock.
absl::Status CheckTls(const Settings& settings) {
  if (const bus::BusTls& nats = settings.nats_tls; nats.Used()) {
    RETURN_IF_ERROR(
        rpc::ReadTls({.certificate = nats.certificate, .key = nats.key, .ca = nats.ca}).status());
  }
  if (!settings.tls.Used()) return absl::OkStatus();
  if (settings.clock != "system") {
    return absl::InvalidArgumentError(
        "a simulated clock is for demonstrations and is refused together with TLS; leave out "
        "\"clock\" or the settings \"tls_...\"");
  }
  return rpc::ReadTls(settings.tls).status();
}

absl::Status RunWithLog(int argc, char** argv, settings::Table& table, const Settings& settings,
                        const std::function<absl::Status(const Clock&)>& serve) {
  const bool probe = argc > 1 && absl::string_view(argv[1]) == "--probe";
  if (probe) {
    ++argv;
    --argc;
  }
  ASSIGN_OR_RETURN(const settings::Next next, table.Read(argc, argv, std::cout));
  if (next == settings::Next::kExit) return absl::OkStatus();
  RETURN_IF_ERROR(CheckTls(settings));
  RETURN_IF_ERROR(CheckAccess(settings.access, PlaceOf(settings)));
  if (probe) {
    RETURN_IF_ERROR(AskListener(settings.listen, settings.tls.Used()));
    return AskHealth(settings.metrics_listen);
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Clock> clock, ClockFromSetting(settings.clock));
  log::Init({.service = settings.service,
             .level = *log::LevelNamed(settings.log_level),
             .format = *log::FormatNamed(settings.log_format),
             .clock = clock.get()});
  for (const std::string& name : table.UnknownInEnvironment()) {
    log::Warning("settings.unknown", {{"name", name}});
  }
  const absl::Status status = serve(*clock);
  log::Shutdown();
  return status;
}

// How much room a database file has.
void AddDiskGauges(const std::string& database, metrics::Registry& metrics) {
  const auto folder = FolderOf(database);
  if (!folder) return;
  metrics.AddGaugeFunction(
      {.name = "dondoc_store_disk_free_bytes", .help = "Room left where the database is."},
      [folder = *folder] { return RoomIn(folder).free_bytes; });
  metrics.AddGaugeFunction(
      {.name = "dondoc_store_disk_size_bytes", .help = "Size of the disk the database is on."},
      [folder = *folder] { return RoomIn(folder).size_bytes; });
}

}  // namespace

Settings DefaultsOf(const std::string& service, int port) {
  return {.service = service,
          .listen = absl::StrCat("127.0.0.1:", port),
          .metrics_listen = absl::StrCat("127.0.0.1:", port + 2'000),
          .admin_listen = absl::StrCat("127.0.0.1:", port + 40),
          .database = absl::StrCat("sqlite:", service, ".db")};
}

void AddTo(settings::Table& table, Settings& settings) {
  table.Text("listen", settings.listen, "address:port of the gRPC API");
  table.Text("metrics_listen", settings.metrics_listen, "address:port of /metrics");
  table.Text("admin_listen", settings.admin_listen, "address:port for dondoc-admin alone");
  table.Text("database", settings.database, "sqlite:<file> or postgresql://<user>@<host>/<name>");
  table.Text("nats_url", settings.nats_url,
             "where the broker is, or its nodes, separated by commas; it may be away");
  table.Text("nats_user", settings.nats_user, "empty for none");
  table.Secret("nats_password", settings.nats_password, "of nats_user");
  table.Path("nats_tls_ca", settings.nats_tls.ca, {.may_be_empty = true},
             "who may sign the broker's certificate, PEM; with it only mutual TLS is spoken");
  table.Path("nats_tls_certificate", settings.nats_tls.certificate, {.may_be_empty = true},
             "shown to the broker");
  table.Path("nats_tls_key", settings.nats_tls.key, {.may_be_empty = true},
             "of nats_tls_certificate");
  table.Int("nats_replicas", settings.nats_replicas, {.min = 1, .max = 5, .unit = "nodes"},
            "of a cluster that keep each event: 1, 3 or 5; kept on more, it stays so");
  table.Text("clock", settings.clock, "system, or simulated:... for a demonstration");
  table.Choice("log_level", settings.log_level, log::LevelNames(), "the least that is logged");
  table.Choice("log_format", settings.log_format, log::FormatNames(), "how a line looks");
  table.Path("tls_certificate", settings.tls.certificate, {.may_be_empty = true},
             "of the API, PEM; with it only mutual TLS is spoken");
  table.Path("tls_key", settings.tls.key, {.may_be_empty = true}, "of tls_certificate");
  table.Path("tls_client_ca", settings.tls.ca, {.may_be_empty = true},
             "who may sign a caller's certificate");
  table.Text("watched_certificates", settings.watched_certificates,
             "PEM files, separated by commas, whose end is told beside that of the own ones");
  table.Path("last_backup", settings.last_backup, {.may_be_empty = true},
             "where backups leave the time of the last whole one, which is told to Prometheus");
  AddTo(table, settings.access);
  table.Int("self_probe_seconds", settings.self_probe_seconds,
            {.min = 0, .max = 3'600, .unit = "seconds"},
            "between two questions to the own port; three unanswered end the process; 0: none");
  table.Bool("reflection", settings.reflection, "whether the API describes itself");
}

int Run(int argc, char** argv, settings::Table& table, const Settings& settings,
        const std::function<absl::Status(const Clock&)>& serve) {
  // Debian's abseil looks for lock cycles at each lock that gRPC takes: a tool for its developers.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  rpc::HoldSignals();
  const absl::Status status = RunWithLog(argc, argv, table, settings, serve);
  if (status.ok()) return 0;
  std::cerr << "dondoc-" << settings.service << ": " << status.message() << std::endl;
  return 1;
}

absl::StatusOr<std::unique_ptr<store::Database>> OpenDatabase(const Settings& settings,
                                                              const Clock& clock,
                                                              std::vector<store::Migration> schema,
                                                              metrics::Registry& metrics) {
  schema = identity::WithDirectory(std::move(schema));
  for (store::Migration& step : bus::Migrations()) schema.push_back(std::move(step));
  ASSIGN_OR_RETURN(
      auto database,
      store::Database::Open({.url = settings.database, .migrations = std::move(schema)}, clock));
  metrics.AddGaugeFunction(
      {.name = "dondoc_store_waiting_writes", .help = "Writes that wait for a commit."},
      [waiting = database.get()] { return static_cast<double>(waiting->QueueLength()); });
  AddDiskGauges(settings.database, metrics);
  AddLastBackupGauge(settings.last_backup, metrics);
  return database;
}

bus::BusOptions BusOptionsOf(const Settings& settings, metrics::Registry& metrics) {
  return {.url = settings.nats_url,
          .service = settings.service,
          .user = settings.nats_user,
          .password = settings.nats_password,
          .tls = settings.nats_tls,
          .replicas = settings.nats_replicas,
          .metrics = &metrics};
}

rpc::ServerOptions ServerOptionsOf(const Settings& settings, const Clock& clock,
                                   rpc::Observer observer, const rpc::Doorkeeper& door) {
  return {.listen = settings.listen,
          .tls = settings.tls,
          .service = settings.service,
          .reflection = settings.reflection,
          .observer = std::move(observer),
          .clock = &clock,
          .door = &door,
          .table = &identity::AccessTable::BuiltIn()};
}

AccessPlace PlaceOf(const Settings& settings) {
  return {.service = settings.service,
          .listen = settings.listen,
          .admin_listen = settings.admin_listen,
          .clock = settings.clock,
          .tls = settings.tls.Used()};
}

}  // namespace dondoc::process
