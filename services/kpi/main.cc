// dondoc-kpi: settings, log, database, catalog, cache, publisher, service, server, bus; wait;
// drain.

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/status/status.h"
#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/bus/bus.h"
#include "libs/cache/cache.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"
#include "services/kpi/events/day_watch.h"
#include "services/kpi/events/handlers.h"
#include "services/kpi/events/value_publisher.h"
#include "services/kpi/rpc/kpi_service.h"
#include "services/kpi/store/schema.h"

namespace dondoc::kpi {
namespace {

constexpr absl::Duration kDrainGrace = absl::Seconds(10);

struct Settings {
  std::string listen = "127.0.0.1:7402";
  std::string metrics_listen = "127.0.0.1:9402";
  std::string database = "sqlite:kpi.db";
  std::string nats_url = "nats://127.0.0.1:4222";
  std::string nats_user;
  std::string nats_password;
  std::string redis_host = "127.0.0.1";
  int redis_port = 6379;
  std::string redis_user;
  std::string redis_password;
  std::string clock = "system";
  std::string log_level = "info";
  std::string log_format = "text";
  bool reflection = true;
};

settings::Table TableOf(Settings& settings) {
  settings::Table table("dondoc-kpi", "computes indicators from observations, exactly");
  table.Text("listen", settings.listen, "address:port of the gRPC API");
  table.Text("metrics_listen", settings.metrics_listen, "address:port of /metrics");
  table.Text("database", settings.database, "sqlite:<file>");
  table.Text("nats_url", settings.nats_url, "where the broker is; it may be away");
  table.Text("nats_user", settings.nats_user, "empty for none");
  table.Secret("nats_password", settings.nats_password, "of nats_user");
  table.Text("redis_host", settings.redis_host, "where values are cached; it may be away");
  table.Int("redis_port", settings.redis_port, {.min = 1, .max = 65'535, .unit = {}},
            "of redis_host");
  table.Text("redis_user", settings.redis_user, "empty for the default user");
  table.Secret("redis_password", settings.redis_password, "empty for none");
  table.Text("clock", settings.clock, "system, or simulated:... for a demonstration");
  table.Choice("log_level", settings.log_level, log::LevelNames(), "the least that is logged");
  table.Choice("log_format", settings.log_format, log::FormatNames(), "how a line looks");
  table.Bool("reflection", settings.reflection, "whether the API describes itself");
  return table;
}

std::vector<store::Migration> Migrations() {
  std::vector<store::Migration> migrations = kpi_schema();
  for (store::Migration& step : bus::Migrations()) migrations.push_back(std::move(step));
  return migrations;
}

cache::Options RedisOptions(const Settings& settings, metrics::Registry& metrics) {
  cache::Options options;
  options.server.host = settings.redis_host;
  options.server.port = settings.redis_port;
  options.server.user = settings.redis_user;
  options.server.password = settings.redis_password;
  // A hanging Redis holds an answer up for both of these and the one before it, 50 ms together.
  options.server.connect_timeout = absl::Milliseconds(25);
  options.server.command_timeout = absl::Milliseconds(25);
  options.metrics = &metrics;
  return options;
}

// Serves until it is told to stop. What is declared later borrows from what stands above it, so the
// end of the function is the right order of ending.
absl::Status Serve(const Settings& settings, const Clock& clock) {
  metrics::Registry metrics;
  Catalog catalog;
  ASSIGN_OR_RETURN(
      const auto database,
      store::Database::Open({.url = settings.database, .migrations = Migrations()}, clock));
  metrics.AddGaugeFunction({.name = "dondoc_write_queue", .help = "Writes waiting for a commit."},
                           [&] { return static_cast<double>(database->QueueLength()); });
  ASSIGN_OR_RETURN(const auto exposer, metrics::Exposer::Start(settings.metrics_listen, metrics));
  RETURN_IF_ERROR(database->Read([&](store::Snapshot& snapshot) {
    catalog.Load(snapshot);
    return absl::OkStatus();
  }));

  cache::Cache redis(RedisOptions(settings, metrics));
  ValueCache values(redis, absl::Uniform<uint64_t>(absl::BitGen()));
  ValuePublisher publisher(*database, catalog, values, clock, {});
  KpiService service({.database = *database,
                      .catalog = catalog,
                      .cache = values,
                      .publisher = publisher,
                      .clock = clock},
                     rpc::LogAndCount(metrics));
  ASSIGN_OR_RETURN(const auto server, rpc::Server::Start({.listen = settings.listen,
                                                          .service = "kpi",
                                                          .reflection = settings.reflection},
                                                         {&service}));
  auto bus = bus::Bus::Start({.url = settings.nats_url,
                              .service = "kpi",
                              .user = settings.nats_user,
                              .password = settings.nats_password,
                              .metrics = &metrics},
                             *database, Sources(), Subscriptions(catalog));
  auto day_watch = std::make_unique<DayWatch>(*database, catalog, publisher, clock);
  log::Info("ready", {{"port", server->port()},
                      {"metrics_port", exposer->port()},
                      {"database", settings.database}});

  rpc::WaitForStop();
  log::Info("draining");
  day_watch.reset();
  bus.reset();
  service.StopFeeds();
  server->Drain(kDrainGrace);
  return absl::OkStatus();
}

absl::Status Run(int argc, char** argv) {
  rpc::HoldSignals();
  Settings settings;
  settings::Table table = TableOf(settings);
  ASSIGN_OR_RETURN(const settings::Next next, table.Read(argc, argv, std::cout));
  if (next == settings::Next::kExit) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::unique_ptr<Clock> clock, ClockFromSetting(settings.clock));
  log::Init({.service = "kpi",
             .level = *log::LevelNamed(settings.log_level),
             .format = *log::FormatNamed(settings.log_format),
             .clock = clock.get()});
  for (const std::string& name : table.UnknownInEnvironment()) {
    log::Warning("settings.unknown", {{"name", name}});
  }
  const absl::Status status = Serve(settings, *clock);
  log::Shutdown();
  return status;
}

}  // namespace
}  // namespace dondoc::kpi

int main(int argc, char** argv) {
  const absl::Status status = dondoc::kpi::Run(argc, argv);
  if (!status.ok()) std::cerr << status.message() << std::endl;
  return status.ok() ? 0 : 1;
}
