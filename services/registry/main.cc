// dondoc-registry: keeps units, plans, tasks, assignments and periodic reports.
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/bus/bus.h"
#include "libs/calendar/holidays.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"
#include "services/registry/rpc/registry_service.h"

namespace dondoc {

// Made by CMake from store/schema/.
std::vector<store::Migration> registry_schema();

namespace registry {
namespace {

constexpr absl::Duration kDrainGrace = absl::Seconds(10);

struct Settings {
  std::string listen = "127.0.0.1:7401";
  std::string metrics_listen = "127.0.0.1:9401";
  std::string database = "sqlite:registry.db";
  std::string nats_url = "nats://127.0.0.1:4222";
  std::string clock = "system";
  std::string calendar_folder;
  std::string log_level = "info";
  std::string log_format = "text";
  bool reflection = true;
};

absl::StatusOr<settings::Next> ReadSettings(int argc, char** argv, Settings& settings) {
  settings::Table table("dondoc-registry", "keeps units, plans, tasks, assignments and reports");
  table.Text("listen", settings.listen, "address:port of the gRPC API");
  table.Text("metrics_listen", settings.metrics_listen, "address:port of /metrics");
  table.Text("database", settings.database, "sqlite:<file>");
  table.Text("nats_url", settings.nats_url, "where events are published");
  table.Text("clock", settings.clock, "\"system\", or \"simulated:...\" for a demonstration");
  table.Path("calendar_folder", settings.calendar_folder, {.may_be_empty = true},
             "notices of days off, one file a year; empty for none");
  table.Choice("log_level", settings.log_level, log::LevelNames(), "what is worth a line");
  table.Choice("log_format", settings.log_format, log::FormatNames(), "how a line looks");
  table.Bool("reflection", settings.reflection, "whether grpcurl may ask for the API");
  return table.Read(argc, argv, std::cout);
}

std::vector<store::Migration> Schema() {
  std::vector<store::Migration> migrations = bus::Migrations();
  for (store::Migration& migration : registry_schema()) migrations.push_back(std::move(migration));
  return migrations;
}

// Serves until it is told to stop. Members own in the order of the text, so the end is its reverse.
absl::Status Serve(const Settings& settings, const Clock& clock) {
  metrics::Registry metrics;
  ASSIGN_OR_RETURN(const auto exposer, metrics::Exposer::Start(settings.metrics_listen, metrics));
  std::optional<calendar::Holidays> holidays;
  if (!settings.calendar_folder.empty()) {
    ASSIGN_OR_RETURN(holidays, calendar::LoadHolidays(settings.calendar_folder));
  }
  ASSIGN_OR_RETURN(
      const auto database,
      store::Database::Open({.url = settings.database, .migrations = Schema()}, clock));
  metrics.AddGaugeFunction(
      {.name = "dondoc_registry_write_queue", .help = "Writes that wait for the database."},
      [&] { return static_cast<double>(database->QueueLength()); });
  const auto bus = bus::Bus::Start({.url = settings.nats_url,
                                    .service = "registry",
                                    .user = {},
                                    .password = {},
                                    .metrics = &metrics},
                                   *database, {}, {});
  RegistryService service(*database, holidays ? &*holidays : nullptr, rpc::LogAndCount(metrics));
  ASSIGN_OR_RETURN(const auto server, rpc::Server::Start({.listen = settings.listen,
                                                          .service = "registry",
                                                          .reflection = settings.reflection},
                                                         {&service}));
  log::Info("ready", {{"port", server->port()},
                      {"metrics_port", exposer->port()},
                      {"database", settings.database},
                      {"last_sequence", database->LastSequence()}});

  rpc::WaitForStop();
  log::Info("draining");
  service.StopFeeds();
  server->Drain(kDrainGrace);
  database->Stop();
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  rpc::HoldSignals();
  Settings settings;
  const absl::StatusOr<settings::Next> next = ReadSettings(argc, argv, settings);
  if (next.ok() && *next == settings::Next::kExit) return 0;
  absl::Status status = next.status();
  if (status.ok()) {
    const auto clock = ClockFromSetting(settings.clock);
    status = clock.status();
    if (status.ok()) {
      log::Init({.service = "registry",
                 .level = *log::LevelNamed(settings.log_level),
                 .format = *log::FormatNamed(settings.log_format),
                 .clock = clock->get()});
      status = Serve(settings, **clock);
      log::Shutdown();
    }
  }
  if (!status.ok()) std::cerr << status.message() << std::endl;
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace registry
}  // namespace dondoc

int main(int argc, char** argv) { return dondoc::registry::Main(argc, argv); }
