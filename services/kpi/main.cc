// dondoc-kpi: settings, log, database, catalog, cache, publisher, service, server, bus; wait;
// drain.

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
#include "libs/process/operations.h"
#include "libs/process/process.h"
#include "libs/rpc/observe.h"
#include "libs/rpc/server.h"
#include "libs/settings/settings.h"
#include "libs/store/database.h"
#include "libs/store/duty.h"
#include "libs/store/lease.h"
#include "services/kpi/events/day_watch.h"
#include "services/kpi/events/handlers.h"
#include "services/kpi/events/value_publisher.h"
#include "services/kpi/rpc/kpi_admin_service.h"
#include "services/kpi/rpc/kpi_service.h"
#include "services/kpi/store/schema.h"

namespace dondoc::kpi {
namespace {

struct Settings {
  process::Settings common = process::DefaultsOf("kpi", 7402);
  std::string redis_host = "127.0.0.1";
  int redis_port = 6379;
  std::string redis_user;
  std::string redis_password;
};

settings::Table TableOf(Settings& settings) {
  settings::Table table("dondoc-kpi", "computes indicators from observations, exactly");
  process::AddTo(table, settings.common);
  table.Text("redis_host", settings.redis_host, "where values are cached; it may be away");
  table.Int("redis_port", settings.redis_port, {.min = 1, .max = 65'535, .unit = {}},
            "of redis_host");
  table.Text("redis_user", settings.redis_user, "empty for the default user");
  table.Secret("redis_password", settings.redis_password, "empty for none");
  return table;
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
  ASSIGN_OR_RETURN(const auto database,
                   process::OpenDatabase(settings.common, clock, kpi_schema(), metrics));
  ASSIGN_OR_RETURN(const auto exposer,
                   metrics::Exposer::Start(settings.common.metrics_listen, metrics));
  RETURN_IF_ERROR(database->Read([&](store::Snapshot& snapshot) {
    catalog.Load(snapshot);
    return absl::OkStatus();
  }));

  cache::Cache redis(RedisOptions(settings, metrics));
  ValueCache values(redis, absl::Uniform<uint64_t>(absl::BitGen()));
  store::Lease lease(*database);
  ValuePublisher publisher(
      lease.database(), catalog, values, clock,
      {.on_duty = [&lease] { return lease.held(); }, .has_others = store::IsShared(*database)});
  const rpc::Observer observer = rpc::LogAndCount(metrics);
  const process::Access access(settings.common.access, process::PlaceOf(settings.common), clock);
  Recomputer recomputer(*database, catalog, values, publisher);
  KpiService service({.database = *database,
                      .catalog = catalog,
                      .cache = values,
                      .publisher = publisher,
                      .recomputer = recomputer,
                      .clock = clock},
                     observer, access.door());
  KpiAdminService admin_service(
      *database, recomputer, [&lease] { return lease.held(); }, observer, access.admin_door());
  ASSIGN_OR_RETURN(
      const auto server,
      rpc::Server::Start(process::ServerOptionsOf(settings.common, clock, observer, access.door()),
                         {{pb::KpiService::service_full_name(), &service}}));
  const auto bus = bus::Bus::Prepare(process::BusOptionsOf(settings.common, metrics),
                                     lease.database(), Sources(), Subscriptions(catalog));
  std::unique_ptr<DayWatch> day_watch;
  store::Duty duty(lease, {.begin =
                               [&] {
                                 bus->Begin();
                                 day_watch = std::make_unique<DayWatch>(lease.database(), catalog,
                                                                        publisher, clock);
                                 return absl::OkStatus();
                               },
                           .end =
                               [&] {
                                 day_watch.reset();
                                 bus->End();
                               }});
  log::Info("ready", {{"port", server->port()},
                      {"metrics_port", exposer->port()},
                      {"database", store::SafeUrl(settings.common.database)}});

  RETURN_IF_ERROR(process::OperateUntilStopped(
      {.settings = settings.common,
       .clock = clock,
       .database = *database,
       .bus = *bus,
       .server = *server,
       .duty = duty,
       .metrics = metrics,
       .observer = observer,
       .access = access,
       .more = {{pb::KpiAdminService::service_full_name(), &admin_service}}}));
  log::Info("draining");
  duty.Stop();
  service.StopFeeds();
  server->Drain(process::kDrainGrace);
  return absl::OkStatus();
}

}  // namespace
}  // namespace dondoc::kpi

int main(int argc, char** argv) {
  using namespace dondoc;
  kpi::Settings settings;
  settings::Table table = kpi::TableOf(settings);
  return process::Run(argc, argv, table, settings.common,
                      [&](const Clock& clock) { return kpi::Serve(settings, clock); });
}
